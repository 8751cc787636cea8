"""Reads that find files like a record (相似档案): by place and birth date, name, telephone, cuts of the ID number."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from hutong.kit.cipher import keys
from hutong.registry.intake.judge import phone_indexes
from hutong.registry.linkage.blocking import number_cuts
from hutong.registry.linkage.frequencies import NameCounts
from hutong.registry.linkage.model import Model
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.scoring import Explained
from hutong.registry.models import Child, Guardian
from hutong.registry.models.guardian import Kind

NEAR = """
SELECT child.id FROM registry_child AS child
  JOIN unnest(
           string_to_array(%s, ',')::varchar[], string_to_array(%s, ',')::date[], string_to_array(%s, ',')::boolean[]
       ) AS said(county, born, is_any)
    ON child.county_prefix = said.county AND child.birth_date = said.born AND (said.is_any OR child.id_index IS NULL)
 UNION
SELECT child.id FROM registry_child AS child
  JOIN unnest(
           string_to_array(%s, ',')::varchar[], string_to_array(%s, ',')::varchar[], string_to_array(%s, ',')::boolean[]
       ) AS said(county, name, is_any)
    ON child.name = said.name AND child.county_prefix = said.county AND (said.is_any OR child.id_index IS NULL)
 UNION
SELECT child.id FROM registry_guardian AS guardian
  JOIN unnest(string_to_array(%s, ','), string_to_array(%s, ',')::boolean[]) AS said(phone, is_any)
    ON guardian.phone_index = decode(said.phone, 'hex')
  JOIN registry_child AS child ON child.id = guardian.child_id AND (said.is_any OR child.id_index IS NULL)
 WHERE guardian.until_on IS NULL
 UNION
SELECT linked.child_id FROM registry_linkagekey AS linked
 WHERE linked.key IN (SELECT decode(said, 'hex') FROM unnest(string_to_array(%s, ',')) AS said)
"""
"""Columns come as one text each: a driver that writes arrays takes longer than the question."""

ENOUGH = 10_000  # children of a register whose own names count
DAY_SECONDS = 24 * 60 * 60
NAMES = """
WITH named AS MATERIALIZED (
    SELECT name, count(*) AS children FROM registry_child WHERE canonical_id IS NULL GROUP BY name
)
SELECT name, children, (SELECT sum(children) FROM named)::bigint FROM named WHERE children > 1
"""


class Alike(NamedTuple):
    """A file like a record (相似档案): the record's key, the child's id, how sure it is, and why."""

    key: str
    child: int
    probability: float
    explained: Explained


def model_of_register() -> Model:
    """The model by which files are weighed (本库模型), with the names of the register, counted once in a day."""
    return _model_of_day(int(monotonic() // DAY_SECONDS))


@lru_cache(maxsize=1)
def _model_of_day(day: int) -> Model:
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        rows = cursor.fetchall()
    size = rows[0][2] if rows else 0
    if size < ENOUGH:
        return Model.load()
    return Model.load().among(NameCounts.of({name: children for name, children, _ in rows}, size))


def records(children: QuerySet[Child]) -> list[Record]:
    """The records of files, each under its id; opened to be compared, and nowhere shown."""
    people = {child: (name, phone) for child, name, phone in _guardians(children)}
    nobody = ("", None)
    columns = children.order_by("pk").values_list("pk", "name", "sex", "birth_date", "id_number", "living_code")
    return [
        Record(
            str(pk), name, sex, born, number.open() if number else "", place,
            people.get(pk, nobody)[0], phone.open() if (phone := people.get(pk, nobody)[1]) else "",
        )
        for pk, name, sex, born, number, place in columns
    ]  # fmt: skip


def _guardians(children: QuerySet[Child]) -> QuerySet[Any]:
    current = Guardian.objects.filter(child__in=children.order_by().values("pk"), until_on__isnull=True)
    return current.exclude(kind=Kind.ENTRUSTED).order_by("pk").values_list("child", "name", "phone")


def alike(said: Sequence[Record], *, least: float, both_numbered: bool = True) -> Iterator[Alike]:
    """The files that are of the same child as one of these records with at least this probability, the likeliest first.

    One query finds whom to look at, however many the records are. Without `both_numbered`, files with an ID number are
    not asked about records that have one, too.
    """
    near = _near(said, both_numbered)
    if not near:
        return
    found = records(Child.objects.filter(pk__in=near))
    pairs = model_of_register().between(said, found, least)
    for pair, explained in zip(pairs, pairs.explained(), strict=True):
        key, child = said[pair.left].key, found[pair.right - len(said)].key
        yield Alike(key, int(child), pair.probability, explained)


def _near(said: Iterable[Record], both_numbered: bool) -> list[int]:
    asked = [(one, "t" if both_numbered or not one.id_number else "f") for one in said]
    born = [(one.living_division[:6], str(one.birth_date), is_any) for one, is_any in asked if one.birth_date]
    named = [(one.living_division[:6], one.name, is_any) for one, is_any in asked]
    reached = [
        (index.hex(), is_any)
        for one, is_any in asked
        if one.guardian_phone
        for index in phone_indexes(one.guardian_phone)
    ]
    cuts = [index.hex() for one, _is_any in asked if both_numbered for index in cut_indexes(one.id_number)]
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [*_columns(born, 3), *_columns(named, 3), *_columns(reached, 2), ",".join(cuts)])
        return [row[0] for row in cursor.fetchall()]


def _columns(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    return [",".join(row[at] for row in rows) for at in range(width)]


def cut_keys(number: str) -> list[bytes]:
    """The linkage keys of an ID number under the current index key, to be kept."""
    return [keys().blind(cut, kind=part) for part, cut in number_cuts(number).items()]


def cut_indexes(number: str) -> list[bytes]:
    """The linkage keys under which a number like this may stand, to look for them."""
    return [index for part, cut in number_cuts(number).items() for index in keys().blinds(cut, kind=part)]
