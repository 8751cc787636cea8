"""Numbers of digits as linkage compares them: whether two differ by one slip of the hand."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from hutong.law.identity import CHECK_CHARACTERS, WEIGHTS
from hutong.registry.linkage.arrays import Ints, code_points, hashes

ID_LENGTH = 18
WIDEST = 24


class Digits(NamedTuple):
    """Digits (数字表): numbers as arrays, one row a number. Two are equal where their `whole` is."""

    characters: Ints
    length: Ints
    whole: Ints

    @staticmethod
    def of(numbers: Sequence[str]) -> "Digits":
        """Numbers as they stand; an empty one has no length."""
        length = np.minimum(np.fromiter(map(len, numbers), np.int64, len(numbers)), WIDEST).astype(np.int8)
        return Digits(np.minimum(code_points(numbers, WIDEST), 255).astype(np.uint8), length, hashes(numbers))

    def has_valid_check(self) -> Ints:
        """Whether each is an ID number whose check character fits; shape (numbers,)."""
        body = self.characters[:, : ID_LENGTH - 1].astype(np.int32) - ord("0")
        is_number = (self.length == ID_LENGTH) & ((body >= 0) & (body <= 9)).all(axis=1)
        checks = np.frombuffer(CHECK_CHARACTERS.encode(), np.uint8)
        return is_number & (self.characters[:, ID_LENGTH - 1] == checks[(body @ np.array(WEIGHTS)) % 11])

    def differing(self, left: Ints, right: Ints) -> Ints:
        """In how many places two numbers of one length differ; shape (pairs,)."""
        return (self.characters[left] != self.characters[right]).sum(axis=1)

    def is_one_slip(self, left: Ints, right: Ints) -> Ints:
        """Whether one digit is wrong, missing or too many, or two neighbours have changed places; shape (pairs,)."""
        a, b = self.characters[left], self.characters[right]
        longer = self.length[left] - self.length[right]
        other = a != b
        count = other.sum(axis=1)
        first = other.argmax(axis=1)
        rows, following = np.arange(len(left)), np.minimum(first + 1, WIDEST - 1)
        turned = (a[rows, first] == b[rows, following]) & (a[rows, following] == b[rows, first]) & (count == 2)
        found = (longer == 0) & ((count == 1) | turned)
        for sign, long, short in ((1, a, b), (-1, b, a)):
            chosen = np.flatnonzero(longer == sign)
            found[chosen] = _is_one_more(long[chosen], short[chosen], first[chosen])
        return found


def _is_one_more(long: Ints, short: Ints, first: Ints) -> Ints:
    """Whether the longer row is the shorter one with a character put in at `first`."""
    after = np.arange(WIDEST - 1) >= first[:, None]
    return ~((long[:, 1:] != short[:, :-1]) & after).any(axis=1)
