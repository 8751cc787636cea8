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
from hutong.registry.linkage.comparing import FIELDS
from hutong.registry.linkage.resemblance import NameLevel


class Kind(StrEnum):
    """Kind of a pair (记录对性质)."""

    SAME = "same"
    TWIN = "twin"
    SIBLING = "sibling"
    BORROWED = "borrowed"
    NAMESAKE = "namesake"
    STRANGER = "stranger"


KINDS = tuple(Kind)
LEARNT = (Kind.SAME, Kind.TWIN, Kind.SIBLING)
BY_FREQUENCY = (NameLevel.IDENTICAL, NameLevel.VARIANT)
"""Levels at which strangers agree as often as their name is common: the name's own frequency stands for `u`."""
NAME = next(at for at, field in enumerate(FIELDS) if field.code == "name")
RADIX = tuple(len(field.levels) for field in FIELDS)

Tables = Mapping[Kind, Mapping[str, list[float]]]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters (模型参数): for each kind the probability of each level of each field, and how many pairs a record has.

    Level 0, missing, says nothing: its probability is 1 for every kind. The rate of strangers is half the population.
    """

    tables: Tables
    rates: Mapping[Kind, float]

    def logarithms(self, field: str) -> Ints:
        """log2 of the probabilities of one field's levels; shape (kinds, levels)."""
        return np.log2([[1.0, *self.tables[kind][field]] for kind in KINDS])

    def starts(self, population: float) -> Ints:
        """log2 of the pairs of each kind that a record has before anything is compared; shape (kinds,)."""
        rates = {**self.rates, Kind.STRANGER: population / 2}
        return np.log2([rates[kind] for kind in KINDS])


def patterns(levels: Ints) -> Ints:
    """One number a combination of levels; `levels` has the shape (pairs, fields)."""
    return np.ravel_multi_index(tuple(levels.T.astype(np.int64)), RADIX)


def levels_of(pattern: Ints) -> Ints:
    """The levels of numbered combinations; shape (patterns, fields)."""
    return np.stack(np.unravel_index(pattern, RADIX), axis=1)
