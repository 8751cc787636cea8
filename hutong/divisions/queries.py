"""Reads of the divisions. They are public knowledge: no user is asked for."""

import re
import time
from collections.abc import Collection, Iterable
from datetime import date
from typing import Protocol

from django.conf import settings
from django.db.models import F, Q, QuerySet

from hutong.divisions.models import Division, Succession
from hutong.divisions.reference import listed
from hutong.law.division_code import PROVINCES, Level, ancestors, is_code, prefix_of

NAMES_SECONDS = 60


def valid_on(on: date) -> QuerySet[Division]:
    """Divisions that stand on a day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    return Division.objects.filter(begun, Q(valid_until__isnull=True) | Q(valid_until__gte=on))


def find(text: str, *, within: Collection[str], on: date, limit: int = 12) -> list[Division]:
    """Places by Chinese name, pinyin, initials or code, inside the prefixes `within`; nearer matches first."""
    text = text.strip().lower().replace(" ", "").replace("\0", "")
    if not text or not within:
        return []
    inside = Q()
    for prefix in within:
        inside |= Q(code__startswith=prefix)
    said = Q(name__contains=text) | Q(pinyin__startswith=text) | Q(initials__startswith=text)
    if text.isdigit():
        said = Q(code__startswith=text)
    found = valid_on(on).filter(inside & said).order_by("level", "code")
    return sorted(found[:200], key=lambda place: (not place.name.startswith(text), len(prefix_of(place.code))))[:limit]


def spoken(name: str) -> str:
    """A name as people say it: the statistical list's `原隆村委会` is `原隆村`."""
    return re.sub(r"(?<=村)委会$|(?<=社区)居委会$", "", name)


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The latest name of each code, as people say it; a new name is known everywhere within a minute."""
    names = _NAMES.read()
    return {code: names[code] for code in codes if code in names}


class Names:
    """All names in memory (地名表), read anew every minute: they are public, and every page asks for dozens."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._until = 0.0

    def read(self) -> dict[str, str]:
        """The latest name of every code."""
        now = time.monotonic()
        if now >= self._until:
            rows = Division.objects.order_by("code", F("valid_from").asc(nulls_first=True))
            self._names = {code: spoken(name) for code, name in rows.values_list("code", "name")}
            self._until = now + NAMES_SECONDS
        return self._names

    def forget(self) -> None:
        """Reads them anew when they are next asked for: who writes divisions calls this."""
        self._until = 0.0


_NAMES = Names()


def forget_names() -> None:
    """Forget the names in memory (更新地名): whoever writes divisions says so."""
    _NAMES.forget()


def path_names(codes: Iterable[str]) -> dict[str, str]:
    """`银川市 贺兰县 习岗镇 新胜村` for each code: what an officer calls the place, without the province."""
    wanted = {code for code in codes if is_code(code)}
    names = names_of({above for code in wanted for above in (*ancestors(code), code)})
    return {
        code: " ".join(names[above] for above in (*ancestors(code)[1:], code) if above in names) or code
        for code in wanted
    }


def short_names(codes: Iterable[str]) -> dict[str, str]:
    """`习岗镇 新胜村` for each code: the place as spoken inside its county."""
    wanted = {code for code in codes if is_code(code)}
    names = names_of({above for code in wanted for above in (*ancestors(code), code)})
    return {
        code: " ".join(names[above] for above in [*ancestors(code), code][-2:] if above in names) or code
        for code in wanted
    }


def expanded(codes: Iterable[str], *, on: date) -> set[str]:
    """The codes and all that they were before: reads of history expand through successors, nothing is re-keyed."""
    reached, edge = set(codes), set(codes)
    while edge:
        before = set(Succession.objects.filter(to_code__in=edge, on__lte=on).values_list("from_code", flat=True))
        edge = before - reached
        reached |= edge
    return reached


class Places(Protocol):
    """What a judge asks about a code (区划查询)."""

    def standing(self, code: str) -> str:
        """`valid`, `withdrawn`, `unknown`, or `elsewhere` for another province, whose list is not kept here."""
        ...

    def level(self, code: str) -> Level: ...

    def title(self, code: str) -> str: ...


class KnownPlaces:
    """Places held in memory (区划表): one look-up a row costs nothing."""

    def __init__(self, valid: dict[str, tuple[str, str]], withdrawn: frozenset[str]) -> None:
        self._valid, self._withdrawn = valid, withdrawn
        self._province = settings.PROVINCE

    def standing(self, code: str) -> str:
        """See Places."""
        if code in self._valid:
            return "valid"
        if code in self._withdrawn:
            return "withdrawn"
        return "unknown" if code.startswith(self._province) else "elsewhere"

    def level(self, code: str) -> Level:
        """The level of a valid code."""
        return Level(self._valid[code][0])

    def title(self, code: str) -> str:
        """`贺兰县 习岗镇` for a valid code, the province's name for another province's."""
        if code not in self._valid:
            return PROVINCES.get(code[:2], code)
        shown = [above for above in (*ancestors(code), code) if len(prefix_of(above)) in (6, 9)]
        return " ".join(self._valid[above][1] for above in shown if above in self._valid) or self._valid[code][1]


def places_from_register(*, on: date) -> KnownPlaces:
    """All divisions of the register as of a day."""
    valid = {code: (level, name) for code, level, name in valid_on(on).values_list("code", "level", "name")}
    ended = Division.objects.filter(valid_until__lt=on).values_list("code", flat=True)
    return KnownPlaces(valid, frozenset(ended) - valid.keys())


def places_from_list() -> KnownPlaces:
    """The divisions of the shipped list, for checks without a database."""
    return KnownPlaces({line.code: (line.level, line.name) for line in listed(settings.PROVINCE)}, frozenset())
