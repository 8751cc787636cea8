"""Blocking (分块): which pairs are looked at at all. Two records that share a key are a pair of candidates.

Keys survive one slip: each leaves out a part that may be wrong (deletion variants). For a register whose numbers are
sealed, `blocking_keys` gives them as text, which its caller turns into keyed hashes.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import numpy as np

from hutong.registry.linkage.arrays import Ints, mixed
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


def blocking_keys(record: Record) -> list[str]:
    """The keys of one record as text (分块键), about fifteen; its caller keys them where they must stay secret."""
    return next(keys_of(Table([record])))


def keys_of(table: Table) -> Iterator[list[str]]:
    """The keys of each record of a table as text, none twice."""
    for parts in _parts_as_text(table):
        yield [
            "+".join(key) + "|" + "|".join(values) for key in KEYS for values in product(*(parts[part] for part in key))
        ]


def number_cuts(number: str) -> dict[str, str]:
    """The cuts of an ID number (号码片段) by part: one slip leaves one of them as it was. A short number has none."""
    if len(number) < SHORTEST:
        return {}
    return {part: "".join(number[at] for at in (*start, *end)) for part, (start, end) in NUMBER_PARTS.items()}


def _parts_as_text(table: Table) -> Iterator[dict[str, list[str]]]:
    """The parts of each record's keys; each is a list, empty where the record lacks it."""
    cuts = [number_cuts(number) for number in table.numbers]
    columns: dict[str, tuple[list[list[str]], Ints]] = {
        part: ([[one[part]] if one else [] for one in cuts], table.number_at) for part in NUMBER_PARTS
    }
    sounds = [sound_keys(name) for name in table.names]
    columns |= {
        "sounds": (sounds, table.name_at),
        "sound": ([kept[:1] for kept in sounds], table.name_at),
        "guardian": ([sound_keys(name)[:1] for name in table.guardians], table.guardian_at),
        "place": ([[division] for division in table.divisions], table.division_at),
        "phone": ([[phone] for phone in table.phones], table.phone_at),
    }
    of_records = [map([*values, []].__getitem__, places.tolist()) for values, places in columns.values()]
    for born, *parts in zip(table.birth.tolist(), *of_records, strict=True):
        dates = {part: [str(born // by % rest)] if born else [] for part, (by, rest) in BIRTH_PARTS.items()}
        yield dates | dict(zip(columns, parts, strict=True))


def candidates(table: Table, keys: Keys = KEYS) -> tuple[Ints, Ints]:
    """The pairs that share a key, each once, as places of records, the smaller first; shape (pairs,) twice."""
    return pairs_of_keys(key_columns(table, keys).values(), table.size)


def pairs_of_keys(keys: Iterable[Ints], size: int) -> tuple[Ints, Ints]:
    """The pairs of `size` records that share a value of any key, each once; a key has the shape (records, values)."""
    found = [_pairs_of_key(columns, size) for columns in keys]
    every = np.sort(np.concatenate([np.zeros(0, np.int64), *found]))
    every = every[np.diff(every, prepend=-1) > 0]
    return every // max(size, 1), every % max(size, 1)


def key_columns(table: Table, keys: Keys = KEYS) -> dict[str, Ints]:
    """Each key's values of all records as numbers, 0 where there is none; shape (records, values)."""
    parts = _number_parts(table) | _birth_parts(table) | _sound_parts(table)
    parts |= {"place": (table.division_at + 1)[:, None], "phone": (table.phone_at + 1)[:, None]}
    return {"+".join(key): _combined([parts[part] for part in key]) for key in keys}


def _number_parts(table: Table) -> dict[str, Ints]:
    characters, length = table.number.characters, table.number.length
    rows = np.arange(len(length))
    found = {}
    for part, (start, end) in NUMBER_PARTS.items():
        columns = [characters[:, at] for at in start] + [characters[rows, np.maximum(length + at, 0)] for at in end]
        values = np.where(length >= SHORTEST, mixed(columns), np.uint64(0))
        found[part] = np.append(values, np.uint64(0))[table.number_at][:, None]
    return found


def _birth_parts(table: Table) -> dict[str, Ints]:
    return {part: (table.birth // by % rest)[:, None] for part, (by, rest) in BIRTH_PARTS.items()}


def _sound_parts(table: Table) -> dict[str, Ints]:
    sounds, guardians = (
        _with_none(table.name.sounds)[table.name_at],
        _with_none(table.guardian.sounds)[table.guardian_at],
    )
    return {"sounds": sounds, "sound": sounds[:, :1], "guardian": guardians[:, :1]}


def _with_none(sounds: Ints) -> Ints:
    return np.append(sounds, np.zeros((1, sounds.shape[1]), np.uint64), axis=0)


def _combined(parts: list[Ints]) -> Ints:
    """One number for each combination of two parts' values; 0 where either is missing. Shape (records, values)."""
    if len(parts) == 1:
        return parts[0]
    first, second = parts[0], np.broadcast_to(parts[1], parts[0].shape)
    return np.where(
        (first == 0) | (second == 0), np.uint64(0), mixed([first.ravel(), second.ravel()]).reshape(first.shape)
    )


def _pairs_of_key(columns: Ints, size: int) -> Ints:
    """The pairs of records that share a value of one key, as left × size + right."""
    values, records = columns.ravel(), np.repeat(np.arange(size), columns.shape[1])
    order = np.argsort(values)
    order = order[np.searchsorted(values, 0, side="right", sorter=order) :]
    values, records = values[order], records[order]
    starts = np.flatnonzero(np.diff(values, prepend=np.uint64(0)) != 0)
    sizes = np.diff(starts, append=len(values))
    ends = np.repeat(starts + sizes, sizes)
    places = np.flatnonzero(np.repeat((sizes > 1) & (sizes <= LARGEST_BLOCK), sizes))
    return np.concatenate([np.zeros(0, np.int64), *_pairs_at_distance(places, ends, records, size)])


def _pairs_at_distance(places: Ints, ends: Ints, records: Ints, size: int) -> Iterator[Ints]:
    """The pairs of neighbours in a block, then of those two apart, and so on."""
    for distance in range(1, LARGEST_BLOCK):
        places = places[places + distance < ends[places]]
        if not len(places):
            return
        a, b = records[places], records[places + distance]
        yield (np.minimum(a, b) * size + np.maximum(a, b))[a != b]
