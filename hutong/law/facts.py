"""Facts (事实): what the law is asked about, frozen; a room or a case file fills them in, the law reads them.

A span holds from its first to its last day, both counted; no first day: since ever; no last day: it still holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hutong.law.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What holds for a while (有起止日期)."""

    from_on: date | None = None
    until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class CircumstanceFact(Span):
    """Circumstance (情形) of a parent or of the child.

    `reported_on` is the day the police took the search, `notice_on` that of the public notice for the parents.
    """

    kind: str
    grade: int | None = None
    disability_class: str = ""
    reported_on: date | None = None
    notice_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentFact:
    """Father or mother (父母), natural or adoptive; `is_unknown`: nobody knows who it is."""

    role: str
    is_unknown: bool = False
    circumstances: tuple[CircumstanceFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingFact:
    """A category that was recognised (认定类别): first and last month paid, both counted."""

    category: str
    decided_on: date | None = None
    from_month: Month | None = None
    until_month: Month | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementFact(Span):
    """Where a child is raised (安置): `institution`, `kin`, `foster` or `independent`."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AidFact(Span):
    """Other aid (其他待遇): the child's own by the month, or the household's with its heads; fen."""

    kind: str
    fen_per_month: int | None = None
    household_fen_per_month: int | None = None
    members: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFact(Span):
    """Study (就学) at a level."""

    level: str
    is_full_time: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """A child as the law sees it (儿童事实)."""

    birth_date: date
    sex: str = ""
    is_adopted: bool = False
    adopted_on: date | None = None
    died_on: date | None = None
    parents: tuple[ParentFact, ...] = ()
    circumstances: tuple[CircumstanceFact, ...] = ()
    holdings: tuple[HoldingFact, ...] = ()
    placements: tuple[PlacementFact, ...] = ()
    other_aid: tuple[AidFact, ...] = ()
    study: tuple[StudyFact, ...] = ()
    paid: Mapping[Month, int] = field(default_factory=dict)
