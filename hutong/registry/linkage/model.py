"""The linkage model (匹配模型): a file with its recipe and its measured quality; it answers for pairs of records."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.blocking import Blocks, candidates, key_columns
from hutong.registry.linkage.comparing import compare
from hutong.registry.linkage.fitting import at_most, fitted
from hutong.registry.linkage.frequencies import Frequencies, NameCounts
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.rivals import Kind, Parameters
from hutong.registry.linkage.scoring import Explained, Scores
from hutong.registry.linkage.table import Table

SHIPPED = Path(__file__).parent / "model.json"
THRESHOLD = 0.9  # of what `hutong link` tells, if nobody says otherwise
EXPLAINED = 5000  # sums that are held at once


class Outcome(StrEnum):
    """Outcome (判定结论): one child, a question for a person, or two children."""

    SAME = "same"
    ASK = "ask"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs (代价) of a decision, in questions to a person: of joining two children, and of missing a double file."""

    wrong_join: float
    missed: float

    @property
    def same(self) -> float:
        """From this probability on a join costs less than a question."""
        return 1 - 1 / self.wrong_join

    @property
    def ask(self) -> float:
        """From this probability on a question costs less than a miss."""
        return 1 / self.missed


class Pair(NamedTuple):
    """Pair (记录对): the places of two records in their list, and the probability that they are one child."""

    left: int
    right: int
    probability: float


class Found:
    """Found pairs (匹配结果) of one list, the surest first; each can be explained."""

    def __init__(self, left: Ints, right: Ints, scores: Scores, threshold: float) -> None:
        probabilities = scores.probabilities()
        likely = np.flatnonzero(probabilities >= threshold)
        self._chosen = likely[np.argsort(-probabilities[likely], kind="stable")]
        self._scores = scores
        columns = (left[self._chosen], right[self._chosen], probabilities[self._chosen])
        self.pairs = [Pair(*one) for one in zip(*(column.tolist() for column in columns), strict=True)]

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def explained(self) -> Iterator[Explained]:
        """For each pair its strongest rival and the sum, field by field."""
        for start in range(0, len(self._chosen), EXPLAINED):
            yield from self._scores.explain(self._chosen[start : start + EXPLAINED])


@dataclass(frozen=True, slots=True)
class Model:
    """Model (匹配模型). `population` is how many children a list is from at least, `version` the file's digest."""

    parameters: Parameters
    frequencies: Frequencies
    costs: Costs
    population: float
    recipe: Mapping[str, Any]
    quality: Mapping[str, Any]
    version: str

    @staticmethod
    @cache
    def load(path: Path = SHIPPED) -> "Model":
        """The model that ships with the product, or another one."""
        content = path.read_bytes()
        document = json.loads(content)
        tables = {kind: document["probabilities"][kind] for kind in Kind}
        rates = {Kind(kind): rate for kind, rate in document["rates"].items()}
        return Model(
            Parameters(tables, rates),
            Frequencies(**document["frequencies"]),
            Costs(**document["costs"]),
            document["population"],
            document["recipe"],
            document["quality"],
            sha256(content).hexdigest()[:12],
        )

    def among(self, counts: NameCounts) -> "Model":
        """The model for records that are compared with a register (本库模型): names are as common as they are there."""
        return replace(
            self,
            frequencies=replace(self.frequencies, register=counts),
            population=max(self.population, counts.size),
            version=f"{self.version}+{counts.digest}",
        )

    def pairs(self, records: Iterable[Record], threshold: float = THRESHOLD) -> Found:
        """The pairs of a list that are one child with at least this probability.

        Records are taken in, and pairs looked at, part by part; kept are those that may reach the threshold.
        """
        table = Table(records)
        blocks, frequency = Blocks(key_columns(table), table.size), self.frequencies.of_records(table)
        tallies, likely = [], []
        for left, right in blocks.parts():
            scores = self._scores(table, left, right, frequency)
            tallies.append(scores.tallied())
            chosen = np.flatnonzero(at_most(scores, blocks.most, table.size) >= threshold)
            likely.append((left[chosen], right[chosen], scores.taken(chosen)))
        lefts, rights, parts = zip(*likely, strict=True)
        scores = Scores.joined(parts).under(fitted(tallies, table.size))
        return Found(np.concatenate(lefts), np.concatenate(rights), scores, threshold)

    def between(self, records: Sequence[Record], others: Sequence[Record], threshold: float) -> Found:
        """The pairs of one of `records` with one of `others`, whose places count on after theirs."""
        table = Table([*records, *others])
        left, right = candidates(table)
        across = (left < len(records)) & (right >= len(records))
        left, right = left[across], right[across]
        return Found(left, right, self.scores(table, left, right), threshold)

    def weigh_all(self, record: Record, others: Sequence[Record], *, population: float = 0) -> Found:
        """One record against each of some others, out of a register of so many.

        A pair's right place counts the others from 1; the surest stands first.
        """
        left, right = np.zeros(len(others), np.int64), np.arange(1, len(others) + 1)
        return Found(left, right, self.scores(Table([record, *others]), left, right, population), 0.0)

    def weigh(self, one: Record, other: Record, *, population: float = 0) -> tuple[float, Explained]:
        """Two records: the probability that they are one child, and its sum."""
        found = self.weigh_all(one, [other], population=population)
        return found.pairs[0].probability, next(found.explained())

    def decide(self, probability: float) -> Outcome:
        """What costs least."""
        if probability >= self.costs.same:
            return Outcome.SAME
        return Outcome.ASK if probability >= self.costs.ask else Outcome.DIFFERENT

    def scores(self, table: Table, left: Ints, right: Ints, population: float = 0) -> Scores:
        """The scores of pairs of a table's records, out of a population of so many at least."""
        return self._scores(table, left, right, self.frequencies.of_records(table), population)

    def _scores(self, table: Table, left: Ints, right: Ints, frequency: Ints, population: float = 0) -> Scores:
        common = np.maximum(frequency[left], frequency[right])
        population = max(self.population, population, table.size)
        return Scores(self.parameters, compare(table, left, right), common, population)
