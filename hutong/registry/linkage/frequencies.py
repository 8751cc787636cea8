"""How common a name is: agreement in a rare name says more than in a common one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from hutong.kit.names import surname_of
from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.spelling import spelled
from hutong.registry.linkage.table import Table

RAREST = 1e-9
UNSEEN = 1e-4  # of a character that the model does not know
KEPT = 1e-4  # characters that are rarer are not kept in the model
WEIGHT = 20_000  # how many records of a list count as much as what the model knows


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Frequencies (用字频率): of surnames, and of the characters of given names.

    `clumping` is by how much whole names are commoner than their characters make one think.
    """

    surnames: Mapping[str, float]
    given: Mapping[str, float]
    clumping: float

    def of_name(self, characters: tuple[str, ...]) -> float:
        """The share of children of this name."""
        surname = surname_of("".join(characters[:2]))
        found = self.surnames.get(surname, UNSEEN) * self.clumping
        for character in characters[len(surname) :]:
            found *= self.given.get(character, UNSEEN)
        return max(min(found, 1.0), RAREST)

    def of_records(self, table: Table) -> Ints:
        """The share of children who have each record's name, of the model and the list together; shape (records,).

        The two records that are compared are no evidence that others have the name.
        """
        if not table.names:
            return np.ones(table.size)
        whole = np.append(table.name.whole, -1)[table.name_at]
        counts = np.bincount(whole[whole >= 0], minlength=int(table.name.whole.max()) + 1)
        known = np.array([self.of_name(spelled(name).characters) for name in table.names])
        others = np.maximum(counts[table.name.whole] - 2, 0)
        return np.append((others + WEIGHT * known) / (table.size + WEIGHT), 1.0)[table.name_at]


def count_frequencies(names: Iterable[str]) -> Frequencies:
    """The frequencies (统计用字频率) in a list of names."""
    surnames: Counter[str] = Counter()
    given: Counter[str] = Counter()
    whole: Counter[tuple[str, ...]] = Counter()
    for name in names:
        characters = spelled(name).characters
        surname = surname_of("".join(characters[:2]))
        surnames[surname] += 1
        given.update(characters[len(surname) :])
        whole[characters] += 1
    plain = Frequencies(_shares(surnames), _shares(given), 1.0)
    return Frequencies(plain.surnames, plain.given, round(_clumping(whole, plain), 1))


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = counts.total()
    return {one: round(count / total, 6) for one, count in counts.most_common() if count / total >= KEPT}


def _clumping(whole: Counter[tuple[str, ...]], plain: Frequencies) -> float:
    """How often two children share a name, against how often their characters would have it."""
    total = whole.total()
    seen = sum(count * (count - 1) for count in whole.values()) / (total * (total - 1))
    expected = sum(count * plain.of_name(name) for name, count in whole.items()) / total
    return max(1.0, seen / expected)
