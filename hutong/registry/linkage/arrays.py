"""Arrays (数组) that linkage computes with: one place a distinct value, and rows of codes put into one number."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]
MIX = np.uint64(0x9E3779B97F4A7C15)
HALF = np.uint64(32)


class Distinct(dict[str, int]):
    """Distinct values (不同取值) of a column: to each value the place of its clean form, -1 where that is empty.

    `found` are the clean forms, in the order in which they came.
    """

    def __init__(self, clean: Callable[[str], str] = str) -> None:
        super().__init__({"": -1})
        self.found: list[str] = []
        self._clean = clean

    def __missing__(self, value: str) -> int:
        form = self._clean(value)
        if form not in self:
            self[form] = len(self.found)
            self.found.append(form)
        self[value] = self[form]
        return self[form]

    def places(self, values: Sequence[str]) -> Ints:
        """The place of each value; shape (values,)."""
        return np.fromiter(map(self.__getitem__, values), np.int32, len(values))


def distinct(values: Sequence[str]) -> tuple[list[str], Ints]:
    """The distinct values that are not empty, and for each value its place among them; -1 where it is empty."""
    column = Distinct()
    at = column.places(values)
    return column.found, at


def mixed(columns: Sequence[Ints]) -> Ints:
    """One number of 64 bits for each row of some columns, never 0; equal rows have equal numbers. Shape (rows,)."""
    found = np.full(len(columns[0]), MIX - np.uint64(len(columns)), np.uint64)
    for column in columns:
        found = (found ^ column.astype(np.uint64)) * MIX
        found ^= found >> HALF
    return found | np.uint64(1)


def hashes(texts: Sequence[str]) -> Ints:
    """One number of 64 bits for each text, the same as long as this process lives. Shape (texts,)."""
    return np.fromiter(map(hash, texts), np.int64, len(texts))


def code_points(texts: Sequence[str], width: int) -> Ints:
    """The first characters of each text as numbers, filled up with spaces; shape (texts, width)."""
    joined = "".join([text[:width].ljust(width) for text in texts])
    return np.frombuffer(joined.encode("utf-32-le"), np.uint32).reshape(-1, width)
