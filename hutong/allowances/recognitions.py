"""Recognitions (认定): the paid categories that children hold, and what the law finds of each by the facts of a day."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

from django.db.models import Max, Q, QuerySet

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.allowances.cases import Item, items_of, shown_by
from hutong.allowances.facts import facts_of_many, facts_under_seal, paper_facts, study_facts
from hutong.allowances.models import RecognitionEnd, RecognitionReview, RecognitionSuspension
from hutong.allowances.models.recognition import EndStage
from hutong.law.applying import Standing as PaperStanding
from hutong.law.applying import standing
from hutong.law.categories import CATEGORIES, WITH_SECRET_BASIS, Basis
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.law.facts import ChildFacts
from hutong.law.recognition_review import OPEN_REASONS, Examination, examine, review_due, without_ground
from hutong.registry.models import CategoryHolding, Child, Circumstance
from hutong.registry.queries import leading_of, naming

PAID = tuple(code for code, category in CATEGORIES.items() if category.paid)
SUBJECT = "recognition"
"""What tasks, notices and documents call a recognition; its key is that of the category holding."""

REVIEW, LOOK_INTO, SETTLE, CONFIRM = "review_recognition", "look_into_recognition", "settle_suspension", "confirm_end"
"""The tasks about a recognition (认定待办)."""


@dataclass(frozen=True)
class Standing:
    """Standing of a recognition (认定状态): a paid category held, and what has been done about it.

    `suspension` is the open one, `end` the proposed one, `ended` the one that was confirmed.
    """

    holding: CategoryHolding
    on: date
    due_on: date
    reviewed_on: date | None
    suspension: RecognitionSuspension | None
    end: RecognitionEnd | None
    ended: RecognitionEnd | None

    @property
    def key(self) -> str:
        """What tasks and letters call it by."""
        return str(self.holding.pk)

    @property
    def file(self) -> Child:
        """The child's leading file (主档案)."""
        return self.holding.child.leading

    @property
    def is_held(self) -> bool:
        """Whether it has not ended (在保)."""
        return self.holding.until_on is None or self.holding.until_on >= self.on


