"""A table of records as arrays: every distinct value is looked at once, every record by its place among them."""

from collections.abc import Callable, Sequence
from functools import cached_property
from operator import itemgetter

import numpy as np

from hutong.kit.names import PLAIN, clean_name, clean_phone
from hutong.law.identity import Sex, normalise
from hutong.registry.linkage.arrays import Ints, distinct
from hutong.registry.linkage.digits import ID_LENGTH, Digits
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.spelling import Names

CODE_LENGTHS = (12, 9, 6)  # digits of a village's, a township's and a county's code
NOT_SO_FAR_DOWN = {12: "000", 9: "000", 6: "00"}


class Table:
    """Table (记录表): records as arrays. `…_at` are places among the distinct values, -1 where a value is missing."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.size = len(records)
        columns = [list(map(itemgetter(at), records)) for at in range(1, len(Record._fields))]
        names, self._sexes, self._births, numbers, divisions, guardians, phones = columns
        self.names, self.name_at = _cleaned(names, _clean_name)
        self.guardians, self.guardian_at = _cleaned(guardians, _clean_name)
        self.numbers, self.number_at = _cleaned(numbers, normalise)
        self.phones, self.phone_at = _cleaned(phones, clean_phone)
        self.divisions, self.division_at = _cleaned(divisions, str.strip)

    @cached_property
    def name(self) -> Names:
        """The distinct names of the children."""
        return Names(self.names)

    @cached_property
    def guardian(self) -> Names:
        """The distinct names of those who look after them."""
        return Names(self.guardians)

    @cached_property
    def number(self) -> Digits:
        """The distinct ID numbers."""
        return Digits(self.numbers)

    @cached_property
    def phone(self) -> Digits:
        """The distinct telephone numbers."""
        return Digits(self.phones)

    @cached_property
    def has_valid_number(self) -> Ints:
        """Whether each distinct ID number is valid; shape (numbers,)."""
        return self.number.has_valid_check()

    @cached_property
    def birth(self) -> Ints:
        """Each record's birth date as a number, 20150307; out of a valid ID number where none is stated; 0 is none."""
        known = {day: day.year * 10_000 + day.month * 100 + day.day if day else 0 for day in set(self._births)}
        stated = np.fromiter(map(known.__getitem__, self._births), np.int64, self.size)
        return np.where(stated > 0, stated, self._of_number(_birth_in_number))

    @cached_property
    def sex(self) -> Ints:
        """Each record's sex, 1 or 2; out of a valid ID number where none is stated; 0 is none."""
        known = {sex: int(sex) if sex in (Sex.MALE, Sex.FEMALE) else 0 for sex in set(self._sexes)}
        stated = np.fromiter(map(known.__getitem__, self._sexes), np.int64, self.size)
        return np.where(stated > 0, stated, self._of_number(_sex_in_number))

    @cached_property
    def places(self) -> Ints:
        """Codes of village, township and county; words count as a village. Shape (records, 3); -1 where missing."""
        parts = [distinct([_place_at(one, length) for one in self.divisions])[1] for length in CODE_LENGTHS]
        return np.append(np.stack(parts, axis=1).reshape(-1, 3), [[-1, -1, -1]], axis=0)[self.division_at]

    def _of_number(self, read: Callable[[Ints], Ints]) -> Ints:
        valid = self.has_valid_number
        return np.append(np.where(valid, read(self.number.characters.astype(np.int64) - ord("0")), 0), 0)[
            self.number_at
        ]


def _cleaned(values: Sequence[str], clean: Callable[[str], str]) -> tuple[list[str], Ints]:
    """The distinct values in one form, and each record's place among them."""
    raw, at = distinct(values)
    forms = [clean(value) for value in raw]
    if forms == raw:
        return raw, at
    cleaned, place = distinct(forms)
    return cleaned, np.append(place, -1)[at]


def _clean_name(name: str) -> str:
    return name if PLAIN.fullmatch(name) else clean_name(name).strip("· ")


def _birth_in_number(digits: Ints) -> Ints:
    return digits[:, 6:14] @ (10 ** np.arange(7, -1, -1))


def _sex_in_number(digits: Ints) -> Ints:
    return np.where(digits[:, ID_LENGTH - 2] % 2 == 1, 1, 2)


def _place_at(division: str, length: int) -> str:
    """A division down to its village, township or county; empty where it does not reach so far down."""
    if not division.isdigit() or len(division) not in CODE_LENGTHS:
        return division
    part = division.ljust(CODE_LENGTHS[0], "0")[:length]
    return "" if part.endswith(NOT_SO_FAR_DOWN[length]) else part
