"""One batch of children by page: what was found, what is taken, how far it is, and how it is taken back."""

from collections.abc import Collection

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.desk.batch_words import difference_line, history_line, reason_line, why_words, withdrawn_words
from hutong.desk.guards import OfficeRequest, go_to, only
from hutong.desk.import_forms import UploadForm
from hutong.desk.progress import progress_line
from hutong.desk.verdicts import verdict_lines
from hutong.desk.views.file import row_number
from hutong.desk.views.imports import IMPORTS, batch_or_404, places_to_send
from hutong.desk.words import age_words, category_title, relation_title
from hutong.divisions.queries import path_names, short_names
from hutong.kit.staging import ADMISSIBLE, RowProblem, State, Verdict, read_problems
from hutong.law.calendar import age_on
from hutong.law.identity import Sex
from hutong.registry import batches as reads
from hutong.registry import jobs
from hutong.registry.actions import admission, cancelling, choosing, staging, telling, withdrawal
from hutong.registry.intake.answer import as_document
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.models import Child, ImportBatch
from hutong.registry.models.child import SEXES
from hutong.registry.queries import guardian_of, names_of, rows_admitted, rows_waiting

PROBLEMS_PAGE, STAYING_PAGE = 50, 50
ROWS_OF_CHILDREN = (Verdict.NEW, Verdict.CHANGED, Verdict.SAME, Verdict.POSSIBLE)
ADMISSIBLE_STATES = (State.JUDGED, State.ADMITTED)


