"""Scores: the probability that each pair is one child, and its sum field by field."""

from copy import copy
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.rivals import Kind, Parameters

SAME, STRANGER = 0, -1
FITTED = (Kind.SAME, Kind.TWIN, Kind.NAMESAKE)
"""Kinds all of whose pairs a list's blocks show, so that their rates can be counted there."""
EXPECTED, ROUNDS = 2_000, 2
START, OTHERS = "start", "others"


class Step(NamedTuple):
    """Step (权重项): one line of the sum: the field, the level reached, and the weight in bits.

    Field `start` is how common each kind is; `others` what the weaker rivals take away. A weight compares
    "one child" with the strongest rival.
    """

    field: str
    level: str
    weight: float


class Explained(NamedTuple):
    """Explained score (评分说明): the strongest rival, and the steps of the sum."""

    rival: Kind
    steps: list[Step]


class Scores:
    """Scores (评分) of many pairs against one population.

    `levels` has the shape (pairs, fields); `frequency`, the share of children who have the name, the shape (pairs,).
    """

    def __init__(self, parameters: Parameters, levels: Ints, frequency: Ints, population: float) -> None:
        self.parameters, self.levels, self.population = parameters, levels, population
        self.frequency = np.log2(frequency)

    def probabilities(self) -> Ints:
        """The probability that each pair is one child; shape (pairs,)."""
        return self.shares()[:, SAME]

    def shares(self) -> Ints:
        """The probability of each kind for each pair; shape (pairs, kinds)."""
        pairs = np.exp2(self._sums())
        return pairs / pairs.sum(axis=1, keepdims=True)

    def fitted(self, size: int) -> "Scores":
        """The same pairs with the rates of their own list of `size` records; the model's count as so many records."""
        found = copy(self)
        for _ in range(ROUNDS):
            found.parameters = fitted_to(self.parameters, found.shares().sum(axis=0), size)
        return found

    def explain(self, chosen: Ints) -> list[Explained]:
        """The sums of some pairs, field by field, each against its strongest rival."""
        parts, starts = self._parts(self.levels[chosen]), self.parameters.starts(self.population)
        for at, common in self._by_frequency(self.levels[chosen]):
            parts[common, at, STRANGER] = self.frequency[chosen][common]
        sums = starts + parts.sum(axis=1)
        rivals = sums[:, SAME + 1 :].argmax(axis=1) + SAME + 1
        rows = np.arange(len(chosen))
        weights = parts[:, :, SAME] - parts[rows, :, rivals]
        others = sums[rows, rivals] - np.log2(np.exp2(sums[:, SAME + 1 :]).sum(axis=1))
        columns = rivals, starts[SAME] - starts[rivals], self.levels[chosen], weights, others
        return [self._explained(*one) for one in zip(*(column.tolist() for column in columns), strict=True)]

    def _explained(self, rival: int, start: float, levels: list[int], weights: list[float], others: float) -> Explained:
        kind = self.parameters.kinds[rival]
        fields = [
            Step(field.code, field.levels(level).name.lower(), weight)
            for field, level, weight in zip(self.parameters.fields, levels, weights, strict=True)
        ]
        return Explained(kind, [Step(START, kind, start), *fields, Step(OTHERS, "", others)])

    def _sums(self) -> Ints:
        """log2 of the expected pairs of each kind, for each pair; shape (pairs, kinds)."""
        used, at = _used(self.parameters.patterns(self.levels), int(np.prod(self.parameters.sizes)))
        sums = (self.parameters.starts(self.population) + self._parts(self.parameters.levels(used)).sum(axis=1))[at]
        for _field, common in self._by_frequency(self.levels):
            sums[common, STRANGER] += self.frequency[common]
        return sums

    def _parts(self, levels: Ints) -> Ints:
        """log2 probabilities; shape (pairs, fields, kinds). Where a value's own frequency counts it is left out."""
        columns = enumerate(self.parameters.fields)
        parts = np.stack([self.parameters.logarithms(field)[:, levels[:, at]].T for at, field in columns], axis=1)
        for at, common in self._by_frequency(levels):
            parts[common, at, STRANGER] = 0.0
        return parts

    def _by_frequency(self, levels: Ints) -> list[tuple[int, Ints]]:
        """The fields in which a value's own frequency counts, and in which pairs."""
        fields = enumerate(self.parameters.fields)
        return [(at, np.isin(levels[:, at], field.by_frequency)) for at, field in fields if field.by_frequency]


def fitted_to(parameters: Parameters, pairs: Ints, size: int) -> Parameters:
    """The parameters with the rates of a list of `size` records that shows so many pairs of each kind; (kinds,)."""
    shown = dict(zip(parameters.kinds, pairs.tolist(), strict=True))
    before = parameters.rates
    rates = {kind: (before[kind] * EXPECTED + shown[kind]) / (EXPECTED + size) for kind in FITTED}
    return replace(parameters, rates={**before, **rates})


def _used(patterns: Ints, size: int) -> tuple[Ints, Ints]:
    """The combinations that occur, and each pair's place among them."""
    seen = np.zeros(size, np.int32)
    seen[patterns] = 1
    used = np.flatnonzero(seen)
    seen[used] = np.arange(len(used))
    return used, seen[patterns]
