"""A table of records as arrays: every distinct value is looked at once, every record by its place among them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import islice
from operator import itemgetter

import numpy as np

from hutong.kit.names import PLAIN, clean_name, clean_phone
from hutong.law.identity import Sex, normalise
from hutong.registry.linkage.arrays import Distinct, Ints, distinct
from hutong.registry.linkage.digits import ID_LENGTH, Digits
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.spelling import Names

PART = 10_000  # records whose texts are held at once
CODE_LENGTHS = (12, 9, 6)  # digits of a village's, a township's and a county's code
NOT_SO_FAR_DOWN = {12: "000", 9: "000", 6: "00"}


class Table:
    """Table (记录表): records as arrays, taken in part by part, so that their texts need not be held all at once.

    `name_at`, `guardian_at`, `division_at` are places among the distinct values, -1 where a value is missing. `number`
    and `phone` have one row a record. `birth` is a number, 20150307, `sex` 1 or 2, out of a valid ID number where none
    is stated; 0 is none.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        names, guardians, divisions = Distinct(_clean_name), Distinct(_clean_name), Distinct(str.strip)
        parts = [_columns(part, names, guardians, divisions) for part in _in_parts(iter(records))]
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        self.names, self.guardians, self.divisions = names.found, guardians.found, divisions.found
        self.name_at, self.guardian_at, self.division_at, self.birth, self.sex, self.has_valid_number = columns[:6]
        self.number, self.phone = Digits(*columns[6:9]), Digits(*columns[9:])
        self.size = len(self.name_at)

    @cached_property
    def name(self) -> Names:
        """The distinct names of the children."""
        return Names(self.names)

    @cached_property
    def guardian(self) -> Names:
        """The distinct names of those who look after them."""
        return Names(self.guardians)

    @cached_property
    def places(self) -> Ints:
        """Codes of village, township and county; words count as a village. Shape (records, 3); -1 where missing."""
        parts = [distinct([_place_at(one, length) for one in self.divisions])[1] for length in CODE_LENGTHS]
        return np.append(np.stack(parts, axis=1).reshape(-1, 3), [[-1, -1, -1]], axis=0)[self.division_at]


def _in_parts(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Parts of records, the first of which may be empty."""
    yield list(islice(records, PART))
    while part := list(islice(records, PART)):
        yield part


def _columns(records: Sequence[Record], names: Distinct, guardians: Distinct, divisions: Distinct) -> list[Ints]:
    columns = [list(map(itemgetter(at), records)) for at in range(1, len(Record._fields))]
    said, sexes, births, numbers, places, watchers, phones = columns
    number = Digits.of(list(map(normalise, numbers)))
    valid = number.has_valid_check()
    return [
        names.places(said),
        guardians.places(watchers),
        divisions.places(places),
        _stated_else(_births(births), valid, _birth_in_number(number)),
        _stated_else(_sexes(sexes), valid, _sex_in_number(number)),
        valid,
        *number,
        *Digits.of(list(map(clean_phone, phones))),
    ]


def _births(births: Sequence[date | None]) -> Ints:
    known = {day: day.year * 10_000 + day.month * 100 + day.day if day else 0 for day in set(births)}
    return np.fromiter(map(known.__getitem__, births), np.int32, len(births))


def _sexes(sexes: Sequence[str]) -> Ints:
    known = {sex: int(sex) if sex in (Sex.MALE, Sex.FEMALE) else 0 for sex in set(sexes)}
    return np.fromiter(map(known.__getitem__, sexes), np.int8, len(sexes))


def _stated_else(stated: Ints, valid: Ints, in_number: Ints) -> Ints:
    return np.where(stated > 0, stated, np.where(valid, in_number, 0)).astype(stated.dtype)


def _clean_name(name: str) -> str:
    return name if PLAIN.fullmatch(name) else clean_name(name).strip("· ")


def _birth_in_number(number: Digits) -> Ints:
    return (number.characters[:, 6:14].astype(np.int32) - ord("0")) @ (10 ** np.arange(7, -1, -1))


def _sex_in_number(number: Digits) -> Ints:
    return np.where(number.characters[:, ID_LENGTH - 2] % 2 == 1, 1, 2)  # the code of an odd digit is odd


def _place_at(division: str, length: int) -> str:
    """A division down to its village, township or county; empty where it does not reach so far down."""
    if not division.isdigit() or len(division) not in CODE_LENGTHS:
        return division
    part = division.ljust(CODE_LENGTHS[0], "0")[:length]
    return "" if part.endswith(NOT_SO_FAR_DOWN[length]) else part
