"""The national system's own list beside ours (全国系统比对): received, compared, shown once, and kept nowhere."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from hutong.accounts.clock import today
from hutong.allowances.actions.national import note_compared
from hutong.allowances.national_comparing import Comparison
from hutong.allowances.national_comparing import compare as compared_with_ours
from hutong.allowances.national_file import problems_in_words, read_their_list, refusal_words
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.national_forms import NUMBER, EnteredForm, TheirListForm
from hutong.desk.national_lines import differing_lines, here_lines, unmarked_lines
from hutong.desk.views.national import KEEPS
from hutong.kit.uploads import RefusedFile

SHOWN = 200


@only(KEEPS)
def compare(request: OfficeRequest) -> HttpResponse:
    """Compare their list with ours (比对): only there, only here, what differs, and who can be marked from it."""
    if request.method != "POST":
        return redirect("desk:national")
    form = TheirListForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "desk/national/compare.html", {"their_form": form}, status=422)
    file = form.cleaned_data["file"]
    try:
        theirs = read_their_list(file.read(), name=file.name, on=today())
    except RefusedFile as refused:
        form.add_error("file", refusal_words(refused))
        return render(request, "desk/national/compare.html", {"their_form": form}, status=422)
    found = compared_with_ours(request.user, theirs, on=today())
    note_compared(by=request.user, found=found, on=today())
    problems = list(problems_in_words(theirs.problems))
    context = _context(found) | {"problems": problems, "rows": len(theirs.rows)}
    return render(request, "desk/national/compare.html", context)


def _context(found: Comparison) -> dict[str, Any]:
    return {
        "found": found,
        "form": EnteredForm(initial={"entered_on": today()}),
        "their_form": TheirListForm(),
        "prefix": NUMBER,
        "shown": SHOWN,
        "is_cut": max(map(len, (found.differing, found.unmarked, found.only_here, found.only_there))) > SHOWN,
        "differing": differing_lines(found.differing[:SHOWN]),
        "unmarked": unmarked_lines(found.unmarked[:SHOWN]),
        "here": here_lines(found.only_here[:SHOWN]),
        "there": found.only_there[:SHOWN],
    }
