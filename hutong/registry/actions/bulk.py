"""One change on many files: each is checked by itself, what cannot be is left and named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.registry.actions.altering import alter
from hutong.registry.actions.changes import WrongValues
from hutong.registry.actions.closing import close
from hutong.registry.actions.holding import begin_holding, end_holding
from hutong.registry.intake.problems import sentence
from hutong.registry.models import Change, Child
from hutong.registry.models.change import Stage
from hutong.registry.queries import files_of, visible_to

AT_MOST = 500


@dataclass(frozen=True)
class Outcome:
    """What became of one file (逐条结果): its change, or why there is none; `waits` for a second person."""

    child: Child
    change: Change | None
    why: str

    @property
    def waits(self) -> bool:
        """Whether another person has to confirm it."""
        return self.change is not None and self.change.stage == Stage.PROPOSED


@dataclass(frozen=True)
class Wanted:
    """What is to be done to every file (批量事项)."""

    operation: str
    values: dict[str, Any]
    reason: str
    words: str = ""


class _Undo(Exception):
    """Takes a trial run back."""


def try_bulk(*, by: Person, file_numbers: Iterable[str], wanted: Wanted, on: date) -> list[Outcome]:
    """Try a change of many files (批量预检): done for real and taken back, so that the answer is the true one."""
    outcomes: list[Outcome] = []
    try:
        with transaction.atomic():
            outcomes = _run(by, file_numbers, wanted, on=on)
            raise _Undo
    except _Undo:
        return outcomes


@transaction.atomic
def change_many(*, by: Person, file_numbers: Iterable[str], wanted: Wanted, on: date) -> list[Outcome]:
    """Change many files (批量变更), at most 500: each that can be; the others stay and say why. Raises Refused."""
    outcomes = _run(by, file_numbers, wanted, on=on)
    done = [outcome.change for outcome in outcomes if outcome.change]
    bulk = str(done[0].bulk) if done else ""
    details = {"operation": wanted.operation, "done": len(done), "left": len(outcomes) - len(done)}
    record(by=by, act="change_many", subject_kind="bulk", subject_key=bulk, on=on, details=details)
    return outcomes


def _run(by: Person, file_numbers: Iterable[str], wanted: Wanted, *, on: date) -> list[Outcome]:
    if wanted.operation not in OPERATIONS:
        raise Refused(_("Choose what is to be done."))
    numbers = list(dict.fromkeys(file_numbers))
    if len(numbers) > AT_MOST:
        raise Refused(_("At most %(most)s files at once.") % {"most": AT_MOST})
    children = visible_to(by, on=on).filter(file_number__in=numbers).order_by("pk").prefetch_related("holdings")
    bulk, act = uuid4(), OPERATIONS[wanted.operation]
    return [_one(act, by, child, wanted, bulk=bulk, on=on) for child in children]


def _one(act: "Operation", by: Person, child: Child, wanted: Wanted, *, bulk: UUID, on: date) -> Outcome:
    try:
        with transaction.atomic():
            common = {"by": by, "reason": wanted.reason, "words": wanted.words, "bulk": bulk, "on": on}
            return Outcome(child, act(child, wanted.values, common), "")
    except WrongValues as wrong:
        return Outcome(child, None, " ".join(sentence(problem) for problem in wrong.problems))
    except Refused as refused:
        return Outcome(child, None, str(refused.reason))


Operation = Callable[[Child, dict[str, Any], dict[str, Any]], Change]


def _place(child: Child, values: dict[str, Any], common: dict[str, Any]) -> Change:
    said = {"living_division": values["place"]}
    return alter(child=child, values=said, revision=child.revision, **common)


def _begin(child: Child, values: dict[str, Any], common: dict[str, Any]) -> Change:
    return begin_holding(
        child=child, category=values["category"], from_on=values["day"], revision=child.revision, **common
    )


def _end(child: Child, values: dict[str, Any], common: dict[str, Any]) -> Change:
    rows = (row for file in files_of(child) for row in file.holdings.all())
    held = next((row for row in rows if row.category == values["category"] and not row.until_on), None)
    if held is None:
        raise Refused(_("The child does not hold this category."))
    return end_holding(holding=held, until_on=values["day"], revision=child.revision, **common)


def _close(child: Child, values: dict[str, Any], common: dict[str, Any]) -> Change:
    return close(child=child, closed_on=values["day"], revision=child.revision, **common)


OPERATIONS: dict[str, Operation] = {
    "place": _place,
    "begin_category": _begin,
    "end_category": _end,
    "close": _close,
}
