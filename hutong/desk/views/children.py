"""The list of children, and one child's page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.accounts.models import Person, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, open_tasks_about, trail_of
from hutong.desk.forms import FilterForm, PurposeForm
from hutong.desk.guards import OfficeRequest, only, signed_in
from hutong.desk.views.today import TaskLine, task_lines
from hutong.desk.words import age_words, category_title, event_words, relation_title
from hutong.divisions.queries import path_names, short_names
from hutong.kit.names import mask_id_number, mask_phone
from hutong.law.calendar import age_on
from hutong.law.ethnic_groups import title as ethnic_title
from hutong.registry.actions import opening
from hutong.registry.models import Child
from hutong.registry.queries import children, guardian_of, timeline, visible_to

PAGE, HITS, LOOKS = 50, 8, 5
LOOK_DAYS = 90


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
    """Children (儿童): the visible children, narrowed by filters, fifty a page."""
    form = FilterForm(request.GET)
    filters = form.filters()
    found = children(request.user, filters, on=today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    chosen = path_names([filters.division]) if filters.division else {}
    return render(
        request,
        "desk/children/index.html",
        {
            "form": form,
            "page": page,
            "children": _lines(list(page.object_list), today()),
            "total": page.paginator.count,
            "place": chosen.get(filters.division, ""),
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
def find(request: OfficeRequest) -> HttpResponse:
    """Search as you type (即时查找): the first few of the visible children."""
    form = FilterForm({"q": request.GET.get("q", "")})
    filters = form.filters()
    found = list(children(request.user, filters, on=today())[:HITS]) if filters.text.strip() else []
    return render(request, "desk/children/found.html", {"children": _lines(found, today()), "said": filters.text})


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
            "may_reveal": may(request.user, Permission.REVEAL, code=child.responsible_code, on=on),
            "events": [(event, *event_words(event)) for event in timeline(child)],
            "tasks": _due(request.user, child, on=on),
            **_looks(child, on=on),
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


def _looks(child: Child, *, on: date) -> dict[str, object]:
    since = on - timedelta(days=LOOK_DAYS)
    looks = trail_of("child", child.file_number).filter(act__in=("open_child", "reveal"), at__date__gte=since)
    latest: list[TrailEntry] = list(looks[:LOOKS])
    return {"looks": latest, "look_count": looks.count()}


@signed_in
@require_POST
def reveal(request: OfficeRequest, file_number: str, field: str) -> HttpResponse:
    """Show one sealed value (显示): a POST, so that no value and no wish for one stands in an address."""
    child = visible_to(request.user, on=today()).filter(file_number=file_number).first()
    if child is None:
        raise Http404
    try:
        value = opening.reveal(by=request.user, child=child, field=field, on=today())
    except NotAllowed as error:
        raise Http404 from error
    return render(request, "desk/children/revealed.html", {"value": value, "child": child})


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
