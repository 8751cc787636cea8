"""Scores: the probability that each pair is one child, and its sum field by field."""

from copy import copy
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.comparing import FIELDS
from hutong.registry.linkage.rivals import (
    BY_FREQUENCY,
    KINDS,
    NAME,
    RADIX,
    Kind,
    Parameters,
    levels_of,
    patterns,
)

SAME, STRANGER = KINDS.index(Kind.SAME), KINDS.index(Kind.STRANGER)

FITTED = (Kind.SAME, Kind.TWIN, Kind.NAMESAKE)
"""Kinds all of whose pairs a list's blocks show, so that their rates can be counted there."""
EXPECTED, ROUNDS = 2_000, 2
LEVEL_NAMES = {field.code: [level.name.lower() for level in field.levels] for field in FIELDS}
START, OTHERS = "start", "others"


class Step(NamedTuple):
    """Step (权重项): one line of the sum: the field, the level reached, and the weight in bits.

    Field `start` is how common each kind is; `others` what the weaker rivals take away. A weight compares
    "one child" with the strongest rival.
    """

    field: str
    level: str
    weight: float


class Scores:
    """Scores (评分) of many pairs against one population.

    `levels` has the shape (pairs, fields); `frequency`, the share of children who have the name, the shape (pairs,).
    """

    def __init__(self, parameters: Parameters, levels: Ints, frequency: Ints, population: float) -> None:
        self.parameters, self.levels, self.population = parameters, levels, population
        self.frequency = np.log2(frequency)
        self.by_frequency = np.isin(levels[:, NAME], BY_FREQUENCY)

    def probabilities(self) -> Ints:
        """The probability that each pair is one child; shape (pairs,)."""
        return self.shares()[:, SAME]

    def shares(self) -> Ints:
        """The probability of each kind for each pair; shape (pairs, kinds)."""
        pairs = np.exp2(self.sums())
        return pairs / pairs.sum(axis=1, keepdims=True)

    def fitted(self, size: int) -> "Scores":
        """The same pairs with the rates of their own list of `size` records; the model's count as so many records."""
        found = self
        for _ in range(ROUNDS):
            pairs = found.shares().sum(axis=0)
            rates = {
                kind: (self.parameters.rates[kind] * EXPECTED + float(pairs[KINDS.index(kind)])) / (EXPECTED + size)
                for kind in FITTED
            }
            parameters = replace(self.parameters, rates={**self.parameters.rates, **rates})
            found = copy(self)
            found.parameters = parameters
        return found

    def sums(self) -> Ints:
        """log2 of the expected pairs of each kind, for each pair; shape (pairs, kinds)."""
        used, at = _used_patterns(patterns(self.levels))
        sums = self._sums(levels_of(used))[at]
        sums[self.by_frequency, STRANGER] += self.frequency[self.by_frequency]
        return sums

    def _sums(self, levels: Ints) -> Ints:
        """log2 of the expected pairs of each kind; shape (pairs, kinds)."""
        return self.parameters.starts(self.population) + self._parts(levels).sum(axis=1)

    def _parts(self, levels: Ints) -> Ints:
        """log2 probabilities; shape (pairs, fields, kinds). For strangers of one name the frequency is left out."""
        parts = np.stack(
            [self.parameters.logarithms(field.code)[:, levels[:, at]].T for at, field in enumerate(FIELDS)], axis=1
        )
        parts[np.isin(levels[:, NAME], BY_FREQUENCY), NAME, STRANGER] = 0.0
        return parts

    def explain(self, chosen: Ints) -> list["Explained"]:
        """The sums of some pairs, field by field, each against its strongest rival."""
        parts, starts = self._parts(self.levels[chosen]), self.parameters.starts(self.population)
        common = self.by_frequency[chosen]
        parts[common, NAME, STRANGER] = self.frequency[chosen][common]
        sums = starts + parts.sum(axis=1)
        rivals = sums[:, SAME + 1 :].argmax(axis=1) + SAME + 1
        rows = np.arange(len(chosen))
        weights = parts[:, :, SAME] - parts[rows, :, rivals]
        others = sums[rows, rivals] - np.log2(np.exp2(sums[:, SAME + 1 :]).sum(axis=1))
        columns = rivals, starts[SAME] - starts[rivals], self.levels[chosen], weights, others
        return [_explained(*one) for one in zip(*(column.tolist() for column in columns), strict=True)]


class Explained(NamedTuple):
    """Explained score (评分说明): the strongest rival, and the steps of the sum."""

    rival: Kind
    steps: list[Step]


def _explained(rival: int, start: float, levels: list[int], weights: list[float], others: float) -> Explained:
    fields = [
        Step(field.code, LEVEL_NAMES[field.code][level], weight)
        for field, level, weight in zip(FIELDS, levels, weights, strict=True)
    ]
    return Explained(KINDS[rival], [Step(START, KINDS[rival], start), *fields, Step(OTHERS, "", others)])


def _used_patterns(pattern: Ints) -> tuple[Ints, Ints]:
    """The combinations that occur, and each pair's place among them."""
    seen = np.zeros(int(np.prod(RADIX)), np.int32)
    seen[pattern] = 1
    used = np.flatnonzero(seen)
    seen[used] = np.arange(len(used))
    return used, seen[pattern]
