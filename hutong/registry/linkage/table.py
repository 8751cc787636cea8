"""A table of records as arrays: every distinct value is looked at once, every record by its place among them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from hutong.kit.names import clean_phone
from hutong.law.identity import normalise
from hutong.registry.linkage.arrays import Ints, distinct
from hutong.registry.linkage.digits import ID_LENGTH, Digits
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.spelling import Names

CODE_LENGTHS = (12, 9, 6)  # digits of a village's, a township's and a county's code


class Table:
    """Table (记录表): records as arrays. `…_at` are places among the distinct values, -1 where a value is missing."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.size = len(records)
        self.names, self.name_at = distinct([record.name.strip() for record in records])
        self.guardians, self.guardian_at = distinct([record.guardian_name.strip() for record in records])
        self.numbers, self.number_at = _normalised([record.id_number for record in records], normalise)
        self.phones, self.phone_at = _normalised([record.guardian_phone for record in records], clean_phone)
        self.divisions, self.division_at = distinct([record.living_division.strip() for record in records])

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
        days, at = _distinct_days(record.birth_date for record in self.records)
        stated = np.append(days, 0)[at]
        return np.where(stated > 0, stated, self._of_number(_birth_in_number))

    @cached_property
    def sex(self) -> Ints:
        """Each record's sex, 1 or 2; out of a valid ID number where none is stated; 0 is none."""
        known = {"1": 1, "2": 2}
        stated = np.fromiter((known.get(record.sex, 0) for record in self.records), np.int64, self.size)
        return np.where(stated > 0, stated, self._of_number(_sex_in_number))

    @cached_property
    def places(self) -> Ints:
        """Codes of village, township and county; words count as a village. Shape (records, 3); -1 where missing."""
        parts = [distinct([_place_at(one, length) for one in self.divisions])[1] for length in CODE_LENGTHS]
        return np.append(np.stack(parts, axis=1).reshape(-1, 3), [[-1, -1, -1]], axis=0)[self.division_at]

    def _of_number(self, read: Callable[[Ints], Ints]) -> Ints:
        valid = self.has_valid_number
        return np.append(np.where(valid, read(self.number.characters.astype(np.int64) - ord("0")), 0), 0)[self.number_at]


def _normalised(values: list[str], clean: Callable[[str], str]) -> tuple[list[str], Ints]:
    """The distinct values in one form, and each record's place among them."""
    raw, at = distinct(values)
    cleaned, place = distinct([clean(value) for value in raw])
    return cleaned, np.append(place, -1)[at]


def _distinct_days(days: Iterator[date | None]) -> tuple[Ints, Ints]:
    places: dict[date | None, int] = {None: -1}
    at = np.array([places.setdefault(day, len(places) - 1) for day in days], np.int64)
    return np.array([day.year * 10_000 + day.month * 100 + day.day for day in places if day], np.int64), at


def _birth_in_number(digits: Ints) -> Ints:
    return digits[:, 6:14] @ (10 ** np.arange(7, -1, -1))


def _sex_in_number(digits: Ints) -> Ints:
    return np.where(digits[:, ID_LENGTH - 2] % 2 == 1, 1, 2)


def _place_at(division: str, length: int) -> str:
    return division[:length] if division.isdigit() and len(division) == 12 else division
