"""Applications for children of other provinces (异地转办): received here, sent on by letter, answered, told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.documents import issue_document
from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.queries import is_filled, jurisdiction_of, kin_of
from hutong.allowances.actions.applying import Applicant, require_applicant, require_category
from hutong.allowances.actions.stepping import OFFICE, require_words
from hutong.allowances.models import OutgoingApplication, OutgoingRecord
from hutong.allowances.models.application import OFFICE_AT_MOST
from hutong.allowances.models.decision import Outcome
from hutong.allowances.models.outgoing import OUTGOING_STATES, UNDONE, OutgoingState, OutgoingStep
from hutong.allowances.outgoing import NEEDS, SUBJECT, clock_of, missing_papers, open_ones, paper_list, was_asked
from hutong.allowances.outgoing_letters import notice_of_missing, office_of, transfer_letter, withdrawal_letter
from hutong.divisions.national import place_of
from hutong.divisions.queries import successor_of
from hutong.kit.documents import Document
from hutong.kit.names import clean_name, is_name
from hutong.kit.states import WrongStep
from hutong.law.calendar import age_on
from hutong.law.categories import age_limit
from hutong.law.division_code import full
from hutong.law.identity import Verdict, judge_id_number
from hutong.law.papers import PAPERS
from hutong.law.task_days import due_on
from hutong.registry.actions.kinship import is_family
from hutong.registry.intake.judge import id_index, id_indexes

TASKS = {
    OutgoingState.RECEIVED: "outgoing_send",
    OutgoingState.CORRECTION: "outgoing_papers",
    OutgoingState.SENT: "outgoing_answer",
    OutgoingState.ANSWERED: "outgoing_tell",
}
ADDRESS_AT_MOST, PHONE_AT_MOST = 200, 20


@dataclass(frozen=True)
class Outsider:
    """Outsider (外省儿童): a child of another province as the family says, and the county where it is registered.

    `office` is how the deciding office is called, where it is not simply the county's civil-affairs office.
    """

    name: str
    birth_date: date
    home_code: str
    address: str
    phone: str
    situation: str
    id_number: str = ""
    office: str = ""
    papers: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def receive_outgoing(
    *, by: Person, child: Outsider, category: str, applicant: Applicant, on: date
) -> OutgoingApplication:
    """Receive an application for a child of another province (异地受理转办); nothing of it enters the register.

    Raises NotAllowed and Refused.
    """
    own = jurisdiction_of(by, NEEDS, on=on).prefixes
    if not own:
        raise NotAllowed(NEEDS)
    require_category(category)
    require_applicant(applicant)
    number = _number(child.id_number, child.birth_date, on=on)
    _require_child(child, on=on)
    _require_first(number, full(own[0]))
    said = {"name": child.name, "id_number": number, "guardian_name": applicant.name.strip()}
    _require_no_kin(by, said, on=on)
    application: OutgoingApplication = OutgoingApplication.objects.create(
        child_name=clean_name(child.name),
        birth_date=child.birth_date,
        id_number=number or None,
        id_index=id_index(number) if number else None,
        address=child.address.strip(),
        phone=child.phone.strip(),
        situation=require_words(child.situation),
        home_code=child.home_code,
        home_office=child.office.strip() or _county_office(child.home_code),
        category=category,
        applicant_kind=applicant.kind,
        applicant_name=applicant.name.strip(),
        applicant_relation=applicant.relation,
        papers=list(child.papers),
        division_code=full(own[0]),
        begun_by=by,
        begun_on=on,
        complete_on=on,
    )
    _keep([application], by=by, on=on)
    _record("receive_outgoing", application, by=by, on=on)
    return application


def _county_office(home_code: str) -> str:
    place = place_of(home_code)
    return f"{place.name}民政局" if place else ""


def _require_child(child: Outsider, *, on: date) -> None:
    place = place_of(child.home_code)
    if place is None or child.home_code.startswith(settings.PROVINCE):
        raise Refused(_("Choose a county of another province. A child of this one is received by searching for it."))
    if not is_name(clean_name(child.name)):
        raise Refused(_("Write the child’s full name."))
    if not child.birth_date <= on or age_on(child.birth_date, on) >= age_limit(on):
        raise Refused(_("The birth date is that of nobody under %(age)s.") % {"age": age_limit(on)})
    if not child.address.strip() or not child.phone.strip():
        raise Refused(_("Home needs the registered address and a telephone number of the family."))
    if len(child.address) > ADDRESS_AT_MOST or len(child.phone) > PHONE_AT_MOST or len(child.office) > OFFICE_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": ADDRESS_AT_MOST})
    if not set(child.papers) <= PAPERS.keys():
        raise Refused(_("Choose the papers from the list."))


def _number(text: str, birth_date: date, *, on: date) -> str:
    """The ID number in its one form; nothing where the child has none. Raises Refused."""
    if not text.strip():
        return ""
    judged = judge_id_number(text, on=on, tests_allowed=not settings.PRODUCTION)
    if judged.verdict == Verdict.INVALID:
        raise Refused(_("The ID number is not valid. Compare it with the household book."))
    if judged.birth_date != birth_date:
        raise Refused(_("The ID number says another birth date."))
    return judged.normalised


def _require_first(number: str, place: str) -> None:
    """Raises Refused where the same office has one for this child under way; of other offices nothing is told."""
    own = OutgoingApplication.objects.filter(state__in=UNDONE, division_code=place)
    if number and own.filter(id_index__in=id_indexes(number)).exists():
        raise Refused(_("This child’s application has been received already and is under way. Go on with that one."))


def _require_no_kin(by: Person, said: dict[str, str], *, on: date) -> None:
    if is_family(said, kin_of(by, on=on)):
        raise Refused(_("You have declared kin in this family. Somebody else has to do this."))


@transaction.atomic
def open_outgoing(
    *, by: Person, application: OutgoingApplication, is_revealed: bool = False, on: date
) -> OutgoingApplication:
    """Open one (查看转办申请); whoever has number, address and telephone shown leaves a trace of its own.

    Raises NotAllowed.
    """
    require(by, NEEDS, code=application.division_code, on=on)
    _record("reveal_outgoing" if is_revealed else "open_outgoing", application, by=by, on=on)
    return application


@transaction.atomic
def ask_outgoing(*, by: Person, application: OutgoingApplication, words: str, on: date) -> OutgoingApplication:
    """Ask for all missing papers (一次性告知) by the list of home, once. Raises NotAllowed and Refused."""
    application = _locked(application, OutgoingStep.ASK, by=by, on=on)
    missing, words = missing_papers(application, on=on), require_words(words, wanted=False)
    if was_asked(application):
        raise Refused(_("The family has been told once what is missing. Send it on; home decides."))
    if not missing and not words:
        raise Refused(_("No paper is missing. Send it on, or say in a few words what else is needed."))
    application.complete_on = None
    application = _take(application, OutgoingStep.ASK, words, missing=missing, by=by, on=on)
    _issue("correction_notice", application, notice_of_missing(application, missing, words), by=by, on=on)
    return application


@transaction.atomic
def bring_outgoing(
    *, by: Person, application: OutgoingApplication, papers: Sequence[str], on: date
) -> OutgoingApplication:
    """Papers were brought (补正): the days begin anew. `papers` are those now there. Raises NotAllowed and Refused."""
    application = _locked(application, OutgoingStep.BRING, by=by, on=on)
    if not set(papers) <= PAPERS.keys():
        raise Refused(_("Choose the papers from the list."))
    application.papers = [kind for kind in PAPERS if kind in {*application.papers, *papers}]
    application.complete_on = on
    return _take(application, OutgoingStep.BRING, by=by, on=on)


@transaction.atomic
def send_outgoing(
    *, by: Person, application: OutgoingApplication, words: str = "", late_reason: str = "", on: date
) -> OutgoingApplication:
    """Send on (转办) by a letter that goes with the papers. With papers missing only after the notice, and in words.

    Raises NotAllowed and Refused.
    """
    application = _locked(application, OutgoingStep.SEND, by=by, on=on)
    missing, words = missing_papers(application, on=on), require_words(words, wanted=False)
    if missing and not (was_asked(application) and words):
        raise Refused(
            _("Papers are missing. Tell the family once which; after that, say in a few words why it is sent on.")
        )
    late_reason = _late_reason(application, late_reason, on=on)
    application.sent_on = on
    application = _take(application, OutgoingStep.SEND, words, late_reason=late_reason, by=by, on=on)
    letter = transfer_letter(application, paper_list(application.home_code, on=on), words)
    _issue("transfer_letter", application, letter, by=by, on=on)
    return application


@transaction.atomic
def answer_outgoing(
    *,
    by: Person,
    application: OutgoingApplication,
    outcome: str,
    decided_on: date,
    words: str = "",
    on: date,
) -> OutgoingApplication:
    """Record the answer (登记复函): what home decided and when, as its letter says. Raises NotAllowed and Refused."""
    application = _locked(application, OutgoingStep.ANSWER, by=by, on=on)
    if outcome not in Outcome.values:
        raise Refused(_("Say what home decided."))
    if not (application.sent_on and application.sent_on <= decided_on <= on):
        raise Refused(_("Home decided after the letter went out, and not later than today."))
    application.outcome, application.decided_on, application.came_on = outcome, decided_on, on
    return _take(application, OutgoingStep.ANSWER, require_words(words, wanted=False), by=by, on=on)


@transaction.atomic
def tell_outgoing(
    *, by: Person, application: OutgoingApplication, words: str = "", late_reason: str = "", on: date
) -> OutgoingApplication:
    """Tell the family (告知结果) what home decided. Raises NotAllowed and Refused."""
    application = _locked(application, OutgoingStep.TELL, by=by, on=on)
    late_reason = _late_reason(application, late_reason, on=on)
    application.told_on = on
    words = require_words(words, wanted=False)
    return _take(application, OutgoingStep.TELL, words, late_reason=late_reason, by=by, on=on)


@transaction.atomic
def withdraw_outgoing(*, by: Person, application: OutgoingApplication, words: str, on: date) -> OutgoingApplication:
    """Take it back (撤回) as the family wishes, with the reason; what went out is taken back by letter.

    Raises NotAllowed and Refused.
    """
    application = _locked(application, OutgoingStep.WITHDRAW, by=by, on=on)
    words = require_words(words)
    application = _take(application, OutgoingStep.WITHDRAW, words, by=by, on=on)
    if application.sent_on:
        _issue("withdrawal_letter", application, withdrawal_letter(application, words), by=by, on=on)
    return application


def _locked(application: OutgoingApplication, step: OutgoingStep, *, by: Person, on: date) -> OutgoingApplication:
    """The application as it is now, locked, for `by`, who may take the step and is no kin. Raises Refused."""
    now: OutgoingApplication = OutgoingApplication.objects.select_for_update().get(pk=application.pk)
    require(by, NEEDS, code=now.division_code, on=on)
    _state_after(now, step)
    number = now.id_number.open() if now.id_number else ""
    said = {"name": now.child_name.open(), "id_number": number, "guardian_name": now.applicant_name}
    _require_no_kin(by, said, on=on)
    last = now.records.last()
    if on < (last.on if last else now.begun_on):
        said = {"on": date_format(last.on if last else now.begun_on, "DATE_FORMAT")}
        raise Refused(_("Its last step was on %(on)s. A step on an earlier day comes too late.") % said)
    return now


def _state_after(application: OutgoingApplication, step: OutgoingStep) -> str:
    try:
        return OUTGOING_STATES.after(application.state, step)
    except WrongStep:
        said = {"state": application.get_state_display(), "step": step.label}
        raise Refused(
            _("The application is at “%(state)s” now; “%(step)s” is not possible there. Load the page again.") % said
        ) from None


def is_late(application: OutgoingApplication, *, on: date) -> bool:
    """Whether the office that has it is behind the last day (超期); where home has it, it is nobody's fault here."""
    due = None if application.state == OutgoingState.SENT else clock_of(application, on=on).due_on
    return due is not None and on > due


