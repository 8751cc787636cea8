"""How far two names agree: the same, written otherwise, of one sound, alike to the eye, in part, or not."""

from enum import IntEnum

import numpy as np

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.relations import Relation
from hutong.registry.linkage.spelling import LONG, LONGEST, Names


class NameLevel(IntEnum):
    """How far two names agree (姓名一致程度)."""

    MISSING = 0
    IDENTICAL = 1
    VARIANT = 2
    SOUND = 3
    LOOK = 4
    ORDER = 5
    SHORT_FORM = 6
    PART = 7
    GIVEN = 8
    ONE_CHARACTER = 9
    SURNAME = 10
    DIFFERENT = 11


def name_levels_of(names: Names, left: Ints, right: Ints) -> Ints:
    """The level of each pair of names, none of which is missing; shape (pairs,)."""
    found = np.full(len(left), NameLevel.DIFFERENT, np.int8)
    longest = np.maximum(names.length[left], names.length[right])
    for low, high in ((0, LONG), (LONG, LONGEST)):
        chosen = np.flatnonzero((longest > low) & (longest <= high))
        found[chosen] = _Spelling(names, left[chosen], right[chosen], high).levels()
    chosen = np.flatnonzero((found >= NameLevel.PART) & ~(names.is_plain[left] & names.is_plain[right]))
    found[chosen] = np.minimum(found[chosen], _levels_of_parts(names, left[chosen], right[chosen]))
    found[chosen[found[chosen] == NameLevel.PART]] = NameLevel.SHORT_FORM
    found[names.sounds[left, 0] == names.sounds[right, 0]] = NameLevel.SOUND
    found[names.whole[left] == names.whole[right]] = NameLevel.VARIANT
    found[left == right] = NameLevel.IDENTICAL
    return found


def _levels_of_parts(names: Names, left: Ints, right: Ints) -> Ints:
    """One name may be a part of the other; after a dot stands a father's name, which brothers and sisters share."""
    a, b = names.sounds[left], names.sounds[right]
    part = (a[:, :1] == b).any(axis=1) | (a == b[:, :1]).any(axis=1)
    own, fathers = _same(names.ends[left, 0], names.ends[right, 0]), _same(names.ends[left, 1], names.ends[right, 1])
    return np.select([part, own, fathers], [NameLevel.PART, NameLevel.GIVEN, NameLevel.SURNAME], NameLevel.DIFFERENT)


def _same(left: Ints, right: Ints) -> Ints:
    return (left == right) & (left > 0)


class _Spelling:
    """Pairs of names up to one width, character against character."""

    def __init__(self, names: Names, left: Ints, right: Ints, width: int) -> None:
        self.related, self.width = names.relations, width
        self.a, self.b = names.characters[left, :width], names.characters[right, :width]
        self.length, self.other_length = names.length[left], names.length[right]

    def levels(self) -> Ints:
        found = np.zeros(len(self.length), np.int8)
        same = self.length == self.other_length
        found[same] = self._of_one_length(np.flatnonzero(same))
        found[~same] = self._of_two_lengths(np.flatnonzero(~same))
        return found

    def _of_one_length(self, rows: Ints) -> Ints:
        a, b, length = self.a[rows], self.b[rows], self.length[rows]
        relation = np.where(a >= 0, self.related[a, b], Relation.SAME)
        others = (relation == Relation.OTHER).sum(axis=1)
        like = (relation == Relation.LOOKS_ALIKE).any(axis=1)
        surname = relation[:, 0] > Relation.OTHER
        turned = (length == 3) & (a[:, 1] == b[:, 2]) & (a[:, 2] == b[:, 1]) & surname
        one = (others == 1) & (length > 2)
        kinds = [others == 0, turned, one & ~surname, one, surname]
        whole = np.where(like, NameLevel.LOOK, NameLevel.SOUND)
        levels = [whole, NameLevel.ORDER, NameLevel.GIVEN, NameLevel.ONE_CHARACTER, NameLevel.SURNAME]
        return np.select(kinds, [np.asarray(level) for level in levels], NameLevel.DIFFERENT).astype(np.int8)

    def _of_two_lengths(self, rows: Ints) -> Ints:
        """A shorter name whose characters all stand at the ends of the longer one is a part of it."""
        swap = self.length[rows] > self.other_length[rows]
        short = np.where(swap[:, None], self.b[rows], self.a[rows])
        long = np.where(swap[:, None], self.a[rows], self.b[rows])
        size = np.minimum(self.length[rows], self.other_length[rows])
        front = self._from_the_front(short, long, size)
        back = self._from_the_front(_reversed(short), _reversed(long), size)
        part = (front + back >= size) & (size >= 2)
        return np.select([part, front > 0], [NameLevel.PART, NameLevel.SURNAME], NameLevel.DIFFERENT).astype(np.int8)

    def _from_the_front(self, short: Ints, long: Ints, size: Ints) -> Ints:
        """How many characters agree one after the other from the first on."""
        agree = (self.related[short, long] >= Relation.SOUNDS_ALIKE) & (np.arange(self.width) < size[:, None])
        return np.logical_and.accumulate(agree, axis=1).sum(axis=1)


def _reversed(characters: Ints) -> Ints:
    """Each row's characters from the last to the first, then -1."""
    length = (characters >= 0).sum(axis=1)
    from_end = length[:, None] - 1 - np.arange(characters.shape[1])
    return np.where(from_end >= 0, np.take_along_axis(characters, np.maximum(from_end, 0), axis=1), -1)
