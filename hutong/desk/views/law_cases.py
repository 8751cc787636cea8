"""Trying the law on cases, writing them in a form, and keeping them as an office's own test."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.desk.case_form import CaseForm, Misplaced, begun, opened, put_back, typed, with_one_more
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.law_cases import CasesForm, Tried, example, tried
from hutong.governance.actions.case_sets import keep_cases, remove_cases
from hutong.governance.models import CaseSet
from hutong.governance.models.case_set import TEXT_AT_MOST
from hutong.governance.queries import case_sets
from hutong.law.case_text import Unplaced
from hutong.law.texts import WrongText

KEEP, ADD, PUT, EDIT, LEAVE = "keep", "add", "put", "edit", "leave"
CANNOT_WRITE = _lazy("The form cannot write into this text: it has anchors, aliases or tags. Change the text itself.")


@only(Permission.TRY_LAW)
def index(request: OfficeRequest) -> HttpResponse:
    """Try the law (政策试算): cases as YAML or in a form, each with its answer, reasons and sources."""
    if request.method != "POST":
        return _page(request, CasesForm(initial={"text": example()}))
    if ADD in request.POST or PUT in request.POST:
        return _written(request)
    form, case = CasesForm(request.POST), typed(request.POST, _begun(request))
    if form.is_valid() and KEEP in request.POST:
        kept = _kept(request, form, case)
        if kept:
            return redirect("desk:case_set", kept.pk)
    if LEAVE in request.POST:
        return _page(request, form)
    return _page(request, form, _opened(request, form) or case)


def _written(request: OfficeRequest) -> HttpResponse:
    """The page after the case of the form was put into the text; as it was where that cannot be."""
    case, text = CaseForm(request.POST), request.POST.get("text", "")
    try:
        made, number = _put(text, case, is_back=PUT in request.POST) if case.is_valid() else ("", None)
    except WrongText:
        return _page(request, CasesForm(request.POST), case)
    if number is None:
        return _page(request, CasesForm(request.POST) if text.strip() else CasesForm(initial=request.POST.dict()), case)
    messages.success(request, _("It stands in the text now, and is answered below."))
    return _page(request, CasesForm({**request.POST.dict(), "text": made}), written=number)


def _put(text: str, case: CaseForm, *, is_back: bool) -> tuple[str, int | None]:
    try:
        made, number = put_back(text, case) if is_back else with_one_more(text, case)
    except Misplaced:
        case.add_error(None, _("This case was changed in the text, or taken out of it. Open it again, or add it anew."))
    except Unplaced:
        case.add_error(None, CANNOT_WRITE)
    else:
        if len(made) <= TEXT_AT_MOST:
            return made, number
        case.add_error(None, _("At most %(most)s characters, please.") % {"most": TEXT_AT_MOST})
    return text, None


def _opened(request: OfficeRequest, form: CasesForm) -> CaseForm | None:
    """The form with the case that was asked for; none where it is not there, or where the text cannot be read."""
    number = request.POST.get(EDIT, "")
    text = getattr(form, "cleaned_data", {}).get("text")
    try:
        return opened(text, int(number)) if text and number.isdecimal() and len(number) < 6 else None
    except Unplaced:
        messages.error(request, CANNOT_WRITE)
        return None


def _kept(request: OfficeRequest, form: CasesForm, case: CaseForm) -> CaseSet | None:
    if case.is_used:
        form.add_error("name", _("First put the case of the form into the text, or clear the form."))
        return None
    said = {name: form.cleaned_data[name] for name in ("name", "text", "revision")}
    try:
        kept = keep_cases(by=request.user, on=today(), at=timezone.now(), **said)
    except Refused as refused:
        form.add_error("name", str(refused.reason))
        return None
    messages.success(request, _("Kept as version %(revision)s.") % {"revision": kept.revision})
    return kept


@only(Permission.TRY_LAW)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """A set of cases (案例集) that was kept, tried at once."""
    kept = case_sets(request.user, on=today()).filter(pk=number).first()
    if kept is None:
        raise Http404
    said = {"text": kept.text, "name": kept.name, "revision": kept.revision}
    return _page(request, CasesForm(said), kept=kept)


@only(Permission.TRY_LAW)
def remove(request: OfficeRequest, number: int) -> HttpResponse:
    """Remove a set of cases (删除案例集)."""
    if request.method == "POST":
        try:
            remove_cases(by=request.user, number=number, on=today())
        except Refused as refused:
            raise Http404 from refused
        messages.success(request, _("Removed."))
    elif not case_sets(request.user, on=today()).filter(pk=number).exists():
        raise Http404
    return redirect("desk:law_cases")


def _begun(request: OfficeRequest) -> Mapping[str, Any]:
    return begun(jurisdiction_of(request.user, Permission.TRY_LAW, on=today()).prefixes, today())


def _page(
    request: OfficeRequest,
    form: CasesForm,
    case: CaseForm | None = None,
    *,
    kept: CaseSet | None = None,
    written: int | None = None,
) -> HttpResponse:
    answers = _answers(form)
    judged = [passed for one in answers for passed in one.judged]
    case = case or CaseForm(initial=_begun(request))
    context = {
        "form": form,
        "case": case,
        "written": written,
        "answers": answers,
        "agree": judged.count(True),
        "disagree": judged.count(False),
        "wrong": sum(bool(one.wrong) for one in answers),
        "sets": list(case_sets(request.user, on=today()).defer("text")),
        "kept": kept,
    }
    is_wrong = form.errors or (case.is_bound and case.errors)
    return render(request, "desk/law_cases/index.html", context, status=422 if is_wrong else 200)


def _answers(form: CasesForm) -> list[Tried]:
    """The answers to what is on the page, an example included; none where it cannot be read."""
    if not form.is_bound:
        text = str(form.initial["text"])
        return tried(text, on=today()) if text.strip() else []
    if not form.is_valid() and "text" not in form.cleaned_data:
        return []
    said = form.cleaned_data
    return tried(said["text"], on=today(), other_day=said.get("other_day"), other_place=said.get("other_place", ""))
