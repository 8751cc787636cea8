"""Fields and their levels: how far two records agree in each field, for many pairs at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.births import BirthLevel, birth_levels
from hutong.registry.linkage.digits import Digits
from hutong.registry.linkage.resemblance import NameLevel, name_levels_of
from hutong.registry.linkage.spelling import Names
from hutong.registry.linkage.table import Table


class SexLevel(IntEnum):
    """How far two statements of sex agree (性别一致程度)."""

    MISSING = 0
    SAME = 1
    DIFFERENT = 2


class NumberLevel(IntEnum):
    """How far two ID numbers agree (证件号码一致程度). `BOTH_VALID`: two right numbers are two people's."""

    MISSING = 0
    SAME = 1
    ONE_SLIP = 2
    TWO_SLIPS = 3
    BOTH_VALID = 4
    UNLIKE = 5


class PlaceLevel(IntEnum):
    """How near two places are (居住地一致程度)."""

    MISSING = 0
    VILLAGE = 1
    TOWNSHIP = 2
    COUNTY = 3
    DIFFERENT = 4


class GuardianLevel(IntEnum):
    """How far the names of two guardians agree (监护人一致程度)."""

    MISSING = 0
    SAME = 1
    NEAR = 2
    SURNAME = 3
    DIFFERENT = 4


class PhoneLevel(IntEnum):
    """How far two telephone numbers agree (电话一致程度)."""

    MISSING = 0
    SAME = 1
    ONE_SLIP = 2
    DIFFERENT = 3


GUARDIAN_OF_NAME = np.array([0, 1, 2, 2, 2, 2, 2, 2, 4, 3, 3, 4], np.int8)
"""The guardian's level for each level of a name."""


def _names(names: Names, at: Ints, left: Ints, right: Ints) -> Ints:
    a, b = at[left], at[right]
    found = np.full(len(left), NameLevel.IDENTICAL, np.int8)
    found[(a < 0) | (b < 0)] = NameLevel.MISSING
    chosen = np.flatnonzero((a != b) & (a >= 0) & (b >= 0))
    found[chosen] = name_levels_of(names, a[chosen], b[chosen])
    return found


def name_levels(table: Table, left: Ints, right: Ints) -> Ints:
    """Levels of the children's names; shape (pairs,)."""
    return _names(table.name, table.name_at, left, right)


def guardian_levels(table: Table, left: Ints, right: Ints) -> Ints:
    """Levels of the guardians' names; shape (pairs,)."""
    return GUARDIAN_OF_NAME[_names(table.guardian, table.guardian_at, left, right)]


def sex_levels(table: Table, left: Ints, right: Ints) -> Ints:
    """Levels of sex; shape (pairs,)."""
    a, b = table.sex[left], table.sex[right]
    known = np.where(a == b, SexLevel.SAME, SexLevel.DIFFERENT)
    return np.where((a == 0) | (b == 0), SexLevel.MISSING, known).astype(np.int8)


def born_levels(table: Table, left: Ints, right: Ints) -> Ints:
    """Levels of birth dates; shape (pairs,)."""
    return birth_levels(table.birth[left], table.birth[right])


def number_levels(table: Table, left: Ints, right: Ints) -> Ints:
    """Levels of ID numbers; shape (pairs,)."""
    found, chosen = _equal_or_missing(table.number, left, right)
    found[chosen] = _levels_of_unequal_numbers(table, left[chosen], right[chosen])
    return found


def _equal_or_missing(numbers: Digits, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """1 where two numbers are the same, 0 where one is missing; and the pairs of which neither is true."""
    missing = (numbers.length[left] == 0) | (numbers.length[right] == 0)
    same = numbers.whole[left] == numbers.whole[right]
    return (~missing).astype(np.int8), np.flatnonzero(~missing & ~same)


def _levels_of_unequal_numbers(table: Table, a: Ints, b: Ints) -> Ints:
    valid = table.has_valid_number[a] & table.has_valid_number[b]
    found = np.full(len(a), NumberLevel.BOTH_VALID, np.int8)
    chosen = np.flatnonzero(~valid)
    a, b = a[chosen], b[chosen]
    two = (table.number.length[a] == table.number.length[b]) & (table.number.differing(a, b) == 2)
    slips = np.where(two, NumberLevel.TWO_SLIPS, NumberLevel.UNLIKE)
    found[chosen] = np.where(table.number.is_one_slip(a, b), NumberLevel.ONE_SLIP, slips)
    return found


def place_levels(table: Table, left: Ints, right: Ints) -> Ints:
    """Levels of places; shape (pairs,)."""
    same = (table.places[left] == table.places[right]) & (table.places[left] >= 0)
    found = np.select([same[:, 0], same[:, 1], same[:, 2]], [1, 2, 3], PlaceLevel.DIFFERENT)
    missing = (table.division_at[left] < 0) | (table.division_at[right] < 0)
    return np.where(missing, PlaceLevel.MISSING, found).astype(np.int8)


def phone_levels(table: Table, left: Ints, right: Ints) -> Ints:
    """Levels of telephone numbers; shape (pairs,)."""
    found, chosen = _equal_or_missing(table.phone, left, right)
    slip = table.phone.is_one_slip(left[chosen], right[chosen])
    found[chosen] = np.where(slip, PhoneLevel.ONE_SLIP, PhoneLevel.DIFFERENT)
    return found


@dataclass(frozen=True, slots=True)
class Field:
    """Field (比较字段): its code, its levels (0 is missing), and how the levels of many pairs are found.

    At the levels `by_frequency` strangers agree as often as the value is common: its frequency stands for the share.
    """

    code: str
    levels: type[IntEnum]
    compare: Callable[[Any, Ints, Ints], Ints]
    by_frequency: tuple[IntEnum, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("name", NameLevel, name_levels, (NameLevel.IDENTICAL, NameLevel.VARIANT)),
    Field("sex", SexLevel, sex_levels),
    Field("birth_date", BirthLevel, born_levels),
    Field("id_number", NumberLevel, number_levels),
    Field("living_division", PlaceLevel, place_levels),
    Field("guardian_name", GuardianLevel, guardian_levels),
    Field("guardian_phone", PhoneLevel, phone_levels),
)


def compare(table: Any, left: Ints, right: Ints, fields: Sequence[Field] = FIELDS) -> Ints:
    """The levels of pairs of records in every field; shape (pairs, fields)."""
    return np.stack([field.compare(table, left, right) for field in fields], axis=1)
