"""Scores: the probability that each pair is one child, and its sum field by field."""

from collections.abc import Sequence
from copy import copy
from typing import NamedTuple

import numpy as np

from hutong.registry.linkage.arrays import Ints, mixed
from hutong.registry.linkage.rivals import Kind, Parameters

SAME, STRANGER = 0, -1
OF_EACH_PAIR = ("patterns", "frequency", "counts")
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

    Made of `levels` of the shape (pairs, fields), and of `frequency`, the share of children who have the name, of the
    shape (pairs,). Kept are the number of each pair's combination of levels, the log2 of its frequency where that
    counts, else 0, and for how many pairs it stands.
    """

    def __init__(self, parameters: Parameters, levels: Ints, frequency: Ints, population: float) -> None:
        self.parameters, self.population = parameters, population
        self.patterns = parameters.patterns(levels)
        self.frequency = np.where(self._has_frequency(levels), np.log2(frequency), 0.0)
        self.counts = np.ones(len(levels), np.int64)

    @staticmethod
    def joined(parts: Sequence["Scores"]) -> "Scores":
        """The pairs of all parts."""
        found = copy(parts[0])
        for name in OF_EACH_PAIR:
            setattr(found, name, np.concatenate([getattr(part, name) for part in parts]))
        return found

    def taken(self, chosen: Ints) -> "Scores":
        """Some of the pairs."""
        found = copy(self)
        for name in OF_EACH_PAIR:
            setattr(found, name, getattr(self, name)[chosen])
        return found

    def tallied(self) -> "Scores":
        """Pairs that agree alike as one row that stands for them all (合并计数)."""
        alike = mixed([self.patterns, self.frequency.view(np.uint64)])
        _, first, counts = np.unique(alike, return_index=True, return_counts=True)
        found = self.taken(first)
        found.counts = counts
        return found

    def under(self, parameters: Parameters) -> "Scores":
        """The same pairs under other parameters."""
        found = copy(self)
        found.parameters = parameters
        return found

    def probabilities(self) -> Ints:
        """The probability that each pair is one child; shape (pairs,)."""
        return self.shares()[:, SAME]

    def shares(self) -> Ints:
        """The probability of each kind for each pair; shape (pairs, kinds)."""
        pairs = np.exp2(self._sums())
        return pairs / pairs.sum(axis=1, keepdims=True)

    def pairs_of_kinds(self) -> Ints:
        """How many pairs of each kind are expected among these; shape (kinds,)."""
        return self.counts @ self.shares()

    def explain(self, chosen: Ints) -> list[Explained]:
        """The sums of some pairs, field by field, each against its strongest rival."""
        levels = self.parameters.levels(self.patterns[chosen])
        parts, starts = self._parts(levels), self.parameters.starts(self.population)
        for at, common in self._by_frequency(levels):
            parts[common, at, STRANGER] = self.frequency[chosen][common]
        sums = starts + parts.sum(axis=1)
        rivals = sums[:, SAME + 1 :].argmax(axis=1) + SAME + 1
        rows = np.arange(len(chosen))
        weights = parts[:, :, SAME] - parts[rows, :, rivals]
        others = sums[rows, rivals] - np.log2(np.exp2(sums[:, SAME + 1 :]).sum(axis=1))
        columns = rivals, starts[SAME] - starts[rivals], levels, weights, others
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
        used, at = _used(self.patterns, int(np.prod(self.parameters.sizes)))
        sums = (self.parameters.starts(self.population) + self._parts(self.parameters.levels(used)).sum(axis=1))[at]
        sums[:, STRANGER] += self.frequency
        return sums

    def _parts(self, levels: Ints) -> Ints:
        """log2 probabilities; shape (pairs, fields, kinds). Where a value's own frequency counts it is left out."""
        columns = enumerate(self.parameters.fields)
        parts = np.stack([self.parameters.logarithms(field)[:, levels[:, at]].T for at, field in columns], axis=1)
        for at, common in self._by_frequency(levels):
            parts[common, at, STRANGER] = 0.0
        return parts

    def _has_frequency(self, levels: Ints) -> Ints:
        return np.any([np.zeros(len(levels), bool), *(common for _, common in self._by_frequency(levels))], axis=0)

    def _by_frequency(self, levels: Ints) -> list[tuple[int, Ints]]:
        """The fields in which a value's own frequency counts, and in which pairs."""
        fields = enumerate(self.parameters.fields)
        return [(at, np.isin(levels[:, at], field.by_frequency)) for at, field in fields if field.by_frequency]


def _used(patterns: Ints, size: int) -> tuple[Ints, Ints]:
    """The combinations that occur, and each pair's place among them."""
    seen = np.zeros(size, np.int32)
    seen[patterns] = 1
    used = np.flatnonzero(seen)
    seen[used] = np.arange(len(used))
    return used, seen[patterns]
