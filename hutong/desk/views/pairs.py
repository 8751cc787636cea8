"""The duplicates desk (疑似重复): the list, one pair side by side, both answers, several at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, open_tasks_about, permissions_of
from hutong.desk.change_forms import AnswerForm
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.paging import page_links
from hutong.desk.pair_forms import CompareForm, DifferentForm, ManyForm, PairFilterForm, SameForm
from hutong.desk.pair_lines import compare_lines, far_lines, pair_lines
from hutong.desk.pair_words import percent, signed, weight_lines
from hutong.desk.titles import answer_title
from hutong.desk.views.file import row_number
from hutong.divisions.queries import path_names
from hutong.registry import pairs
from hutong.registry.actions import comparing, merging
from hutong.registry.actions.sampling import keep_answer
from hutong.registry.models import Merge, Pair
from hutong.registry.models.merge import MergeStage
from hutong.registry.models.pair import PairState

PAGE = 50
GUARD = only(Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES)
FAR = only(Permission.BRING_TOGETHER)


@only(Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES, Permission.BRING_TOGETHER)
def index(request: OfficeRequest) -> HttpResponse:
    """Possible duplicates (疑似重复): the pairs of one's place, the heaviest first; above it those of two counties."""
    rights = permissions_of(request.user, on=today())
    if not rights & {Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES}:
        return _far_index(request)
    form = PairFilterForm(request.GET)
    found = pairs.pairs(request.user, form.filters(), on=today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    division = form.filters().division
    context = {
        "form": form,
        "page": page,
        "pairs": pair_lines(page.object_list),
        "place": path_names([division]).get(division, "") if division else "",
        "compare": CompareForm(auto_id="compare_%s"),
        "may_judge": Permission.JUDGE_PAIRS in rights,
    }
    return render(request, "desk/pairs/index.html", context | page_links(request, page))


def _far_index(request: OfficeRequest) -> HttpResponse:
    page = Paginator(pairs.far_pairs(request.user, on=today()), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "pairs": far_lines(page.object_list)}
    return render(request, "desk/pairs/far_index.html", context | page_links(request, page))


def _pair_or_404(request: OfficeRequest, number: int) -> Pair:
    pair = pairs.pair_with_number(request.user, number, on=today())
    if pair is None:
        raise Http404
    return pair


@GUARD
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One pair (一对档案) side by side, how its score came about, and the answer. The look is recorded."""
    pair = _pair_or_404(request, number)
    comparing.look_at_pair(by=request.user, pair=pair, on=today())
    same = SameForm(files=_files(pair), initial={"leading": pairs.suggested(pair).file_number})
    return _page(request, pair, same, DifferentForm())


def _files(pair: Pair) -> list[tuple[str, str]]:
    files = zip(("A", "B"), (pair.first, pair.second), strict=True)
    return [(one.file_number, f"{side} · {one.name} · {one.file_number}") for side, one in files]


def _page(request: OfficeRequest, pair: Pair, same: SameForm, different: DifferentForm) -> HttpResponse:
    merge = pairs.merge_of(pair)
    failed = bool(same.errors or different.errors)
    asked = open_tasks_about(request.user, "pair", str(pair.pk), on=today())
    context = {
        "pair": pair,
        "lines": compare_lines(pair.first, pair.second),
        "weights": weight_lines(pair.waterfall),
        "weight": signed(pair.weight),
        "probability": percent(pair.probability),
        "reason": answer_title(pair.reason),
        "words": pair.words.open() if pair.words else "",
        "merge": merge,
        "refusal": merge.answer.open() if merge and merge.answer else "",
        "same": same,
        "different": different,
        "next": _next(request, pair),
        "differs": asked.filter(kind="answers_differ").exists(),
    }
    return render(
        request, "desk/pairs/show.html", context | _rights(request, pair, merge), status=422 if failed else 200
    )


def _rights(request: OfficeRequest, pair: Pair, merge: Merge | None) -> dict[str, bool]:
    codes = [pair.first.leading.responsible_code, pair.second.leading.responsible_code]

    def has(permission: Permission) -> bool:
        return all(may(request.user, permission, code=code, on=today()) for code in codes)

    waits = merge is not None and merge.stage == MergeStage.PROPOSED
    is_own = merge is not None and merge.by_id == request.user.pk
    return {
        "may_judge": pair.state == PairState.OPEN and has(Permission.JUDGE_PAIRS),
        "may_confirm": waits and not is_own and has(Permission.CONFIRM_CHANGES),
        "may_take_back": waits and is_own,
        "may_undo": merge is not None
        and merge.stage == MergeStage.DONE
        and (has(Permission.CONFIRM_CHANGES) or has(Permission.CLOSE_CHILDREN)),
    }


def _next(request: OfficeRequest, pair: Pair) -> str:
    """The next open pair, so that one may be answered after another."""
    found = pairs.pairs(request.user, pairs.PairFilters(), on=today()).exclude(pk=pair.pk)
    later = found.filter(weight__lte=pair.weight).first() or found.first()
    return reverse("desk:pair", args=[later.pk]) if later else ""


@GUARD
def answer(request: OfficeRequest, number: int) -> HttpResponse:
    """Answer (判定): one child, which waits for a second person, or two; then to the next pair."""
    pair = _pair_or_404(request, number)
    if request.method != "POST":
        return redirect("desk:pair", number)
    is_same = "same" in request.POST
    same = SameForm(request.POST if is_same else None, files=_files(pair))
    different = DifferentForm(None if is_same else request.POST)
    form: forms.Form = same if is_same else different
    if form.is_valid():
        try:
            _answer(request, pair, form, is_same=is_same)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            return redirect(_next(request, pair) or "desk:pairs")
    return _page(request, pair, same, different)


def _answer(request: OfficeRequest, pair: Pair, form: forms.Form, *, is_same: bool) -> None:
    if is_same:
        merging.propose_merge(by=request.user, pair=pair, on=today(), **form.cleaned_data)
        messages.info(request, _("Proposed. Both files stay as they are until another person has confirmed it."))
    else:
        comparing.say_different(by=request.user, pair=pair, on=today(), **form.cleaned_data)
        messages.success(request, _("Kept: two children. This is not asked again."))


@GUARD
def decide(request: OfficeRequest, number: int) -> HttpResponse:
    """The second person (第二人): confirm that the files are joined, or say why not."""
    pair = _pair_or_404(request, number)
    merge = pairs.merge_of(pair)
    if request.method == "POST" and "keep" in request.POST:
        return _keep(request, pair)
    if request.method != "POST" or merge is None:
        return redirect("desk:pair", number)
    form = AnswerForm(request.POST)
    try:
        if "confirm" in request.POST:
            merging.confirm_merge(by=request.user, merge=merge, on=today())
            messages.success(request, _("Joined. Nothing was moved: the joining can be undone at any time."))
            return redirect("desk:child", merge.leading.file_number)
        form.is_valid()
        merging.refuse_merge(by=request.user, merge=merge, words=form.cleaned_data.get("words", ""), on=today())
        messages.success(request, _("Done, and recorded."))
    except Refused as refused:
        messages.error(request, str(refused.reason))
    return redirect("desk:pair", number)


def _keep(request: OfficeRequest, pair: Pair) -> HttpResponse:
    try:
        keep_answer(by=request.user, pair=pair, on=today())
        messages.success(request, _("Done, and recorded."))
    except Refused as refused:
        messages.error(request, str(refused.reason))
    return redirect("desk:pair", pair.pk)


@only(Permission.JUDGE_PAIRS)
def many(request: OfficeRequest) -> HttpResponse:
    """Answer several (批量判定): each by itself; those that cannot be answered stay and say why."""
    numbers = [row_number(text) for text in request.POST.getlist("selected")][: comparing.AT_MOST]
    chosen = list(pairs.pairs(request.user, pairs.PairFilters(), on=today()).filter(pk__in=numbers))
    if request.method != "POST" or not chosen:
        messages.error(request, _("Choose at least one open pair from the list first."))
        return redirect("desk:pairs")
    is_filled = "reason" in request.POST
    form = ManyForm(request.POST if is_filled else None)
    outcomes: list[comparing.Outcome] = []
    if is_filled and form.is_valid():
        outcomes = _answer_many(request, chosen, form.cleaned_data)
        if not any(outcome.why for outcome in outcomes):
            return redirect("desk:pairs")
    left = [(line, outcome.why) for line, outcome in _left(outcomes)]
    context = {"form": form, "pairs": pair_lines(chosen) if not outcomes else [], "left": left}
    return render(request, "desk/pairs/many.html", context, status=422 if form.errors else 200)


def _left(outcomes: list[comparing.Outcome]) -> list[tuple[Any, comparing.Outcome]]:
    left = [outcome for outcome in outcomes if outcome.why]
    return list(zip(pair_lines(outcome.pair for outcome in left), left, strict=True))


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


@only(Permission.JUDGE_PAIRS)
def compare(request: OfficeRequest) -> HttpResponse:
    """Compare two files (自行比对) that somebody takes for one child's."""
    form = CompareForm(request.POST if request.method == "POST" else None, auto_id="compare_%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            pair = comparing.compare_files(by=request.user, first=said["number"], second=said["other"], on=today())
            return redirect("desk:pair", pair.pk)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    return render(request, "desk/pairs/compare.html", {"form": form}, status=422 if form.errors else 200)


@FAR
def far(request: OfficeRequest, number: int) -> HttpResponse:
    """A pair of two counties (跨县疑似重复): no name of either; to be brought together, then answered there."""
    pair = pairs.far_pairs(request.user, on=today()).filter(pk=number).first()
    if pair is None:
        raise Http404
    if request.method == "POST":
        comparing.bring_together(by=request.user, pair=pair, on=today())
        messages.success(request, _("Both counties are asked to find out where the child lives now."))
        return redirect("desk:pairs")
    (line,) = far_lines([pair])
    context = {"line": line, "pair": pair, "weights": weight_lines(pair.waterfall)}
    return render(request, "desk/pairs/far.html", context)
