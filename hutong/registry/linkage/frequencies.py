"""How common a name is: agreement in a rare name says more than in a common one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.spelling import Names
from hutong.registry.linkage.table import Table

RAREST = 1e-9
UNSEEN = 1e-4  # of a character that the model does not know
KEPT = 1e-4  # characters that are rarer are not kept in the model
WEIGHT = 5_000  # how many records of a list count as much as what the model knows


@dataclass(frozen=True, slots=True)
class NameCounts:
    """Name counts (姓名频数): how many of `size` children have a name, of every name that more than one has.

    `wholes` are names as `Names.whole` numbers them, from the smallest on; both have the shape (names,).
    """

    wholes: Ints
    counts: Ints
    size: int
    digest: str

    @staticmethod
    def of(counted: Mapping[str, int], size: int) -> "NameCounts":
        """Of names as they are written; ways to write one name count together."""
        wholes, at = np.unique(Names(list(counted)).whole, return_inverse=True)
        counts = np.bincount(at, np.fromiter(counted.values(), np.int64, len(counted)), len(wholes))
        digest = sha256(repr((size, sorted(counted.items()))).encode()).hexdigest()[:8]
        return NameCounts(wholes, counts, size, digest)

    @staticmethod
    def in_table(table: Table) -> "NameCounts":
        """Of the records of a table."""
        wholes, counts = np.unique(table.name.whole[table.name_at[table.name_at >= 0]], return_counts=True)
        return NameCounts(wholes, counts, table.size, "")

    def of_names(self, names: Names) -> Ints:
        """How many children have each name; shape (names,)."""
        if not len(self.wholes):
            return np.zeros(len(names.whole), np.int64)
        at = np.minimum(np.searchsorted(self.wholes, names.whole), len(self.wholes) - 1)
        return np.where(self.wholes[at] == names.whole, self.counts[at], 0)


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Frequencies (用字频率): of surnames, and of the characters of given names.

    `clumping` is by how much whole names are commoner than their characters make one think. `register` counts the names
    of the register that records are compared with, where that is not their own list.
    """

    surnames: Mapping[str, float]
    given: Mapping[str, float]
    clumping: float
    register: NameCounts | None = None

    def of_records(self, table: Table) -> Ints:
        """The share of children who have each record's name, of the model and the list or register; (records,).

        What is compared is no evidence that others have the name: in its own list two records, in a register one file.
        """
        counts = self.register or NameCounts.in_table(table)
        found = np.append(counts.of_names(table.name), 0)[table.name_at]
        return self.of_counted(table, found, counts.size, compared=1 if self.register else 2)

    def of_counted(self, table: Table, counts: Ints, size: int, *, compared: int = 2) -> Ints:
        """The same for records of a list of `size`, in which so many have each one's name; shape (records,)."""
        known = np.append(self.of_names(table.name), 1.0)[table.name_at]
        others = np.where(table.name_at < 0, size, np.maximum(counts - compared, 0))
        return (others + WEIGHT * known) / (size + WEIGHT)

    def of_names(self, names: Names) -> Ints:
        """The share of children of each name; shape (names,)."""
        given = np.array([*(self.given.get(token, UNSEEN) for token in names.tokens), 1.0])
        surnames = np.array([*(self.surnames.get(token, UNSEEN) for token in names.tokens), 1.0])
        found = surnames[names.characters[:, 0]] * given[names.characters[:, 1:]].prod(axis=1)
        return np.clip(found * self.clumping, RAREST, 1.0)


def count_frequencies(table: Table) -> Frequencies:
    """The frequencies (统计用字频率) in a table of records."""
    names = table.name
    characters = names.characters[table.name_at[table.name_at >= 0]]
    plain = Frequencies(_shares(characters[:, 0], names), _shares(characters[:, 1:], names), 1.0)
    return replace(plain, clumping=round(_clumping(table, plain), 1))


def _shares(places: Ints, names: Names) -> dict[str, float]:
    shares = np.bincount(places[places >= 0], minlength=len(names.tokens)) / len(places)
    return {names.tokens[at]: round(float(shares[at]), 6) for at in np.argsort(-shares) if shares[at] >= KEPT}


def _clumping(table: Table, plain: Frequencies) -> float:
    """How often two records share a name, against how often its characters would be put together by chance."""
    at = table.name_at[table.name_at >= 0]
    counts = np.unique_counts(table.name.whole[at]).counts
    seen = (counts * (counts - 1)).sum() / (len(at) * (len(at) - 1))
    return max(1.0, float(seen / plain.of_names(table.name)[at].mean()))
