"""The national list of counties (全国县级以上区划): where somebody may be registered outside our own province.

Read from the list of GB/T 2260 codes that python-stdnum ships; no copy of it is kept here. It knows counties and
what stands above them, with the years in which a code held. Our own province is in the register of divisions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from stdnum import numdb

from hutong.divisions.naming import CountyNames
from hutong.kit.names import spoken
from hutong.law.division_code import PROVINCES, full

HELD = re.compile(r"(?:\[(?P<since>\d{4})?-(?P<until>\d{4})?\])?(?P<name>[^\[\],]+)")
COLLECTIVE = frozenset({"市辖区", "县", "市", "省直辖行政单位", "省直辖县级行政单位", "自治区直辖县级行政单位"})
WITHOUT_COUNTIES = ("71", "81", "82")  # Taiwan, Hong Kong and Macao: the list names them and nothing below


@dataclass(frozen=True, slots=True)
class Place:
    """One code of the list (全国区划条目): its last name; `last_year` is the year in which the code was abolished."""

    code: str
    name: str
    last_year: int | None
    path: str
    pinyin: str
    initials: str

    @property
    def title(self) -> str:
        """`浙江省 杭州市 西湖区`."""
        return f"{self.path} {self.name}".strip()

    @property
    def is_county(self) -> bool:
        """Whether a household can be registered there: a county that is one, not the heading of several."""
        return self.code[4:6] != "00" and self.name not in COLLECTIVE


@cache
def places() -> dict[str, Place]:
    """The list by the first six digits of the codes; read once a process."""
    return {place.code[:6]: place for place in _read()}


def place_of(code: str) -> Place | None:
    """The county, or what stands above it, in which a code lies; None where nobody knows it."""
    return places().get(f"{code[:2]}0000" if code.startswith(WITHOUT_COUNTIES) else code[:6])


def county_title(code: str) -> str:
    """`浙江省 杭州市 西湖区` for a code of six to twelve digits; nothing for a code that nobody knows."""
    place = place_of(code)
    return place.title if place else ""


def search(text: str, *, without: str = "", limit: int = 12) -> list[Place]:
    """Places that stand, by Chinese name, pinyin, initials or code, nearer matches first; `杭州 西湖` fits both words.

    `without` is the province whose places are kept in the register.
    """
    text = text.strip().lower()
    if not text:
        return []
    ranked = ((_nearness(place, text), place) for place in _registered_places() if place.code[:2] != without)
    found = sorted((rank, place.code, place) for rank, place in ranked if rank is not None)
    return [place for _, _, place in found[:limit]]


def named(text: str, *, without: str) -> tuple[str, ...]:
    """The codes of the counties outside a province that a text may name: `甘肃省平凉市静宁县`, `静宁县`."""
    return _county_names(without).read(text)


@cache
def _county_names(without: str) -> CountyNames:
    """The names of the counties that stand, but for those of one province; read once a process."""
    counties = (place for place in _registered_places() if place.is_county and place.code[:2] != without)
    return CountyNames([(place.code, place.name, place.path) for place in counties])


def _nearness(place: Place, text: str) -> int | None:
    if text.isdigit():
        return 0 if place.code.startswith(text) else None
    if text.isascii():
        spelled = text.replace(" ", "")
        return 0 if place.pinyin.startswith(spelled) or place.initials.startswith(spelled) else None
    if place.name.startswith(text):
        return 0
    if text in place.name:
        return 1
    return 2 if all(word in place.title for word in text.split()) else None


@cache
def _registered_places() -> tuple[Place, ...]:
    """Where a household can be registered today: counties, and what has none below it."""
    standing = [place for place in places().values() if place.last_year is None]
    counties = [place for place in standing if place.is_county]
    above = {place.code[:length] for place in counties for length in (2, 4)}
    return (*counties, *(place for place in standing if _is_bare(place, above)))


def _is_bare(place: Place, above: set[str]) -> bool:
    level = 2 if place.code[2:6] == "0000" else 4
    return place.code[4:6] == "00" and place.name not in COLLECTIVE and place.code[:level] not in above


def _read() -> Iterator[Place]:
    for _length, province, _high, _names, below in numdb.get("cn/loc").prefixes:
        names = {digits: _last(properties["county"]) for _, digits, _, properties, _ in below}
        for digits, (name, last_year) in names.items():
            yield _place(province, digits, name, last_year, names)


def _last(held: str) -> tuple[str, int | None]:
    """The last name in `[1983-1992]城区,[1993-]南湖区`, and the year in which it ended."""
    *_, last = HELD.finditer(held)
    return last["name"], int(last["until"]) if last["until"] else None


def _place(
    province: str, digits: str, name: str, last_year: int | None, names: dict[str, tuple[str, int | None]]
) -> Place:
    is_province = digits == "0000"
    city = names.get(f"{digits[:2]}00", ("", None))[0] if digits[2:] != "00" else ""
    above = [] if is_province else [PROVINCES[province], "" if city in COLLECTIVE else city]
    said = PROVINCES[province] if is_province else name
    syllables = spoken(said)
    return Place(
        code=full(province + digits),
        name=said,
        last_year=last_year,
        path=" ".join(filter(None, above)),
        pinyin="".join(syllables),
        initials="".join(syllable[0] for syllable in syllables),
    )
