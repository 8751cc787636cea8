"""The list of children, and the search."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.actions import filters
from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of, saved_filters
from hutong.desk import said
from hutong.desk.forms import FilterForm
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.desk.said import ELSEWHERE, NOWHERE
from hutong.desk.words import age_words, category_title, count_words, relation_title, search_words
from hutong.divisions.queries import path_names, short_names
from hutong.law.calendar import age_on
from hutong.law.copies import LISTS_BY_FILTERS
from hutong.law.identity import Sex, is_mistyped_file_number
from hutong.registry.actions import searching
from hutong.registry.finding import (
    LIMITED,
    SOON_DAYS,
    Filters,
    Listed,
    child_counts,
    children,
    listed,
    read_words,
)
from hutong.registry.models.child import SEXES
from hutong.registry.queries import nobody, sees_children

PAGE, HITS = 50, 8
ROOM = "children"
QUICK = (Filters(), Filters(without_id=True), Filters(soon_18=True), Filters(state="closed"))
"""The lists that are one press away."""


@dataclass(frozen=True)
class ChildLine:
    """One line of a list (名单行): no birth date, no number of identity."""

    href: str
    file_number: str
    name: str
    sex: str
    age: str
    place: str
    guardian: str
    categories: list[str]
    is_closed: bool


def child_lines(rows: list[Listed], on: date) -> list[ChildLine]:
    """Listed children in words."""
    places = short_names(child.place_code for child in rows)
    return [
        ChildLine(
            reverse("desk:child", args=[child.file_number]),
            child.file_number,
            child.name,
            str(SEXES[Sex(child.sex)]),
            age_words(age_on(child.birth_date, on)),
            places[child.place_code],
            " ".join(filter(None, (relation_title(child.relation or ""), child.guardian))),
            [category_title(category) for category in child.categories],
            child.is_closed,
        )
        for child in rows
    ]


@dataclass(frozen=True)
class Chip:
    """A list that is one press away (快捷名单): the page's own, with its count, or one that somebody keeps."""

    label: str
    href: str
    is_current: bool
    count: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Sheet:
    """A page of a list (名单页): which rows, of how many, and where the next are."""

    first: int
    last: int
    total: str
    previous: str
    next: str


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """Children (儿童): the visible children, narrowed by filters, fifty a page; an unreadable filter says so."""
    on = today()
    if not sees_children(request.user, on=on):
        raise Http404
    kept = said.recall(request, request.GET.get("said", ""))
    form = FilterForm(request.GET, is_search=bool(kept.text))
    wanted = form.filters(kept.text) if form.is_valid() else Filters()
    total, *counts = child_counts(request.user, wanted, *QUICK, on=on)
    total = total if form.is_valid() else 0
    most = wanted.counted_to
    number = _page_number(request, min(total, most))
    found = children(request.user, wanted, on=on) if total else nobody()
    rows = listed(found, start=(number - 1) * PAGE, most=PAGE)
    return render(
        request,
        "desk/children/index.html",
        {
            "form": form,
            "children": child_lines(rows, on),
            "sheet": _sheet(request, number, len(rows), total, most),
            "total": total,
            "shown": count_words(total, most),
            "place": path_names([form.chosen_division]).get(form.chosen_division, "") if form.chosen_division else "",
            "typed": request.GET.get("division_text", ""),
            "text": search_words(kept.text),
            "answer": kept.answer,
            "is_mistyped": is_mistyped_file_number(kept.text),
            "chips": _chips(form, counts),
            "saved": _saved(request, form),
            "may_change": Permission.CHANGE_CHILDREN in permissions_of(request.user, on=on),
            "may_export": any(Permission(code) in permissions_of(request.user, on=on) for code in LISTS_BY_FILTERS),
            "query": request.GET.urlencode(),
            "may_receive": Permission.ACCEPT_APPLICATIONS in permissions_of(request.user, on=on),
            "may_open": Permission.OPEN_IN_EMERGENCY in permissions_of(request.user, on=on),
        },
    )


