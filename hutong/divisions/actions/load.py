"""Loads the list of divisions that ships with the product."""

from django.db import transaction

from hutong.divisions.models import Division
from hutong.divisions.queries import forget_names
from hutong.divisions.reference import Listed, listed, source_of
from hutong.kit.names import spelled


@transaction.atomic
def load_shipped(province: str) -> int:
    """Load the shipped divisions (载入区划): adds the codes not there yet, changes none; how many were added."""
    known = set(Division.objects.filter(code__startswith=province).values_list("code", flat=True))
    fresh = [_row(line, source_of(province)) for line in listed(province) if line.code not in known]
    Division.objects.bulk_create(fresh, batch_size=1000)
    forget_names()
    return len(fresh)


def _row(line: Listed, source: str) -> Division:
    syllables = spelled(line.name)
    return Division(
        code=line.code,
        level=line.level,
        name=line.name,
        kind=line.kind,
        pinyin="".join(syllables)[:200],
        initials="".join(syllable[0] for syllable in syllables)[:60],
        source=source,
    )
