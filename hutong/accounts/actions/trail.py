"""Writing the trail: always inside the act's own transaction."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import DatabaseError, connection

from hutong.accounts.models import Person, TrailEntry
from hutong.accounts.queries import postings_on


class TrailNotWritten(Exception):
    """The trail cannot be written (留痕无法写入): what was to be done does not happen."""


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise TrailNotWritten from error


def _roles(by: Person | None, on: date) -> str:
    return ",".join(sorted({posting.role for posting in postings_on(by, on=on)})) if by else ""


def record(
    *,
    by: Person | None,
    act: str,
    subject_kind: str,
    subject_key: str,
    on: date,
    division_code: str = "",
    details: Mapping[str, object] | None = None,
) -> TrailEntry:
    """Record (留痕) one act or look. `details` holds references and counts, never a personal value.

    Raises TrailNotWritten, which nobody catches below the doors: the act is rolled back.
    """
    role = _roles(by, on)
    with _writing():
        return TrailEntry.objects.create(
            by=by,
            role=role,
            act=act,
            subject_kind=subject_kind,
            subject_key=subject_key,
            division_code=division_code,
            details=dict(details or {}),
        )


def record_many(
    *,
    by: Person,
    act: str,
    subject_kind: str,
    subjects: Sequence[tuple[str, str]],
    on: date,
    details: Mapping[str, object] | None = None,
) -> None:
    """Record one entry for each of many subjects, given as (key, division code), in one statement.

    Raises TrailNotWritten.
    """
    role, said = _roles(by, on), json.dumps(dict(details or {}))
    columns = "by_id, role, act, subject_kind, subject_key, division_code, details"
    statement = f"COPY accounts_trailentry ({columns}) FROM STDIN"
    with _writing(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for key, code in subjects:
            copy.write_row((by.pk, role, act, subject_kind, key, code, said))
