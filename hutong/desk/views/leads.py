"""Leads by page (线索): what departments said of families, beside the child's file, and what follows from it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.allowances import lead_queries as queries
from hutong.allowances.actions.following import close_lead, is_recordable, record_lead
from hutong.allowances.facts import parents_of
from hutong.allowances.leads import answer_if_true, said_in
from hutong.allowances.models import Lead
from hutong.desk.application_lines import answer_lines, answer_words
from hutong.desk.chips import Chip
from hutong.desk.fact_forms import CircumstanceForm
from hutong.desk.file_lines import parent_lines
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.lead_forms import CloseLeadForm
from hutong.desk.lead_lines import STATES, lead_lines
from hutong.desk.paging import page_links
from hutong.desk.views.file import Seen, file_context, file_page, looked_or_404, row_number, seen_or_404
from hutong.desk.views.steps import Step, reasoned, run
from hutong.divisions.queries import short_names
from hutong.registry.models import Parent
from hutong.registry.queries import papers_known_to

PAGE, TAB = 50, "child_leads"


@only(Permission.LOOK_INTO_LEADS)
def index(request: OfficeRequest) -> HttpResponse:
    """Leads (线索) of one's place: by how they ended, of one list or of all."""
    how, of_list = request.GET.get("how", queries.OPEN), row_number(request.GET.get("list", ""))
    if how not in STATES:
        raise Http404
    found = queries.find(request.user, queries.Wanted(how, of_list or None), on=today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = lead_lines(page.object_list)
    places = short_names(line.lead.child.leading.responsible_code for line in lines)
    context = {
        "chips": [Chip(label, _address(code, of_list), code == how, 0) for code, label in STATES.items()],
        "lines": [(line, places[line.lead.child.leading.responsible_code]) for line in lines],
        "of_list": of_list,
        "page": page,
    } | page_links(request, page)
    return render(request, "desk/leads/index.html", context)


def _address(how: str, of_list: int) -> str:
    return f"?how={how}&list={of_list}" if of_list else f"?how={how}"


@only(Permission.LOOK_INTO_LEADS)
def of_child(request: OfficeRequest, file_number: str) -> HttpResponse:
    """The leads of one child (儿童线索) beside what its file says of the parents. The look is recorded."""
    seen = _may_look(looked_or_404(request, file_number))
    found = list(queries.leads_of(seen.user, seen.child, on=today()))
    waiting = [lead for lead in found if not hasattr(lead, "end") and lead.names_agree]
    answer = answer_if_true(seen.child.leading, waiting, on=today()) if waiting else None
    context = {
        "lines": lead_lines(found),
        "parents": parent_lines(seen.child, parents_of(seen.child.leading), can_change=False, shown=frozenset()),
        "answer": answer_words(answer) if answer else None,
        "reasons": answer_lines(answer.reasons) if answer else [],
        "has_open": any(not hasattr(lead, "end") for lead in found),
    }
    return file_page(request, seen, TAB, context)


def _may_look(seen: Seen) -> Seen:
    if not seen.may["leads"] or not seen.is_sensitive:
        raise Http404
    return seen


def _lead_or_404(seen: Seen, number: int) -> Lead:
    lead = queries.leads_of(seen.user, seen.child, on=today()).filter(pk=number).first()
    if lead is None:
        raise Http404
    return lead


@only(Permission.LOOK_INTO_LEADS)
def close(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """Close a lead (线索不采用) with a reason."""
    seen = _may_look(seen_or_404(request, file_number))
    lead, form = _lead_or_404(seen, number), CloseLeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_lead(by=request.user, lead=lead, on=today(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Closed. It is not raised again before something new is said."))
            return redirect("desk:child_leads", file_number)
    context = file_context(seen, TAB) | {"form": form, "line": lead_lines([lead])[0]}
    return render(request, "desk/leads/close.html", context, status=422 if form.errors else 200)


@only(Permission.LOOK_INTO_LEADS)
def record(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """Record what a lead says as a circumstance (线索登记为情形): filled in, with papers as always."""
    seen = _may_look(seen_or_404(request, file_number))
    lead = _lead_or_404(seen, number)
    if not is_recordable(lead):
        raise Http404
    parent = _parent(seen, lead)
    if parent is None:
        messages.warning(request, _("This parent is not entered yet. Enter the parent first, then record it."))
        return redirect("desk:record", file_number, "parent")

    def arguments(form: forms.Form) -> dict[str, Any]:
        return reasoned(form) | {
            "lead": lead,
            "values": form.values(),  # type: ignore[attr-defined]
            "papers": form.chosen_papers(),  # type: ignore[attr-defined]
            "with_siblings": form.cleaned_data["with_siblings"],
        }

    note = _lazy("Filled in as the department said it. Check it against the papers, and tick those that show it.")
    step = Step(_lazy("Record a lead"), note, _lazy("Record"), CircumstanceForm, record_lead)
    known = papers_known_to(seen.user, seen.child, sensitive=True, on=today())
    papers = list(known.filter(child=seen.child, is_sealed=False, withdrawn_on__isnull=True))
    options = {"parent": parent, "papers": papers}
    return run(request, seen, step, initial=_said(lead), arguments=arguments, tab=TAB, form_options=options)


def _parent(seen: Seen, lead: Lead) -> Parent | None:
    known = parents_of(seen.child.leading)
    return next((one for one in known if one.role == lead.whose and not one.is_unknown), None)


def _said(lead: Lead) -> dict[str, Any]:
    fact = said_in(lead).fact
    names = ("kind", "from_on", "until_on", "reported_on", "disability_class", "grade")
    return {name: getattr(fact, name) for name in names} | {"reason": "happened"}
