"""Teaches the linkage model and writes its file: `python -m bench.teach_link`. Its records are of no test."""

import json
import platform
import sys
from dataclasses import replace

import numpy as np

from bench import ground  # noqa: F401  (first: it sets Django up)
from bench.people import Labelled, listed_children
from bench.quality import measure
from hutong.registry.linkage.blocking import KEYS, KIN_KEYS, candidates
from hutong.registry.linkage.comparing import compare
from hutong.registry.linkage.frequencies import Frequencies, count_frequencies
from hutong.registry.linkage.learning import ROUNDS, STRENGTH, learn, strangers
from hutong.registry.linkage.model import SHIPPED, THRESHOLD, Costs, Model
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


def main() -> None:
    """Writes the model's file, with the quality measured on another list."""
    found = document(*teach(ROWS, seed=SEED, chance_pairs=STRANGERS))
    SHIPPED.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    found["quality"] = {"first": quality_of(listed_children(50_000, seed=SEED + 1))}
    SHIPPED.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(found["quality"]) + "\n")


def quality_of(listed: Labelled) -> dict[str, float]:
    """Precision, recall and F1 at the default threshold."""
    pairs = Model.load().pairs(listed.records, THRESHOLD)
    return measure({(pair.left, pair.right) for pair in pairs}, listed.pairs())._asdict()


if __name__ == "__main__":
    main()
