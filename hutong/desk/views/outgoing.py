"""Outgoing applications by page (异地转办): the list, one application with its clock, its letters and its steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.documents import documents_about
from hutong.accounts.permissions import Permission
from hutong.allowances import outgoing as queries
from hutong.allowances.actions import outgoing
from hutong.allowances.models import OutgoingApplication
from hutong.allowances.models.outgoing import OutgoingStep
from hutong.desk import said as searched
from hutong.desk.application_lines import clock_words, leg_lines, paper_title
from hutong.desk.chips import Chip
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.law_words import citation_words
from hutong.desk.outgoing_forms import OutgoingForm, OutgoingStepForm
from hutong.desk.outgoing_lines import outgoing_lines, record_lines, state_tone
from hutong.desk.paging import page_links
from hutong.desk.titles import pair_title
from hutong.desk.views.applications import give_letter
from hutong.desk.views.receiving import START, searched_for
from hutong.desk.views.steps import chosen_places
from hutong.desk.words import category_title, relation_title
from hutong.divisions.queries import path_names
from hutong.kit.names import mask_id_number, mask_phone
from hutong.law.applying import APPLICANTS
from hutong.law.documents import KINDS as DOCUMENTS

PAGE = 50
TABS = {"open": _lazy("Under way"), "ended": _lazy("Ended")}
ACCEPT = Permission.ACCEPT_APPLICATIONS


@only(ACCEPT)
def index(request: OfficeRequest) -> HttpResponse:
    """What went or goes to other provinces (异地转办): under way by the last day, ended the latest first."""
    chosen = "ended" if request.GET.get("list") == "ended" else "open"
    found = queries.listed(request.user, is_open=chosen == "open", on=today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    here = reverse("desk:outgoing")
    context = {
        "chips": [Chip(label, f"{here}?list={code}", code == chosen, 0) for code, label in TABS.items()],
        "chosen": chosen,
        "lines": outgoing_lines(page.object_list, on=today()),
        "page": page,
    } | page_links(request, page)
    return render(request, "desk/outgoing/index.html", context)


@only(ACCEPT)
def begin(request: OfficeRequest) -> HttpResponse:
    """Receive an application for a child of another province (异地受理转办)."""
    said = searched_for(searched.recall(request, request.GET.get("said", "")).text)
    start = START | {"child_name" if name == "name" else name: value for name, value in said.items()}
    form = OutgoingForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = outgoing.receive_outgoing(
                by=request.user,
                child=form.outsider,
                category=form.cleaned_data["category"],
                applicant=form.applicant,
                on=today(),
            )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Received. See whether all papers are there, then send it on."))
            return redirect("desk:outgoing_application", made.pk)
    context = {"form": form, "places": chosen_places(form)}
    return render(request, "desk/outgoing/begin.html", context, status=422 if form.errors else 200)


def _found_or_404(request: OfficeRequest, number: int) -> OutgoingApplication:
    found = queries.outgoing(request.user, on=today()).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@only(ACCEPT)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One outgoing application (转办详情); opening it is recorded, and again who has what is closed in it shown."""
    is_open = request.method == "POST"
    found = _found_or_404(request, number)
    application = outgoing.open_outgoing(by=request.user, application=found, is_revealed=is_open, on=today())
    clock, asked = queries.clock_of(application, on=today()), queries.paper_list(application.home_code, on=today())
    context = {
        "application": application,
        "name": application.child_name.open(),
        "is_open": is_open,
        "closed": _closed(application, is_open=is_open),
        "home": path_names([application.home_code])[application.home_code],
        "category": category_title(application.category),
        "applicant": pair_title(APPLICANTS[application.applicant_kind]),
        "relation": relation_title(application.applicant_relation),
        "state_tone": state_tone(application),
        "clock_said": clock_words(clock),
        "legs": leg_lines(clock),
        "clock": clock,
        "papers": [(paper_title(kind), kind in application.papers) for kind in asked.papers],
        "others": [paper_title(kind) for kind in application.papers if kind not in asked.papers],
        "asked": asked,
        "source": citation_words(asked.citation),
        "offered": [(step, STEPS[step]) for step in queries.steps_for(request.user, application, on=today())],
        "history": record_lines(application),
        "letters": [
            (letter, pair_title(DOCUMENTS[letter.kind])) for letter in documents_about(queries.SUBJECT, str(number))
        ],
    }
    return render(request, "desk/outgoing/show.html", context)


