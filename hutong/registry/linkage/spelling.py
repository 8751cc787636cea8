"""Names as linkage reads them: taken apart into characters and syllables, one at a time or very many at once."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from hutong.kit.names import SURNAME_PINYIN, clean_name
from hutong.kit.names.characters import by_ear, plain, readings, sounds, syllables
from hutong.kit.names.transcriptions import ENDINGS, one_spelling
from hutong.registry.linkage.arrays import Ints, code_points, hashes, mixed
from hutong.registry.linkage.relations import relations

LONGEST = 24  # characters of a name that are compared
LONG = 4  # a name of more characters, or of parts, is compared by its parts too
KEPT = 5  # sounds that a name is found by
FIRST_CHINESE, LAST_CHINESE = 0x4E00, 0x9FFF
SPACE = ord(" ")
RARELY_READ = {surname[0] for surname in SURNAME_PINYIN if len(surname) > 1}
"""First characters of surnames of two characters that have a reading of their own."""


class Spelled(NamedTuple):
    """Spelled name (拆分姓名): its characters (a Latin syllable is one), and the lengths of its parts between dots."""

    characters: tuple[str, ...]
    parts: tuple[int, ...]


@lru_cache(maxsize=20_000)
def spelled(name: str) -> Spelled:
    """One name taken apart: plain characters, one spelling of transcribed parts, no dots."""
    cleaned = clean_name(name)
    if any(character.isascii() and character.isalpha() for character in cleaned):
        return Spelled(syllables(cleaned)[:LONGEST], ())
    parts = [one_spelling("".join(map(plain, part))) for part in cleaned.split("·") if part]
    whole = "".join(parts)
    is_of_parts = len(parts) > 1 and len(whole) <= LONGEST
    return Spelled(tuple(whole[:LONGEST]), tuple(map(len, parts)) if is_of_parts else ())


def kept_places(length: int, parts: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Which syllables are kept of a name that something may be wrong with (姓名音键): all, then with some left out."""
    every = tuple(range(length))
    if length <= LONG and not parts:
        return [every, *(every[:at] + every[at + 1 :] for at in every if length > 1)]
    ends = accumulate(parts, initial=0)
    of_parts = [every[start:end] for start, end in pairwise(ends) if end - start > 1]
    return [kept for kept in dict.fromkeys([every, every[1:], every[:2], *of_parts]) if kept][:KEPT]


def sound_keys(name: str) -> list[str]:
    """The sounds that a name is found by, the whole first."""
    one = spelled(name)
    heard = sounds(one.characters)
    return list(dict.fromkeys(" ".join(heard[at] for at in places) for places in kept_places(len(heard), one.parts)))


