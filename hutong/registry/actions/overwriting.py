"""Writing over many rows that are there already, in one statement."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def overwrite(rows: Collection[Model], columns: Sequence[str]) -> None:
    """Saves these columns of rows of one table (批量改写), however many there are."""
    if not rows:
        return
    meta = next(iter(rows))._meta
    fields: list[Any] = [meta.get_field(name) for name in columns]
    given = [meta.pk, *fields]
    types = ", ".join(f"%s::{_type_of(field)}[]" for field in given)
    names = ", ".join(f'"{field.column}"' for field in given)
    put = ", ".join(f'"{field.column}" = given."{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" AS kept SET {put} FROM unnest({types}) AS given({names}) '
            f'WHERE kept."{meta.pk.column}" = given."{meta.pk.column}"',
            [[_value(field, row) for row in rows] for field in given],
        )


def _type_of(field: Any) -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))


def _value(field: Any, row: Model) -> Any:
    value = field.get_db_prep_save(field.pre_save(row, add=False), connection)
    return bytes(value) if isinstance(value, memoryview) else value
