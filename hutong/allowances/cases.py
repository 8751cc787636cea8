"""The case of an application: what the law answers, what it rests on, and what is still missing."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hutong.allowances.facts import (
    child_facts,
    facts_under_seal,
    own_circumstances,
    paper_facts,
    papers_held,
    parents_of,
    sealed_papers,
)
from hutong.allowances.models import Application, ApplicationStep, DataCheck, ItemLook
from hutong.allowances.models.application import Opinion, State, Step
from hutong.allowances.models.decision import Verdict
from hutong.governance.calendars import calendar_in_force
from hutong.law.applying import Standing, papers_of_everybody, standing
from hutong.law.categories import WITH_SECRET_BASIS
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.law.data_checks import Verdict as Found
from hutong.law.facts import ChildFacts
from hutong.law.parameters import shipped
from hutong.law.recognition import Outcome, Recognition, recognise
from hutong.law.recognition_clock import Course, RecognitionClock, pause_between, recognition_clock
from hutong.law.rules import Rules
from hutong.outreach.models import Visit
from hutong.outreach.queries import counting_visits
from hutong.registry.models import Child, Circumstance, Evidence

PAPER, SITUATION, SEALED, OTHER = "paper", "situation", "sealed", "other"


class Progress(StrEnum):
    """Progress of an item (核对进度): blocked while its paper is missing, to be looked at, doubtful, done."""

    BLOCKED = "blocked"
    TO_DO = "to_do"
    DOUBTFUL = "doubtful"
    DONE = "done"


@dataclass(frozen=True)
class Item:
    """Item (核对事项): one thing an application rests on, with the papers that show it and the last look at it.

    Any one of the kinds in `asked` will do. `circumstance` is None for a paper every application needs. `papers` are
    those there, the newest first. `checks` are the answers of other departments that count.
    """

    key: str
    asked: tuple[str, ...]
    standing: Standing
    papers: tuple[Evidence, ...]
    circumstance: Circumstance | None
    look: ItemLook | None
    checks: tuple[DataCheck, ...] = ()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        if self.standing is not Standing.THERE:
            return Progress.BLOCKED
        if self._is_contradicted:
            return Progress.DOUBTFUL
        if self.look is None:
            return Progress.TO_DO
        return Progress.DONE if self.look.verdict == Verdict.FITS else Progress.DOUBTFUL

    @property
    def _is_contradicted(self) -> bool:
        """Whether a department has contradicted it since somebody last looked."""
        look = self.look
        found = [one.recorded_at for one in self.checks if one.verdict == Found.CONTRADICTS and one.recorded_at]
        return any(look is None or at > look.at for at in found)


@dataclass(frozen=True)
class Case:
    """Case (个案): an application with its facts, the law's answer to them, and its items.

    `visits` are those since it was begun, the latest first. `mark` tells whether anything of it has changed since
    somebody looked.
    """

    application: Application
    facts: ChildFacts
    answer: Recognition
    items: tuple[Item, ...]
    visits: tuple[Visit, ...] = ()
    checks: tuple[DataCheck, ...] = ()

    @property
    def contradictions(self) -> tuple[DataCheck, ...]:
        """The answers that contradict what the application rests on (矛盾答复), until another answer counts."""
        keys = {"", *(item.key for item in self.items)}
        return tuple(one for one in self.checks if one.verdict == Found.CONTRADICTS and one.item in keys)

    @property
    def missing(self) -> tuple[Item, ...]:
        """The items whose papers are not there, or past their last day (缺件)."""
        return tuple(item for item in self.items if item.progress is Progress.BLOCKED)

    @property
    def undone(self) -> tuple[Item, ...]:
        """The items that are not done (未办结事项)."""
        return tuple(item for item in self.items if item.progress is not Progress.DONE)

    @property
    def fits(self) -> bool:
        """Whether the law answers that the child is one of the category applied for."""
        return self.answer.outcome is Outcome.RECOGNISED and self.application.category in self.answer.held

    @property
    def answered(self) -> str:
        """The category that the law answers (法定认定类别), as a holding names it; what was applied for comes first."""
        return self.application.category if self.fits else next(iter(self.answer.held), "")

    @property
    def is_ordinary(self) -> bool:
        """Whether all speaks for it (常规个案): every item fits, no department contradicts,
        the township agrees, the law recognises."""
        is_clear = not self.undone and not self.contradictions
        return is_clear and self.fits and self.application.opinion == Opinion.AGREES

    @property
    def mark(self) -> str:
        """One text for all that a decision rests on (案情摘要); another one once anything of it is another."""
        items = [(item.key, item.standing, item.look.pk if item.look else 0) for item in self.items]
        besides = [visit.pk for visit in self.visits], [check.pk for check in self.checks]
        said = repr((self.application.revision, self.facts, self.answer, items, besides))
        return hashlib.sha256(said.encode()).hexdigest()


def case_of(application: Application, *, on: date) -> Case:
    """The case of an application on a day (个案)."""
    facts = facts_under_seal(child_facts(application.file), application.basis)
    answer = recognise(facts, on=on, jurisdiction=application.division_code)
    checks = checks_that_count(application)
    visits = counting_visits(application.file).filter(visited_on__gte=application.begun_on, visited_on__lte=on)
    looks = {look.item: look for look in application.looks.select_related("by")}
    items = items_of(application.file, looks, checks, jurisdiction=application.division_code, on=on)
    extra = _continuing(application, facts, looks, on=on)
    sealed = [_sealed_item(application.file, looks, on=on)] if application.is_confidential else []
    return Case(application, facts, answer, (*items, *extra, *sealed), tuple(visits), checks)


def _continuing(
    application: Application, facts: ChildFacts, looks: Mapping[str, ItemLook], *, on: date
) -> Iterator[Item]:
    """The papers by which an adoptive family keeps receiving (继续领取材料), where the place provides for it."""
    if not facts.adopted_on or application.category not in WITH_SECRET_BASIS or application.is_confidential:
        return
    held = sorted(papers_held(application.file), key=lambda paper: -paper.pk)
    for kind in Rules(shipped(), application.division_code).listed("adopted_disabled_papers", on):
        yield _item(f"{PAPER}-{kind}", (kind,), held, None, looks, on=on)


def _sealed_item(file: Child, looks: Mapping[str, ItemLook], *, on: date) -> Item:
    """The paper that only people named for the child know of (密封材料): every confidential application has one."""
    held = sorted(sealed_papers(file), key=lambda paper: -paper.pk)
    return _item(f"{PAPER}-{SEALED}", (OTHER,), held, None, looks, on=on)


def checks_that_count(application: Application) -> tuple[DataCheck, ...]:
    """The last answer of a department to each question (有效核对结果)."""
    answered = application.data_checks.exclude(verdict="").order_by("recorded_at", "id")
    return tuple({one.key: one for one in answered}.values())


def items_of(
    file: Child,
    looks: Mapping[str, ItemLook],
    checks: Sequence[DataCheck] = (),
    *,
    jurisdiction: str,
    on: date,
) -> Iterator[Item]:
    """What a recognition of a child rests on, on a day (核对事项)."""
    held = sorted(papers_held(file), key=lambda paper: -paper.pk)
    for kind in papers_of_everybody(on=on, jurisdiction=jurisdiction):
        yield _item(f"{PAPER}-{kind}", (kind,), held, None, looks, on=on)
    for circumstance in _circumstances(file, on=on):
        shown = sorted(shown_by(circumstance), key=lambda paper: -paper.pk)
        asked = CIRCUMSTANCES[circumstance.kind].papers
        key = situation_key(circumstance)
        about = tuple(check for check in checks if check.item == key)
        yield replace(_item(key, asked, shown, circumstance, looks, on=on), checks=about)


def situation_key(circumstance: Circumstance) -> str:
    """The item of a circumstance (情形核对项), as `situation-17`."""
    return f"{SITUATION}-{circumstance.pk}"


def _circumstances(file: Child, *, on: date) -> list[Circumstance]:
    """What holds on the day of the parents and the child: what is over is shown by the law's answer, not by a paper."""
    theirs = [one for parent in parents_of(file) for one in parent.circumstances.all()]
    found = [*theirs, *own_circumstances(file)]
    return [one for one in found if one.from_on <= on and (one.until_on is None or one.until_on >= on)]