def _closed(application: OutgoingApplication, *, is_open: bool) -> list[tuple[str, str]]:
    """Number, address and telephone: masked until somebody has them shown."""
    number = application.id_number.open() if application.id_number else ""
    address, phone = application.address.open(), application.phone.open()
    if not is_open:
        number, address, phone = mask_id_number(number) if number else "", "＊＊＊", mask_phone(phone)
    return [(_("ID number"), number or "—"), (_("Registered address"), address), (_("Telephone of the family"), phone)]


@only(ACCEPT)
def fetch(request: OfficeRequest, number: int, document: int) -> HttpResponse:
    """Fetch one of its letters (取出文书), as it left."""
    _found_or_404(request, number)
    found = documents_about(queries.SUBJECT, str(number)).filter(pk=document).first()
    if found is None:
        raise Http404
    return give_letter(request, found, back=reverse("desk:outgoing_application", args=[number]))


@dataclass(frozen=True)
class OutgoingPage:
    """One step by page (转办环节页): its words and its verb."""

    title: Promise
    note: Promise
    button: Promise
    act: Callable[..., object]
    kind: str = "quiet"


STEPS: dict[OutgoingStep, OutgoingPage] = {
    OutgoingStep.SEND: OutgoingPage(
        _lazy("Send on by letter"),
        _lazy("The letter is issued with a number and a check code. Print it and put copies of the papers with it."),
        _lazy("Issue the letter"),
        outgoing.send_outgoing,
        "main",
    ),
    OutgoingStep.ASK: OutgoingPage(
        _lazy("Tell the family what is missing"),
        _lazy("Once, and everything at once. Add in words what else is needed."),
        _lazy("Record the notice"),
        outgoing.ask_outgoing,
    ),
    OutgoingStep.BRING: OutgoingPage(
        _lazy("The papers were brought"),
        _lazy("Say which are there now. The days are counted again from tomorrow."),
        _lazy("They were brought"),
        outgoing.bring_outgoing,
        "main",
    ),
    OutgoingStep.ANSWER: OutgoingPage(
        _lazy("Record home’s answer"),
        _lazy("As the letter of home says it. Then the family is told within three working days."),
        _lazy("Record it"),
        outgoing.answer_outgoing,
        "main",
    ),
    OutgoingStep.TELL: OutgoingPage(
        _lazy("Tell the family"),
        _lazy("Give it the decision that came with the answer."),
        _lazy("The family knows"),
        outgoing.tell_outgoing,
        "main",
    ),
    OutgoingStep.WITHDRAW: OutgoingPage(
        _lazy("Take the application back"),
        _lazy("As whoever applied wishes. Once the letter has gone out, home is told by letter."),
        _lazy("Take it back"),
        outgoing.withdraw_outgoing,
    ),
}


@only(ACCEPT)
def take(request: OfficeRequest, number: int, step: str) -> HttpResponse:
    """Take a step (办理环节); what cannot be done says why, and what was typed stays."""
    application = _found_or_404(request, number)
    if step not in OutgoingStep.values:
        raise Http404
    chosen = OutgoingStep(step)
    if request.method != "POST" and chosen not in queries.steps_for(request.user, application, on=today()):
        return redirect("desk:outgoing_application", number)
    options: dict[str, Any] = {"step": chosen, "is_late": outgoing.is_late(application, on=today())}
    form = OutgoingStepForm(
        request.POST if request.method == "POST" else None, initial={"papers": application.papers}, **options
    )
    if request.method == "POST" and form.is_valid():
        try:
            STEPS[chosen].act(by=request.user, application=application, on=today(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect("desk:outgoing_application", number)
    return _step_page(request, application, STEPS[chosen], form)


def _step_page(
    request: OfficeRequest, application: OutgoingApplication, said: OutgoingPage, form: OutgoingStepForm
) -> HttpResponse:
    context = {
        "application": application,
        "name": application.child_name.open(),
        "category": category_title(application.category),
        "said": said,
        "missing": [paper_title(kind) for kind in queries.missing_papers(application, on=today())],
        "form": form,
    }
    return render(request, "desk/outgoing/step.html", context, status=422 if form.errors else 200)
