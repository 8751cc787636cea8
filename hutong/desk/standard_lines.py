"""Standards in words (保障标准用语): rows, what holds today, and what one would do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.allowances.models import Standard
from hutong.allowances.models.standard import StandardStage
from hutong.allowances.standard_effects import WhatIf
from hutong.allowances.standards import InForce
from hutong.desk.law_words import citation_words, place_title
from hutong.desk.titles import money, pair_title, span
from hutong.desk.words import category_title
from hutong.law.disclosure import is_small
from hutong.law.division_code import prefix_of
from hutong.law.months import Month
from hutong.law.standards import SCHEMES
from hutong.law.what_if import Effect

TONES = {
    StandardStage.PROPOSED: "soon",
    StandardStage.CONFIRMED: "fine",
    StandardStage.REFUSED: "plain",
    StandardStage.WITHDRAWN: "plain",
}


def scheme_title(scheme: str) -> str:
    """What a scheme is called."""
    return pair_title((SCHEMES[scheme].zh, SCHEMES[scheme].en))


@dataclass(frozen=True)
class StandardLine:
    """A standard in words (标准行)."""

    number: int
    scheme: str
    place: str
    amount: str
    span: str
    document: str
    state: str
    tone: str


def standard_lines(found: Iterable[Standard]) -> list[StandardLine]:
    """Standards in words (标准列表)."""
    return [
        StandardLine(
            one.pk,
            scheme_title(one.scheme),
            place_title(prefix_of(one.division_code)),
            money(one.amount_fen),
            span(one.from_on, one.until_on),
            citation_words(one.fact.citation),
            str(StandardStage(one.stage).label),
            TONES[StandardStage(one.stage)],
        )
        for one in found
    ]


@dataclass(frozen=True)
class HoldingLine:
    """What holds today at a place (现行标准行); `number` of the row it comes from."""

    place: str
    amount: str
    since: str
    source: str
    number: int | None
    is_provisional: bool
    is_below: bool


@dataclass(frozen=True)
class SchemeCard:
    """What a scheme pays today (现行标准卡片)."""

    title: str
    lines: list[HoldingLine]


def scheme_cards(found: Sequence[InForce]) -> list[SchemeCard]:
    """What every scheme pays today, place by place (现行标准)."""
    return [
        SchemeCard(scheme_title(scheme), [_holding(one) for one in found if one.scheme == scheme]) for scheme in SCHEMES
    ]


def _holding(one: InForce) -> HoldingLine:
    place, value = place_title(prefix_of(one.division_code)), one.value
    if value is None or not isinstance(value.value, int):
        return HoldingLine(place, "—", "", _("No standard is known here."), None, False, False)
    return HoldingLine(
        place,
        money(value.value),
        span(value.from_on, value.until_on),
        citation_words(value.citation),
        one.standard.pk if one.standard else None,
        value.is_provisional,
        one.is_below,
    )


@dataclass(frozen=True)
class EffectLine:
    """What a standard would do at a place (试算行); sums are not said of a few children."""

    place: str
    category: str
    children: str
    before: str
    after: str
    difference: str
    gain: str
    lose: str
    stay: str


@dataclass(frozen=True)
class Tried:
    """A what-if in words (试算用语)."""

    month: str
    lines: list[EffectLine]
    total: EffectLine
    sum: list[str]
    late: str
    late_sum: str
    is_nobody: bool
    is_few: bool
    took: str


def tried(found: WhatIf) -> Tried:
    """What was tried, as it is read (试算结果)."""
    few = is_small(found.total.children, found.small)
    first, last = (found.arrears[at][0] if found.arrears else None for at in (0, -1))
    return Tried(
        str(found.month),
        [_effect(one, found.small) for one in found.lines],
        _effect(found.total, found.small),
        [] if few else [_part(count, each) for count, each in found.parts],
        _months(first, last, len(found.arrears)) if first and last else "",
        "" if few else money(found.arrears_fen),
        not found.total.children,
        few,
        f"{found.seconds:.2f}",
    )


def _months(first: Month, last: Month, months: int) -> str:
    if months == 1:
        return str(first)
    return ngettext("%(first)s to %(last)s, %(months)s month", "%(first)s to %(last)s, %(months)s months", months) % {
        "first": first,
        "last": last,
        "months": months,
    }


def _part(count: int, each: int) -> str:
    """`1,204 children × 80.00 yuan = 96,320.00 yuan`; of a few children the sum alone."""
    if not count:
        return _("others, together %(sum)s yuan") % {"sum": money_less(each)}
    said = {"children": intcomma(count), "each": money_less(each), "sum": money_less(count * each)}
    return (
        ngettext(
            "%(children)s child × %(each)s yuan = %(sum)s yuan",
            "%(children)s children × %(each)s yuan = %(sum)s yuan",
            count,
        )
        % said
    )


def money_less(fen: int) -> str:
    """`80.00` or `−80.00`: a sum, or one that is taken off."""
    return signed(fen).removeprefix("+")


def signed(fen: int) -> str:
    """`+80.00` or `−80.00`: a sum as it changes."""
    sign = "+" if fen > 0 else "−" if fen < 0 else ""
    return f"{sign}{money(abs(fen))}"


def _effect(one: Effect, small: int) -> EffectLine:
    few = is_small(one.children, small)
    sums = ["—"] * 3 if few else [money(one.before_fen), money(one.after_fen), signed(one.difference_fen)]
    return EffectLine(
        place_title(prefix_of(one.place)) if one.place else _("Places of few children, together"),
        category_title(one.category) if one.category else _("All categories"),
        _count(one.children, small),
        *sums,
        *_counts([one.gain, one.lose, one.stay], one.children, small),
    )


def _counts(counts: list[int], children: int, small: int) -> list[str]:
    """Counts that make up a whole: of a few children a span, and then the largest is not exact either."""
    few = sum(is_small(count, small) for count in counts)
    largest = max(counts)
    return [
        _at_least(children - few * small)
        if few and count == largest and not is_small(count, small)
        else _count(count, small)
        for count in counts
    ]


def _at_least(count: int) -> str:
    return f"≥ {intcomma(max(count, 0))}"


def _count(count: int, small: int) -> str:
    return f"1–{small}" if is_small(count, small) else str(intcomma(count))
