"""Changing keys: what a room's sealed columns and blind indexes hold is brought under the current keys.

Slice by slice, each a short transaction; rows that somebody else holds are skipped and come in the next round, so
that nobody waits for a lock while holding one. After a kill the same call goes on: what is done needs no renewal.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import BinaryField, Count, Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Length, Substr
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of
from hutong.kit.cipher import BlindIndexField, CannotOpen, SealedField, keys, put_in_force

SLICE_ROWS = 2000
SLICE_BYTES = 16 * 1024 * 1024
PAUSE_SECONDS = 0.2
STILL_SECONDS = 300
KeyedField = SealedField | BlindIndexField
Progress = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""


@dataclass(frozen=True)
class Renewed:
    """What a renewal did (换新结果): the rows brought under the current keys, and those that could not be."""

    rows: int = 0
    damaged: int = 0

    def __add__(self, other: "Renewed") -> "Renewed":
        return Renewed(self.rows + other.rows, self.damaged + other.damaged)


def reseal(*, by: Person | None, on: date, progress: Progress = lambda done, total: None) -> Renewed:
    """Re-seal (重新加密) what is sealed about people of the offices. Raises NotAllowed."""
    return renew(by=by, rows=tables(SealedField), kind=SealedField, on=on, progress=progress)


def reindex(*, by: Person | None, on: date, progress: Progress = lambda done, total: None) -> Renewed:
    """Re-index (重建盲索引) what is found about people of the offices. Raises NotAllowed."""
    return renew(by=by, rows=tables(BlindIndexField), kind=BlindIndexField, on=on, progress=progress)


def in_use(kind: type[KeyedField]) -> Counter[bytes]:
    """How many values of this room stand under which key (密钥使用情况), by their first bytes."""
    return values_by_key(tables(kind), kind)


def tables(kind: type[KeyedField]) -> list[QuerySet]:
    """The tables of this room that hold such values."""
    return sealed_rows("accounts", kind)


def fields_of(model: type[Model], kind: type[KeyedField]) -> list[KeyedField]:
    """The columns of one kind that a model has."""
    return [column for column in model._meta.local_concrete_fields if isinstance(column, kind)]


def sealed_rows(room: str, kind: type[KeyedField]) -> list[QuerySet]:
    """All rows of each model of a room that has such a column: a new model is found by itself."""
    return [model._base_manager.all() for model in apps.get_app_config(room).get_models() if fields_of(model, kind)]


def values_by_key(rows: Iterable[QuerySet], kind: type[KeyedField]) -> Counter[bytes]:
    """How many values stand under which key, by their first bytes."""
    found: Counter[bytes] = Counter()
    for table in rows:
        for column in fields_of(table.model, kind):
            mark = Substr(column.attname, 1, len(_mark(kind)), output_field=BinaryField())
            counted = table.order_by().exclude(**{column.attname: None}).values_list(mark).annotate(Count("pk"))
            found.update({bytes(first): count for first, count in counted})
    return found


def renew(*, by: Person | None, rows: list[QuerySet], kind: type[KeyedField], on: date, progress: Progress) -> Renewed:
    """Renew (换新) every value of these tables that is not under the current key; `by` is None for the console.

    Raises NotAllowed.
    """
    _require(by, on=on)
    tables = [_Table(table, fields_of(table.model, kind)) for table in rows]
    total, done = sum(table.left() for table in tables), Renewed()
    for table in tables:
        for count in table.slices():
            done += Renewed(count)
            progress(done.rows, max(total, done.rows))
        done += Renewed(0, len(table.damaged))
    if done.rows:
        details = {"rows": done.rows, "damaged": done.damaged, "room": rows[0].model._meta.app_label}
        act = "reseal" if kind is SealedField else "reindex"
        record(by=by, act=act, subject_kind="key", subject_key=_mark(kind).hex(), on=on, details=details)
    return done


def _require(by: Person | None, *, on: date) -> None:
    if by and Permission.MANAGE_SYSTEM not in permissions_of(by, on=on):
        raise NotAllowed(Permission.MANAGE_SYSTEM)


def _mark(kind: type[KeyedField]) -> bytes:
    return keys().mark if kind is SealedField else keys().index_mark


@dataclass
class _Table:
    """One table on its way to the current keys; `damaged` are the rows that no key opens or the database refuses."""

    rows: QuerySet
    fields: list[KeyedField]
    damaged: set[int] = field(default_factory=set)

    def left(self) -> int:
        return self._stale().count()

    def slices(self) -> Iterator[int]:
        """Renews slice by slice, gives how many rows each had, and ends when nothing is left to renew."""
        while self._stale().exists():
            after, renewed = 0, 0
            while ids := self._next_ids(after):
                count, after = self._renew_what_can_be(ids), ids[-1]
                renewed += count
                yield count
            if not renewed:
                time.sleep(PAUSE_SECONDS)

    def _stale(self) -> QuerySet:
        conditions = Q()
        for column in self.fields:
            conditions |= Q(**{f"{column.attname}__not_under": column.mark()})
        return self.rows.filter(conditions).exclude(pk__in=self.damaged)

    def _next_ids(self, after: int) -> list[int]:
        """The next rows by primary key: as many as fit into a slice by number and by bytes, at least one."""
        size = sum((Coalesce(Length(column.attname), 0) for column in self.fields), Value(0))
        ids: list[int] = []
        found = 0
        for pk, length in self._stale().filter(pk__gt=after).order_by("pk").values_list("pk", size)[:SLICE_ROWS]:
            found += length
            if ids and found > SLICE_BYTES:
                break
            ids.append(pk)
        return ids

    def _renew_what_can_be(self, ids: list[int]) -> int:
        """Renews rows, and where the database refuses, halves them until the one is alone that it refuses."""
        try:
            return self._renew(ids)
        except IntegrityError:
            if len(ids) == 1:
                self.damaged.update(ids)
                return 0
            half = len(ids) // 2
            return self._renew_what_can_be(ids[:half]) + self._renew_what_can_be(ids[half:])

    @transaction.atomic
    def _renew(self, ids: list[int]) -> int:
        """Renews those of the rows that nobody holds and nobody has renewed; who writes one now waits for us."""
        touches_key = any(column.unique for column in self.fields)
        free = self._stale().filter(pk__in=ids).order_by("pk")
        made = {row.pk: new for row in free.select_for_update(skip_locked=True, no_key=not touches_key, of=("self",))
                if (new := self._values(row))}  # fmt: skip
        if made:
            self._write(made)
        return len(made)

    def _values(self, row: Model) -> list[bytes | None]:
        try:
            return [self._value(column, row) for column in self.fields]
        except CannotOpen:
            self.damaged.add(row.pk)
            return []

    def _value(self, column: KeyedField, row: Model) -> bytes | None:
        value = getattr(row, column.attname)
        held = value.token if isinstance(column, SealedField) and value else value
        return column.renewed(row) if held and not bytes(held).startswith(column.mark()) else held

    def _write(self, made: dict[int, list[bytes | None]]) -> None:
        table, key = self.rows.model._meta.db_table, self.rows.model._meta.pk
        names = [column.attname for column in self.fields]
        sets, columns = ", ".join(f"{name} = made.{name}" for name in names), ", ".join(("pk", *names))
        arrays = ", ".join(("%s::bigint[]", *("%s::bytea[]" for name in names)))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} AS kept SET {sets} FROM unnest({arrays}) AS made({columns})"
                f" WHERE kept.{key.column} = made.pk",
                [list(made), *map(list, zip(*made.values(), strict=True))],
            )


def drop_unused(
    *,
    by: Person | None,
    kind: type[KeyedField],
    rows: Collection[QuerySet],
    in_use: Callable[[], Counter[bytes]],
    on: date,
) -> list[int]:
    """Drop keys (停用旧密钥) under which nothing stands any more; their ids. Who had begun to write has ended first.

    Raises NotAllowed, and Refused while values stand under an older key.
    """
    _require(by, on=on)
    held, of_data = keys(), kind is SealedField
    current = held.current if of_data else held.current_index
    older = [key_id for key_id in (held.data if of_data else held.index) if key_id != current]
    if older:
        _let_writers_end(rows)
        _refuse_used(older, in_use())
        put_in_force(held.without(data=older) if of_data else held.without(index=older))
        details = {"kind": "data" if of_data else "index", "ids": older}
        record(by=by, act="drop_keys", subject_kind="key", subject_key=_mark(kind).hex(), on=on, details=details)
    return older


def _refuse_used(older: Collection[int], used: Counter[bytes]) -> None:
    if left := sum(count for mark, count in used.items() if mark[-1] in older):
        raise Refused(_("%(count)s values stand under older keys still. Run: hutong keys resume") % {"count": left})


def _let_writers_end(rows: Collection[QuerySet]) -> None:
    """Waits until everybody has ended who had begun to write these tables, perhaps with an older key (静候).

    A lock for an instant, taken in short tries: nobody who waits for us in turn is ended as deadlocked.
    """
    deadline = time.monotonic() + STILL_SECONDS
    while True:
        try:
            with transaction.atomic():
                return _lock(rows)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable) or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)


def _lock(rows: Collection[QuerySet]) -> None:
    tables = ", ".join(sorted({table.model._meta.db_table for table in rows}))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '300ms'")
        cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")
