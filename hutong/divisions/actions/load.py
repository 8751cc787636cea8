"""Loads the list of divisions that ships with the product."""

from django.db import transaction

from hutong.divisions.models import Division
from hutong.divisions.reference import Listed, listed, source_of
from hutong.kit.names import initials, pinyin


@transaction.atomic
def load_shipped(province: str) -> int:
    """Load the shipped divisions (载入区划): adds the codes not there yet, changes none; how many were added."""
    known = set(Division.objects.filter(code__startswith=province).values_list("code", flat=True))
    fresh = [_row(line, source_of(province)) for line in listed(province) if line.code not in known]
    Division.objects.bulk_create(fresh, batch_size=1000)
    return len(fresh)


def _row(line: Listed, source: str) -> Division:
    return Division(
        code=line.code,
        level=line.level,
        name=line.name,
        kind=line.kind,
        pinyin=pinyin(line.name)[:200],
        initials=initials(line.name)[:60],
        source=source,
    )
