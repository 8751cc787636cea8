"""Blocking (分块): which pairs are looked at at all. Two records that share a key are a pair of candidates.

Keys survive one slip: each leaves out a part that may be wrong (deletion variants). For a register whose numbers are
sealed, `blocking_keys` gives them as text, which its caller turns into keyed hashes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product

import numpy as np

from hutong.kit.names import clean_phone
from hutong.law.identity import normalise
from hutong.registry.linkage.arrays import Ints, mixed
from hutong.registry.linkage.digits import Digits
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.spelling import sound_keys
from hutong.registry.linkage.table import Table

Keys = Sequence[tuple[str, ...]]
KEYS: Keys = (
    ("number_head",),
    ("number_tail",),
    ("number_ends",),
    ("sounds", "birth"),
    ("sound", "year"),
    ("sound", "day"),
    ("sound", "place"),
    ("sound", "phone"),
    ("guardian", "birth"),
    ("phone", "year"),
    ("phone", "day"),
)
"""Each key is made of these parts; a record that lacks one of them has no such key."""
KIN_KEYS: Keys = (("phone",), ("guardian", "place"))
"""Keys that find kin as well: for learning what brothers and sisters have in common."""
NUMBER_PARTS = {
    "number_head": (range(14), range(0)),
    "number_tail": (range(0), range(-12, 0)),
    "number_ends": (range(6), range(-4, 0)),
}
"""The characters of a number that a part keeps, counted from its start and from its end."""
SHORTEST = 14  # characters of a number that has parts
BIRTH_PARTS = {"birth": (1, 100_000_000), "year": (10_000, 10_000), "day": (1, 10_000)}
"""How a part is taken of a date written as a number: divided by the first, the rest by the second."""
LARGEST_BLOCK = 100
"""A key that more records share says nothing of two of them."""
PART = 250_000  # pairs that are looked at together


def blocking_keys(record: Record) -> list[str]:
    """The keys of one record as text (分块键), about fifteen; its caller keys them where they must stay secret."""
    return next(keys_of([record]))


def keys_of(records: Sequence[Record]) -> Iterator[list[str]]:
    """The keys of each record as text, none twice."""
    for parts in _parts_as_text(records, Table(records)):
        yield [
            "+".join(key) + "|" + "|".join(values) for key in KEYS for values in product(*(parts[part] for part in key))
        ]


def number_cuts(number: str) -> dict[str, str]:
    """The cuts of an ID number (号码片段) by part: one slip leaves one of them as it was. A short number has none."""
    if len(number) < SHORTEST:
        return {}
    return {part: "".join(number[at] for at in (*start, *end)) for part, (start, end) in NUMBER_PARTS.items()}


def _parts_as_text(records: Sequence[Record], table: Table) -> Iterator[dict[str, list[str]]]:
    """The parts of each record's keys; each is a list, empty where the record lacks it."""
    sounds = [sound_keys(name) for name in table.names]
    named = {
        "sounds": (sounds, table.name_at),
        "sound": ([kept[:1] for kept in sounds], table.name_at),
        "guardian": ([sound_keys(name)[:1] for name in table.guardians], table.guardian_at),
        "place": ([[division] for division in table.divisions], table.division_at),
    }
    of_records = [map([*values, []].__getitem__, places.tolist()) for values, places in named.values()]
    for record, born, *parts in zip(records, table.birth.tolist(), *of_records, strict=True):
        cuts, phone = number_cuts(normalise(record.id_number)), clean_phone(record.guardian_phone)
        yield {
            **{part: [str(born // by % rest)] if born else [] for part, (by, rest) in BIRTH_PARTS.items()},
            **{part: [cuts[part]] if cuts else [] for part in NUMBER_PARTS},
            "phone": [phone] if phone else [],
            **dict(zip(named, parts, strict=True)),
        }


def candidates(table: Table, keys: Keys = KEYS) -> tuple[Ints, Ints]:
    """The pairs that share a key, each once, as places of records, the smaller first; shape (pairs,) twice."""
    return pairs_of_keys(key_columns(table, keys), table.size)


def pairs_of_keys(keys: Iterable[Ints], size: int) -> tuple[Ints, Ints]:
    """The pairs of `size` records that share a value of any key, each once; a key has the shape (records, values)."""
    return Blocks(keys, size).pairs(0, size)


def key_columns(table: Table, keys: Keys = KEYS) -> Iterator[Ints]:
    """Each key's values of all records as numbers, 0 where there is none; shape (records, values)."""
    return (_combined([_part(table, part) for part in key]) for key in keys)


def _part(table: Table, part: str) -> Ints:
    if part in NUMBER_PARTS:
        return _number_part(table.number, *NUMBER_PARTS[part])
    if part in BIRTH_PARTS:
        by, rest = BIRTH_PARTS[part]
        return (table.birth // by % rest)[:, None]
    return OTHER_PARTS[part](table)


def _number_part(number: Digits, start: range, end: range) -> Ints:
    length, rows = number.length.astype(np.int64), np.arange(len(number.length))
    columns = [number.characters[:, at] for at in start]
    columns += [number.characters[rows, np.maximum(length + at, 0)] for at in end]
    return np.where(length >= SHORTEST, mixed(columns), np.uint64(0))[:, None]


def _of_names(sounds: Ints, at: Ints) -> Ints:
    return np.append(sounds, np.zeros((1, sounds.shape[1]), np.uint64), axis=0)[at]


def _whole(digits: Digits) -> Ints:
    return np.where(digits.length > 0, digits.whole.astype(np.uint64) | np.uint64(1), np.uint64(0))[:, None]


OTHER_PARTS: Mapping[str, Callable[[Table], Ints]] = {
    "sounds": lambda table: _of_names(table.name.sounds, table.name_at),
    "sound": lambda table: _of_names(table.name.sounds[:, :1], table.name_at),
    "guardian": lambda table: _of_names(table.guardian.sounds[:, :1], table.guardian_at),
    "place": lambda table: (table.division_at + 1)[:, None],
    "phone": lambda table: _whole(table.phone),
}


def _combined(parts: list[Ints]) -> Ints:
    """One number for each combination of two parts' values; 0 where either is missing. Shape (records, values)."""
    if len(parts) == 1:
        return parts[0]
    first, second = parts[0], parts[1][:, 0]
    columns = [np.where((one == 0) | (second == 0), np.uint64(0), mixed([one, second])) for one in first.T]
    return np.stack(columns, axis=1)


class Blocks:
    """Blocks (分块结果) of `size` records: those that share a key's value stand side by side, the earlier first.

    `most` is how many pairs they make, pairs of several keys counted for each.
    """

    def __init__(self, keys: Iterable[Ints], size: int) -> None:
        self.size = size
        self._keys = list(map(_block, keys))
        following = [
            np.bincount(records, ends - np.arange(len(ends)) - 1, minlength=size) for records, ends in self._keys
        ]
        self._following = np.sum([np.zeros(size), *following], axis=0)
        self.most = int(self._following.sum())

    def parts(self) -> Iterator[tuple[Ints, Ints]]:
        """All pairs, part by part by the place of the first record; at least one part."""
        ends = np.searchsorted(np.cumsum(self._following), np.arange(PART, self.most, PART))
        for first, last in pairwise([0, *np.unique(ends).tolist(), self.size]):
            yield self.pairs(first, last)

    def pairs(self, first: int, last: int) -> tuple[Ints, Ints]:
        """The pairs whose first record is one of these, each once; shape (pairs,) twice."""
        found = [pairs for block in self._keys for pairs in _pairs_of_key(*block, first, last, self.size)]
        every = np.sort(np.concatenate([np.zeros(0, np.int64), *found]))
        every = every[np.diff(every, prepend=-1) > 0]
        return every // max(self.size, 1), every % max(self.size, 1)


def _block(columns: Ints) -> tuple[Ints, Ints]:
    """The records of one key's blocks, block after block, and for each the end of its block; shape (places,) twice."""
    values, width = columns.ravel(), columns.shape[1]
    records = np.flatnonzero(values)
    records = records[np.argsort(values[records], kind="stable")]
    values = values[records]
    sizes = np.diff(np.flatnonzero(np.diff(values, prepend=np.uint64(0)) != 0), append=len(values))
    usable = (sizes > 1) & (sizes <= LARGEST_BLOCK)
    ends = np.repeat(np.cumsum(sizes[usable]), sizes[usable])
    return (records[np.repeat(usable, sizes)] // width).astype(np.int32), ends.astype(np.int32)


def _pairs_of_key(records: Ints, ends: Ints, first: int, last: int, size: int) -> Iterator[Ints]:
    """The pairs of neighbours in a block, then of those two apart, and so on, as left × size + right."""
    places = np.flatnonzero((records >= first) & (records < last))
    for distance in range(1, LARGEST_BLOCK):
        places = places[places + distance < ends[places]]
        if not len(places):
            return
        left, right = records[places].astype(np.int64), records[places + distance]
        yield (left * size + right)[left != right]
