"""Learning: the probabilities of the model from pairs that nobody has labelled, by expectation and maximisation."""

from dataclasses import replace
from typing import Any

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.comparing import compare
from hutong.registry.linkage.rivals import LEARNT, Kind, Parameters
from hutong.registry.linkage.scoring import Scores

STRENGTH = 300.0  # pairs that the starting values count for, of each kind and field
ROUNDS = 25
BEYOND_CHANCE = ("id_number", "guardian_phone")
"""Fields in which two strangers agree so seldom that pairs taken by chance do not show it."""


def strangers(table: Any, pairs: int, seed: int, start: Parameters) -> Parameters:
    """Parameters whose strangers agree as often as two records taken by chance do.

    What chance alone cannot show stays as it starts: that two share a number or a telephone.
    """
    chance = np.random.default_rng(seed)
    left, right = chance.integers(0, table.size, (2, pairs))
    levels = compare(table, left[left != right], right[left != right], start.fields)
    learnt = {field.code: _shares(levels[:, at], start, Kind.STRANGER, at) for at, field in enumerate(start.fields)}
    kept = {code: start.tables[Kind.STRANGER][code] for code in BEYOND_CHANCE if code in learnt}
    return replace(start, tables={**start.tables, Kind.STRANGER: learnt | kept})


def learn(levels: Ints, frequency: Ints, size: int, start: Parameters, rounds: int = ROUNDS) -> Parameters:
    """Parameters learnt from candidate pairs of `size` records, from a start on; strangers stay as they are."""
    found = start
    for _ in range(rounds):
        found = _maximise(levels, Scores(found, levels, frequency, size).shares(), size, start)
    return found


def _maximise(levels: Ints, shares: Ints, size: int, start: Parameters) -> Parameters:
    tables, rates = dict(start.tables), dict(start.rates)
    for at, kind in enumerate(start.kinds):
        if kind in LEARNT:
            rates[kind] = float(shares[:, at].sum() / size)
            tables[kind] = {
                field.code: _shares(levels[:, column], start, kind, column, shares[:, at])
                for column, field in enumerate(start.fields)
            }
    return replace(start, tables=tables, rates=rates)


def _shares(levels: Ints, start: Parameters, kind: Kind, column: int, weights: Ints | None = None) -> list[float]:
    """The shares of a field's levels, missing ones left out, with the starting values as if some pairs had them."""
    field = start.fields[column]
    counts = np.bincount(levels, weights, len(field.levels))[1:]
    before = np.array(start.tables[kind][field.code])
    return list((counts + STRENGTH * before) / (counts.sum() + STRENGTH))
