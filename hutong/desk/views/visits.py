"""The visits to one child by page: what there was, and recording one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only, signed_in
from hutong.desk.views.file import Seen, file_context, file_page, looked_or_404, row_number
from hutong.desk.views.steps import changeable_or_404
from hutong.desk.visit_forms import StatementForms, VisitForm, statements_of
from hutong.desk.visit_lines import VisitLines
from hutong.outreach.actions.visiting import record_visit
from hutong.outreach.models import Visit
from hutong.outreach.queries import last_seen_on, visit_of, visits_of


@signed_in
def index(request: OfficeRequest, file_number: str) -> HttpResponse:
    """The visits to a child (走访记录), the latest first; those that were corrected apart."""
    seen = looked_or_404(request, file_number)
    found = list(visits_of(request.user, seen.child, today()))
    lines = VisitLines(
        seen.child,
        request.user,
        sensitive=seen.is_sensitive,
        can_record=seen.offered["visits"] and not seen.child.closed_on,
    )
    last = last_seen_on(seen.child)
    context = {
        "visits": [lines.line(visit) for visit in found if not visit.corrections.all()],
        "corrected": [lines.line(visit) for visit in found if visit.corrections.all()],
        "last_seen": last,
        "days": (today() - last).days if last else 0,
    }
    return file_page(request, seen, "visits", context)


@only(Permission.RECORD_VISITS)
def record(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Record a visit (登记走访), or the correction of one."""
    seen = changeable_or_404(request, file_number, "visits")
    corrects = _corrected(request, seen)
    initial = VisitForm.of(corrects) if corrects else {"visited_on": today()}
    form, statements = VisitForm(request.POST or None, initial=initial), StatementForms(request.POST or None)
    if form.is_valid() and statements.is_valid():
        said = form.cleaned_data | {"statements": statements_of(statements), "corrects": corrects}
        try:
            record_visit(by=request.user, child=seen.child, on=today(), **said)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect("desk:visits", file_number)
    failed = request.method == "POST"
    context = file_context(seen, "visits") | {"form": form, "statements": statements, "corrects": corrects}
    return render(request, "desk/children/record_visit.html", context, status=422 if failed else 200)


def _corrected(request: OfficeRequest, seen: Seen) -> Visit | None:
    number = request.GET.get("corrects", "")
    if not number:
        return None
    visit = visit_of(request.user, seen.child, row_number(number), on=today())
    if visit is None or visit.corrections.all():
        raise Http404
    return visit
