"""Looking for files that may be one child's: over the whole register, or for the children of one batch."""

from array import array
from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

from hutong.kit.cipher import keys, unseal, using
from hutong.kit.collecting import collecting_seldom
from hutong.registry.actions.pairing import Found, propose
from hutong.registry.alike import alike, cut_keys, model_of_register, records
from hutong.registry.linkage.model import Model
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.scoring import Explained
from hutong.registry.models import Child, ImportBatch, LinkageKey
from hutong.registry.models.pair import Origin

SLICE = 5000
STALE = """
SELECT child.id, child.id_number, child.id_index FROM registry_child AS child
 WHERE child.id > %s AND child.id_index IS NOT NULL
   AND NOT EXISTS (SELECT FROM registry_linkagekey AS key
                    WHERE key.child_id = child.id AND key.made_of = child.id_index)
 ORDER BY child.id LIMIT %s
"""
LOST = """
DELETE FROM registry_linkagekey AS key USING registry_child AS child
 WHERE child.id = key.child_id AND key.made_of IS DISTINCT FROM child.id_index
"""
NUMBER = Child._meta.get_field("id_number")


def refresh_keys() -> int:
    """Refresh the linkage keys (更新匹配键) of children whose number or index key has changed; of how many."""
    with connection.cursor() as cursor:
        cursor.execute(LOST)
    done, last = 0, 0
    while rows := _stale(last):
        _enter_keys(rows)
        done, last = done + len(rows), rows[-1][0]
    return done


def _stale(after: int) -> list[tuple[int, str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(STALE, [after, SLICE])
        rows = cursor.fetchall()
    return [(pk, unseal(number, field=NUMBER.bound_to).decode(), bytes(index)) for pk, number, index in rows]


@transaction.atomic
def _enter_keys(rows: list[tuple[int, str, bytes]]) -> None:
    LinkageKey.objects.filter(child__in=[pk for pk, _number, _index in rows]).delete()
    statement = f"COPY {LinkageKey._meta.db_table} (child_id, key, made_of) FROM STDIN"
    with using(keys()), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for pk, number, index in rows:
            for key in cut_keys(number):
                copy.write_row((pk, key, index))


@collecting_seldom()
def find_in_register(*, on: date) -> int:
    """Find pairs in the whole register (全库查重): how many are new, or have another score than before.

    Files that are joined are asked about by the one that leads. Records are opened part by part, and few at a time.
    """
    refresh_keys()
    model, ids = Model.load(), array("q")
    pairs = model.pairs(_leading(ids), model.costs.ask)
    found = (
        _found(ids[pair.left], ids[pair.right], pair.probability, explained, model, Origin.NIGHTLY)
        for pair, explained in zip(pairs, pairs.explained(), strict=True)
    )
    return propose(found, on=on)


def _leading(ids: "array[int]") -> Iterator[Record]:
    """The records of all files that lead, opened a slice at a time; their ids are noted as they come."""
    leading, last = Child.objects.filter(canonical__isnull=True).order_by("pk"), 0
    while wanted := list(leading.filter(pk__gt=last).values_list("pk", flat=True)[:SLICE]):
        last = wanted[-1]
        for record in records(leading.filter(pk__gte=wanted[0], pk__lte=last)):
            ids.append(int(record.key))
            yield record


@collecting_seldom()
def find_in_batch(batch: ImportBatch, *, on: date) -> int:
    """Find pairs of the children that a batch brought (批次查重), with each other and with the register."""
    refresh_keys()
    made = Child.objects.filter(import_rows__batch=batch, import_rows__admitted_at__isnull=False).distinct()
    return propose(list(_of_batch(records(made), str(batch.pk))), on=on)


def _of_batch(brought: list[Record], batch: str) -> Iterator[Found]:
    model = model_of_register()
    for start in range(0, len(brought), SLICE):
        for one in alike(brought[start : start + SLICE], least=model.costs.ask):
            if int(one.key) != one.child:
                yield _found(int(one.key), one.child, one.probability, one.explained, model, Origin.IMPORT, batch)


def weighed(one: Child, other: Child) -> Found:
    """Two files weighed (两份档案比对), because a person takes them for one child's."""
    first, second = records(Child.objects.filter(pk__in=[one.pk, other.pk]))
    model = model_of_register()
    probability, explained = model.weigh(first, second)
    return _found(int(first.key), int(second.key), probability, explained, model, Origin.PERSON)


def _found(
    first: int,
    second: int,
    probability: float,
    explained: Explained,
    model: Model,
    origin: Origin,
    origin_key: str = "",
) -> Found:
    steps = [step._asdict() for step in explained.steps]
    weight = sum(step.weight for step in explained.steps)
    return Found(first, second, probability, weight, steps, model.version, origin, origin_key)
