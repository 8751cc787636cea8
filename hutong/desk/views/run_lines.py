"""One line of a run by page (核定明细): why so much, every attempt to pay it; holding it and releasing it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.allowances.actions import running
from hutong.allowances.models import RunLine
from hutong.allowances.models.run import RunState
from hutong.allowances.payments import payment_of
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.payment_forms import WordsForm
from hutong.desk.payment_lines import attempt_rows, fact_lines, sum_lines
from hutong.desk.payment_words import hold_action, hold_title, month, paid_category, run_title
from hutong.desk.titles import money
from hutong.desk.views.file import looked_or_404, seen_or_404
from hutong.desk.views.runs import line_or_404
from hutong.law.holds import BY_HAND

ACTS: dict[str, tuple[Promise, Promise, Callable[..., object]]] = {
    "hold": (
        _lazy("Hold"),
        _lazy("No run pays this child until it is released; nothing of what is due is lost."),
        running.hold_line,
    ),
    "release": (
        _lazy("Release"),
        _lazy("This run pays the child again, or the next one with what is left of earlier months."),
        running.release_line,
    ),
}


@only(Permission.SEE_PAYMENTS)
def show(request: OfficeRequest, number: int, line: int) -> HttpResponse:
    """Why so much (金额由来): facts, rule, article, attempts. A look at the child, recorded."""
    found = line_or_404(request, number, line)
    seen = looked_or_404(request, found.child.file_number)
    held = running.hand_hold_of(found.child_id)
    context = {
        "run": found.run,
        "run_title": run_title(found.run),
        "line": found,
        "child": found.child,
        "month": month(found.month),
        "category": paid_category(found.category),
        "amount": money(found.amount_fen),
        "hold": hold_title(found.hold) if found.hold else "",
        "hold_action": hold_action(found.hold) if found.hold else "",
        "held": held,
        "held_words": held.words.open() if held else "",
        "sensitive": seen.is_sensitive,
        "facts": fact_lines(found, sensitive=seen.is_sensitive),
        "sums": sum_lines(found, sensitive=seen.is_sensitive),
        "attempts": attempt_rows(request.user, payment_of(found).attempts, on=today()),
        "acts": [(code, ACTS[code][0]) for code in _possible(request, found)],
    }
    return render(request, "desk/runs/line.html", context)


def _possible(request: OfficeRequest, line: RunLine) -> list[str]:
    if not may(request.user, Permission.PREPARE_RUNS, code=line.run.division_code, on=today()):
        return []
    held = running.hand_hold_of(line.child_id)
    is_open = line.run.state == RunState.PREPARED
    if held:
        return ["release"] if is_open or (line.run.state == RunState.APPROVED and line.hold == BY_HAND) else []
    return ["hold"] if is_open and not line.hold else []


@only(Permission.PREPARE_RUNS)
@fresh
def act_on(request: OfficeRequest, number: int, line: int, act: str) -> HttpResponse:
    """Hold a line or release it (暂缓、解除), with a reason."""
    found = line_or_404(request, number, line)
    if act not in ACTS:
        raise Http404
    seen_or_404(request, found.child.file_number)
    title, note, verb = ACTS[act]
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verb(by=request.user, line=found, words=form.cleaned_data["words"], on=today())
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect("desk:run_line", number, line)
    context = {
        "run": found.run,
        "run_title": run_title(found.run),
        "line": found,
        "child": found.child,
        "month": month(found.month),
        "amount": money(found.amount_fen),
        "title": title,
        "note": note,
        "form": form,
    }
    return render(request, "desk/runs/act.html", context, status=422 if form.errors else 200)
