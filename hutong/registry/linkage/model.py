"""The linkage model (匹配模型): kept as a file with its recipe and its measured quality; answers for pairs of records."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.blocking import candidates
from hutong.registry.linkage.comparing import FIELDS, compare
from hutong.registry.linkage.frequencies import Frequencies
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.rivals import Kind, Parameters
from hutong.registry.linkage.scoring import Scores, Step
from hutong.registry.linkage.table import Table

SHIPPED = Path(__file__).parent / "model.json"
THRESHOLD = 0.9  # of what `hutong link` tells, if nobody says otherwise


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
    """Pair (记录对): the places of two records in their list, the probability that they are one child, and its sum."""

    left: int
    right: int
    probability: float
    rival: Kind
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Model:
    """Model (匹配模型). `population` is how many children a list is taken from at least."""

    parameters: Parameters
    frequencies: Frequencies
    costs: Costs
    population: float
    recipe: Mapping[str, Any]
    quality: Mapping[str, Any]

    @staticmethod
    @cache
    def load(path: Path = SHIPPED) -> "Model":
        """The model that ships with the product, or another one."""
        document = json.loads(path.read_text(encoding="utf-8"))
        tables = {kind: document["probabilities"][kind] for kind in Kind}
        rates = {kind: document["rates"][kind] for kind in Kind if kind != Kind.STRANGER}
        return Model(
            Parameters(tables, rates),
            Frequencies(**document["frequencies"]),
            Costs(**document["costs"]),
            document["population"],
            document["recipe"],
            document["quality"],
        )

    def pairs(self, records: Sequence[Record], threshold: float) -> list[Pair]:
        """The pairs of a list that are one child with at least this probability, the surest first."""
        table = Table(records)
        left, right = candidates(table)
        return self._answer(table, left, right, threshold)

    def weigh_all(self, record: Record, others: Sequence[Record]) -> list[Pair]:
        """One record against each of some others; the right place counts the others from 0."""
        found = self._answer(Table([record, *others]), np.zeros(len(others), np.int64), np.arange(1, len(others) + 1), 0)
        return [pair._replace(right=pair.right - 1) for pair in found]

    def weigh(self, one: Record, other: Record) -> Pair:
        """Two records."""
        return self.weigh_all(one, [other])[0]

    def decide(self, probability: float) -> Outcome:
        """What costs least."""
        if probability >= self.costs.same:
            return Outcome.SAME
        return Outcome.ASK if probability >= self.costs.ask else Outcome.DIFFERENT

    def _answer(self, table: Table, left: Ints, right: Ints, threshold: float) -> list[Pair]:
        scores = self.scores(table, left, right)
        probabilities = scores.probabilities()
        order = np.argsort(-probabilities, kind="stable")
        chosen = order[probabilities[order] >= threshold]
        explained = scores.explain(chosen)
        return [
            Pair(int(left[at]), int(right[at]), float(probabilities[at]), *one)
            for at, one in zip(chosen, explained, strict=True)
        ]

    def scores(self, table: Table, left: Ints, right: Ints) -> Scores:
        """The scores of pairs of a table's records."""
        frequency = self.frequencies.of_records(table)
        levels = compare(table, left, right)
        return Scores(self.parameters, levels, np.maximum(frequency[left], frequency[right]), max(self.population, table.size))
