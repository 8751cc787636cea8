"""Days used by page (办理用时): figures of the decided applications by part and by place; each opens its list."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.clock import today
from hutong.accounts.queries import jurisdiction_of
from hutong.allowances import durations
from hutong.allowances.durations import NEEDS, Period
from hutong.desk.chips import Chip
from hutong.desk.duration_lines import PARTS, part_lines, period_words, place_lines, used_lines
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.paging import page_links
from hutong.divisions.queries import path_names
from hutong.law.days_used import Part
from hutong.law.division_code import LENGTH_OF, Level, full, is_prefix

PAGE = 50
LENGTHS = (1, 3, 12)
TOWNSHIP = LENGTH_OF[Level.TOWNSHIP]
WHICH = {"": None, "late": True, "in_time": False}
WORDS = {"": _lazy("all"), "late": _lazy("late"), "in_time": _lazy("in time")}


@only(NEEDS)
def show(request: OfficeRequest) -> HttpResponse:
    """Days used (办理用时) by part and by place, of what was decided in a month, quarter or year."""
    period, place = _asked(request)
    found = durations.lines(durations.decided(request.user, period, place=place, on=today()))
    length = min(durations.next_length(request.user, place, on=today()), TOWNSHIP)
    context = {
        "chips": list(_periods(period, place)),
        "period": period_words(period),
        "place": path_names([full(place)])[full(place)] if place else "",
        "whole_href": f"{reverse('desk:application_days')}?period={period}",
        "parts": part_lines(durations.by_part(found), period, place),
        "places": place_lines(durations.by_place(found, length), period, most=TOWNSHIP),
    }
    return render(request, "desk/durations/index.html", context)


def _asked(request: OfficeRequest) -> tuple[Period, str]:
    """The period and the place of an address; what cannot be read, or is no place of theirs, is not there."""
    place = request.GET.get("place", "")
    try:
        text = request.GET.get("period", "")
        period = Period.read(text) if text else Period.of(today(), durations.QUARTER)
    except ValueError:
        raise Http404 from None
    seen = jurisdiction_of(request.user, NEEDS, on=today())
    if place and not (is_prefix(place) and _is_within(place, seen.prefixes)):
        raise Http404
    return period, place


def _is_within(place: str, prefixes: tuple[str, ...]) -> bool:
    return place.startswith(prefixes)


def _periods(current: Period, place: str) -> Iterator[Chip]:
    """This and the last month, quarter and year."""
    here, within = reverse("desk:application_days"), f"&place={place}" if place else ""
    for months in LENGTHS:
        this = Period.of(today(), months)
        for period in (this, this.before):
            yield Chip(period_words(period), f"{here}?period={period}{within}", period == current, 0)


@only(NEEDS)
def listed(request: OfficeRequest) -> HttpResponse:
    """The applications that a figure counts (指标明细), those that used most first."""
    period, place = _asked(request)
    part, which = request.GET.get("part", Part.WHOLE), request.GET.get("which", "")
    if part not in PARTS or which not in WHICH:
        raise Http404
    decided = durations.decided(request.user, period, place=place, on=today())
    found = durations.chosen(durations.lines(decided), Part(part), is_late=WHICH[which])
    ordered = sorted(found, key=lambda line: (-line.used.used, line.application))
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    counted = decided.in_bulk([line.application for line in page])
    context = {
        "part": PARTS[Part(part)],
        "which": WORDS[which],
        "period": period_words(period),
        "place": path_names([full(place)])[full(place)] if place else "",
        "back": f"{reverse('desk:application_days')}?period={period}" + (f"&place={place}" if place else ""),
        "lines": used_lines(request.user, list(page), counted, on=today()),
        "page": page,
    }
    return render(request, "desk/durations/list.html", context | page_links(request, page))
