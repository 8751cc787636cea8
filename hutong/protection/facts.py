"""Rows of protection as the facts that the law reads (安置事实)."""

from collections.abc import Iterable

from hutong.law.facts import PlacementFact
from hutong.protection.models import Placement


def placement_facts(placements: Iterable[Placement]) -> tuple[PlacementFact, ...]:
    """What the law is told of placements (安置事实), the earliest first."""
    in_order = sorted(placements, key=lambda one: (one.from_on, one.pk))
    return tuple(PlacementFact(kind=one.kind, from_on=one.from_on, until_on=one.until_on) for one in in_order)
