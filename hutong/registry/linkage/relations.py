"""How any two characters stand to each other: the same, alike to the ear, alike to the eye, or not alike."""

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum

import numpy as np

from hutong.kit.names.characters import by_ear, looks, readings
from hutong.registry.linkage.arrays import Ints


class Relation(IntEnum):
    """How two characters stand to each other (两字关系)."""

    OTHER = 0
    LOOKS_ALIKE = 1
    SOUNDS_ALIKE = 2
    SAME = 3


def relations(tokens: Sequence[str]) -> Ints:
    """The relation of each two characters, and of none to any in the last row; shape (tokens + 1, tokens + 1)."""
    table = np.zeros((len(tokens) + 1, len(tokens) + 1), np.int8)
    _relate(table, tokens, looks, Relation.LOOKS_ALIKE)
    _relate(table, tokens, lambda token: map(by_ear, readings(token)), Relation.SOUNDS_ALIKE)
    np.fill_diagonal(table[:-1, :-1], Relation.SAME)
    return table


def _relate(table: Ints, tokens: Sequence[str], kinds: Callable[[str], Iterable[object]], relation: Relation) -> None:
    groups: dict[object, list[int]] = {}
    for at, token in enumerate(tokens):
        for kind in kinds(token):
            groups.setdefault(kind, []).append(at)
    for members in groups.values():
        if len(members) > 1:
            table[np.array(members)[:, None], members] = relation
