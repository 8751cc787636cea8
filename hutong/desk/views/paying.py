"""Batches by page (发放批次): sending, what the bank returned, reconciling; failed payments by what is done next."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.allowances.run_queries import run_of_batch
from hutong.desk.bank_words import FaultLine, fault_lines, layout_title
from hutong.desk.batch_lines import failure_lines, reconciled_lines, return_lines, source_lines, state_chips
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.paging import page_links
from hutong.desk.payment_forms import BankReturnForm, SendForm
from hutong.desk.payment_lines import attempt_rows
from hutong.desk.payment_words import BATCH_TONES, batch_title
from hutong.desk.titles import money
from hutong.divisions.queries import path_names
from hutong.gateways.bank.orders import RefusedOrders
from hutong.treasury import queries
from hutong.treasury.actions import batches
from hutong.treasury.models import Batch
from hutong.treasury.models.batch import AttemptState, BatchState

PAGE = 100
SEES, PAYS = Permission.SEE_PAYMENTS, Permission.PAY_BATCHES


def batch_or_404(request: OfficeRequest, number: int) -> Batch:
    """A batch that the user may see (可见批次)."""
    found = queries.batch(request.user, number, on=today())
    if found is None:
        raise Http404
    return found


def _own_or_404(request: OfficeRequest, number: int) -> Batch:
    """A batch that the user may bring on."""
    found = batch_or_404(request, number)
    if not may(request.user, PAYS, code=found.division_code, on=today()):
        raise Http404
    return found


@only(SEES)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One batch (发放批次): where it is, the three sums side by side, what was not paid and what is done about it."""
    return _page(request, batch_or_404(request, number))


def _page(request: OfficeRequest, batch: Batch, status: int = 200, **more: Any) -> HttpResponse:
    on, pays = today(), may(request.user, PAYS, code=batch.division_code, on=today())
    sums = queries.sums_of(batch)
    is_third = request.user.pk not in (batch.prepared_by_id, batch.approved_by_id)
    waiting = sums.get(AttemptState.SENT, queries.NOTHING)
    context: dict[str, Any] = {
        "batch": batch,
        "run": run_of_batch(request.user, batch, on=on),
        "title": batch_title(batch),
        "place": path_names([batch.division_code])[batch.division_code],
        "tone": BATCH_TONES[BatchState(batch.state)],
        "total": money(batch.total_fen),
        "layout": layout_title(batch.layout) if batch.layout else "",
        "sources": source_lines(batch),
        "reconciled": reconciled_lines(batch, sums),
        "agrees": not waiting.lines,
        "is_settled": not waiting.lines and batch.state != BatchState.SENT,
        "waiting": waiting.lines,
        "failures": failure_lines(batch, on=on),
        "may_anew": may(request.user, Permission.PREPARE_RUNS, code=batch.division_code, on=on),
        "returns": return_lines(batch.returns.select_related("by"), layout=batch.layout),
        "can_send": pays and is_third and batch.state == BatchState.APPROVED,
        "can_take": pays and batch.state in (BatchState.SENT, BatchState.ANSWERED, BatchState.CLOSED),
        "can_close": pays and batch.state == BatchState.ANSWERED,
        "can_fetch": pays and bool(batch.file_digest),
        "send_form": SendForm(),
        "return_form": BankReturnForm(),
        "faults": [],
    }  # fmt: skip
    context |= _listed(request, batch) | more
    return render(request, "desk/paying/show.html", context, status=status)


def _listed(request: OfficeRequest, batch: Batch) -> dict[str, Any]:
    state = request.GET.get("state", "")
    state, code = (AttemptState.FAILED, state.removeprefix("failed-")) if state.startswith("failed-") else (state, "")
    state = state if state in AttemptState.values else ""
    page = Paginator(queries.attempts_of(batch, state=state, code=code[:30]), PAGE).get_page(request.GET.get("page"))
    rows = attempt_rows(request.user, page.object_list, on=today())
    return {
        "rows": rows,
        "page": page,
        "chips": state_chips(batch, state, code, on=today()),
        "sees_names": any(one.name for one in rows),
    } | page_links(request, page)


@only(PAYS)
@fresh
def send(request: OfficeRequest, number: int) -> HttpResponse:
    """Send to the bank (报送银行): what the layout cannot hold is named and nothing is sent."""
    batch = _own_or_404(request, number)
    if request.method != "POST":
        return redirect("desk:batch", number)
    form = SendForm(request.POST)
    faults: list[FaultLine] = []
    if form.is_valid():
        try:
            batches.send(by=request.user, batch=batch, layout=form.cleaned_data["layout"], on=today())
        except RefusedOrders as refused:
            faults = fault_lines(refused.faults, layout=form.cleaned_data["layout"])
            form.add_error(None, _("The file cannot be written as it is; nothing was sent. See what is wrong below."))
        except Refused as refused_act:
            form.add_error(None, str(refused_act.reason))
        else:
            messages.success(request, _("The file is made. Download it here and hand it to the bank."))
            return redirect("desk:batch", number)
    return _page(request, batch, 422, send_form=form, faults=faults)


@only(PAYS)
@fresh
def fetch(request: OfficeRequest, number: int) -> HttpResponse:
    """The payment file (代发文件), byte by byte as it went out, each time."""
    batch = _own_or_404(request, number)
    try:
        content = batches.print_again(by=request.user, batch=batch, on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:batch", number)
    ending = "txt" if batch.layout == "fixed" else "csv"
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{batch.number}.{ending}"),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


@only(PAYS)
@fresh
def take(request: OfficeRequest, number: int) -> HttpResponse:
    """Take in what the bank returned (导入回盘): what fits counts once, the rest is named line by line."""
    batch = _own_or_404(request, number)
    if request.method != "POST":
        return redirect("desk:batch", number)
    form = BankReturnForm(request.POST, request.FILES)
    faults: list[FaultLine] = []
    if form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            made = batches.take_return(by=request.user, batch=batch, content=content, on=today())
        except batches.WrongReturn as wrong:
            faults = fault_lines(wrong.faults, layout=batch.layout)
            form.add_error("file", str(wrong.reason))
        except Refused as refused:
            form.add_error("file", str(refused.reason))
        else:
            said = {"paid": made.paid, "failed": made.failed, "bounced": made.bounced}
            messages.success(request, _("Taken in: %(paid)s paid, %(failed)s not paid, %(bounced)s came back.") % said)
            return redirect("desk:batch", number)
    return _page(request, batch_or_404(request, number), 422, return_form=form, faults=faults)


@only(PAYS)
@fresh
def close(request: OfficeRequest, number: int) -> HttpResponse:
    """Reconcile and close (对账结清)."""
    batch = _own_or_404(request, number)
    if request.method == "POST":
        try:
            batches.close_batch(by=request.user, batch=batch, on=today())
        except Refused as refused:
            messages.error(request, str(refused.reason))
        else:
            messages.success(request, _("Reconciled and closed."))
    return redirect("desk:batch", number)
