"""Applications by page (认定申请): the list, one application with its clock and its case, and its steps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.documents import fetch_document
from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.documents import documents_about
from hutong.accounts.models import IssuedDocument
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, permissions_of
from hutong.allowances import queries
from hutong.allowances.actions import applying, checking, deciding, receiving
from hutong.allowances.actions.stepping import is_late
from hutong.allowances.cases import case_of, clock_of
from hutong.allowances.enquiries import CHECKED_IN
from hutong.allowances.facts import parents_of
from hutong.allowances.models import Application
from hutong.allowances.models.application import State, Step
from hutong.allowances.national import standing
from hutong.desk.application_forms import ApplicantForm, BeginForm, ItemForm, StepForm
from hutong.desk.application_lines import (
    answer_lines,
    answer_words,
    application_lines,
    clock_words,
    hands_of,
    item_lines,
    leg_lines,
    state_tone,
    step_lines,
    waits_with,
)
from hutong.desk.chips import Chip
from hutong.desk.data_check_lines import panel_lines
from hutong.desk.guards import OfficeRequest, only, signed_in
from hutong.desk.national_lines import standing_words
from hutong.desk.paging import page_links
from hutong.desk.titles import NOUNS, pair_title
from hutong.desk.views.file import Seen, looked_or_404, seen_or_404, standings_of
from hutong.desk.views.papers import ALONE
from hutong.desk.words import category_title, relation_title
from hutong.divisions.queries import path_names
from hutong.law.applying import APPLICANTS, GROUNDS, INSTITUTION
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.law.documents import KINDS as DOCUMENTS
from hutong.law.visits import PURPOSES, WAYS
from hutong.protection.queries import placements_on
from hutong.registry.models.parent import Role
from hutong.registry.queries import guardian_of, is_received, named_for

PAGE = 50
TABS = {
    "mine": (_lazy("Waiting for me"), queries.Wanted(mine=True)),
    "open": (_lazy("Being dealt with"), queries.Wanted(is_open=True)),
    "late": (_lazy("Behind the last day"), queries.Wanted(is_late=True)),
    "ended": (_lazy("Ended"), queries.Wanted(is_open=False)),
}


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """The applications (认定申请): what waits for me, what is open, late, ended; by their last day."""
    chosen = request.GET.get("list", "mine")
    chosen = chosen if chosen in TABS else "mine"
    page = Paginator(queries.find(request.user, TABS[chosen][1], on=today()), PAGE).get_page(request.GET.get("page"))
    held = permissions_of(request.user, on=today())
    context = {
        "chips": [_chip(request, code, chosen) for code in TABS],
        "chosen": chosen,
        "may_decide": Permission.DECIDE_APPLICATIONS in held,
        "may_send": Permission.ACCEPT_APPLICATIONS in held,
        "may_count": Permission.SEE_FIGURES in held,
        "lines": application_lines(page.object_list, on=today()),
        "page": page,
    } | page_links(request, page)
    return render(request, "desk/applications/index.html", context)


def _chip(request: OfficeRequest, code: str, chosen: str) -> Chip:
    label, wanted = TABS[code]
    count = 0 if code == "ended" else queries.find(request.user, wanted, on=today()).count()
    return Chip(label, f"{reverse('desk:applications')}?list={code}", code == chosen, count)


@only(Permission.APPLY)
def begin(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Begin an application (申请登记) for a child; what the file says is not asked again."""
    seen = seen_or_404(request, file_number)
    guardian = guardian_of(seen.child)
    start = {"kind": "guardian", "category": "de_facto"}
    if guardian:
        start |= {"name": guardian.name, "relation": guardian.relation}
    home = _home_of(request, seen)
    if home:
        start |= {"kind": INSTITUTION, "name": home, "category": "orphan_institution", "relation": ""}
    form = BeginForm(request.POST or None, initial=start, is_raised=bool(home))
    letter = form.letter if request.method == "POST" and form.is_valid() else None
    begun = drafted(request, form, applying.begin_application, child=seen.child, letter=letter)
    if begun:
        messages.success(request, _("The application is begun. See what is missing, then hand it in."))
        return redirect("desk:application", begun.pk)
    context = {"form": form, "child": seen.child} | _may_besides(request, seen)
    return render(request, "desk/applications/begin.html", context, status=422 if form.errors else 200)


def _may_besides(request: OfficeRequest, seen: Seen) -> dict[str, bool]:
    """What else somebody may begin here: one that came by letter, one in confidence."""
    place = seen.child.leading.responsible_code
    asked = {"accepts": Permission.ACCEPT_APPLICATIONS, "can_confide": Permission.SEE_SECRET}
    return {name: may(request.user, permission, code=place, on=today()) for name, permission in asked.items()}


