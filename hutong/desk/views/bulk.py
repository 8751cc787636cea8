"""One change on many files by page (批量变更): chosen, tried row by row, done."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.change_forms import BulkForm
from hutong.desk.file_lines import differences
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.views.steps import chosen_places
from hutong.law.identity import read_file_number
from hutong.registry.actions.bulk import AT_MOST, Outcome, change_many, try_bulk
from hutong.registry.actions.changes import read_document
from hutong.registry.queries import names_of


@only(Permission.CHANGE_CHILDREN)
def bulk(request: OfficeRequest) -> HttpResponse:
    """Change many files (批量变更): what is to be done, then each file checked, then done."""
    sent = dict.fromkeys(request.POST.getlist("selected"))
    numbers = [number for number in sent if read_file_number(number) == number][:AT_MOST]
    names = names_of(request.user, numbers, on=today())
    if request.method != "POST" or not names:
        messages.error(request, _("Choose at least one child from the list first."))
        return redirect("desk:children")
    selected = [number for number in numbers if number in names]
    context = {"selected": [(number, names[number]) for number in selected]}
    is_filled = "operation" in request.POST or "try" in request.POST
    form = BulkForm(request.POST if is_filled else None, initial={"day": today(), "altering": "happened"})
    if not is_filled or "back" in request.POST or not form.is_valid():
        return _form(request, form, context, failed=is_filled and "back" not in request.POST)
    try:
        if "checked" in request.POST:
            return _done(request, change_many(by=request.user, file_numbers=selected, wanted=form.wanted(), on=today()))
        outcomes = try_bulk(by=request.user, file_numbers=selected, wanted=form.wanted(), on=today())
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return _form(request, form, context, failed=True)
    typed = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
    possible = sum(outcome.change is not None for outcome in outcomes)
    more = {"typed": typed, "lines": [_line(outcome) for outcome in outcomes], "possible": possible}
    return render(request, "desk/children/bulk_check.html", context | more)


def _form(request: OfficeRequest, form: BulkForm, context: Mapping[str, object], *, failed: bool) -> HttpResponse:
    more = {"form": form, "places": chosen_places(form)}
    return render(request, "desk/children/bulk.html", {**context, **more}, status=422 if failed else 200)


def _line(outcome: Outcome) -> dict[str, object]:
    shown = differences(*read_document(outcome.change)) if outcome.change else []
    return {"child": outcome.child, "outcome": outcome, "differences": shown}


def _done(request: OfficeRequest, outcomes: list[Outcome]) -> HttpResponse:
    done = sum(outcome.change is not None for outcome in outcomes)
    waiting = sum(outcome.waits for outcome in outcomes)
    words = ngettext("%(done)s file changed", "%(done)s files changed", done) % {"done": done}
    if waiting:
        words += _(", of which %(waiting)s wait for a second person") % {"waiting": waiting}
    if done < len(outcomes):
        words += _("; %(left)s left as they are") % {"left": len(outcomes) - done}
    messages.success(request, words + _("."))
    return redirect("desk:children")
