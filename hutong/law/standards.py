"""Standards (保障标准) that an office sets by a document of its own, beside those that come with the product."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hutong.law.citation import Citation, Instrument
from hutong.law.parameters import Parameter, Parameters, Value

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Scheme (保障项目): its titles, the parameter that holds its amount, and what else the same amount is paid by.

    `absorbed`: the levels that an office's standard, which knows only one, sets aside.
    """

    zh: str
    en: str
    code: str
    followed_by: tuple[str, ...] = ()
    absorbed: tuple[str, ...] = ()


SCHEMES = {
    "institution": Scheme(
        "孤儿基本生活费（机构集中养育）", "Orphan basic living allowance, institution", "allowance_institution"
    ),
    "scattered": Scheme(
        "孤儿基本生活费（社会散居）",
        "Orphan basic living allowance, scattered",
        "allowance_scattered",
        followed_by=("allowance_hiv",),
    ),
    "de_facto": Scheme(
        "事实无人抚养儿童基本生活补贴",
        "Basic living subsidy of de facto unattended children",
        "allowance_de_facto",
        absorbed=("allowance_de_facto_poor",),
    ),
}
SCHEME_OF = {"orphan_institution": "institution", "orphan_kin": "scattered", "de_facto": "de_facto"}
"""The scheme by which a category's standard is paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalStandard:
    """Local standard (本级标准): what a scheme pays a month at a place, from a first to a last day, and by what."""

    scheme: str
    prefix: str
    from_on: date
    until_on: date | None
    amount_fen: int
    number: str
    title: str

    @property
    def citation(self) -> Citation:
        """The document it rests on (依据文件)."""
        name = f"standard_{self.prefix}_{self.scheme}_{self.from_on}"
        return Citation(Instrument(name, self.title, self.title, self.number, "", False))

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def overlaid(parameters: Parameters, standards: Iterable[LocalStandard]) -> Parameters:
    """The parameters with an office's standards on top (叠加本级标准), each for its days and its place.

    Those of one scheme and place do not overlap.
    """
    kept: dict[tuple[str, str], list[LocalStandard]] = defaultdict(list)
    for one in standards:
        kept[one.scheme, one.prefix].append(one)
    return parameters.overlaid(
        parameter for (scheme, prefix), held in kept.items() for parameter in _layers(scheme, prefix, held)
    )


def _layers(scheme: str, prefix: str, held: list[LocalStandard]) -> Iterator[Parameter]:
    said, in_order = SCHEMES[scheme], sorted(held, key=lambda one: one.from_on)
    amounts = tuple(Value(one.from_on, one.amount_fen, one.citation, "", one.until_on) for one in in_order)
    nothing = tuple(Value(one.from_on, None, one.citation, "", one.until_on) for one in in_order)
    for code in (said.code, *said.followed_by):
        yield Parameter(code, said.zh, said.en, "fen_per_month", prefix, amounts)
    for code in said.absorbed:
        yield Parameter(code, said.zh, said.en, "fen_per_month", prefix, nothing)


def giving_way(standards: Iterable[LocalStandard], new: LocalStandard) -> Iterator[LocalStandard]:
    """The standards as they are once a new one is confirmed (新旧衔接): an open one ends before it begins."""
    for one in standards:
        yield replace(one, until_on=new.from_on - DAY) if gives_way(one, new) else one


def gives_way(one: LocalStandard, new: LocalStandard) -> bool:
    """Whether a standard without a last day is replaced by a new one of its scheme and place (被新标准替代)."""
    is_same = (one.scheme, one.prefix) == (new.scheme, new.prefix)
    return is_same and one.until_on is None and one.from_on < new.from_on


def lower_than(parameters: Parameters, new: LocalStandard) -> tuple[Value | None, Value | None]:
    """The standards a new one lies below (不低于): of the place above it, and the one before it; none where it does
    not. `parameters` are those without it."""
    above = _value(parameters, new, new.prefix[:-2], new.from_on)
    before = _value(parameters, new, new.prefix, new.from_on - DAY)
    return _if_higher(above, new), _if_higher(before, new)


def _value(parameters: Parameters, new: LocalStandard, prefix: str, on: date) -> Value | None:
    try:
        return parameters.value(SCHEMES[new.scheme].code, on=on, jurisdiction=prefix)
    except LookupError:
        return None


def _if_higher(found: Value | None, new: LocalStandard) -> Value | None:
    return found if found and isinstance(found.value, int) and found.value > new.amount_fen else None