def _home_of(request: OfficeRequest, seen: Seen) -> str:
    """The institution that raises a child (养育机构), for the county it files with; nothing for others."""
    county = full(seen.child.leading.responsible_code[: LENGTH_OF[Level.COUNTY]])
    if not may(request.user, Permission.APPLY, code=county, on=today()):
        return ""
    placed = (one for one in placements_on(seen.child.leading, today()) if one.kind == "institution")
    return next((one.organisation.name for one in placed if one.organisation), "")


def drafted(
    request: OfficeRequest, form: ApplicantForm, verb: Callable[..., Application], **whose: object
) -> Application | None:
    """The draft that a filled form makes (申请草稿); None where nothing was sent, or the form says what is wrong."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return verb(
            by=request.user, category=form.cleaned_data["category"], applicant=form.applicant, on=today(), **whose
        )
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return None


def application_or_404(request: OfficeRequest, number: int) -> Application:
    """One application that the user may know of, or 404."""
    found = queries.application(request.user, number, on=today())
    if found is None:
        raise Http404
    return found


@signed_in
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One application (申请详情): its clock, its case beside the evidence, what may be done. A look at the child."""
    application = application_or_404(request, number)
    seen = looked_or_404(request, application.file.file_number)
    return _show(request, application, sensitive=seen.is_sensitive)


def _show(
    request: OfficeRequest, application: Application, *, sensitive: bool, form: ItemForm | None = None
) -> HttpResponse:
    case, clock = case_of(application, on=today()), clock_of(application, on=today())
    steps = queries.steps_for(request.user, application, on=today())
    held = permissions_of(request.user, on=today())
    context = {
        "application": application,
        "child": application.file,
        "category": category_title(application.category),
        "applicant": pair_title(APPLICANTS[application.applicant_kind]),
        "relation": relation_title(application.applicant_relation),
        "state_tone": state_tone(application),
        "holder": waits_with(application),
        "confidants": _confidants(application),
        "received_at": path_names([application.received_at]).get(application.received_at, ""),
        "entering": _entering(request, application),
        "clock": clock,
        "clock_said": clock_words(clock),
        "legs": leg_lines(clock, hands_of(application)),
        "sensitive": sensitive,
        "case": case,
        "items": item_lines(case) if sensitive else [],
        "missing": len(case.missing),
        "visits": [(visit, pair_title(PURPOSES[visit.purpose]), pair_title(WAYS[visit.way])) for visit in case.visits],
        "may_withdraw": may(
            request.user, Permission.WITHDRAW_DOCUMENTS, code=application.file.responsible_code, on=today()
        ),
        "may_visit": may(request.user, Permission.RECORD_VISITS, code=application.file.responsible_code, on=today()),
        "answer": answer_words(case.answer),
        "reasons": answer_lines(case.answer.reasons) if sensitive else [],
        "can_look": Step.CHECK in steps,
        "enquiries": panel_lines(case, on=today()) if sensitive else [],
        "can_record": application.state in CHECKED_IN and Permission.CHECK_APPLICATIONS in held,
        "can_ask": Permission.CHECK_DATA in held,
        "offered": sorted(
            ((step, step_page(application, step)) for step in steps), key=lambda one: one[1].kind != "main"
        ),
        "history": step_lines(application, sensitive=sensitive),
        "decisions": [
            (decision, pair_title(GROUNDS[decision.ground]) if decision.ground else "")
            for decision in application.decisions.select_related("by").order_by("-round")
        ],
        "standings": standings_of(seen_or_404(request, application.file.file_number)),
        "letters": [
            (letter, pair_title(DOCUMENTS[letter.kind]))
            for letter in (documents_about(queries.SUBJECT, str(application.pk)) if sensitive else ())
        ],
        "form": form,
    } | _national(request, application)
    return render(request, "desk/applications/show.html", context, status=422 if form else 200)


def _confidants(application: Application) -> list[str]:
    """Who may know of a confidential application (知悉人), by name; only they see its page."""
    return [one.name for one in named_for(application.file, on=today())] if application.is_confidential else []


def _entering(request: OfficeRequest, application: Application) -> list[tuple[str, str]]:
    """What a township that receives an application enters for it (受理地登记): in words, with where it is done."""
    file = application.file
    if not application.is_open or not is_received(request.user, Permission.APPLY, file, on=today()):
        return []
    situation = reverse("desk:record", args=[file.file_number, "circumstance"])
    return [
        (_("Add papers"), reverse("desk:papers", args=[file.file_number])),
        (_("Add a parent"), reverse("desk:record", args=[file.file_number, "parent"])),
        *(
            (f"{NOUNS['circumstance']} · {Role(one.role).label} {one.name}", f"{situation}?parent={one.pk}")
            for one in parents_of(file)
        ),
    ]


