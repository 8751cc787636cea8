"""Funds by page (资金): what was granted and confirmed, what is handed out, what stands in which book."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may
from hutong.desk.fund_lines import allocation_lines, book_lines, fund_line, fund_lines, year_chips
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.payment_forms import AllocationForm, FundForm, WordsForm
from hutong.desk.titles import money
from hutong.divisions.queries import names_of, valid_on
from hutong.law.division_code import Level, full, level_of
from hutong.treasury import queries
from hutong.treasury.actions import funding
from hutong.treasury.models import Allocation, Fund

SEES, KEEPS, CONFIRMS = Permission.SEE_PAYMENTS, Permission.KEEP_FUNDS, Permission.CONFIRM_FUNDS


@only(SEES)
def index(request: OfficeRequest) -> HttpResponse:
    """Funds (资金): by year, level and nature, with what is left of each."""
    found = queries.funds(request.user, on=today())
    years = sorted(set(found.order_by().values_list("year", flat=True)), reverse=True)
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isdecimal() and int(asked) in years else None
    rows = list(found.filter(year=chosen) if chosen else found)
    context = {
        "funds": fund_lines(request.user, rows, on=today()),
        "chips": year_chips(years, chosen),
        "may_enter": bool(_places(request.user)),
    }
    return render(request, "desk/funds/index.html", context)


def _places(user: Person) -> list[tuple[str, str]]:
    """The places whose money somebody enters: their own."""
    codes = [full(one) for one in jurisdiction_of(user, KEEPS, on=today()).prefixes]
    names = names_of(codes)
    return [(code, names.get(code, code)) for code in codes]


@only(KEEPS)
@fresh
def enter(request: OfficeRequest) -> HttpResponse:
    """Enter a fund (登记资金) as its document grants it; another person confirms it."""
    form = FundForm(request.POST or None, places=_places(request.user), on=today())
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = funding.enter_fund(
                by=request.user, division_code=typed["place"], year=typed["year"], level=typed["level"],
                nature=typed["nature"], amount_fen=typed["amount"], document=typed["document"], on=today(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Entered. Another person confirms it; then it can be paid from."))
            return redirect("desk:fund", made.pk)
    return render(request, "desk/funds/enter.html", {"form": form}, status=422 if form.errors else 200)


def _fund_or_404(request: OfficeRequest, number: int) -> Fund:
    found = queries.fund(request.user, number, on=today())
    if found is None:
        raise Http404
    return found


@only(SEES)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One fund (资金详情): its books, what was handed out."""
    return _page(request, _fund_or_404(request, number))


def _page(request: OfficeRequest, fund: Fund, status: int = 200, **more: Any) -> HttpResponse:
    user, on = request.user, today()
    is_county = level_of(fund.division_code) is Level.COUNTY
    keeps = may(user, KEEPS, code=fund.division_code, on=on)
    found = list(queries.allocations(user, fund, on=on))
    context: dict[str, Any] = {
        "fund": fund,
        "line": fund_line(fund),
        "amount": money(fund.amount_fen),
        "books": book_lines(queries.books(user, on=on).filter(fund=fund)),
        "allocations": allocation_lines(found, lambda one: _acts(user, one, fund.division_code)),
        "acts": _acts(user, fund, fund.division_code),
        "can_allocate": keeps and not is_county and fund.confirmed_by_id is not None,
        "form": AllocationForm(places=_counties(fund)),
        "words_form": WordsForm(),
    }
    return render(request, "desk/funds/show.html", context | more, status=status)


def _acts(user: Person, entered: Fund | Allocation, place: str) -> frozenset[str]:
    """What somebody may do with what waits: the second person confirms or refuses, the first takes it back."""
    if not entered.is_waiting:
        return frozenset()
    if entered.entered_by_id == user.pk:
        return frozenset({"refuse"}) if may(user, KEEPS, code=place, on=today()) else frozenset()
    return frozenset({"confirm", "refuse"}) if may(user, CONFIRMS, code=place, on=today()) else frozenset()


def _counties(fund: Fund) -> list[tuple[str, str]]:
    prefix = fund.division_code.rstrip("0")
    found = valid_on(today()).filter(code__startswith=prefix, level=Level.COUNTY).order_by("code")
    return [(one.code, one.name) for one in found]


@only(KEEPS)
@fresh
def allocate(request: OfficeRequest, number: int) -> HttpResponse:
    """Hand out part of a fund (分配资金); another person confirms it."""
    fund = _fund_or_404(request, number)
    if not may(request.user, KEEPS, code=fund.division_code, on=today()):
        raise Http404
    if request.method != "POST":
        return redirect("desk:fund", number)
    form = AllocationForm(request.POST, places=_counties(fund))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            funding.allocate(
                by=request.user, fund=fund, division_code=typed["place"], amount_fen=typed["amount"],
                document=typed["document"], on=today(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Entered. Another person confirms it; then the county can pay from it."))
            return redirect("desk:fund", number)
    return _page(request, fund, 422, form=form)


@only(KEEPS, CONFIRMS)
@fresh
def decide(request: OfficeRequest, number: int, act: str) -> HttpResponse:
    """Confirm a fund or refuse it (确认资金)."""
    return _decide(request, _fund_or_404(request, number), act, number)


@only(KEEPS, CONFIRMS)
@fresh
def decide_allocation(request: OfficeRequest, number: int, act: str) -> HttpResponse:
    """Confirm what is handed out, or refuse it (确认分配)."""
    found = queries.allocation(request.user, number, on=today())
    if found is None:
        raise Http404
    return _decide(request, found, act, found.fund_id)


def _decide(request: OfficeRequest, entered: Fund | Allocation, act: str, back: int) -> HttpResponse:
    if act not in ("confirm", "refuse"):
        raise Http404
    if request.method != "POST":
        return redirect("desk:fund", back)
    form = WordsForm(request.POST)
    if act == "refuse" and not form.is_valid():
        return _page(request, _fund_or_404(request, back), 422, words_form=form, refusing=entered.pk)
    try:
        if isinstance(entered, Fund):
            _act_on_fund(request.user, entered, form.cleaned_data["words"] if act == "refuse" else "")
        else:
            _act_on_allocation(request.user, entered, form.cleaned_data["words"] if act == "refuse" else "")
    except NotAllowed as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Done, and recorded."))
    return redirect("desk:fund", back)


def _act_on_fund(user: Person, fund: Fund, words: str) -> None:
    """Confirms, or refuses with words."""
    if words:
        funding.refuse_money(by=user, entered=fund, words=words, on=today())
    else:
        funding.confirm_fund(by=user, fund=fund, on=today())


def _act_on_allocation(user: Person, allocation: Allocation, words: str) -> None:
    """Confirms, or refuses with words."""
    if words:
        funding.refuse_money(by=user, entered=allocation, words=words, on=today())
    else:
        funding.confirm_allocation(by=user, allocation=allocation, on=today())
