"""The list of children, and one child's page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import lookers, may, open_tasks_about
from hutong.desk import said
from hutong.desk.completing import completing_forms
from hutong.desk.forms import FilterForm, PurposeForm
from hutong.desk.guards import OfficeRequest, only, signed_in
from hutong.desk.views.today import TaskLine, task_lines
from hutong.desk.words import age_words, category_title, event_words, relation_title
from hutong.divisions.queries import path_names, short_names
from hutong.kit.names import mask_id_number, mask_phone
from hutong.law.calendar import age_on
from hutong.law.ethnic_groups import title as ethnic_title
from hutong.law.identity import is_mistyped_file_number
from hutong.registry.actions import opening
from hutong.registry.models import Child
from hutong.registry.queries import Filters, children, guardian_of, nobody, sees_children, timeline, visible_to

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


@signed_in
def show(request: OfficeRequest, file_number: str) -> HttpResponse:
    """One child (儿童档案): identity bar, what is due now, one timeline. The look is recorded."""
    on = today()
    child = opening.look(by=request.user, file_number=file_number, on=on)
    if child is None:
        raise Http404
    places = path_names(filter(None, (child.responsible_code, child.living_code, child.registered_code)))
    return render(
        request,
        "desk/children/show.html",
        {
            "child": child,
            "age": age_words(age_on(child.birth_date, on)),
            "guardian": _guardian_words(child),
            "categories": [category_title(h.category) for h in child.holdings.all() if h.until_on is None],
            "ethnic_group": ethnic_title(child.ethnic_group),
            "responsible": places[child.responsible_code],
            "living": places[child.living_code],
            "registered": places.get(child.registered_code, ""),
            "masked": _masked(child),
            "revealable": [
                field
                for field, permission in opening.REVEALED.items()
                if may(request.user, permission, code=child.responsible_code, on=on)
            ],
            "events": [(event, *event_words(event)) for event in timeline(child)],
            "tasks": _due(request.user, child, on=on),
            "lookers": lookers("child", child.file_number, since=timezone.now() - LOOK_SPAN),
            "completing": completing_forms(request.user, child, on=on),
        },
    )


def _masked(child: Child) -> dict[str, str]:
    guardian = guardian_of(child)
    return {
        "id_number": mask_id_number(child.id_number.open()) if child.id_number else "",
        "guardian_phone": mask_phone(guardian.phone.open()) if guardian and guardian.phone else "",
        "address": "******" if child.address else "",
    }


def _due(user: Person, child: Child, *, on: date) -> list[TaskLine]:
    return task_lines(user, list(open_tasks_about(user, "child", child.file_number, on=on)), on=on)


@signed_in
def reveal(request: OfficeRequest, file_number: str, field: str) -> HttpResponse:
    """Show one sealed value (显示): a POST, so that no value and no wish for one stands in an address."""
    child = visible_to(request.user, on=today()).filter(file_number=file_number).first()
    if child is None:
        raise Http404
    if request.method != "POST":
        return redirect("desk:child", file_number)
    try:
        value = opening.reveal(by=request.user, child=child, field=field, on=today())
    except NotAllowed as error:
        raise Http404 from error
    return render(request, "desk/children/revealed.html", {"value": value, "child": child})


@only(Permission.COMPLETE, Permission.COMPLETE_ID)
def complete(request: OfficeRequest, file_number: str, field: str) -> HttpResponse:
    """Fill in one missing fact (补记); what cannot be taken stays typed, with the reason beside it."""
    child = visible_to(request.user, on=today()).filter(file_number=file_number).first()
    form = completing_forms(request.user, child, on=today()).get(field) if child else None
    if child is None or form is None:
        raise Http404
    if request.method != "POST":
        return redirect("desk:child", file_number)
    filled = type(form)(request.POST)
    if filled.is_valid():
        try:
            filled.complete(by=request.user, child=child, on=today())
            return redirect("desk:child", file_number)
        except Refused as refused:
            filled.add_error(None, str(refused.reason))
    return render(request, "desk/children/complete.html", {"form": filled, "child": child, "field": field})


@only(Permission.OPEN_WITH_PURPOSE)
def open_with_purpose(request: OfficeRequest) -> HttpResponse:
    """Open a file with a purpose (说明目的查看), for officers who see figures by default."""
    form = PurposeForm(request.POST or None)
    if form.is_valid():
        try:
            child = opening.open_with_purpose(by=request.user, on=today(), **form.cleaned_data)
            return redirect("desk:child", child.file_number)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    return render(request, "desk/children/purpose.html", {"form": form})