def _national(request: OfficeRequest, application: Application) -> dict[str, Any]:
    """How the child stands in the national system (录入状态), once it is confirmed; the way there for who keeps it."""
    if application.state != State.CONFIRMED:
        return {}
    place = application.file.responsible_code
    found = standing(application.file, application.category, on=today())
    if not may(request.user, Permission.SEE_SENSITIVE, code=place, on=today()):
        found = replace(found, differs=())
    keeps = may(request.user, Permission.ENTER_NATIONAL, code=place, on=today())
    entry = found.entry if keeps else None
    href = reverse("desk:national_entry", args=[entry.pk]) if entry else reverse("desk:national")
    return {"national": standing_words(found, place, on=today()), "national_href": href if keeps else ""}


@only(Permission.CHECK_APPLICATIONS)
def look(request: OfficeRequest, number: int) -> HttpResponse:
    """Look at one item (逐项核对): it fits, or it is doubtful and why."""
    application = application_or_404(request, number)
    if request.method != "POST":
        return redirect("desk:application", number)
    form = ItemForm(request.POST)
    try:
        if form.is_valid():
            checking.look_at_item(by=request.user, application=application, on=today(), **form.cleaned_data)
            return redirect(f"{reverse('desk:application', args=[number])}#{form.cleaned_data['item']}")
    except Refused as refused:
        form.add_error("words", str(refused.reason))
    seen = seen_or_404(request, application.file.file_number)
    return _show(request, application, sensitive=seen.is_sensitive, form=form)


@signed_in
def fetch(request: OfficeRequest, number: int, document: int) -> HttpResponse:
    """Fetch a letter of an application (取出文书), as it left; for whoever sees sensitive facts there."""
    application = application_or_404(request, number)
    found = documents_about(queries.SUBJECT, str(number)).filter(pk=document).first()
    if found is None or not seen_or_404(request, application.file.file_number).is_sensitive:
        raise Http404
    return give_letter(request, found, back=reverse("desk:application", args=[number]))