def shown_by(circumstance: Circumstance) -> list[Evidence]:
    """The papers that show a circumstance (佐证材料): not withdrawn, not sealed."""
    return [paper for paper in circumstance.evidence.all() if paper.withdrawn_on is None and not paper.is_sealed]


def _item(
    key: str,
    asked: tuple[str, ...],
    held: Sequence[Evidence],
    circumstance: Circumstance | None,
    looks: Mapping[str, ItemLook],
    *,
    on: date,
) -> Item:
    fitting = tuple(paper for paper in held if paper.kind in asked)
    return Item(key, asked, standing(asked, paper_facts(fitting), on=on), fitting, circumstance, looks.get(key))


def kinds_of(items: Iterable[Item]) -> tuple[str, ...]:
    """The kinds of papers that items ask for (所需材料), the usual one of each."""
    return tuple(dict.fromkeys(item.asked[0] for item in items))


def course_of(application: Application, steps: Sequence[ApplicationStep]) -> Course:
    """The course of an application (办理经过) for its clock: a pause from each asking for more papers to its answer.

    One that came by letter was received elsewhere before: its days run from the day it came with all papers.
    """
    pauses, asked_on, complete_on = [], None, None
    for step in steps:
        if step.step in (Step.SUBMIT, Step.BRING, Step.ASK):
            complete_on = None if step.step == Step.ASK else step.on
            if step.step == Step.SUBMIT and application.came_on:
                complete_on = application.came_on
        elif step.step == Step.ASK_MORE:
            asked_on = step.on
        elif asked_on is not None:
            pauses.append(pause_between(asked_on, step.on))
            asked_on = None
    return Course(
        complete_on=complete_on,
        is_elsewhere=bool(application.received_at),
        is_by_letter=bool(application.sent_by),
        is_at_county=application.is_at_county,
        reviewed_on=application.reviewed_on,
        told_on=application.told_on,
        accepted_on=complete_on if application.sent_by else application.accepted_on,
        checked_on=application.checked_on,
        decided_on=application.decided_on,
        pauses=tuple(filter(None, pauses)),
        waits_since=asked_on if application.state == State.SUPPLEMENT else None,
    )


def clock_of(application: Application, *, on: date) -> RecognitionClock:
    """The clock of an application on a day (办理时限), by the calendar in force."""
    course = course_of(application, list(application.steps.all()))
    return recognition_clock(
        course,
        on=on,
        jurisdiction=application.division_code,
        received_at=application.received_at,
        calendar=calendar_in_force(),
    )
