"""Reads of the divisions. They are public knowledge: no user is asked for."""

import re
import time
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cached_property
from typing import Protocol

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from hutong.divisions import national
from hutong.divisions.models import Division, Succession
from hutong.divisions.naming import Named, PlaceNames
from hutong.divisions.reference import listed
from hutong.law.division_code import Level, ancestors, is_code, prefix_of

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


def find_anywhere(text: str, *, on: date, limit: int = 12) -> list[Division | national.Place]:
    """Registered places: those of our own province down to the village, and counties anywhere in the country."""
    ours = find(text, within=[settings.PROVINCE], on=on, limit=limit)
    elsewhere = national.search(text, without=settings.PROVINCE, limit=limit)
    half = limit // 2
    return [*ours[: max(half, limit - len(elsewhere))], *elsewhere[: max(half, limit - len(ours))]]


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
    """`银川市 贺兰县 习岗镇 新胜村` for each code: what an officer calls the place, without our own province.

    Elsewhere it is the county, `浙江省 杭州市 西湖区`.
    """
    return _titles(codes, lambda code: [*ancestors(code)[1:], code])


def short_names(codes: Iterable[str]) -> dict[str, str]:
    """`习岗镇 新胜村` for each code: the place as spoken inside its county; elsewhere the county with its province."""
    return _titles(codes, lambda code: [*ancestors(code), code][-2:])


def _titles(codes: Iterable[str], shown: Callable[[str], list[str]]) -> dict[str, str]:
    wanted = {code for code in codes if is_code(code)}
    names = names_of({above for code in wanted for above in (*ancestors(code), code)})
    return {
        code: " ".join(names[above] for above in shown(code) if above in names) or national.county_title(code) or code
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


def successor_of(codes: Iterable[str], *, on: date) -> dict[str, str]:
    """The one code that stands on a day where each of these stood; codes that stand still, or were split, are left out.

    Chains are followed; whoever lies before a split has no one successor.
    """
    onward = _onward(codes, on=on)
    last = {code: _last_of(code, onward) for code in set(codes) & onward.keys()}
    return {code: after for code, after in last.items() if after}


def withdrawn_with_successors(*, on: date) -> set[str]:
    """The codes that stand no more on a day and have one successor or several."""
    standing = Exists(valid_on(on).filter(code=OuterRef("from_code")))
    return set(Succession.objects.filter(~standing, on__lte=on).values_list("from_code", flat=True))


def _onward(codes: Iterable[str], *, on: date) -> dict[str, set[str]]:
    """What came after each code and after those, as far as it goes; a code that stands on the day leads nowhere."""
    onward: dict[str, set[str]] = {}
    edge = set(codes)
    standing = Exists(valid_on(on).filter(code=OuterRef("from_code")))
    while edge:
        rows = Succession.objects.filter(~standing, from_code__in=edge, on__lte=on)
        for before, after in rows.values_list("from_code", "to_code"):
            onward.setdefault(before, set()).add(after)
        edge = {after for code in edge for after in onward.get(code, ())} - onward.keys()
    return onward


def _last_of(code: str, onward: dict[str, set[str]]) -> str:
    seen: set[str] = set()
    while code in onward:
        if len(onward[code]) > 1 or code in seen:
            return ""
        seen.add(code)
        (code,) = onward[code]
    return code


FORMER = """ARRAY(
    WITH RECURSIVE former(prefix) AS (
        SELECT unnest({column}::varchar[])
        UNION
        SELECT CASE WHEN right(past.from_code, 3) <> '000' THEN past.from_code
                    WHEN substr(past.from_code, 7, 3) <> '000' THEN left(past.from_code, 9)
                    WHEN substr(past.from_code, 5, 2) <> '00' THEN left(past.from_code, 6)
                    ELSE left(past.from_code, 4) END::varchar
          FROM former JOIN divisions_succession AS past
            ON past.to_code BETWEEN rpad(former.prefix, 12, '0') AND rpad(former.prefix, 12, '9')
           AND (past.to_code = rpad(former.prefix, 12, '0') OR NOT past.along)
         WHERE past."on" <= %s
           AND NOT EXISTS (SELECT 1 FROM unnest({column}) AS own(prefix) WHERE starts_with(past.from_code, own.prefix))
           AND NOT EXISTS (SELECT 1 FROM divisions_division AS place
                            WHERE place.code = past.from_code
                              AND (place.valid_from IS NULL OR place.valid_from <= %s)
                              AND (place.valid_until IS NULL OR place.valid_until >= %s)))
    SELECT prefix FROM former)"""


def with_former(column: str, *, on: date) -> RawSQL:
    """The prefixes in an array column and all that they were before (历史前缀), within the query that reads the row.

    `column` is written in code, never typed. What lies in the prefixes anyway is not repeated, what went along with the
    place above it is not listed beside it, and a code that still stands on the day is nobody's past.
    """
    prefixes = ArrayField(CharField(max_length=12))
    return RawSQL(FORMER.format(column=column), (on, on, on), output_field=prefixes)


class Places(Protocol):
    """What a judge asks about a code (区划查询)."""

    def standing(self, code: str) -> str:
        """`valid`, `withdrawn` or `unknown`; in another province `elsewhere`, `abolished` or `unknown`."""
        ...

    def last_year(self, code: str) -> int | None:
        """The year in which a county of another province was abolished."""
        ...

    def level(self, code: str) -> Level: ...

    def title(self, code: str) -> str: ...

    def named(self, text: str, *, within: str) -> Named:
        """The places of our province that a text may name: any by a name with its county, else those in a prefix."""
        ...


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
        county = None if code.startswith(self._province) else national.place_of(code)
        if county is None:
            return "unknown"
        return "elsewhere" if county.last_year is None else "abolished"

    def last_year(self, code: str) -> int | None:
        """See Places."""
        county = national.place_of(code)
        return county.last_year if county else None

    def level(self, code: str) -> Level:
        """The level of a valid code."""
        return Level(self._valid[code][0])

    def title(self, code: str) -> str:
        """`贺兰县 习岗镇` for a valid code, `浙江省 杭州市 西湖区` for another province's."""
        if code not in self._valid:
            return national.county_title(code) or code
        shown = [above for above in (*ancestors(code), code) if len(prefix_of(above)) in (6, 9)]
        return " ".join(self._valid[above][1] for above in shown if above in self._valid) or self._valid[code][1]

    def named(self, text: str, *, within: str) -> Named:
        """See Places; the names are laid out when the first is asked for."""
        return self._names.read(text, within=within)

    @cached_property
    def _names(self) -> PlaceNames:
        return PlaceNames(self._valid)


def places_from_register(*, on: date) -> KnownPlaces:
    """All divisions of the register as of a day."""
    valid = {code: (level, name) for code, level, name in valid_on(on).values_list("code", "level", "name")}
    ended = Division.objects.filter(valid_until__lt=on).values_list("code", flat=True)
    return KnownPlaces(valid, frozenset(ended) - valid.keys())


def places_from_list() -> KnownPlaces:
    """The divisions of the shipped list, for checks without a database."""
    return KnownPlaces({line.code: (line.level, line.name) for line in listed(settings.PROVINCE)}, frozenset())
