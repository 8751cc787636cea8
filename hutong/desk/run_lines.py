"""A run in words (核定用语): its figures, each with the list it opens; who waits and why; what differs from before."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.allowances import run_queries as queries
from hutong.allowances.models import Run
from hutong.allowances.run_queries import ADDED, CHANGED, COMPARED, DROPPED, Summary
from hutong.desk.payment_words import WHY_CHANGED, WHY_DROPPED, hold_action, hold_title, paid_category
from hutong.desk.titles import money

TITLES: dict[str, Promise] = {
    queries.ALL: _lazy("All lines"),
    queries.PAYS: _lazy("To be paid"),
    queries.ARREARS: _lazy("Arrears"),
    "held": _lazy("Held"),
    ADDED: _lazy("Added this month"),
    DROPPED: _lazy("Dropped"),
    CHANGED: _lazy("Another amount"),
}


@dataclass(frozen=True)
class HoldLine:
    """Who waits for one reason (暂缓行)."""

    title: str
    action: str
    children: int
    amount: str
    href: str
    tone: str


def hold_lines(summary: Summary) -> list[HoldLine]:
    """Why children wait (暂缓原因), the most first; those that nothing is owed to come last."""
    return [
        HoldLine(
            hold_title(code),
            hold_action(code),
            one.children,
            money(one.fen),
            f"?list=hold_{code}#lines",
            "plain" if code == "topped" else "soon",
        )
        for code, one in sorted(summary.holds.items(), key=lambda item: (item[0] == "topped", -item[1].children))
    ]


@dataclass(frozen=True)
class CategoryLine:
    """What is paid for one category (类别行)."""

    title: str
    children: int
    lines: int
    amount: str
    href: str


@dataclass(frozen=True)
class SummaryLines:
    """The figures of a run in words (汇总行)."""

    children: int
    lines: int
    amount: str
    arrears: int
    arrears_amount: str
    held: int
    categories: list[CategoryLine]


def summary_lines(run: Run, summary: Summary) -> SummaryLines:
    """What a run pays, and how many wait."""
    categories = [
        CategoryLine(paid_category(code), one.children, one.lines, money(one.fen), f"?list=category_{code}#lines")
        for code, one in summary.categories.items()
    ]
    return SummaryLines(
        summary.pays.children,
        summary.pays.lines,
        money(summary.pays.fen),
        summary.arrears.lines,
        money(summary.arrears.fen),
        sum(one.children for one in summary.holds.values()),
        categories,
    )


@dataclass(frozen=True)
class ComparedLine:
    """One kind of difference from the month before (比对行), with the list it opens for each reason."""

    title: str
    count: int
    href: str
    reasons: list[tuple[str, int, str]]


def compared_lines(run: Run, earlier: Run) -> list[ComparedLine]:
    """Added, dropped and changed (与上次相比), each with its reasons."""
    return [_compared(name, run, earlier) for name in COMPARED]


def _compared(name: str, run: Run, earlier: Run) -> ComparedLine:
    found = COMPARED[name](run, earlier)
    titles = {DROPPED: WHY_DROPPED, CHANGED: WHY_CHANGED}.get(name, {})
    counts = queries.by_why(found) if titles else {"": found.count()}
    reasons = [(str(titles[why]), count, f"?list={name}-{why}#lines") for why, count in counts.items() if why]
    return ComparedLine(str(TITLES[name]), sum(counts.values()), f"?list={name}#lines", reasons)


@dataclass(frozen=True)
class ListChip:
    """One list of a run (清单)."""

    label: str
    href: str
    is_current: bool
    count: int = 0


def list_chips(run: Run, chosen: str) -> list[ListChip]:
    """The lists that are opened most, and the one that is open now."""
    address = reverse("desk:run", args=[run.pk])
    shown = [queries.ALL, queries.PAYS, queries.ARREARS, "held"]
    chips = [ListChip(str(TITLES[name]), f"{address}?list={name}#lines", name == chosen) for name in shown]
    if chosen not in shown:
        chips.append(ListChip(list_title(chosen), f"{address}?list={chosen}#lines", is_current=True))
    return chips


def list_title(name: str) -> str:
    """What a list is called."""
    if name == queries.OVERPAID:
        return _("Paid too much")
    kind, _dash, why = name.partition("-")
    if kind in COMPARED:
        more = (WHY_DROPPED | WHY_CHANGED).get(why)
        return f"{TITLES[kind]} · {more}" if more else str(TITLES[kind])
    if name.startswith("category_"):
        return paid_category(name.removeprefix("category_"))
    return hold_title(name.removeprefix("hold_")) if name.startswith("hold_") else str(TITLES[name])
