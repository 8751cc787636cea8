"""Beneficiaries: keys that say nothing, many at once."""

from django.db import connection

OPEN = """INSERT INTO treasury_beneficiary (key)
SELECT left(replace(gen_random_uuid()::text, '-', ''), 20) FROM generate_series(1, %s) RETURNING id"""


def open_beneficiaries(count: int) -> list[int]:
    """Open so many beneficiaries (建立保障对象), by id; the caller says whose they are."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [count])
        return [number for (number,) in cursor.fetchall()]
