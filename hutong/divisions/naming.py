"""Places by the names that people write (地名读法): only whole names, never a likeness.

`宁夏回族自治区银川市贺兰县习岗镇新胜村3组12号` is read from the left, level by level; a level may be left out.
What is left over is the address. Endings of one meaning count as one: 新胜村, 新胜村委会, 新胜村民委员会 are one place.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from hutong.law.division_code import LENGTH_OF, PROVINCES, Level, prefix_of

COMMITTEES = (
    ("社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区"),
    ("村民委员会", "村委员会", "村委会", "村"),
    ("嘎查委员会", "嘎查"),
)
TOWNSHIPS = (("街道办事处", "街道", "办事处"), ("镇人民政府", "镇"), ("乡人民政府", "乡"))
ENDINGS = {Level.VILLAGE: COMMITTEES, Level.TOWNSHIP: TOWNSHIPS}
"""Endings of one meaning in groups, longer ones first; a name of another group is taken where none of its own fits."""
PROVINCE_SHORT = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区", "省", "市")
BETWEEN = " ,，、.。-—_/\\:：;；"
COUNTY = LENGTH_OF[Level.COUNTY]
"""A name that begins with its county is looked for in the whole province; a shorter one in the place asked for."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names (地名解析): the codes that it may be, and the words after the name."""

    codes: tuple[str, ...] = ()
    rest: str = ""


def spelled(name: str, level: Level) -> tuple[set[str], set[str]]:
    """The ways to write a place's name (地名写法): those of its own kind, and those of other endings."""
    if level == Level.PROVINCE:
        return {name, province_short(name)}, set()
    for endings in ENDINGS.get(level, ()):
        ending = next((one for one in endings if name.endswith(one) and name != one), "")
        if ending:
            stem = name.removesuffix(ending)
            stems = {stem, stem.removesuffix(endings[-1])} - {""}
            own = {stem + one for stem in stems for one in endings if stem + one not in endings}
            return own | {name}, {stem + one for group in ENDINGS[level] for one in group} - own
    return {name}, set()


def province_short(name: str) -> str:
    """`宁夏` for `宁夏回族自治区` (省级简称)."""
    return next((name.removesuffix(ending) for ending in PROVINCE_SHORT if name.endswith(ending)), name)


class PlaceNames:
    """The names of one province's places (地名索引), held in memory."""

    def __init__(self, places: Mapping[str, tuple[str, str]]) -> None:
        self._own: dict[str, list[str]] = {}
        self._alike: dict[str, list[str]] = {}
        for code, (level, name) in places.items():
            own, alike = spelled(name, Level(level))
            for word in own:
                self._own.setdefault(word, []).append(code)
            for word in alike:
                self._alike.setdefault(word, []).append(code)
        self._lengths: dict[str, list[int]] = {}
        for word in sorted({*self._own, *self._alike}, key=len, reverse=True):
            lengths = self._lengths.setdefault(word[:2], [])
            if len(word) not in lengths:
                lengths.append(len(word))

    def read(self, text: str, *, within: str) -> Named:
        """The places that a text may name, counties and below; of several ways to read it, what understands most."""
        ways = [(code, at) for code, at in self._read(text, 0, "", within) if len(prefix_of(code)) >= COUNTY]
        if not ways:
            return Named()
        furthest = max(at for _, at in ways)
        codes = tuple(sorted({code for code, at in ways if at == furthest}))
        return Named(codes, text[furthest:].strip(BETWEEN))

    def _read(self, text: str, at: int, above: str, within: str) -> Iterator[tuple[str, int]]:
        """Every way to go on from a place: the code reached, and how far the text is read."""
        while at < len(text) and text[at] in BETWEEN:
            at += 1
        area = above if len(above) >= COUNTY else within
        for names in (self._own, self._alike):
            found = False
            for length in self._lengths.get(text[at : at + 2], ()):
                for code in names.get(text[at : at + length], ()) if at + length <= len(text) else ():
                    if _goes_on(prefix_of(code), above, area):
                        found = True
                        yield code, at + length
                        yield from self._read(text, at + length, prefix_of(code), within)
            if found:
                return


def _goes_on(prefix: str, above: str, area: str) -> bool:
    """Whether a place lies below the one before it, and inside the area or around it; counties may be anywhere."""
    if not (prefix.startswith(above) and len(prefix) > len(above)):
        return False
    return len(prefix) <= COUNTY or prefix.startswith(area) or area.startswith(prefix)


class CountyNames:
    """The names of counties all over the country (全国县名): `甘肃省平凉市静宁县` or `静宁县`."""

    def __init__(self, counties: Collection[tuple[str, str, str]]) -> None:
        """Of `counties` the code, the name and the names above it, apart by spaces."""
        self._counties: dict[str, list[tuple[str, str]]] = {}
        for code, name, above in counties:
            self._counties.setdefault(name, []).append((code, above))
        self._lengths = sorted({len(name) for name in self._counties}, reverse=True)
        self._provinces = {word: code for code, name in PROVINCES.items() for word in (name, province_short(name))}
        self._cities = {above.split(" ")[1] for _, _, above in counties if " " in above}

    def read(self, text: str) -> tuple[str, ...]:
        """The codes of the counties that a text may name."""
        province = self._first(text, self._provinces)
        text = text.removeprefix(province).lstrip(BETWEEN)
        city = self._first(text, self._cities)
        found = self._county(text.removeprefix(city).lstrip(BETWEEN), city) if city else ()
        codes = found or self._county(text, "")
        return tuple(code for code in codes if code.startswith(self._provinces.get(province, "")))

    def _county(self, text: str, city: str) -> tuple[str, ...]:
        named = next((text[:length] for length in self._lengths if text[:length] in self._counties), "")
        return tuple(code for code, above in self._counties.get(named, ()) if above.endswith(city))

    @staticmethod
    def _first(text: str, words: Collection[str]) -> str:
        """The longest of the words that the text begins with."""
        return max((word for word in words if text.startswith(word)), key=len, default="")
