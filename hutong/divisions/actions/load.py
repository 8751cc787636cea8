"""Loads the list of divisions that ships with the product."""

from functools import cache

from django.db import connection, transaction

from hutong.divisions.models import Division, Kind
from hutong.divisions.queries import forget_names
from hutong.divisions.reference import Listed, listed, source_of
from hutong.kit.names import spelled

COPY = "COPY divisions_division (code, level, name, kind, pinyin, initials, source) FROM STDIN"


@transaction.atomic
def load_shipped(province: str) -> int:
    """Load the shipped divisions (载入区划): adds the codes not there yet, changes none; how many were added."""
    known = set(Division.objects.filter(code__startswith=province).values_list("code", flat=True))
    fresh = [row for row in _rows(province) if row[0] not in known]
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in fresh:
            copy.write_row(row)
    forget_names()
    return len(fresh)


@cache
def _rows(province: str) -> list[tuple[str, ...]]:
    return [_row(line, source_of(province)) for line in listed(province)]


def _row(line: Listed, source: str) -> tuple[str, ...]:
    syllables = spelled(line.name)
    pinyin, initials = "".join(syllables)[:200], "".join(syllable[0] for syllable in syllables)[:60]
    return line.code, str(line.level), line.name, str(Kind(line.kind)), pinyin, initials, source
