"""The list of children, and one child's page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of
from hutong.desk import said
from hutong.desk.forms import FilterForm
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.desk.words import age_words, category_title, relation_title
from hutong.divisions.queries import path_names, short_names
from hutong.law.calendar import age_on
from hutong.law.identity import is_mistyped_file_number
from hutong.registry.models import Child
from hutong.registry.queries import Filters, children, guardian_of, nobody, sees_children

PAGE, HITS = 50, 8
LOOK_SPAN = timedelta(days=90)


@dataclass(frozen=True)
class ChildLine:
    """One line of a list (名单行): no birth date, no number of identity."""

    file_number: str
    name: str
    sex: str
    age: str
    place: str
    guardian: str
    categories: list[str]


def _lines(rows: list[Child], on: date) -> list[ChildLine]:
    places = short_names(child.responsible_code for child in rows)
    return [
        ChildLine(
            child.file_number,
            child.name,
            child.get_sex_display(),
            age_words(age_on(child.birth_date, on)),
            places[child.responsible_code],
            _guardian_words(child),
            [category_title(holding.category) for holding in child.holdings.all() if holding.until_on is None],
        )
        for child in rows
    ]


def _guardian_words(child: Child) -> str:
    guardian = guardian_of(child)
    return " ".join(filter(None, (relation_title(guardian.relation), guardian.name))) if guardian else ""


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """Children (儿童): the visible children, narrowed by filters, fifty a page; an unreadable filter says so."""
    on = today()
    if not sees_children(request.user, on=on):
        raise Http404
    form, text = FilterForm(request.GET), said.recall(request, request.GET.get("said", ""))
    found = children(request.user, form.filters(text), on=on) if form.is_valid() else nobody()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/children/index.html",
        {
            "form": form,
            "page": page,
            "children": _lines(list(page.object_list), on),
            "total": page.paginator.count,
            "place": path_names([form.chosen_division]).get(form.chosen_division, ""),
            "typed": request.GET.get("division_text", ""),
            "text": text,
            "is_mistyped": is_mistyped_file_number(text),
            "may_enter": Permission.CHANGE_CHILDREN in permissions_of(request.user, on=on),
            "previous": _page_link(request, page, -1),
            "next": _page_link(request, page, +1),
        },
    )


def _page_link(request: OfficeRequest, page: Page[Child], step: int) -> str:
    wanted = page.number + step
    if not 1 <= wanted <= page.paginator.num_pages:
        return ""
    query = request.GET.copy()
    query["page"] = str(wanted)
    return f"?{query.urlencode()}"


@signed_in
def search(request: OfficeRequest) -> HttpResponse:
    """Search (查找): the words go to the session, the address only names them."""
    if request.method != "POST":
        return redirect("desk:children")
    key = said.keep(request, request.POST.get("q", ""))
    return redirect(f"{reverse('desk:children')}?said={key}")


@signed_in
def find(request: OfficeRequest) -> HttpResponse:
    """Search as you type (即时查找): the first few of the visible children."""
    if request.method != "POST":
        return redirect("desk:children")
    text = said.clean(request.POST.get("q", ""))
    found = list(children(request.user, Filters(text=text), on=today())[:HITS]) if text else []
    context = {"children": _lines(found, today()), "text": text, "is_mistyped": is_mistyped_file_number(text)}
    return render(request, "desk/children/found.html", context)