class Names:
    """Names (姓名表): distinct names as arrays with one row a name.

    `characters` are places among `tokens`, -1 beyond a name's end; `syllables` are places among all syllables.
    """

    def __init__(self, names: Sequence[str]) -> None:
        points = code_points(names, LONG)
        chinese = (points >= FIRST_CHINESE) & (points <= LAST_CHINESE)
        lengths = np.fromiter(map(len, names), np.int64, len(names))
        rarely = np.isin(points[:, 0], [ord(character) for character in RARELY_READ])
        is_plain = (chinese | (points == SPACE)).all(axis=1) & (lengths == chinese.sum(axis=1)) & ~rarely
        self._token_places: dict[str, int] = {}
        self.characters = np.full((len(names), LONGEST), -1, np.int32)
        self.characters[is_plain, :LONG] = self._tokens_of(points[is_plain])
        is_plain &= ~self._is_transcribed(names, is_plain)
        self.parts: dict[int, tuple[int, ...]] = {}
        for at in np.flatnonzero(~is_plain).tolist():
            self._take_apart(at, names[at])
        self.length = (self.characters >= 0).sum(axis=1)
        self.is_plain = is_plain

    def _tokens_of(self, points: Ints) -> Ints:
        """The places of the plain forms of many characters at once; -1 for a space."""
        seen = np.unique(points)
        places = [-1 if point == SPACE else self._token(plain(chr(point))) for point in seen]
        return np.array([*places, -1], np.int32)[np.searchsorted(seen, points)]

    def _is_transcribed(self, names: Sequence[str], chosen: Ints) -> Ints:
        """Whether each of the chosen names has a spelling that it is not written in; shape (names,)."""
        last = self.characters[np.arange(len(names)), (self.characters >= 0).sum(axis=1) - 1]
        ends = [place for token, place in self._token_places.items() if token in ENDINGS]
        found = np.zeros(len(names), bool)
        for at in np.flatnonzero(chosen & np.isin(last, ends)).tolist():
            found[at] = spelled(names[at]).characters != tuple(map(plain, names[at]))
        return found

    def _token(self, token: str) -> int:
        return self._token_places.setdefault(token, len(self._token_places))

    def _take_apart(self, at: int, name: str) -> None:
        one = spelled(name)
        self.characters[at] = -1
        self.characters[at, : len(one.characters)] = [self._token(character) for character in one.characters]
        if one.parts:
            self.parts[at] = one.parts

    @cached_property
    def tokens(self) -> list[str]:
        """The distinct characters and Latin syllables."""
        return list(self._token_places)

    @cached_property
    def relations(self) -> Ints:
        """How each two characters stand to each other; shape (tokens + 1, tokens + 1)."""
        return relations(self.tokens)

    @cached_property
    def syllables(self) -> Ints:
        """The syllables of each name as they are heard, the surname with its own reading; -1 beyond its end."""
        known: dict[str, int] = {}

        def places(read: Callable[[str], str]) -> Ints:
            return np.array([*(known.setdefault(read(token), len(known)) for token in self.tokens), -1], np.int32)

        found = places(lambda token: by_ear(readings(token)[0]))[self.characters]
        found[:, 0] = places(lambda token: sounds((token,))[0])[self.characters[:, 0]]
        for at in np.flatnonzero(~self.is_plain):
            heard = sounds(tuple(self.tokens[place] for place in self.characters[at] if place >= 0))
            found[at, : len(heard)] = [known.setdefault(syllable, len(known)) for syllable in heard]
        return found

    @cached_property
    def whole(self) -> Ints:
        """One number a name without regard to how it is written, the same in any list; shape (names,)."""
        return mixed(list(np.append(hashes(self.tokens), 0)[self.characters].T))

    @cached_property
    def sounds(self) -> Ints:
        """One number for each sound that a name is found by, the whole first, none twice, 0 for none; (names, KEPT)."""
        found = np.zeros((len(self.length), KEPT), np.uint64)
        shapes = {
            (length, ()): np.flatnonzero(self.is_plain & (self.length == length)) for length in range(1, LONG + 1)
        }
        others: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        for at in np.flatnonzero(~self.is_plain).tolist():
            others.setdefault((int(self.length[at]), self.parts.get(at, ())), []).append(at)
        for shape, rows in [*shapes.items(), *((shape, np.array(rows)) for shape, rows in others.items())]:
            places = kept_places(*shape)
            found[rows, : len(places)] = self._mixed(rows, places)
        for at in range(1, KEPT):
            found[(found[:, at, None] == found[:, :at]).any(axis=1), at] = 0
        return found

    @cached_property
    def ends(self) -> Ints:
        """One number for the first and one for the last part between dots, 0 for a part of one syllable; (names, 2)."""
        found = np.zeros((len(self.length), 2), np.uint64)
        for at, parts in self.parts.items():
            length = int(self.length[at])
            for end, places in enumerate((range(parts[0]), range(length - parts[-1], length))):
                if len(places) > 1:
                    found[at, end] = self._mixed(np.array([at]), [tuple(places)])[0, 0]
        return found

    def _mixed(self, rows: Ints, kept: Iterable[tuple[int, ...]]) -> Ints:
        syllables = self.syllables[rows]
        return np.stack([mixed([syllables[:, at] for at in places]) for places in kept], axis=1)