@dataclass(frozen=True)
class Recognised(Standing):
    """Recognised child (在保儿童): how the recognition stands, and what the law finds of it by the facts of the day.

    The facts are told to the law with what stands under seal; `named` are the people who may know that, by number.
    """

    facts: ChildFacts
    examination: Examination
    named: frozenset[int] = frozenset()

    @property
    def is_sealed(self) -> bool:
        """Whether what it rests on stands under seal (密封依据), as of every holder of its category."""
        return self.holding.category in WITH_SECRET_BASIS

    @property
    def is_for_the_named(self) -> bool:
        """Whether what the law finds is for the people named alone (仅限知悉人)."""
        return bool(self.is_sealed and self.named and self.examination.reason not in OPEN_REASONS)

    def may_be_ended_by(self, user: Person) -> bool:
        """Whether somebody may decide an end (可决定终止): where people are named for what is sealed, one of them."""
        return not (self.is_sealed and self.named) or user.pk in self.named

    def shown_to(self, user: Person) -> Examination:
        """What somebody may be told of what the law finds (可告知结论)."""
        if not self.is_sealed or user.pk in self.named:
            return self.examination
        return without_ground(self.examination, is_hidden=bool(self.named))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What it rests on, with the papers that show it (核对事项)."""
        return tuple(items_of(self.file, {}, jurisdiction=self.file.responsible_code, on=self.on))

    @property
    def mark(self) -> str:
        """One text for all that was looked at (案情摘要); another one once anything of it is another."""
        papers = [(item.key, item.standing, [paper.pk for paper in item.papers]) for item in self.items]
        done = [self.reviewed_on, self.suspension and self.suspension.pk, self.end and self.end.pk]
        said = repr((self.holding.pk, self.holding.until_on, self.facts, self.examination, papers, done))
        return hashlib.sha256(said.encode()).hexdigest()


def held_on(on: date) -> QuerySet[CategoryHolding]:
    """The recognitions that hold on a day (在保认定), and those that begin later."""
    held = CategoryHolding.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), category__in=PAID)
    return held.select_related("child__canonical").order_by("pk")


def recognised(holding: CategoryHolding, *, on: date) -> Recognised:
    """One recognition as it stands on a day."""
    return recognised_of_many([holding], on=on)[0]


def recognised_of_many(holdings: Sequence[CategoryHolding], *, on: date) -> list[Recognised]:
    """Many recognitions as they stand on a day (批量复核); a few questions for all."""
    files = {holding.child.leading.pk: holding.child.leading for holding in holdings}
    facts = _with_study(facts_of_many(list(files.values())))
    expired = _with_expired_papers(list(files), on=on)
    named = _named([one.child.leading for one in holdings if one.category in WITH_SECRET_BASIS], on=on)
    return [
        _examined(one, facts[one.file.pk], named[one.file.file_number], has_expired=one.file.pk in expired)
        for one in standings(holdings, on=on)
    ]


def _named(children: Sequence[Child], *, on: date) -> Mapping[str, set[int]]:
    """The people in post who are named for what is sealed of children (知悉人), by file number."""
    places, found = {child.file_number: child.responsible_code for child in children}, defaultdict(set)
    for grant in naming(children, on=on) if children else ():
        if may(grant.person, Permission.SEE_SECRET, code=places[grant.scope_key], on=on):
            found[grant.scope_key].add(grant.person_id)
    return found


def _under_seal(facts: ChildFacts, holding: CategoryHolding) -> ChildFacts:
    if holding.secret_basis is None:
        return facts
    return facts_under_seal(facts, Basis(holding.secret_basis.open().strip()))


def _examined(one: Standing, facts: ChildFacts, named: set[int], *, has_expired: bool) -> Recognised:
    facts = _under_seal(facts, one.holding)
    examination = examine(
        facts,
        one.holding.category,
        since=one.holding.from_on,
        on=one.on,
        has_expired=has_expired,
        jurisdiction=one.file.responsible_code,
    )
    said = {field.name: getattr(one, field.name) for field in fields(Standing)}
    return Recognised(**said, facts=facts, examination=examination, named=frozenset(named))


def standings(holdings: Sequence[CategoryHolding], *, on: date) -> list[Standing]:
    """How recognitions stand on a day (认定状态), without the facts they rest on; three questions for all."""
    reviewed = _last_reviews(holdings)
    open_ones = RecognitionSuspension.objects.filter(lifted_on__isnull=True, holding__in=holdings)
    suspended = {one.holding_id: one for one in open_ones.select_related("by")}
    ends = RecognitionEnd.objects.filter(holding__in=holdings).select_related("by").order_by("on", "id")
    ends_by_stage = {(one.holding_id, one.stage): one for one in ends}
    found = []
    for holding in holdings:
        reviewed_on = reviewed.get(holding.pk)
        since, place = max(holding.from_on, reviewed_on or holding.from_on), holding.child.leading.responsible_code
        found.append(
            Standing(
                holding=holding,
                on=on,
                due_on=review_due(since, on=on, jurisdiction=place),
                reviewed_on=reviewed_on,
                suspension=suspended.get(holding.pk),
                end=ends_by_stage.get((holding.pk, EndStage.PROPOSED)),
                ended=ends_by_stage.get((holding.pk, EndStage.CONFIRMED)),
            )
        )
    return found


def _last_reviews(holdings: Iterable[CategoryHolding]) -> dict[int, date]:
    reviews = RecognitionReview.objects.filter(holding__in=holdings).order_by()
    return dict(reviews.values_list("holding").annotate(Max("on")))


def _with_study(facts: dict[int, ChildFacts]) -> dict[int, ChildFacts]:
    studies = study_facts(leading_of(list(facts)))
    return {number: replace(one, study=tuple(studies[number])) for number, one in facts.items()}


def _with_expired_papers(children: Sequence[int], *, on: date) -> set[int]:
    """Children one of whose circumstances is shown by papers alone that have expired, by id of the file that leads."""
    leading = leading_of(children)
    holding = Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))
    present = Q(parent__isnull=True) | Q(parent__until_on__isnull=True)
    old = Circumstance.objects.filter(holding, present, child__in=leading, evidence__expires_on__lt=on)
    return {
        leading[one.child_id]
        for one in old.distinct().prefetch_related("evidence")
        if standing(CIRCUMSTANCES[one.kind].papers, paper_facts(shown_by(one)), on=on) is PaperStanding.EXPIRED
    }
