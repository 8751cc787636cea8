"""The yearly report: who looked at children's files, in figures that open into their lists."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hutong.accounts.access import counted, counted_by, files_looked_at, first_year, with_purpose
from hutong.accounts.actions.looks import see_access, see_refusals
from hutong.accounts.clock import today
from hutong.accounts.models import TrailEntry
from hutong.accounts.permissions import Permission
from hutong.desk.access import PARTS, AccessForm, YearForm, access_entries, access_lines, chosen_words, list_href
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.paging import page_links
from hutong.desk.views.children import Chip

PAGE, MOST_LINES = 50, 24


@only(Permission.SEE_TRAIL)
def index(request: OfficeRequest) -> HttpResponse:
    """The yearly report (查阅年报): looks at children's files by month, county, role, purpose and person."""
    form = YearForm(request.GET)
    if not form.is_valid():
        raise Http404
    year = form.cleaned_data["year"] or timezone.localdate().year
    found = see_access(by=request.user, year=year, on=today())
    refused = see_refusals(by=request.user, year=year, on=today())
    rows = counted(PARTS, found)
    context = {
        "year": year,
        "years": _years(year),
        "figures": _figures(year, found, refused, rows),
        "parts": [_part(name, year, rows[name]) for name in PARTS],
    }
    return render(request, "desk/access/index.html", context)


def _years(current: int) -> list[Chip]:
    last = timezone.localdate().year
    here = reverse("desk:access")
    return [Chip(str(year), f"{here}?year={year}", year == current) for year in range(last, first_year(last) - 1, -1)]


def _figures(
    year: int, found: QuerySet[TrailEntry], refused: QuerySet[TrailEntry], rows: dict[str, list[dict[str, Any]]]
) -> dict[str, tuple[int, str]]:
    """The whole year's numbers with the lists they open into."""
    return {
        "looks": (sum(row["looks"] for row in rows["month"]), list_href(year)),
        "people": (len(rows["person"]), list_href(year, "person")),
        "files": (files_looked_at(found), list_href(year, "file")),
        "refused": (refused.count(), f"{reverse('desk:access_refused')}?year={year}"),
    }


def _part(name: str, year: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One table of the report; a long one of people leads to the rest of it."""
    shown = (
        sorted(rows, key=lambda row: row["key"])
        if name == "month"
        else rows[: MOST_LINES if name == "person" else None]
    )
    more = list_href(year, "person") if name == "person" and len(rows) > MOST_LINES else ""
    return {"title": PARTS[name], "lines": access_lines(shown, name, year), "more": more}


@only(Permission.SEE_TRAIL)
def listed(request: OfficeRequest) -> HttpResponse:
    """A list of the report (查阅明细): the looks that a number counts, the people or the files."""
    form = AccessForm(request.GET)
    if not form.is_valid():
        raise Http404
    year, kind, chosen = form.cleaned_data["year"], form.cleaned_data["listed"], form.chosen
    found = see_access(by=request.user, year=year, on=today(), chosen=chosen)
    rows = with_purpose(found) if kind == "looks" else counted_by(kind, found)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "page": page,
        "chosen": chosen_words(chosen),
        "entries": access_entries(list(page)) if kind == "looks" else [],
        "lines": [] if kind == "looks" else access_lines(list(page), kind, year, **chosen),
        "kind": kind,
    }
    return render(request, "desk/access/list.html", context | page_links(request, page))


@only(Permission.SEE_TRAIL)
def refused(request: OfficeRequest) -> HttpResponse:
    """What was refused (被拒查阅) about children's files in a year: who wanted which file, and why it was not shown."""
    form = YearForm(request.GET)
    if not form.is_valid() or not form.cleaned_data["year"]:
        raise Http404
    year = form.cleaned_data["year"]
    page = Paginator(see_refusals(by=request.user, year=year, on=today()), PAGE).get_page(request.GET.get("page"))
    context = {"year": year, "page": page, "chosen": [], "entries": access_entries(page.object_list), "kind": "refused"}
    return render(request, "desk/access/list.html", context | page_links(request, page))
