"""Trying the law on cases, and keeping cases as an office's own test."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.law_cases import CasesForm, Tried, example, tried
from hutong.governance.actions.case_sets import keep_cases, remove_cases
from hutong.governance.models import CaseSet
from hutong.governance.queries import case_sets

KEEP = "keep"


@only(Permission.TRY_LAW)
def index(request: OfficeRequest) -> HttpResponse:
    """Try the law (政策试算): cases as YAML, each with its answer, reasons and sources."""
    if request.method != "POST":
        return _page(request, CasesForm(initial={"text": example()}))
    form = CasesForm(request.POST)
    if form.is_valid() and KEEP in request.POST:
        kept = _kept(request, form)
        if kept:
            return redirect("desk:case_set", kept.pk)
    return _page(request, form)


def _kept(request: OfficeRequest, form: CasesForm) -> CaseSet | None:
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


def _page(request: OfficeRequest, form: CasesForm, kept: CaseSet | None = None) -> HttpResponse:
    answers = _answers(form)
    judged = [passed for one in answers for passed in one.judged]
    context = {
        "form": form,
        "answers": answers,
        "agree": judged.count(True),
        "disagree": judged.count(False),
        "wrong": sum(bool(one.wrong) for one in answers),
        "sets": list(case_sets(request.user, on=today()).defer("text")),
        "kept": kept,
    }
    return render(request, "desk/law_cases/index.html", context, status=422 if form.errors else 200)


def _answers(form: CasesForm) -> list[Tried]:
    """The answers to what is on the page, an example included; none where it cannot be read."""
    if not form.is_bound:
        return tried(str(form.initial["text"]), on=today())
    if not form.is_valid() and "text" not in form.cleaned_data:
        return []
    said = form.cleaned_data
    return tried(said["text"], on=today(), other_day=said.get("other_day"), other_place=said.get("other_place", ""))
