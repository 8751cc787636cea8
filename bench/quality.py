"""How good found pairs are, against the labels of a list."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from bench.people import Labelled


class Quality(NamedTuple):
    """Quality of pairs (匹配质量)."""

    precision: float
    recall: float
    f1: float


def measure(found: set[tuple[int, int]], true: set[tuple[int, int]]) -> Quality:
    """Precision, recall and their harmonic mean of the pairs that were found."""
    right = len(found & true)
    precision, recall = right / max(len(found), 1), right / max(len(true), 1)
    return Quality(round(precision, 5), round(recall, 5), round(2 * right / max(len(found) + len(true), 1), 5))


def best(scored: Iterable[tuple[int, int, float]], listed: Labelled) -> tuple[float, Quality]:
    """The threshold at which the harmonic mean is highest, and the quality there."""
    true = listed.pairs()
    ordered = sorted(scored, key=lambda pair: -pair[2])
    right = np.cumsum([(left, other) in true for left, other, _ in ordered])
    f1 = 2 * right / (np.arange(1, len(ordered) + 1) + len(true))
    at = int(f1.argmax())
    threshold = ordered[at][2]
    return threshold, measure({(left, other) for left, other, score in ordered if score >= threshold}, true)
