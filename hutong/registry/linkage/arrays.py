"""Arrays (数组) that linkage computes with: one place a distinct value, and rows of codes put into one number."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]
MIX = np.uint64(0x9E3779B97F4A7C15)
HALF = np.uint64(32)


def distinct(values: Sequence[str]) -> tuple[list[str], Ints]:
    """The distinct values that are not empty, and for each value its place among them; -1 where it is empty."""
    found = [value for value in dict.fromkeys(values) if value]
    places = {value: at for at, value in enumerate(found)} | {"": -1}
    return found, np.fromiter(map(places.__getitem__, values), np.int64, len(values))


def mixed(columns: Sequence[Ints]) -> Ints:
    """One number of 64 bits for each row of some columns, never 0; equal rows have equal numbers. Shape (rows,)."""
    found = np.full(len(columns[0]), MIX - np.uint64(len(columns)), np.uint64)
    for column in columns:
        found = (found ^ column.astype(np.uint64)) * MIX
        found ^= found >> HALF
    return found | np.uint64(1)


def code_points(texts: Sequence[str], width: int) -> Ints:
    """The first characters of each text as numbers, filled up with spaces; shape (texts, width)."""
    joined = "".join([text[:width].ljust(width) for text in texts])
    return np.frombuffer(joined.encode("utf-32-le"), np.uint32).reshape(-1, width)
