"""The duplicates desk (疑似重复): the list, one pair side by side, both answers, asking anew, pairs of two counties."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, open_tasks_about, permissions_of
from hutong.desk.change_forms import AnswerForm
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.paging import page_links
from hutong.desk.pair_forms import AnewForm, CompareForm, DifferentForm, NameForm, PairFilterForm, SameForm
from hutong.desk.pair_lines import (
    barred,
    compare_lines,
    earlier_lines,
    far_lines,
    leading_choices,
    pair_lines,
    sorted_out,
)
from hutong.desk.pair_words import CONTRADICTIONS, HEADINGS, SUGGESTED, evidence, percent
from hutong.desk.titles import answer_title, undoing_title
from hutong.divisions.queries import path_names
from hutong.registry import pairs
from hutong.registry.actions import comparing, merging
from hutong.registry.actions.sampling import deciders, keep_answer
from hutong.registry.contradictions import contradictions
from hutong.registry.models import Merge, Pair
from hutong.registry.models.merge import MergeStage
from hutong.registry.models.pair import PairState

PAGE = 50
GUARD = only(Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES)
FAR = only(Permission.BRING_TOGETHER)


@only(Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES, Permission.BRING_TOGETHER)
def index(request: OfficeRequest) -> HttpResponse:
    """Possible duplicates (疑似重复): the pairs of one's place, the heaviest first; above it those of two counties.

    A name is sent to find pairs of any state by it, so that it stands in no address.
    """
    rights = permissions_of(request.user, on=today())
    if not rights & {Permission.JUDGE_PAIRS, Permission.CONFIRM_CHANGES}:
        return _far_index(request)
    form = PairFilterForm(request.GET)
    filters = form.filters(by=request.user.pk, on=localdate())
    named = NameForm(request.POST if request.method == "POST" else None)
    if named.is_valid() and named.cleaned_data["name"]:
        filters = replace(filters, state="", name=named.cleaned_data["name"])
    found = pairs.pairs(request.user, filters, on=today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    division = filters.division
    context = {
        "form": form,
        "named": named,
        "is_answered": filters.state in pairs.ANSWERED or filters.name,
        "page": page,
        "pairs": pair_lines(page.object_list),
        "place": path_names([division]).get(division, "") if division else request.GET.get("division_text", ""),
        "compare": CompareForm(auto_id="compare_%s"),
        "may_judge": Permission.JUDGE_PAIRS in rights,
        "may_choose": Permission.JUDGE_PAIRS in rights and filters.state in ("", PairState.OPEN) and not filters.name,
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
    if _is_to_look_again(request, pair):
        messages.info(
            request, _("You are asked for a second look at this pair: answer first, without score or answer.")
        )
        return redirect("desk:second_look", number)
    comparing.look_at_pair(by=request.user, pair=pair, on=today())
    return _page(request, pair, _same_form(pair), DifferentForm(auto_id="different_%s"), AnewForm())


def _is_to_look_again(request: OfficeRequest, pair: Pair) -> bool:
    asked = open_tasks_about(request.user, "pair", str(pair.pk), on=today()).filter(kind="second_look")
    return asked.exists() and request.user.pk not in deciders(pair)


def _same_form(pair: Pair, said: Any = None) -> SameForm:
    return SameForm(
        said,
        auto_id="same_%s",
        files=leading_choices(pair),
        barred=barred(pair),
        contradicts=bool(contradictions(pair, on=today())),
        initial={"leading": pairs.suggested(pair).file_number},
    )


def _page(request: OfficeRequest, pair: Pair, same: SameForm, different: DifferentForm, anew: AnewForm) -> HttpResponse:
    merge = pairs.merge_of(pair)
    failed = bool(same.errors or different.errors or anew.errors)
    asked = open_tasks_about(request.user, "pair", str(pair.pk), on=today())
    context = {
        "pair": pair,
        "heading": HEADINGS[pair.state],
        "evidence": evidence(pair.waterfall),
        "probability": percent(pair.probability),
        "contradictions": [CONTRADICTIONS[code] for code in contradictions(pair, on=today())],
        "earlier": earlier_lines(pair),
        "same": same,
        "different": different,
        "anew": anew,
        "next": _next(request, pair),
        "differs": asked.filter(kind="answers_differ").exists(),
        "suggested": _suggested(pair),
    }
    context |= sorted_out(compare_lines(request.user, pair.first, pair.second))
    context |= _answered(pair, merge) | _rights(request, pair, merge)
    return render(request, "desk/pairs/show.html", context, status=422 if failed else 200)


def _suggested(pair: Pair) -> str:
    side = "A" if pairs.suggested(pair) == pair.first else "B"
    return str(SUGGESTED[pairs.why_suggested(pair)]) % {"side": side}


def _answered(pair: Pair, merge: Merge | None) -> dict[str, Any]:
    """What was answered, and what became of the merge that was proposed last."""
    return {
        "reason": answer_title(pair.state, pair.reason),
        "words": pair.words.open() if pair.words else "",
        "merge": merge,
        "refusal": merge.answer.open() if merge and merge.answer else "",
        "undoing": undoing_title(merge.undone_reason) if merge else "",
    }


def _rights(request: OfficeRequest, pair: Pair, merge: Merge | None) -> dict[str, bool]:
    codes = [pair.first.leading.responsible_code, pair.second.leading.responsible_code]

    def has(permission: Permission) -> bool:
        return all(may(request.user, permission, code=code, on=today()) for code in codes)

    waits = merge is not None and merge.stage == MergeStage.PROPOSED
    is_own = merge is not None and merge.by_id == request.user.pk
    return {
        "may_judge": pair.state == PairState.OPEN and has(Permission.JUDGE_PAIRS),
        "may_ask_anew": pair.state == PairState.DIFFERENT
        and not (pair.first.canonical_id or pair.second.canonical_id)
        and (has(Permission.JUDGE_PAIRS) or has(Permission.CONFIRM_CHANGES)),
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
    if pairs.rests(request.user, number, on=today()):
        messages.error(request, _("Not recorded: one of the two files has been joined to another meanwhile."))
        return redirect("desk:pairs")
    pair = _pair_or_404(request, number)
    if request.method != "POST":
        return redirect("desk:pair", number)
    is_same = "same" in request.POST
    same = _same_form(pair, request.POST if is_same else None)
    different = DifferentForm(None if is_same else request.POST, auto_id="different_%s")
    form: forms.Form = same if is_same else different
    if pair.state != PairState.OPEN or form.is_valid():
        try:
            _answer(request, pair, form, is_same=is_same)
        except Refused as refused:
            if pairs.state_now(pair) != PairState.OPEN:
                return _too_late(request, pair, refused)
            form.add_error(None, str(refused.reason))
        else:
            return redirect(_next(request, pair) or "desk:pairs")
    return _page(request, pair, same, different, AnewForm())


def _answer(request: OfficeRequest, pair: Pair, form: forms.Form, *, is_same: bool) -> None:
    comparing.require_open(pair)
    if is_same:
        merging.propose_merge(by=request.user, pair=pair, on=today(), **form.cleaned_data)
        words = _("Proposed. Both files stay as they are until another person has confirmed it.")
    else:
        comparing.say_different(by=request.user, pair=pair, on=today(), **form.cleaned_data)
        words = _("Kept: two children. The system does not ask this again.")
    messages.success(request, _receipt(pair, words))


def _receipt(pair: Pair, words: str) -> str:
    """What was done, with the way back to the pair."""
    title = _("Pair %(number)s") % {"number": pair.pk}
    return format_html('{} <a href="{}">{}</a>', words, reverse("desk:pair", args=[pair.pk]), title)


def _too_late(request: OfficeRequest, pair: Pair, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused.reason))
    return redirect("desk:pair", pair.pk)


@GUARD
def anew(request: OfficeRequest, number: int) -> HttpResponse:
    """Ask anew (重新判定): what was answered with two children is open again, and the answer stays readable."""
    pair = _pair_or_404(request, number)
    if request.method != "POST":
        return redirect("desk:pair", number)
    form = AnewForm(request.POST)
    if form.is_valid():
        try:
            comparing.ask_anew(by=request.user, pair=pair, words=form.cleaned_data["why"], on=today())
            messages.success(request, _("The pair is open again. The earlier answer stays readable below."))
        except Refused as refused:
            messages.error(request, str(refused.reason))
        return redirect("desk:pair", number)
    return _page(request, pair, _same_form(pair), DifferentForm(auto_id="different_%s"), form)


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
            words = _("Joined. Nothing was moved: the joining can be undone at any time.")
            messages.success(request, _receipt(pair, words))
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


@FAR
def far(request: OfficeRequest, number: int) -> HttpResponse:
    """A pair of two counties (跨县疑似重复): no name of either; to be brought together, then answered there."""
    pair = pairs.far_pairs(request.user, on=today()).filter(pk=number).first()
    if pair is None:
        raise Http404
    if request.method == "POST":
        try:
            comparing.bring_together(by=request.user, pair=pair, on=today())
            messages.success(request, _("Both counties are asked to find out where the child lives now."))
        except Refused as refused:
            messages.error(request, str(refused.reason))
        return redirect("desk:far_pair", number)
    (line,) = far_lines([pair])
    may_ask = pairs.may_ask(pair, on=today())
    context = {"line": line, "pair": pair, "evidence": evidence(pair.waterfall), "may_ask": may_ask}
    return render(request, "desk/pairs/far.html", context)
