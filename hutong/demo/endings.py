"""Endings (减员): files that were closed in the last two years, and a few that were opened again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hutong.demo.children import Children, Holding, InventedChild
from hutong.demo.kinds import IN_INSTITUTION, SURVEYED
from hutong.demo.kinfolk import Kin, families
from hutong.demo.people import Invention
from hutong.law.calendar import nth_birthday
from hutong.law.categories import age_limit

PART, GROWN_UP_PART = 100, 300
"""One of so many files is closed; one of so many because the child grew up."""

TWO_YEARS, SETTLED, REOPENED = timedelta(days=730), timedelta(days=60), 8
AT_ONCE = 60
REASONS = {
    "left_behind": {"no_longer_fits": 60, "moved_out": 25, "entered_wrongly": 8, "died": 4},
    "migrant": {"moved_out": 70, "no_longer_fits": 22, "entered_wrongly": 8},
    "de_facto": {"guardianship_restored": 60, "adopted": 20, "died": 10},
    "orphan_kin": {"adopted": 70, "died": 30},
} | {kind: {"adopted": 80, "died": 20} for kind in IN_INSTITUTION}
OTHER_REASONS = {"no_longer_fits": 70, "moved_out": 30}
OF_ONE_CHILD = frozenset({"died", "entered_wrongly"})
"""Reasons that hold of one child and not of its brothers and sisters."""


@dataclass(frozen=True, slots=True)
class Return:
    """A return (恢复): a child whose file was closed on one day and opened again on another."""

    child: InventedChild
    closed_on: date
    reopened_on: date


def grown_up(children: Children, count: int, *, on: date) -> list[InventedChild]:
    """So many who have turned 18 (年满18周岁): `children` makes up those of two years ago."""
    found: list[InventedChild] = []
    while len(found) < count:
        for kind in ("de_facto", "orphan_kin"):
            found += [
                child for child in children.of_kind(kind, AT_ONCE) if nth_birthday(child.born, age_limit(on)) <= on
            ]
    return found[:count]


class Endings:
    """Whoever closes invented files (虚构减员) as of the day `on`."""

    def __init__(self, invention: Invention, *, on: date) -> None:
        self._invention, self._random, self._on = invention, invention.random, on

    def close_grown_up(self, children: Iterable[InventedChild]) -> None:
        """Closes the files of those who turned 18 on the day before."""
        for child in children:
            _close(child, nth_birthday(child.born, age_limit(self._on)) - timedelta(days=1), "grown_up")

    def close_some(self, children: list[InventedChild], count: int) -> None:
        """Closes about so many files of various reasons, those of a whole family together where the reason is."""
        kins = families(children)
        while count > 0:
            count -= self._end(self._random.choice(kins))

    def reopen_some(self, children: list[InventedChild], count: int) -> list[Return]:
        """So many who were away for some months, left behind or migrant again now."""
        fit = [child for child in children if child.family.kind in SURVEYED and _is_settled(child, self._on)]
        return [self._reopen(child) for child in self._random.sample(fit, min(count, len(fit)))]

    def _end(self, kin: Kin) -> int:
        """Closes a family's files where they have stood long enough; one attempt is counted at least."""
        reasons = REASONS.get(kin.family.kind, OTHER_REASONS)
        reason = self._random.choices(list(reasons), list(reasons.values()))[0]
        ended = kin.children[:1] if reason in OF_ONE_CHILD else kin.children
        settled = max(_settled(child) for child in ended)
        if settled >= self._on - SETTLED or any(child.closed_on for child in kin.children):
            return 1
        closed_on = self._invention.day_between(max(settled, self._on - TWO_YEARS), self._on - SETTLED)
        for child in ended:
            _close(child, closed_on, reason)
        return len(ended)

    def _reopen(self, child: InventedChild) -> Return:
        reopened_on = self._on - timedelta(days=self._random.randint(3, 40))
        closed_on = reopened_on - timedelta(days=self._random.randint(60, 100))
        held = child.holdings[0]
        again = Holding(held.category, reopened_on, None, "减员恢复")
        child.holdings = [replace(held, until_on=closed_on), again]
        return Return(child, closed_on, reopened_on)


def _is_settled(child: InventedChild, on: date) -> bool:
    return child.closed_on is None and len(child.holdings) == 1 and _settled(child) < on - timedelta(days=200)


def _settled(child: InventedChild) -> date:
    return max(child.registered_at.date(), *(held.from_on for held in child.holdings)) + SETTLED


def _close(child: InventedChild, closed_on: date, reason: str) -> None:
    """A closed file (减员): what it holds ends with it."""
    child.closed_on, child.closed_reason = closed_on, reason
    begun = [held for held in child.holdings if held.from_on <= closed_on]
    child.holdings = [held if held.until_on else replace(held, until_on=closed_on) for held in begun]