def _page_number(request: OfficeRequest, total: int) -> int:
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1
    return max(1, min(number, -(-total // PAGE)))


def _sheet(request: OfficeRequest, number: int, rows: int, total: int, most: int) -> Sheet:
    first = (number - 1) * PAGE
    more = first + rows < min(total, most)
    return Sheet(
        first + 1,
        first + rows,
        count_words(total, most),
        _page_link(request, number - 1) if number > 1 else "",
        _page_link(request, number + 1) if more else "",
    )


def _page_link(request: OfficeRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def _chips(form: FilterForm, counts: list[int]) -> list[Chip]:
    """The lists that are opened most, each with its count; pressing one leaves everything else aside."""
    titles = (
        _("In the register"),
        _("Without ID number"),
        _("Turning 18 within %(days)s days") % {"days": SOON_DAYS},
        _("Closed file"),
    )
    queries: tuple[dict[str, str], ...] = ({}, {"without_id": "on"}, {"soon_18": "on"}, {"state": "closed"})
    return [
        Chip(title, _list_link(query), query == form.kept and not form.data.get("said"), count_words(count))
        for title, query, count in zip(titles, queries, counts, strict=True)
    ]


def _saved(request: OfficeRequest, form: FilterForm) -> list[Chip]:
    return [
        Chip(kept.name, _list_link(kept.query), kept.query == form.kept, number=kept.pk)
        for kept in saved_filters(request.user, ROOM)
    ]


def _list_link(query: dict[str, str]) -> str:
    return f"{reverse('desk:children')}?{urlencode(query)}" if query else reverse("desk:children")


@signed_in
def save_filter(request: OfficeRequest) -> HttpResponse:
    """Keep the filters that are set (保存常用筛选) under a name."""
    form = FilterForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("desk:children")
    try:
        filters.save_filter(by=request.user, room=ROOM, name=request.POST.get("name", ""), query=form.kept, on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
    return redirect(_list_link(form.kept))


@signed_in
def remove_filter(request: OfficeRequest) -> HttpResponse:
    """Remove a kept filter (删除常用筛选)."""
    number = request.POST.get("number", "")
    if request.method == "POST" and number.isdecimal() and len(number) < 10:
        try:
            filters.remove_filter(by=request.user, number=int(number), on=today())
        except Refused as refused:
            messages.error(request, str(refused.reason))
    return redirect("desk:children")


@signed_in
def search(request: OfficeRequest) -> HttpResponse:
    """Search (查找): the words go to the session, the address only names them; the search is recorded once."""
    if request.method != "POST":
        return redirect("desk:children")
    if not sees_children(request.user, on=today()):
        raise Http404
    text = said.clean(request.POST.get("q", ""))
    if not text:
        return redirect("desk:children")
    try:
        found = searching.search(by=request.user, text=text, on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:children")
    answer = ELSEWHERE if found.is_elsewhere else NOWHERE if found.is_nowhere else ""
    key = said.keep(request, text, answer=answer)
    return redirect(f"{reverse('desk:children')}?said={key}")


@signed_in
def find(request: OfficeRequest) -> HttpResponse:
    """Search as you type (即时查找): the first few of the visible children, and nothing of any other place."""
    if request.method != "POST":
        return redirect("desk:children")
    text, on = said.clean(request.POST.get("q", "")), today()
    context = {"text": text, "is_mistyped": is_mistyped_file_number(text)}
    try:
        if text and read_words(text).kind in LIMITED:
            searching.require_numbers_left(by=request.user)
        found = listed(children(request.user, Filters(text=text), on=on), most=HITS) if text else []
        context["children"] = child_lines(found, on)
    except Refused as refused:
        context["refused"] = refused.reason
    return HttpResponse(render_to_string("desk/children/found.html", context))  # without the frame and its questions
