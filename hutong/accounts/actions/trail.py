"""Writing the trail: always inside the act's own transaction."""

import json
from collections.abc import Mapping, Sequence

from django.db import connection

from hutong.accounts.models import Person, TrailEntry


def record(
    *,
    by: Person | None,
    act: str,
    subject_kind: str,
    subject_key: str,
    division_code: str = "",
    role: str = "",
    purpose: str = "",
    details: Mapping[str, object] | None = None,
) -> TrailEntry:
    """Record (留痕) one act or look. `details` holds references and counts, never a personal value."""
    return TrailEntry.objects.create(
        by=by,
        role=role,
        act=act,
        subject_kind=subject_kind,
        subject_key=subject_key,
        division_code=division_code,
        purpose=purpose,
        details=dict(details or {}),
    )


def record_many(
    *,
    by: Person,
    act: str,
    subject_kind: str,
    subjects: Sequence[tuple[str, str]],
    details: Mapping[str, object] | None = None,
) -> None:
    """Record one entry for each of many subjects, given as (key, division code), in one statement."""
    keys, codes = [key for key, _ in subjects], [code for _, code in subjects]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accounts_trailentry
                      (by_id, role, act, subject_kind, subject_key, division_code, purpose, details)
               SELECT %s, '', %s, %s, subject.key, subject.code, '', %s::jsonb
                 FROM unnest(%s::varchar[], %s::varchar[]) AS subject(key, code)""",
            [by.pk, act, subject_kind, json.dumps(dict(details or {})), keys, codes],
        )
