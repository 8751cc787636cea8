"""Standards by page: what holds where, a new one, one with what it would do, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.allowances import standard_effects, standards
from hutong.allowances.actions.standards import (
    DocumentNotTaken,
    confirm_standard,
    open_document,
    propose_standard,
    refuse_standard,
    withdraw_standard,
)
from hutong.allowances.models import Standard
from hutong.allowances.models.standard import StandardStage
from hutong.allowances.standards import PROPOSE, READ, READERS
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.law_words import citation_words
from hutong.desk.paging import page_links
from hutong.desk.papers import SUFFIXES
from hutong.desk.standard_forms import ConfirmForm, StandardForm, WordsForm
from hutong.desk.standard_lines import scheme_cards, standard_lines, tried
from hutong.desk.titles import money
from hutong.desk.views.papers import ALONE
from hutong.law.parameters import Value

PAGE = 30


@only(READ, *READERS)
def index(request: OfficeRequest) -> HttpResponse:
    """Standards (保障标准): what holds today at one's places and by which document; all rows with their history."""
    found = standards.visible_standards(request.user, on=today())
    page = Paginator(found.order_by("-from_on", "-pk"), PAGE).get_page(request.GET.get("page"))
    codes = standards.shown_places(request.user, on=today())
    context = {
        "cards": scheme_cards(standards.in_force(codes, on=today())),
        "waiting": standard_lines(found.filter(stage=StandardStage.PROPOSED)),
        "lines": standard_lines(page.object_list),
        "page": page,
        "may_propose": bool(standards.own_places(request.user, on=today())),
    }
    return render(request, "desk/standards/index.html", context | page_links(request, page))


@only(PROPOSE)
@fresh
def propose(request: OfficeRequest) -> HttpResponse:
    """Propose a standard (提请标准) with its document; what cannot be taken says why, and what was typed stays."""
    places = standards.own_places(request.user, on=today())
    if not places:
        raise Http404
    form = StandardForm(request.POST or None, request.FILES or None, places=places)
    if form.is_valid():
        try:
            made = propose_standard(by=request.user, on=today(), **form.said())
        except Refused as refused:
            form.add_error("file" if isinstance(refused, DocumentNotTaken) else None, str(refused.reason))
        else:
            messages.success(request, _("Proposed, and recorded. It holds once another person has confirmed it."))
            return redirect("desk:standard", made.pk)
    return render(request, "desk/standards/propose.html", {"form": form}, status=422 if form.errors else 200)


@only(READ, *READERS)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One standard (标准详情): its document, who proposed and confirmed it, and what it does to the register."""
    one = _found(request, number)
    (line,) = standard_lines([one])
    is_open = one.stage in (StandardStage.PROPOSED, StandardStage.CONFIRMED)
    above, before = standards.lower_ones(one) if is_open else (None, None)
    is_tried = is_open and bool(standard_effects.counties(request.user, one, on=today()))
    context = {
        "one": one,
        "line": line,
        "above": _said(above),
        "before": _said(before),
        "tried": tried(standard_effects.what_if(request.user, one, on=today())) if is_tried else None,
        "acts": [(act, ACTS[act]) for act in standards.acts_for(request.user, one, on=today())],
        "holds": one.stage == StandardStage.CONFIRMED and one.fact.holds_on(today()),
    }
    return render(request, "desk/standards/show.html", context)


def _said(value: Value | None) -> tuple[str, str] | None:
    if value is None or not isinstance(value.value, int):
        return None
    return money(value.value), citation_words(value.citation)


@only(READ, *READERS)
def document(request: OfficeRequest, number: int) -> HttpResponse:
    """The document of a standard (查看标准文件), shown by the browser and kept nowhere."""
    one = _found(request, number)
    try:
        content = open_document(standard=one)
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:standard", number)
    named = {
        "Content-Disposition": f'inline; filename="standard-{one.pk}.{SUFFIXES[one.paper.media_type]}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": ALONE,
    }
    return HttpResponse(content, content_type=one.paper.media_type, headers=named)


@dataclass(frozen=True)
class Act:
    """What can be done with a standard (办理事项): its words, its form, and the verb."""

    title: Promise
    note: Promise
    form: type[forms.Form]
    verb: Callable[..., Standard]
    kind: str = "quiet"


ACTS = {
    "confirm": Act(
        _lazy("Confirm the standard"),
        _lazy("It holds from its first day on. The standard it takes the place of ends the day before."),
        ConfirmForm,
        confirm_standard,
        "main",
    ),
    "refuse": Act(
        _lazy("Refuse the standard"), _lazy("Whoever proposed it hears why."), WordsForm, refuse_standard, "quiet"
    ),
    "withdraw": Act(
        _lazy("Withdraw the standard"),
        _lazy("It stays in the list as withdrawn. What holds without it goes on."),
        WordsForm,
        withdraw_standard,
        "danger",
    ),
}


@only(*READERS)
@fresh
def take(request: OfficeRequest, number: int, act: str) -> HttpResponse:
    """Confirm, refuse or withdraw a standard (确认、退回、撤回标准)."""
    one = _found(request, number)
    if act not in standards.acts_for(request.user, one, on=today()):
        raise Http404
    said, form = ACTS[act], ACTS[act].form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            said.verb(by=request.user, standard=one, on=today(), **form.cleaned_data)
        except NotAllowed as error:
            raise Http404 from error
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect("desk:standard", number)
    return _act_page(request, one, said, form)


def _act_page(request: OfficeRequest, one: Standard, said: Act, form: forms.Form) -> HttpResponse:
    (line,) = standard_lines([one])
    context: dict[str, Any] = {"one": one, "line": line, "said": said, "form": form}
    return render(request, "desk/standards/act.html", context, status=422 if form.errors else 200)


def _found(request: OfficeRequest, number: int) -> Standard:
    found = standards.standard_with_number(request.user, number, on=today())
    if found is None:
        raise Http404
    return found
