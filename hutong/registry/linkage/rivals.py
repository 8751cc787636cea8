"""What a pair of records can be: one child twice, or one of five other things. Each has its own probabilities.

Fellegi and Sunter weigh "one child" against "two children". Two children are of several kinds, and agreement means
something else for each: twins share birth date, telephone and village, so these say nothing against twins.

What no list can teach is stated, and stays: how often a number is another child's, and how often two children have name
and birth date in common beyond chance (lines copied, a name given to two).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.comparing import FIELDS, Field


class Kind(StrEnum):
    """Kind of a pair (记录对性质)."""

    SAME = "same"
    TWIN = "twin"
    SIBLING = "sibling"
    BORROWED = "borrowed"
    NAMESAKE = "namesake"
    STRANGER = "stranger"


LEARNT = (Kind.SAME, Kind.TWIN, Kind.SIBLING)

Tables = Mapping[Kind, Mapping[str, list[float]]]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters (模型参数): for each kind the share of each level of each field, and how many pairs a record has.

    "One child" comes first among the kinds and strangers last. Level 0, missing, says nothing: its share is 1 for every
    kind. Strangers have no rate: half the population is theirs.
    """

    tables: Tables
    rates: Mapping[Kind, float]
    fields: tuple[Field, ...] = FIELDS

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds, one child first, strangers last."""
        return tuple(self.tables)

    def logarithms(self, field: Field) -> Ints:
        """log2 of the probabilities of one field's levels; shape (kinds, levels)."""
        return np.log2([[1.0, *table[field.code]] for table in self.tables.values()])

    def starts(self, population: float) -> Ints:
        """log2 of the pairs of each kind that a record has before anything is compared; shape (kinds,)."""
        return np.log2([{**self.rates, Kind.STRANGER: population / 2}[kind] for kind in self.kinds])

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many levels each field has."""
        return tuple(len(field.levels) for field in self.fields)

    def patterns(self, levels: Ints) -> Ints:
        """One number a combination of levels; `levels` has the shape (pairs, fields)."""
        return np.ravel_multi_index(tuple(levels.T.astype(np.int64)), self.sizes)

    def levels(self, patterns: Ints) -> Ints:
        """The levels of numbered combinations; shape (patterns, fields)."""
        return np.stack(np.unravel_index(patterns, self.sizes), axis=1)