def _late_reason(application: OutgoingApplication, late_reason: str, *, on: date) -> str:
    if not is_late(application, on=on):
        return ""
    if not late_reason.strip():
        raise Refused(_("The last day has passed. Say in a few words why it took longer."))
    return require_words(late_reason)


def _take(
    application: OutgoingApplication,
    step: OutgoingStep,
    words: str = "",
    *,
    by: Person,
    on: date,
    missing: Sequence[str] = (),
    late_reason: str = "",
) -> OutgoingApplication:
    application.state = _state_after(application, step)
    application.save()
    OutgoingRecord.objects.create(
        application=application,
        number=application.records.count() + 1,
        step=step,
        on=on,
        by=by,
        missing=list(missing),
        words=words or None,
        late_reason=late_reason or None,
    )
    _keep([application], by=by, on=on)
    _record(f"outgoing_{step}", application, by=by, on=on)
    return application


def _keep(applications: Sequence[OutgoingApplication], *, on: date, by: Person | None = None) -> None:
    """Keep last days and tasks as they ought to be (核对时限与待办)."""
    wanted: dict[tuple[str, str], list[Wanted]] = {(kind, role): [] for kind in TASKS.values() for role in OFFICE}
    for application in applications:
        due = _due(application, on=on)
        if due != application.due_on:
            application.due_on = due
            application.save(update_fields=["due_on"])
        if due:
            kind, role = TASKS[OutgoingState(application.state)], _role(application, on=on)
            said = {"number": application.number}
            wanted[kind, role].append(Wanted(str(application.pk), application.division_code, due, said))
    keys = [str(one.pk) for one in applications]
    for (kind, role), tasks in wanted.items():
        keep_tasks(
            kind=kind,
            subject_kind=SUBJECT,
            role=role,
            harm=Harm.LOSS,
            wanted=tasks,
            outcome="done",
            by=by,
            among=keys,
        )


