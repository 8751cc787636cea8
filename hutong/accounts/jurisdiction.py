"""Jurisdiction (管辖范围): a set of code prefixes less exclusions, and what grants open outside it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from hutong.law.division_code import full


@dataclass(frozen=True)
class Area:
    """One posting's ground (辖区): prefixes less exclusions.

    `former` are prefixes of codes withdrawn since, whose places lie in the area today: rows of history keep them.
    """

    prefixes: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def covers(self, code: str) -> bool:
        """Whether a division lies in the area, or lay in it under a code of before."""
        within = code.startswith((*self.prefixes, *self.former))
        return within and not (self.exclusions and code.startswith(self.exclusions))

    def where(self, column: str) -> Q:
        """The rows whose code in `column` lies in the area; ranges, so that a plain index serves."""
        return _any_range(column, (*self.prefixes, *self.former)) & ~_any_range(column, self.exclusions)


@dataclass(frozen=True)
class Jurisdiction:
    """(prefixes − exclusions) ∪ grants."""

    areas: tuple[Area, ...] = ()
    grants: dict[str, frozenset[str]] = field(default_factory=dict)

    def covers(self, code: str) -> bool:
        """Whether a division lies in the jurisdiction, grants aside."""
        return any(area.covers(code) for area in self.areas)

    def where(self, column: str) -> Q:
        """The rows whose code lies in the jurisdiction, grants aside; no rows where there is none."""
        condition = Q(pk__in=[])
        for area in self.areas:
            condition |= area.where(column)
        return condition

    def granted(self, kind: str) -> frozenset[str]:
        """The opaque keys that grants of one kind open."""
        return self.grants.get(kind, frozenset())

    @property
    def prefixes(self) -> tuple[str, ...]:
        """All prefixes of today, for pickers and words on screen."""
        return tuple(dict.fromkeys(prefix for area in self.areas for prefix in area.prefixes))


def widest(prefixes: Iterable[str]) -> tuple[str, ...]:
    """The prefixes that lie in none of the others."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not (kept and prefix.startswith(kept[-1])):
            kept.append(prefix)
    return tuple(kept)


def _any_range(column: str, prefixes: Iterable[str]) -> Q:
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{column}__gte": full(prefix), f"{column}__lte": prefix.ljust(12, "9")})
    return condition
