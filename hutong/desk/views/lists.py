"""Lists that departments give, by page (部门推送名单): templates out, lists in, and how their leads ended."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, permissions_of
from hutong.allowances import lead_queries as queries
from hutong.allowances.actions.taking_lists import Taken, problems_of, rule_on_list, take_list
from hutong.allowances.models import DepartmentList
from hutong.desk.data_check_lines import source_title
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.lead_forms import SOUND, ListForm, RulingForm
from hutong.desk.lead_lines import ListLine, list_lines
from hutong.desk.paging import page_links
from hutong.desk.return_words import list_problem_lines, list_refusal
from hutong.desk.views.imports import XLSX
from hutong.divisions.queries import path_names
from hutong.gateways.exchange.list_reading import UploadedList
from hutong.gateways.exchange.list_writing import template_name, write_template
from hutong.gateways.exchange.questions import RefusedReturn
from hutong.law.leads import LISTED_BY

PAGE, PROBLEMS = 30, 100


@only(*queries.TAKERS)
def index(request: OfficeRequest) -> HttpResponse:
    """Lists of departments (部门推送名单): the templates, the way in, and what was taken."""
    offices = queries.offices(request.user, on=today())
    form = ListForm(request.POST or None, request.FILES or None, offices=offices) if offices else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and (taken := _take(request, form)):
            known = _("This very file was taken before. Nothing has changed.")
            messages.success(request, _("The list is taken.") if taken.is_new else known)
            return redirect("desk:list", taken.list.pk)
    page = Paginator(queries.lists(request.user, on=today()), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "sources": [(source, source_title(source)) for source in LISTED_BY],
        "lines": _lines(request, list(page.object_list)),
        "page": page,
    } | page_links(request, page)
    failed = form is not None and bool(form.errors)
    return render(request, "desk/lists/index.html", context, status=422 if failed else 200)


def _lines(request: OfficeRequest, lists: Iterable[DepartmentList]) -> list[ListLine]:
    can_open, found = Permission.LOOK_INTO_LEADS in permissions_of(request.user, on=today()), list(lists)
    return list_lines(found, queries.figures(request.user, found, on=today()), can_open=can_open)


def _take(request: OfficeRequest, form: ListForm) -> Taken | None:
    """The list as it was taken; None where the form now says why not."""
    said = form.cleaned_data
    try:
        given = UploadedList(said["file"].read(), said["password"]).given(on=today())
        return take_list(by=request.user, division_code=form.division_code, given=given, on=today())
    except RefusedReturn as refused:
        form.add_error("password" if refused.code == "wrong_password" else "file", list_refusal(refused))
    except Refused as refused:
        form.add_error(None, str(refused.reason))
    return None


def _list_or_404(request: OfficeRequest, number: int) -> DepartmentList:
    taken = queries.lists(request.user, on=today()).filter(pk=number).first()
    if taken is None:
        raise Http404
    return taken


@only(*queries.TAKERS)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One list (名单): what was taken, what is wrong row by row, how its leads ended; where it alarms, the answer."""
    taken = _list_or_404(request, number)
    return _page(request, taken, RulingForm() if _can_rule(request, taken) else None)


def _can_rule(request: OfficeRequest, taken: DepartmentList) -> bool:
    waits = taken.is_alarming and not hasattr(taken, "ruling") and taken.by_id != request.user.pk
    return waits and may(request.user, Permission.RULE_ON_LISTS, code=taken.division_code, on=today())


def _page(request: OfficeRequest, taken: DepartmentList, form: RulingForm | None) -> HttpResponse:
    (line,) = _lines(request, [taken])
    is_theirs = any(may(request.user, one, code=taken.division_code, on=today()) for one in queries.TAKERS)
    problems = Paginator(problems_of(taken) if is_theirs else [], PROBLEMS).get_page(request.GET.get("page"))
    context = {
        "taken": taken,
        "line": line,
        "is_theirs": is_theirs,
        "others": taken.rows - taken.faulty - taken.repeated - queries.rows_led(request.user, taken, on=today()),
        "form": form,
        "ruling": getattr(taken, "ruling", None),
        "alarm_place": path_names([taken.alarm_place]).get(taken.alarm_place, "") if taken.is_alarming else "",
        "problems": list_problem_lines(problems.object_list),
        "page": problems,
    } | page_links(request, problems)
    return render(request, "desk/lists/show.html", context, status=422 if form and form.errors else 200)


@only(Permission.RULE_ON_LISTS)
def rule(request: OfficeRequest, number: int) -> HttpResponse:
    """Say whether a list that names very many is right (名单核定)."""
    taken = _list_or_404(request, number)
    if not _can_rule(request, taken):
        raise Http404
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_sound, words = form.cleaned_data["answer"] == SOUND, form.cleaned_data["words"]
        try:
            rule_on_list(by=request.user, taken=taken, is_sound=is_sound, words=words, on=today())
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect("desk:list", number)
    return _page(request, taken, form)


@only(Permission.TAKE_LISTS)
def template(request: OfficeRequest) -> HttpResponse:
    """The empty workbook of a source (名单模板), to be sent to the department."""
    source = request.GET.get("source", "")
    try:
        content = write_template(source)
    except LookupError as error:
        raise Http404 from error
    headers = {
        "Content-Disposition": content_disposition_header(True, template_name(source)),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)