def give_letter(request: OfficeRequest, found: IssuedDocument, *, back: str) -> HttpResponse:
    """The file of a letter (文书原件), or back to its page, saying that it is damaged."""
    try:
        content = fetch_document(by=request.user, document=found, on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect(back)
    named = {
        "Content-Disposition": f'inline; filename="hutong-{found.pk}.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": ALONE,
    }
    return HttpResponse(content, content_type="application/pdf", headers=named)


@dataclass(frozen=True)
class StepPage:
    """One step by page (办理环节页): its words and its verb."""

    title: Promise
    note: Promise
    button: Promise
    act: Callable[..., object]
    kind: str = "quiet"


STEPS: dict[Step, StepPage] = {
    Step.SUBMIT: StepPage(
        _lazy("Hand in the application"),
        _lazy("With or without all papers: the township tells the family once what is missing."),
        _lazy("Hand in"),
        applying.submit,
        "main",
    ),
    Step.ACCEPT: StepPage(
        _lazy("Accept the application"),
        _lazy("The working days are counted from tomorrow. Somebody else has to check it."),
        _lazy("Accept"),
        applying.accept,
        "main",
    ),
    Step.ASK: StepPage(
        _lazy("Tell the family what is missing"),
        _lazy("Once, and everything at once. Add in words what else is needed."),
        _lazy("Record the notice"),
        applying.ask_for_papers,
    ),
    Step.BRING: StepPage(
        _lazy("The papers were brought"),
        _lazy("Add them to the child’s papers first. The township then looks again."),
        _lazy("They were brought"),
        applying.bring_papers,
        "main",
    ),
    Step.BRING_MORE: StepPage(
        _lazy("More papers were brought"),
        _lazy("Add them to the child’s papers first. The days are counted again from tomorrow."),
        _lazy("They were brought"),
        applying.bring_papers,
        "main",
    ),
    Step.CHECK: StepPage(
        _lazy("Give the township’s opinion"),
        _lazy("The county decides; it sees every item with who looked at it."),
        _lazy("Give the opinion"),
        checking.check,
        "main",
    ),
    Step.DOUBT: StepPage(
        _lazy("Look into it again"),
        _lazy("By a visit, through neighbours or by letter. The days run on."),
        _lazy("Look into it again"),
        checking.doubt,
    ),
    Step.ASK_MORE: StepPage(
        _lazy("Ask for more papers"),
        _lazy("Once. Until they are brought no working day is counted."),
        _lazy("Ask for them"),
        checking.ask_for_more,
    ),
    Step.CONFIRM: StepPage(
        _lazy("Confirm"),
        _lazy("The child is recognised and is paid for from the month after. Nothing of it is put up in public."),
        _lazy("Confirm"),
        deciding.confirm,
        "main",
    ),
    Step.REFUSE: StepPage(
        _lazy("Do not confirm"),
        _lazy("The letter tells the family the ground, your words and where to turn."),
        _lazy("Do not confirm"),
        deciding.refuse,
        "danger",
    ),
    Step.SEND_BACK: StepPage(
        _lazy("Send back to the township"),
        _lazy("Say what is still to be found out. The days run on."),
        _lazy("Send back"),
        deciding.send_back,
    ),
    Step.WITHDRAW: StepPage(
        _lazy("Take the application back"),
        _lazy("As whoever applied wishes. It may be applied for again at any time."),
        _lazy("Take it back"),
        applying.withdraw,
    ),
    Step.ASK_REVIEW: StepPage(
        _lazy("Ask for a review"),
        _lazy("As the family wishes, and why. Another person of the county looks at everything again."),
        _lazy("Ask for a review"),
        applying.ask_for_review,
    ),
    Step.UPHOLD: StepPage(
        _lazy("Uphold the refusal"),
        _lazy("The letter tells the family your words, and that it may still go to law."),
        _lazy("Uphold the refusal"),
        deciding.uphold,
        "danger",
    ),
    Step.TELL: StepPage(
        _lazy("Tell the family"),
        _lazy("Give it the letter. Then the file is closed to you; of a refusal once no review can be asked for."),
        _lazy("The family knows"),
        receiving.tell_family,
        "main",
    ),
    Step.OVERTURN: StepPage(
        _lazy("Confirm after all"),
        _lazy("The child is recognised and is paid for from the month after. Nothing of it is put up in public."),
        _lazy("Confirm after all"),
        deciding.overturn,
        "main",
    ),
}


AT_COUNTY: dict[Step, StepPage] = {
    Step.CHECK: replace(
        STEPS[Step.CHECK],
        title=_lazy("Give the opinion of who checked"),
        note=_lazy("Another person decides, and sees every item with who looked at it."),
    ),
    Step.SEND_BACK: replace(STEPS[Step.SEND_BACK], title=_lazy("Send back to who checks")),
    Step.ACCEPT: replace(STEPS[Step.ACCEPT], note=_lazy("The county’s working days are counted from tomorrow.")),
}
"""Steps that are called otherwise where the county takes every one (县级直接办理环节)."""


def step_page(application: Application, step: Step) -> StepPage:
    """How a step of an application is called (环节用语)."""
    if step is Step.TELL and application.sent_by:
        return REPLY
    return AT_COUNTY.get(step, STEPS[step]) if application.is_at_county else STEPS[step]


@only(
    Permission.APPLY,
    Permission.ACCEPT_APPLICATIONS,
    Permission.CHECK_APPLICATIONS,
    Permission.DECIDE_APPLICATIONS,
)
def take(request: OfficeRequest, number: int, step: str) -> HttpResponse:
    """Take a step (办理环节); what cannot be done says why, and what was typed stays."""
    application = application_or_404(request, number)
    if step not in Step.values:
        raise Http404
    said, late = step_page(application, Step(step)), is_late(application, on=today())
    case = case_of(application, on=today())
    options: dict[str, Any] = {"step": Step(step), "is_late": late}
    if request.method != "POST":
        if step not in queries.steps_for(request.user, application, on=today()):
            return redirect("desk:application", number)
        return _step_page(request, application, said, StepForm(initial={"mark": case.mark}, **options))
    form = StepForm(request.POST, **options)
    if not form.is_valid():
        return _step_page(request, application, said, form)
    try:
        said.act(by=request.user, application=application, on=today(), **form.cleaned_data)
    except deciding.CaseChanged as changed:
        messages.warning(request, str(changed.reason))
        return redirect("desk:application", number)
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return _step_page(request, application, said, form)
    messages.success(request, _("Done, and recorded."))
    return redirect("desk:application", number)


REPLY = replace(
    STEPS[Step.TELL],
    title=_lazy("Answer by letter"),
    note=_lazy("The office that sent the application is told what was decided. Put the county’s letter with it."),
    button=_lazy("Issue the reply"),
)
"""What telling is for an application that came by letter."""


def _step_page(request: OfficeRequest, application: Application, said: StepPage, form: StepForm) -> HttpResponse:
    case = case_of(application, on=today())
    seen = seen_or_404(request, application.file.file_number)
    context = {
        "application": application,
        "child": seen.child,
        "category": category_title(application.category),
        "said": said,
        "form": form,
        "answer": answer_words(case.answer),
        "fits": case.fits,
        "contradictions": [check.text.open() for check in case.contradictions if check.text],
        "missing": [line for line in item_lines(case) if line.item in case.missing] if seen.is_sensitive else [],
        "sensitive": seen.is_sensitive,
    }
    return render(request, "desk/applications/step.html", context, status=422 if form.errors else 200)
