"""Comparing two files by their numbers (自行比对): first a look, then, if somebody wants it answered, a pair."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.pair_forms import CompareForm
from hutong.desk.pair_lines import compare_lines, sorted_out
from hutong.registry.actions.comparing import Two, compare_files, look_at_two


@only(Permission.JUDGE_PAIRS)
def compare(request: OfficeRequest) -> HttpResponse:
    """Compare two files (自行比对) that somebody takes for one child's; on the desk they come when that is pressed."""
    form = CompareForm(request.POST if request.method == "POST" else None, auto_id="compare_%s")
    if form.is_valid():
        said = {"first": form.cleaned_data["number"], "second": form.cleaned_data["other"]}
        try:
            if "put" in request.POST:
                return redirect("desk:pair", compare_files(by=request.user, on=today(), **said).pk)
            return _compared(request, look_at_two(by=request.user, on=today(), **said))
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    return render(request, "desk/pairs/compare.html", {"form": form}, status=422 if form.errors else 200)


def _compared(request: OfficeRequest, two: Two) -> HttpResponse:
    lines = sorted_out(compare_lines(request.user, two.first, two.second))
    return render(request, "desk/pairs/compared.html", lines | {"two": two})
