"""How the linkage model is taught, and what its file says of that. Its records are of no test and no benchmark."""

import platform
from dataclasses import replace

import numpy as np

from bench.people import Labelled, listed_children
from bench.quality import measure
from hutong.registry.linkage.blocking import KEYS, KIN_KEYS, candidates
from hutong.registry.linkage.comparing import compare
from hutong.registry.linkage.frequencies import Frequencies, count_frequencies
from hutong.registry.linkage.learning import ROUNDS, STRENGTH, learn, strangers
from hutong.registry.linkage.model import THRESHOLD, Costs, Model
from hutong.registry.linkage.rivals import Kind, Parameters
from hutong.registry.linkage.starting import STARTING
from hutong.registry.linkage.table import Table

ROWS, SEED, STRANGERS = 200_000, 20_240_601, 4_000_000
POPULATION = 200_000
RATES = {Kind.SAME: 0.05, Kind.TWIN: 0.015}
"""Stated, not learnt: an invented list says nothing of how many are listed twice, or are twins, elsewhere."""
CLUMPING = 3.0  # stated too: invented names are put together by chance, people's names are fashions
COSTS = Costs(wrong_join=1000, missed=20)


def teach(rows: int, *, seed: int, chance_pairs: int) -> tuple[Parameters, Frequencies]:
    """The parameters learnt from one unlabelled list, and the frequencies of its names."""
    table = Table(listed_children(rows, seed=seed).records)
    frequencies = count_frequencies(table)
    start = strangers(table, chance_pairs, seed, STARTING)
    left, right = candidates(table, (*KEYS, *KIN_KEYS))
    frequency = frequencies.of_records(table)
    levels = compare(table, left, right)
    learnt = learn(levels, np.maximum(frequency[left], frequency[right]), rows, start)
    return replace(learnt, rates=learnt.rates | RATES), replace(frequencies, clumping=CLUMPING)


def document(parameters: Parameters, frequencies: Frequencies) -> dict[str, object]:
    """The model's file."""
    return {
        "costs": {"wrong_join": COSTS.wrong_join, "missed": COSTS.missed},
        "thresholds": {"same": COSTS.same, "ask": COSTS.ask},
        "population": POPULATION,
        "rates": {kind: float(f"{rate:.4g}") for kind, rate in parameters.rates.items()},
        "probabilities": {
            kind: {field: [float(f"{share:.4g}") for share in shares] for field, shares in table.items()}
            for kind, table in parameters.tables.items()
        },
        "frequencies": {
            "surnames": frequencies.surnames,
            "given": frequencies.given,
            "clumping": frequencies.clumping,
        },
        "recipe": {
            "generator": "bench/people.py",
            "rows": ROWS,
            "seed": SEED,
            "pairs_of_strangers": STRANGERS,
            "method": "expectation and maximisation over five kinds of pairs, hutong/registry/linkage/learning.py",
            "rounds": ROUNDS,
            "strength_of_start": STRENGTH,
            "labels_used": False,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
        "quality": {},
    }


def quality_of(listed: Labelled, model: Model) -> dict[str, float]:
    """Precision, recall and F1 at the default threshold."""
    pairs = model.pairs(listed.records, THRESHOLD)
    return measure({(pair.left, pair.right) for pair in pairs}, listed.pairs())._asdict()
