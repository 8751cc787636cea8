"""Several pairs of the duplicates desk answered together (批量判定)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.pair_forms import ManyForm
from hutong.desk.pair_lines import chosen_lines, pair_lines
from hutong.desk.views.file import row_number
from hutong.registry import pairs
from hutong.registry.actions import comparing, merging
from hutong.registry.models import Pair


@only(Permission.JUDGE_PAIRS)
def many(request: OfficeRequest) -> HttpResponse:
    """Answer several (批量判定): each by itself; those that cannot be answered stay and say why."""
    numbers = [row_number(text) for text in request.POST.getlist("selected")][: comparing.AT_MOST]
    chosen = list(pairs.pairs(request.user, pairs.PairFilters(), on=today()).filter(pk__in=numbers))
    if request.method != "POST" or not chosen:
        messages.error(request, _("Choose at least one open pair from the list first."))
        return redirect("desk:pairs")
    form = ManyForm(request.POST if "words" in request.POST else None)
    outcomes: list[comparing.Outcome] = []
    if form.is_valid():
        outcomes = _answer_many(request, chosen, form.cleaned_data)
        if not any(outcome.why for outcome in outcomes):
            return redirect("desk:pairs")
    lines = [] if outcomes else chosen_lines(chosen)
    is_mixed = len({one.line.band for one in lines}) > 1
    context = {"form": form, "lines": lines, "is_mixed": is_mixed, "left": _left(outcomes)}
    return render(request, "desk/pairs/many.html", context, status=422 if form.errors else 200)


def _left(outcomes: list[comparing.Outcome]) -> list[tuple[Any, str]]:
    left = [outcome for outcome in outcomes if outcome.why]
    return [(line, one.why) for line, one in zip(pair_lines(one.pair for one in left), left, strict=True)]


def _answer_many(request: OfficeRequest, chosen: list[Pair], said: dict[str, Any]) -> list[comparing.Outcome]:
    common = {"by": request.user, "reason": said["reason"], "words": said["words"], "on": today()}

    def same(pair: Pair) -> object:
        return merging.propose_merge(pair=pair, leading=pairs.suggested(pair).file_number, **common)

    def different(pair: Pair) -> object:
        return comparing.say_different(pair=pair, **common)

    act: Callable[[Pair], object] = same if said["answer"] == "same" else different
    outcomes = comparing.answer_many(by=request.user, pairs=chosen, act=act, on=today())
    done = sum(not outcome.why for outcome in outcomes)
    words = ngettext("%(done)s pair answered", "%(done)s pairs answered", done) % {"done": done}
    if done < len(outcomes):
        words += _("; %(left)s left as they are") % {"left": len(outcomes) - done}
    messages.success(request, words + _("."))
    return outcomes
