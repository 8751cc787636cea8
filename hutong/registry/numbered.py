"""Whose ID numbers these are (按证件号查人): parents and children of the whole register, by blind index alone."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from hutong.law.data_checks import CHILD
from hutong.registry.intake.judge import id_indexes
from hutong.registry.models import Child, Guardian, Parent
from hutong.registry.queries import INDEXES

AS_PARENT = {"51": "father", "52": "mother"}
"""Relations by which a guardian is a parent (监护人即父母); a step-parent is none."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """Somebody of the register who has one of the numbers (证件号相符的人), by the file that leads and the role."""

    id_number: str
    file: int
    whose: str
    name: str


def numbered(id_numbers: Collection[str]) -> list[Numbered]:
    """Parents, guardians who are parents, and children with these numbers, each once a file and role.

    Three questions however many numbers there are; each index is computed once. It asks for no permission: whoever
    calls it tells nobody what they may not see.
    """
    said = {index: number for number in id_numbers for index in id_indexes(number)}
    text = " ".join(map(bytes.hex, said))
    found: dict[tuple[int, str, str], Numbered] = {}
    for index, file, whose, name in _rows(text):
        one = Numbered(said[bytes(index)], file, whose, name)
        found.setdefault((one.file, one.whose, one.id_number), one)
    return list(found.values())


def _rows(text: str) -> Iterator[tuple[Any, int, str, str]]:
    is_theirs = Q(id_index__in=RawSQL(INDEXES, [text]))
    parents = Parent.objects.filter(is_theirs, until_on__isnull=True, child__closed_on__isnull=True)
    yield from _led(parents, "child__").values_list("id_index", "file", F("role"), "name")
    guardians = Guardian.objects.filter(
        is_theirs, until_on__isnull=True, relation__in=AS_PARENT, child__closed_on__isnull=True
    )
    for index, file, relation, name in _led(guardians, "child__").values_list("id_index", "file", "relation", "name"):
        yield index, file, AS_PARENT[relation], name
    children = _led(Child.objects.filter(is_theirs, closed_on__isnull=True), "")
    for index, file, name in children.values_list("id_index", "file", "name"):
        yield index, file, CHILD, name


def _led(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    led: QuerySet[Any] = rows.order_by("pk").annotate(file=Coalesce(f"{path}canonical_id", f"{path}pk"))
    return led
