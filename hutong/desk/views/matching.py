"""Matching the columns of an unknown sheet by page (列对应)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.import_forms import ColumnsForm, SheetForm
from hutong.desk.views.imports import batch_or_404, judge_later
from hutong.divisions.queries import path_names, short_names, valid_on
from hutong.kit.workbooks.preview import Preview
from hutong.law.division_code import Level, prefix_of
from hutong.registry.actions import matching
from hutong.registry.actions.changes import WrongValues
from hutong.registry.intake.problems import matching_sentence
from hutong.registry.models import ImportBatch
from hutong.registry.queries import batch_problems

VILLAGES_AT_MOST = 600


@only(Permission.IMPORT_CHILDREN)
def columns(request: OfficeRequest, number: int) -> HttpResponse:
    """The columns of a sheet (列对应): said once what each holds, then the rows are checked."""
    batch = batch_or_404(request, number)
    try:
        shown = _shown(request, batch)
        form = ColumnsForm(request.POST or None, shown=shown, villages=_villages(batch))
        if form.is_valid() and _match(request, batch, shown, form):
            return redirect("desk:import", number)
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:imports")
    context = {
        "batch": batch,
        "place": path_names([batch.division_code])[batch.division_code],
        "shown": shown,
        "form": form,
        "sheet": SheetForm(shown=shown),
        "problems": [
            matching_sentence(problem.problem)
            for problem in batch_problems(batch)
            if problem.problem.code == "missing_column"
        ],
    }
    return render(request, "desk/imports/columns.html", context, status=422 if form.errors else 200)


def _shown(request: OfficeRequest, batch: ImportBatch) -> Preview:
    said = request.POST if request.method == "POST" else request.GET
    page, header_row = (_number(said.get(name, "")) for name in ("page", "header_row"))
    return matching.look_at_columns(by=request.user, batch=batch, on=today(), page=page, header_row=header_row)


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and len(said) < 8 else None


def _match(request: OfficeRequest, batch: ImportBatch, shown: Preview, form: ColumnsForm) -> bool:
    """Whether the columns could be matched; what could not stays chosen, with the reason beside it."""
    try:
        with transaction.atomic():
            matched = matching.match_columns(
                by=request.user,
                batch=batch,
                page=shown.layout.page,
                header_row=shown.layout.header_row,
                codes=form.codes,
                fixed=form.fixed,
                on=today(),
            )
            judge_later(matched)
    except WrongValues as wrong:
        form.blame(wrong.problems)
        return False
    return True


def _villages(batch: ImportBatch) -> dict[str, str]:
    """The villages of the batch's place (本辖区村居); of a whole province they are too many to choose from."""
    places = valid_on(today()).filter(code__startswith=prefix_of(batch.division_code), level=Level.VILLAGE)
    codes = list(places.order_by("code").values_list("code", flat=True)[: VILLAGES_AT_MOST + 1])
    return short_names(codes) if len(codes) <= VILLAGES_AT_MOST else {}
