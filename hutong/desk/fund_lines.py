"""Funds in words (资金用语): what was granted, whether it counts yet, what stands in which book."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.models import Person
from hutong.desk.payment_words import level_title, nature_title
from hutong.desk.titles import money
from hutong.divisions.queries import names_of
from hutong.treasury.models import Allocation, Book, Fund
from hutong.treasury.models.book import BookKind
from hutong.treasury.queries import books


@dataclass(frozen=True)
class FundLine:
    """A fund in words (资金行); `sums` what of it stands in which kind of book at the places that are seen."""

    fund: Fund
    level: str
    nature: str
    place: str
    amount: str
    tone: str
    state: str
    sums: dict[str, str]


KINDS = (BookKind.UNDIVIDED, BookKind.AVAILABLE, BookKind.COMMITTED, BookKind.AT_BANK, BookKind.PAID)


def fund_lines(user: Person, funds: Sequence[Fund], *, on: date) -> list[FundLine]:
    """Funds with what is left of each."""
    sums: dict[int, dict[str, int]] = {}
    found = books(user, on=on).filter(fund__in=[one.pk for one in funds]).order_by().values_list("fund", "kind")
    for fund, kind, fen in found.annotate(fen=Sum("balance_fen")):
        sums.setdefault(fund, {})[kind] = fen
    return [fund_line(one, sums.get(one.pk, {})) for one in funds]


def fund_line(fund: Fund, sums: dict[str, int] | None = None) -> FundLine:
    """One fund."""
    tone, state = waiting_words(fund)
    place = names_of([fund.division_code]).get(fund.division_code, fund.division_code)
    shown = {kind.value: money((sums or {}).get(kind, 0)) for kind in KINDS}
    return FundLine(
        fund, level_title(fund.level), nature_title(fund.nature), place, money(fund.amount_fen), tone, state, shown
    )


def waiting_words(entered: Fund | Allocation) -> tuple[str, str]:
    """The tone and the words for whether it counts yet."""
    if entered.refused_words:
        return "late", _("Refused")
    return ("soon", _("Waits for a second person")) if entered.is_waiting else ("fine", _("Confirmed"))


@dataclass(frozen=True)
class BookLine:
    """A book in words (账户行)."""

    place: str
    kind: str
    amount: str


def book_lines(found: Iterable[Book]) -> list[BookLine]:
    """The books of a fund by place, in the order in which money goes through them."""
    order = {kind.value: at for at, kind in enumerate(KINDS)}
    rows = sorted(found, key=lambda one: (one.division_code, order[one.kind]))
    names = names_of({one.division_code for one in rows})
    return [
        BookLine(names.get(one.division_code, one.division_code), str(one.get_kind_display()), money(one.balance_fen))
        for one in rows
    ]


@dataclass(frozen=True)
class AllocationLine:
    """What was handed out in words (分配行)."""

    allocation: Allocation
    place: str
    amount: str
    tone: str
    state: str
    acts: frozenset[str]


def allocation_lines(found: Sequence[Allocation], acts: Callable[[Allocation], frozenset[str]]) -> list[AllocationLine]:
    """What of a fund was handed out, the latest first."""
    names = names_of({one.division_code for one in found})
    return [
        AllocationLine(
            one, names.get(one.division_code, one.division_code), money(one.amount_fen), *waiting_words(one), acts(one)
        )
        for one in found
    ]


@dataclass(frozen=True)
class YearChip:
    """Funds of one year (资金年度)."""

    label: str
    href: str
    is_current: bool
    count: int = 0


def year_chips(years: Iterable[int], chosen: int | None) -> list[YearChip]:
    """All years, and each."""
    address = reverse("desk:funds")
    every = YearChip(_("All years"), address, chosen is None)
    return [every, *(YearChip(str(year), f"{address}?year={year}", year == chosen) for year in years)]