def _due(application: OutgoingApplication, *, on: date) -> date | None:
    if application.state not in UNDONE:
        return None
    if application.state == OutgoingState.CORRECTION:
        asked = application.records.filter(step=OutgoingStep.ASK).latest("number")
        return due_on("bring_papers", on=asked.on, jurisdiction=application.division_code)
    return clock_of(application, on=on).due_on


def _role(application: OutgoingApplication, *, on: date) -> str:
    return next((role for role in OFFICE if is_filled(role, code=application.division_code, on=on)), OFFICE[-1])


@transaction.atomic
def watch_outgoing(*, on: date) -> None:
    """Watch those under way (核对转办时限): days counted anew, tasks kept; a place that was recoded is followed."""
    applications = open_ones()
    after = successor_of({one.division_code for one in applications}, on=on)
    for application in applications:
        if application.division_code in after:
            application.division_code = after[application.division_code]
            application.save(update_fields=["division_code"])
    _keep(applications, on=on)


def _issue(kind: str, application: OutgoingApplication, letter: Document, *, by: Person, on: date) -> None:
    issue_document(
        by=by,
        kind=kind,
        subject_kind=SUBJECT,
        subject_key=str(application.pk),
        division_code=application.division_code,
        office=office_of(application.division_code),
        document=letter,
        on=on,
        at=timezone.now(),
    )


def _record(act: str, application: OutgoingApplication, *, by: Person, on: date) -> None:
    record(
        by=by,
        act=act,
        subject_kind=SUBJECT,
        subject_key=str(application.pk),
        division_code=application.division_code,
        on=on,
        details={"state": application.state},
    )
