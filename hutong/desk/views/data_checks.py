"""Checks with other departments by page (部门核对): batches, workbooks out and in, and what was looked up by hand."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.allowances import queries
from hutong.allowances.actions import data_checking
from hutong.allowances.actions.data_checking import WrongValues
from hutong.allowances.enquiries import CHECKED_IN, Enquired, enquiries
from hutong.allowances.models import Application, DataBatch
from hutong.desk.data_check_forms import AnswerForm, ReturnForm
from hutong.desk.data_check_lines import batch_lines, enquiry_line, source_lines, unnamed_lines
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.paging import page_links
from hutong.desk.return_words import problem_lines, refusal_sentence
from hutong.desk.views.file import seen_or_404
from hutong.desk.views.imports import XLSX
from hutong.gateways.exchange.questions import RefusedReturn
from hutong.gateways.exchange.writing import file_name
from hutong.law.data_sources import SOURCES

PAGE = 30


@only(Permission.CHECK_DATA)
def index(request: OfficeRequest) -> HttpResponse:
    """Checks with other departments (部门核对): what waits to be asked, and the batches that went out."""
    if request.method == "POST":
        return _ask(request)
    waiting = [one for one in enquiries(list(queries.to_check(request.user, on=today())), on=today()) if one.waits]
    page = Paginator(queries.data_batches(request.user, on=today()), PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": sum(one.is_named for one in waiting),
        "applications": len({one.application.pk for one in waiting if one.is_named}),
        "unnamed": unnamed_lines(one for one in waiting if not one.is_named),
        "lines": batch_lines(page.object_list, on=today()),
        "page": page,
    } | page_links(request, page)
    return render(request, "desk/data_checks/index.html", context)


def _ask(request: OfficeRequest) -> HttpResponse:
    try:
        asking = data_checking.ask_departments(by=request.user, on=today())
    except Refused as refused:
        messages.warning(request, str(refused.reason))
        return redirect("desk:data_checks")
    if asking.unnamed:
        words = ngettext(
            "%(count)s question could not be asked: an ID number is missing.",
            "%(count)s questions could not be asked: an ID number is missing.",
            len(asking.unnamed),
        )
        messages.warning(request, words % {"count": len(asking.unnamed)})
    if len(asking.batches) != 1:
        return redirect("desk:data_checks")
    messages.success(request, _("The batch is made. Fetch a workbook for each source and send it."))
    return redirect("desk:data_batch", asking.batches[0].pk)


def _batch_or_404(request: OfficeRequest, number: int) -> DataBatch:
    batch = queries.data_batches(request.user, on=today()).filter(pk=number).first()
    if batch is None:
        raise Http404
    return batch


@only(Permission.CHECK_DATA)
@fresh
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One batch (查询批次): its workbooks, its password, and the way back in."""
    batch = _batch_or_404(request, number)
    (line,) = batch_lines([batch], on=today())
    context = {
        "batch": batch,
        "line": line,
        "password": batch.password.open(),
        "sources": source_lines(data_checking.sources_of(batch)),
        "form": ReturnForm(),
    }
    return render(request, "desk/data_checks/show.html", context)


@only(Permission.CHECK_DATA)
@fresh
def fetch(request: OfficeRequest, number: int, source: str) -> HttpResponse:
    """Fetch the workbook of one source (取出核对表), behind the password of its batch."""
    batch = _batch_or_404(request, number)
    if source not in SOURCES:
        raise Http404
    try:
        receipt, content = data_checking.fetch_workbook(by=request.user, batch=batch, source=source, on=today())
    except (LookupError, NotAllowed) as error:
        raise Http404 from error
    headers = {
        "Content-Disposition": content_disposition_header(True, file_name(receipt, source)),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)


@only(Permission.CHECK_DATA)
def take(request: OfficeRequest, number: int) -> HttpResponse:
    """Take a workbook that came back (接收返回核对表), and say what was taken and what is wrong."""
    batch = _batch_or_404(request, number)
    if request.method != "POST":
        return redirect("desk:data_batch", number)
    form, recorded = ReturnForm(request.POST, request.FILES), None
    try:
        if form.is_valid():
            content = form.cleaned_data["file"].read()
            recorded = data_checking.take_return(by=request.user, batch=batch, content=content, on=today())
    except RefusedReturn as refused:
        form.add_error("file", refusal_sentence(refused))
    context = {
        "batch": batch,
        "form": form if form.errors else ReturnForm(),
        "recorded": recorded,
        "problems": problem_lines(recorded.problems) if recorded else [],
    }
    return render(request, "desk/data_checks/returned.html", context, status=422 if form.errors else 200)


@only(Permission.CHECK_APPLICATIONS)
def by_hand(request: OfficeRequest, number: int, handle: str) -> HttpResponse:
    """Record what somebody looked up by hand (人工查询登记) in a department's own system."""
    application, found = _enquiry_or_404(request, number, handle)
    form = AnswerForm(request.POST or None, topic=data_checking.topic_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            data_checking.record_by_hand(
                by=request.user, application=application, handle=handle, on=today(), **form.said
            )
        except WrongValues as wrong:
            form.blame(wrong.faults)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Recorded. The last answer counts."))
            return redirect("desk:application", number)
    line = enquiry_line(found, on=today())
    context = {"application": application, "child": application.file, "line": line, "form": form}
    return render(request, "desk/data_checks/by_hand.html", context, status=422 if form.errors else 200)


def _enquiry_or_404(request: OfficeRequest, number: int, handle: str) -> tuple[Application, Enquired]:
    application = queries.application(request.user, number, on=today())
    if application is None or application.state not in CHECKED_IN:
        raise Http404
    if not seen_or_404(request, application.file.file_number).is_sensitive:
        raise Http404
    found = {one.handle: one for one in enquiries([application], on=today())}.get(handle)
    if found is None:
        raise Http404
    return application, found
