"""Birth dates as linkage compares them: what becomes of a date when it is written down wrong."""

from enum import IntEnum

import numpy as np

from hutong.registry.linkage.arrays import Ints


class BirthLevel(IntEnum):
    """How far two birth dates agree (出生日期一致程度)."""

    MISSING = 0
    SAME = 1
    SWAPPED = 2
    ONE_DIGIT = 3
    ROUGH = 4
    MONTH = 5
    DAY_OF_YEAR = 6
    YEAR = 7
    DIFFERENT = 8


def birth_levels(left: Ints, right: Ints) -> Ints:
    """The level of each pair of dates written as numbers, 20150307; 0 is missing. Shape (pairs,)."""
    found = np.where(left == right, BirthLevel.SAME, BirthLevel.DIFFERENT).astype(np.int8)
    chosen = np.flatnonzero(left != right)
    found[chosen] = _levels_of_unequal(left[chosen], right[chosen])
    found[(left == 0) | (right == 0)] = BirthLevel.MISSING
    return found


def _levels_of_unequal(left: Ints, right: Ints) -> Ints:
    year, month, day = left // 10_000, left // 100 % 100, left % 100
    other_year, other_month, other_day = right // 10_000, right // 100 % 100, right % 100
    same_year, same_month = year == other_year, month == other_month
    swapped = same_year & (month == other_day) & (day == other_month)
    rough = same_year & (_is_first_day(left) | _is_first_day(right) | (same_month & ((day == 1) | (other_day == 1))))
    same_day = same_month & (day == other_day)
    return np.select(
        [swapped, _is_one_slip(left, right), rough, same_year & same_month, same_day, same_year],
        [
            BirthLevel.SWAPPED,
            BirthLevel.ONE_DIGIT,
            BirthLevel.ROUGH,
            BirthLevel.MONTH,
            BirthLevel.DAY_OF_YEAR,
            BirthLevel.YEAR,
        ],
        BirthLevel.DIFFERENT,
    )


def _is_first_day(date: Ints) -> Ints:
    return date % 10_000 == 101


def _is_one_slip(left: Ints, right: Ints) -> Ints:
    """Whether one of the eight digits differs, or two neighbouring ones have changed places."""
    powers = 10 ** np.arange(7, -1, -1)
    difference = left[:, None] // powers % 10 - right[:, None] // powers % 10
    count = (difference != 0).sum(axis=1)
    first = (difference != 0).argmax(axis=1)
    rows, following = np.arange(len(left)), np.minimum(first + 1, 7)
    a, b = left[:, None] // powers % 10, right[:, None] // powers % 10
    turned = (a[rows, first] == b[rows, following]) & (a[rows, following] == b[rows, first])
    return (count == 1) | ((count == 2) & turned)
