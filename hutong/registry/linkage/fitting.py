"""Fitting (拟合比率): how many pairs of each kind a list has, counted in the list itself as its pairs come by."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.rivals import Kind, Parameters
from hutong.registry.linkage.scoring import Scores

FITTED = (Kind.SAME, Kind.TWIN, Kind.NAMESAKE)
"""Kinds all of whose pairs a list's blocks show, so that their rates can be counted there."""
EXPECTED, ROUNDS = 2_000, 2


def fitted(tallies: Sequence[Scores], size: int) -> Parameters:
    """The parameters with the rates of a list of `size` records; the model's count as so many records."""
    before = found = tallies[0].parameters
    for _ in range(ROUNDS):
        pairs = np.sum([tally.under(found).pairs_of_kinds() for tally in tallies], axis=0)
        found = with_rates(before, dict(zip(before.kinds, pairs, strict=True)), size)
    return found


def at_most(scores: Scores, pairs: int, size: int) -> Ints:
    """The probability of one child that each pair would have, were all `pairs` of the list of one child; (pairs,).

    Under fitted rates no pair has more.
    """
    return scores.under(with_rates(scores.parameters, {Kind.SAME: pairs}, size)).probabilities()


def with_rates(before: Parameters, pairs: Mapping[Kind, float], size: int) -> Parameters:
    """The parameters with the rates of a list of `size` records that shows so many pairs of each kind."""
    rates = {kind: (before.rates[kind] * EXPECTED + pairs.get(kind, 0)) / (EXPECTED + size) for kind in FITTED}
    return replace(before, rates={**before.rates, **rates})
