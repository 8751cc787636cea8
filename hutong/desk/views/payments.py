"""The desk of payments (发放): where each month is and who has it, the money, whoever is entitled and unpaid."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, permissions_of
from hutong.allowances import run_queries as queries
from hutong.allowances.models.run import OPEN_RUNS, RunState
from hutong.desk.board_lines import MoneyLine, batch_step, money_lines, past_lines, run_step
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.paging import page_links
from hutong.desk.payment_lines import LateRow, failed_rows, held_rows, missing_rows
from hutong.desk.payment_words import hold_title, month
from hutong.divisions.queries import names_of, valid_on
from hutong.law.division_code import Level, full, level_of
from hutong.treasury import queries as treasury
from hutong.treasury.queries import UNSETTLED

PAGE, PAST = 100, 12
SEES = Permission.SEE_PAYMENTS


def counties_of(user: Person, permission: Permission, *, on: date) -> list[tuple[str, str]]:
    """The counties in which a person may do something (可办县区), code and name."""
    area = jurisdiction_of(user, permission, on=on)
    codes = [full(one) for one in area.prefixes if level_of(full(one)) is Level.COUNTY]
    if len(codes) < len(area.prefixes):
        codes = [one.code for one in valid_on(on).filter(area.where("code"), level=Level.COUNTY)]
    names = names_of(codes)
    return [(code, names.get(code, code)) for code in sorted(codes)]


def places_to_prepare(user: Person, *, on: date) -> list[tuple[str, str]]:
    """The counties whose runs a person prepares."""
    return counties_of(user, Permission.PREPARE_RUNS, on=on)


@only(SEES)
def index(request: OfficeRequest) -> HttpResponse:
    """The board (发放工作台): what is in hand and with whom, what comes next, the money, the late, past months."""
    user, on = request.user, today()
    permissions = permissions_of(user, on=on)
    in_hand = queries.runs(user, on=on).filter(state__in=OPEN_RUNS)
    unsettled = treasury.batches(user, on=on).filter(state__in=UNSETTLED).select_related("run")
    steps = [run_step(one, user, permissions) for one in in_hand]
    steps += [batch_step(one, user, permissions) for one in unsettled]
    found = money_lines(treasury.balances(user, on=on), treasury.balances(user, on=on, year=on.year))
    late = late_counts(user, on=on)
    context = {
        "steps": steps,
        "place": found[0] if len(found) == 1 else None,
        "places": found,
        "totals": MoneyLine.total(found),
        "late": sum(late.values()),
        "to_prepare": _to_prepare(user, on=on) if Permission.PREPARE_RUNS in permissions else [],
        "next_month": month(on),
        "month_key": f"{on:%Y-%m}",
        "past": past_lines(queries.runs(user, on=on).exclude(state=RunState.CANCELLED)[:PAST]),
        "year": on.year,
        "may_prepare": Permission.PREPARE_RUNS in permissions,
    }
    return render(request, "desk/payments/board.html", context)


def _to_prepare(user: Person, *, on: date) -> list[tuple[str, str]]:
    """Counties whose month has no run yet."""
    begun = (
        queries.runs(user, on=on).filter(month=on.replace(day=1), purpose="regular").exclude(state=RunState.CANCELLED)
    )
    known = set(begun.values_list("division_code", flat=True))
    return [one for one in places_to_prepare(user, on=on) if one[0] not in known]


@dataclass(frozen=True)
class LateList:
    """One list of the unpaid (未发放清单): its rows and how they are said."""

    label: str | Promise
    rows: Callable[..., QuerySet[Any, Any]]
    said: Callable[..., list[LateRow]]


def _lists(user: Person, *, on: date) -> dict[str, LateList]:
    held = queries.held_late(user, on=on)
    codes = sorted(set(held.values_list("hold", flat=True)))
    lists = {
        f"hold_{code}": LateList(hold_title(code), lambda *_, code=code, **__: held.filter(hold=code), held_rows)
        for code in codes
    }
    lists["failed"] = LateList(_lazy("Not paid by the bank"), treasury.failed, failed_rows)
    lists["missing"] = LateList(_lazy("In no run"), queries.missing, missing_rows)
    return lists


def late_counts(user: Person, *, on: date) -> dict[str, int]:
    """How many are entitled and unpaid, by list (未发放人次)."""
    return {name: one.rows(user, on=on).count() for name, one in _lists(user, on=on).items()}


@dataclass(frozen=True)
class LateChip:
    """One list, one press away (未发放分组)."""

    label: str | Promise
    href: str
    is_current: bool
    count: int


@only(SEES)
def late(request: OfficeRequest) -> HttpResponse:
    """The late (未发放清单): everybody entitled and unpaid, why, since when, and what is to be done."""
    user, on = request.user, today()
    lists, counts = _lists(user, on=on), late_counts(user, on=on)
    first = next((name for name, count in counts.items() if count), "failed")
    chosen = request.GET.get("list", first)
    chosen = chosen if chosen in lists else first
    page = Paginator(lists[chosen].rows(user, on=on), PAGE).get_page(request.GET.get("page"))
    address = reverse("desk:late")
    context = {
        "chips": [
            LateChip(one.label, f"{address}?list={name}", name == chosen, counts[name]) for name, one in lists.items()
        ],
        "total": sum(counts.values()),
        "chosen": chosen,
        "title": lists[chosen].label,
        "rows": lists[chosen].said(user, page.object_list, on=on),
        "page": page,
        "anew": places_to_prepare(user, on=on) if chosen == "failed" and counts["failed"] else [],
    } | page_links(request, page)
    return render(request, "desk/payments/late.html", context)
