"""The import of children by page."""

from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.import_forms import PasteForm, UploadForm
from hutong.desk.progress import running_lines
from hutong.divisions.queries import path_names
from hutong.kit.staging import State, Verdict
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.marking.giving import name_given_back
from hutong.law.division_code import full
from hutong.registry import jobs
from hutong.registry.actions import staging
from hutong.registry.actions.matching import open_batch
from hutong.registry.intake.returning import marked_children
from hutong.registry.intake.template import children_template
from hutong.registry.models import ImportBatch
from hutong.registry.queries import (
    batch_problems,
    batches,
)

IMPORTS = (Permission.IMPORT_CHILDREN, Permission.ADMIT_CHILDREN)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE, PROBLEMS_PAGE = 30, 50
PASTED = "pasted.txt"
ROWS_OF_CHILDREN = (Verdict.NEW, Verdict.CHANGED, Verdict.SAME)


def batch_or_404(request: OfficeRequest, number: int) -> ImportBatch:
    """A batch that the user may see (可见批次)."""
    batch = batches(request.user, on=today()).filter(pk=number).first()
    if batch is None:
        raise Http404
    return batch


@only(*IMPORTS)
def index(request: OfficeRequest) -> HttpResponse:
    """Imports (表格导入): send a workbook, and the history of batches."""
    places = places_to_send(request)
    return _index(request, UploadForm(places=places), PasteForm(places=places))


def _index(request: OfficeRequest, form: UploadForm, paste: PasteForm, status: int = 200) -> HttpResponse:
    page = Paginator(batches(request.user, on=today()), PAGE).get_page(request.GET.get("page"))
    places = path_names(batch.division_code for batch in page.object_list)
    context = {
        "form": form,
        "paste": paste,
        "places": places_to_send(request),
        "running": running_lines(request.user, on=today()),
        "page": page,
        "batches": [(batch, places[batch.division_code]) for batch in page.object_list],
    }
    return render(request, "desk/imports/index.html", context, status=status)


@only(Permission.IMPORT_CHILDREN)
def upload(request: OfficeRequest) -> HttpResponse:
    """Send a workbook (上传): it is received, and judged by a job while the page shows how far it is."""
    if request.method != "POST":
        return redirect("desk:imports")
    places = places_to_send(request)
    form = UploadForm(request.POST, request.FILES, places=places)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return _received(request, form, content=file.read(), name=file.name)
        except Refused as refused:
            form.add_error("file", str(refused.reason))
    return _index(request, form, PasteForm(places=places), status=422)


@only(Permission.IMPORT_CHILDREN)
def paste(request: OfficeRequest) -> HttpResponse:
    """Paste rows (粘贴): a block copied from a spreadsheet or a chat is a file like any other."""
    if request.method != "POST":
        return redirect("desk:imports")
    places = places_to_send(request)
    form = PasteForm(request.POST, places=places)
    if form.is_valid():
        try:
            return _received(request, form, content=form.cleaned_data["block"].encode(), name=PASTED)
        except Refused as refused:
            form.add_error("block", str(refused.reason))
    return _index(request, UploadForm(places=places), form, status=422)


def _received(request: OfficeRequest, form: UploadForm | PasteForm, *, content: bytes, name: str) -> HttpResponse:
    with transaction.atomic():
        division = form.cleaned_data.get("place", "")
        batch = staging.receive(by=request.user, content=content, name=name, on=today(), division=division)
        judge_later(batch)
    return redirect("desk:import", batch.pk)


def places_to_send(request: OfficeRequest) -> dict[str, str]:
    """The places that a person imports for (可导入的辖区): prefix and name."""
    prefixes = jurisdiction_of(request.user, Permission.IMPORT_CHILDREN, on=today()).prefixes
    names = path_names(full(prefix) for prefix in prefixes)
    return {prefix: names[full(prefix)] for prefix in prefixes}


def judge_later(batch: ImportBatch) -> None:
    """Has a job judge a batch that waits for it (排队检查)."""
    if batch.state == State.RECEIVED and not batch.rows_total:
        jobs.judge_batch.defer(batch_id=batch.pk, on=today().isoformat())


@only(Permission.IMPORT_CHILDREN)
def template(request: OfficeRequest) -> FileResponse:
    """The template (模板), with the codes of the user's place."""
    prefixes = jurisdiction_of(request.user, Permission.IMPORT_CHILDREN, on=today()).prefixes
    wanted, target = request.GET.get("place"), BytesIO()
    children_template(target, prefix=wanted if wanted in prefixes else prefixes[0])
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=_("children-template.xlsx"), content_type=XLSX)


@only(*IMPORTS)
@fresh
def marked(request: OfficeRequest, number: int) -> StreamingHttpResponse | HttpResponse:
    """The user's own file back (标注好的原表), with the bad cells marked."""
    batch = batch_or_404(request, number)
    try:
        content = staging.give_back(by=request.user, batch=batch, on=today())
        opened = open_batch(batch)
        if opened.sheet is None:
            raise RefusedFile("unreadable")
        chunks = marked_children(content, layout=opened.sheet.layout, problems=batch_problems(batch))
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:import", number)
    except RefusedFile:
        sentence = _("This file cannot be given back marked. Save it as a new .xlsx in Excel or WPS and send that one.")
        messages.error(request, sentence)
        return redirect("desk:import", number)
    name = _("marked-%(name)s") % {"name": name_given_back(batch.called)}
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return StreamingHttpResponse(chunks, content_type=XLSX, headers=headers)