@only(*IMPORTS)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One batch (批次): counts of verdicts, reasons, the rows behind each, and what can be done now."""
    batch = batch_or_404(request, number)
    if batch.state in reads.RUNNING:
        return _progress(request, batch)
    if request.headers.get("HX-Request"):
        return go_to(request, reverse("desk:import", args=[number]))
    if batch.state == State.UNMATCHED:
        return go_to(request, reverse("desk:columns", args=[number]))
    verdict, page = _wanted(request, batch)
    waiting, admitted = rows_waiting(batch), rows_admitted(batch)
    can_admit = _can_admit(request, batch) and bool(waiting)
    context = {
        "batch": batch,
        "ready": sum(batch.counts.get(verdict, 0) for verdict in ADMISSIBLE),
        "place": path_names([batch.division_code])[batch.division_code],
        "verdicts": verdict_lines(batch, verdict),
        "current": verdict,
        "verdict": verdict and Verdict(verdict).label,
        "admitted": admitted,
        "waiting": waiting,
        "is_own": batch.imported_by_id == request.user.pk,
        "can_admit": can_admit,
        "can_withdraw": batch.state in ADMISSIBLE_STATES or (batch.state == State.WITHDRAWN and bool(admitted)),
        "can_import": may(request.user, Permission.IMPORT_CHILDREN, code=batch.division_code, on=today()),
        "form": UploadForm(places=places_to_send(request)),
        "reasons": [] if verdict else [reason_line(reason) for reason in reads.reasons(batch)],
        "history": [history_line(entry) for entry in reads.history(batch)],
        "left_out_rows": reads.rows_left_out(batch) if waiting.get(Verdict.CHANGED) else 0,
    }
    if batch.state == State.WITHDRAWN and admitted:
        context |= _staying(request, batch)
    return render(request, "desk/imports/show.html", context | _rows_or_problems(request, batch, verdict, page))


def _can_admit(request: OfficeRequest, batch: ImportBatch) -> bool:
    """Whether the user is a second person who may admit this batch now."""
    is_another = batch.imported_by_id != request.user.pk and batch.state in ADMISSIBLE_STATES
    return is_another and may(request.user, Permission.ADMIT_CHILDREN, code=batch.division_code, on=today())


def _wanted(request: OfficeRequest, batch: ImportBatch) -> tuple[str, int]:
    """The verdict and the page that are asked for, by themselves or by one row."""
    row = request.GET.get("row", "")
    found = reads.row_in(batch, int(row)) if row.isdecimal() and len(row) < 8 else None
    if found:
        is_child = found.verdict in ROWS_OF_CHILDREN
        return found.verdict, reads.page_of(batch, found, size=staging.ROWS_SHOWN, only_problems=not is_child)
    verdict, page = request.GET.get("verdict", ""), request.GET.get("page", "1")
    return verdict if verdict in Verdict.values else "", int(page) if page.isdecimal() and len(page) < 8 else 1


def _rows_or_problems(request: OfficeRequest, batch: ImportBatch, verdict: str, wanted: int) -> dict[str, object]:
    """Rows that can be read as children are shown as such; the others by what is wrong with them."""
    if verdict in ROWS_OF_CHILDREN:
        page = staging.look_at_rows(by=request.user, batch=batch, verdict=verdict, page=wanted, on=today())
        shown = {"page": page, "rows": _lines(request, batch, reads.staged_lines(batch, page.object_list))}
        return shown | (_choice(request, batch) if verdict == Verdict.CHANGED else {})
    page = Paginator(reads.problem_rows(batch, verdict), PROBLEMS_PAGE).get_page(wanted)
    problems = [RowProblem(row.number, one) for row in page.object_list for one in read_problems(row.problems)]
    return {"page": page, "rows": [], "problems": [as_document(problem) for problem in problems]}


def _choice(request: OfficeRequest, batch: ImportBatch) -> dict[str, object]:
    """What the second person chooses for all changed rows: the columns that differ, each with its rows."""
    if not _can_admit(request, batch):
        return {}
    columns = [
        {"code": code, "title": CHILDREN.header_of(code), "rows": rows, "is_taken": code not in batch.left_out}
        for code, rows in reads.differing(batch)
    ]
    return {"columns": columns, "can_choose": bool(columns)}


def _lines(request: OfficeRequest, batch: ImportBatch, rows: list[reads.StagedLine]) -> list[dict[str, object]]:
    places = short_names(row.place for row in rows)
    numbers = [row.file_number for row in rows if row.file_number]
    numbers += [row.asked.file_number for row in rows if row.asked]
    seen = names_of(request.user, numbers, on=today())
    return [
        {
            "row": row,
            "can_open": row.file_number in seen,
            "sex": SEXES[Sex(row.sex)],
            "age": age_words(age_on(row.birth_date, today())),
            "place": places.get(row.place, row.place),
            "guardian": " ".join(filter(None, (relation_title(row.relation), row.guardian))),
            "categories": [category_title(code) for code in row.categories],
            "changes": [difference_line(change, batch.left_out) for change in row.changes],
            "asked": _registered(row.asked, seen) if row.asked else None,
        }
        for row in rows
    ]


def _registered(child: Child, seen: Collection[str]) -> dict[str, object]:
    """The registered child that a row may be, as far as its reader may see it."""
    if child.file_number not in seen:
        return {"file_number": ""}
    guardian = guardian_of(child)
    return {
        "file_number": child.file_number,
        "name": child.name,
        "sex": SEXES[Sex(child.sex)],
        "born": child.birth_date,
        "place": short_names([child.responsible_code])[child.responsible_code],
        "guardian": guardian.name if guardian else "",
    }


def _staying(request: OfficeRequest, batch: ImportBatch) -> dict[str, object]:
    """The rows that stay when the batch is withdrawn, with the child where the user may see it."""
    wanted = request.GET.get("page", "1")
    page = Paginator(reads.staying(batch), STAYING_PAGE).get_page(wanted)
    lines = reads.staying_lines(page.object_list)
    names = names_of(request.user, [one.file_number for one in lines], on=today())
    shown = [
        {
            "line": one,
            "verdict": Verdict(one.verdict).label,
            "why": why_words(one),
            "name": names.get(one.file_number),
        }
        for one in lines
    ]
    return {"staying": shown, "staying_page": page}


def _progress(request: OfficeRequest, batch: ImportBatch) -> HttpResponse:
    progress = reads.progress_of(batch)
    needed = Permission.ADMIT_CHILDREN if batch.state == State.ADMITTING else Permission.IMPORT_CHILDREN
    context = {
        "batch": batch,
        "line": progress_line(progress),
        "can_cancel": may(request.user, needed, code=batch.division_code, on=today()),
    }
    part = "desk/imports/running_part.html" if request.headers.get("HX-Request") else "desk/imports/progress.html"
    return render(request, part, context)


@only(Permission.ADMIT_CHILDREN)
def choose(request: OfficeRequest, number: int) -> HttpResponse:
    """Choose what of the changed rows is taken (选择采纳项), a page at a time."""
    batch, said = batch_or_404(request, number), request.POST
    if request.method != "POST":
        return redirect("desk:import", number)
    try:
        choosing.choose(
            by=request.user, batch=batch, on=today(), left_out=_out_of_all(batch, said), rows=_out_of_rows(said)
        )
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Your choice is kept."))
    page = said.get("next") or said.get("page", "1")
    return redirect(f"{reverse('desk:import', args=[number])}?verdict=changed&page={page if page.isdecimal() else 1}")


def _out_of_all(batch: ImportBatch, said: QueryDict) -> list[str]:
    """The columns left out of all rows: those shown and not ticked, and those chosen before that were not shown."""
    shown, taken = set(said.getlist("column")), set(said.getlist("take_column"))
    return [*shown - taken, *set(batch.left_out) - shown]


def _out_of_rows(said: QueryDict) -> dict[int, list[str]]:
    """What is left out of each row shown: its entries are `row:column`, `*` for the whole row."""
    taken = set(said.getlist("take"))
    rows: dict[int, list[str]] = {}
    for entry in said.getlist("shown"):
        number, _colon, column = entry.partition(":")
        if number.isdecimal() and len(number) < 8:
            out = rows.setdefault(int(number), [])
            out += [] if entry in taken else [column]
    return rows


@only(*IMPORTS)
def say_who(request: OfficeRequest, number: int) -> HttpResponse:
    """Say who a row is (判明是否同一人): the registered child that it looks like, or another one."""
    batch, row = batch_or_404(request, number), row_number(request.POST.get("row", ""))
    back = f"{reverse('desk:import', args=[number])}?verdict={Verdict.POSSIBLE}"
    if request.method != "POST":
        return redirect(back)
    try:
        said = telling.say_who(
            by=request.user, batch=batch, number=row, answer=request.POST.get("answer", ""), on=today()
        )
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        details = {"row": row, "verdict": Verdict(said.verdict).label}
        messages.success(request, _("Row %(row)s is now among: %(verdict)s.") % details)
    return redirect(back)


@only(Permission.ADMIT_CHILDREN)
def admit(request: OfficeRequest, number: int) -> HttpResponse:
    """Admit (入库) as the second person; a job does it slice by slice."""
    batch = batch_or_404(request, number)
    if request.method != "POST":
        return redirect("desk:import", number)
    chosen = [verdict for verdict in request.POST.getlist("only") if verdict in Verdict.values]
    try:
        with transaction.atomic():
            admission.begin_admission(by=request.user, batch=batch, on=today(), only=chosen)
            jobs.admit_batch.defer(batch_id=batch.pk, by_id=request.user.pk, on=today().isoformat())
    except Refused as refused:
        messages.error(request, str(refused.reason))
    return redirect("desk:import", number)


@only(*IMPORTS)
def cancel(request: OfficeRequest, number: int) -> HttpResponse:
    """Cancel (取消) what runs: it stops after the slice in hand."""
    batch = batch_or_404(request, number)
    if request.method == "POST":
        try:
            cancelling.cancel(by=request.user, batch=batch, on=today())
        except Refused as refused:
            messages.error(request, str(refused.reason))
        else:
            messages.success(request, _("It has been stopped."))
    return redirect("desk:import", number)


@only(*IMPORTS)
def withdraw(request: OfficeRequest, number: int) -> HttpResponse:
    """Withdraw (撤回) a batch: asked once more, with how many go back and who stays."""
    batch = batch_or_404(request, number)
    if request.method != "POST":
        admitted, staying = rows_admitted(batch), reads.staying(batch).count()
        context = {"batch": batch, "admitted": admitted, "going": admitted - staying}
        return render(request, "desk/imports/withdraw.html", context | _staying(request, batch))
    try:
        counts = withdrawal.withdraw(by=request.user, batch=batch, on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, withdrawn_words(counts))
    return redirect("desk:import", number)
