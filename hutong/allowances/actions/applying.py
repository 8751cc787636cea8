"""From the first word to acceptance: applying, the one-time notice, papers, taking an application back."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.allowances.actions.following import end_leads
from hutong.allowances.actions.issuing import issue_notice
from hutong.allowances.actions.stepping import Taken, locked, require_words, take
from hutong.allowances.cases import case_of, kinds_of
from hutong.allowances.models import Application
from hutong.allowances.models.application import NAME_AT_MOST, OFFICE_AT_MOST, OPEN, State, Step
from hutong.allowances.models.lead import How
from hutong.allowances.queries import applications_of, is_known_to
from hutong.law.applying import APPLICANTS, APPLIED_FOR, INSTITUTION
from hutong.law.calendar import age_on
from hutong.law.categories import WITH_SECRET_BASIS, Basis, age_limit
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.law.parameters import shipped
from hutong.law.relations import RELATIONS
from hutong.protection.queries import placements_on
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.actions.changes import require_open
from hutong.registry.actions.holding import require_none_paid
from hutong.registry.actions.receiving import close_received, keep_received
from hutong.registry.models import Child

CALL_THE_COUNTY = _(
    "No application can be begun here for this child now. Call the child-welfare section of the county civil affairs"
    " office."
)
"""What whoever is not named learns (不知悉者的答复): the same whatever stands behind it."""


@dataclass(frozen=True)
class Applicant:
    """Applicant (申请人): who asks, in which quality, and the relation by GB/T 4761."""

    kind: str
    name: str
    relation: str = ""


@dataclass(frozen=True)
class Letter:
    """Letter of another province (来函): which office sent the application, the day of its letter, the day it came."""

    office: str
    sent_on: date
    came_on: date


@transaction.atomic
def begin_application(
    *, by: Person, child: Child, category: str, applicant: Applicant, letter: Letter | None = None, on: date
) -> Application:
    """Begin an application (申请登记) as a draft; the file says all else, nothing is typed twice.

    One that came by `letter` (来函申请) runs from the day it came. Raises NotAllowed and Refused.
    """
    place = child.leading.responsible_code
    at = full(place[: LENGTH_OF[Level.COUNTY]]) if applicant.kind == INSTITUTION else place
    require(by, Permission.APPLY, code=at, on=on)
    if letter:
        require(by, Permission.ACCEPT_APPLICATIONS, code=place, on=on)
        _require_letter(letter, on=on)
    child = locked_child(child.leading, by=by, on=on)
    return draft(by=by, child=child, category=category, applicant=applicant, letter=letter, on=on)


def _require_letter(letter: Letter, *, on: date) -> None:
    if not letter.office.strip():
        raise Refused(_("Say which office sent the letter."))
    if len(letter.office.strip()) > OFFICE_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": OFFICE_AT_MOST})
    if not letter.sent_on <= letter.came_on <= on:
        raise Refused(_("A letter comes on the day it was sent or later, and not later than today."))


def draft(
    *,
    by: Person,
    child: Child,
    category: str,
    applicant: Applicant,
    on: date,
    received_at: str = "",
    letter: Letter | None = None,
    basis: Basis = Basis.ORPHAN,
    is_confidential: bool = False,
) -> Application:
    """A draft for a child that the caller has locked (申请草稿). Raises Refused.

    `basis` is sealed in every application for a category that has one.
    """
    require_open(child)
    _require_fit(child, category, by=by, on=on)
    require_applicant(applicant)
    _require_institution(applicant, child, category, on=on)
    end_leads(by=by, child=child, how=How.APPLIED, on=on)
    return Application.objects.create(
        child=child,
        category=category,
        applicant_kind=applicant.kind,
        applicant_name=applicant.name.strip(),
        applicant_relation=applicant.relation,
        division_code=child.responsible_code,
        begun_by=by,
        begun_on=on,
        received_at=received_at,
        sent_by=letter.office.strip() if letter else "",
        sent_on=letter.sent_on if letter else None,
        came_on=letter.came_on if letter else None,
        is_confidential=is_confidential,
        secret_basis=basis.padded if category in WITH_SECRET_BASIS else None,
    )


def _require_fit(child: Child, category: str, *, by: Person, on: date) -> None:
    require_category(category)
    if age_on(child.birth_date, on) >= age_limit(on):
        raise Refused(_("The child is %(age)s already: too old to apply for.") % {"age": age_limit(on)})
    require_none_open(child, by=by, on=on)
    require_none_paid(child, on)


def require_none_open(child: Child, *, by: Person, on: date) -> None:
    """Raises Refused where an application is open for a child (已有在办申请).

    Of a confidential one whoever is not named learns no more than whom to call.
    """
    for one in applications_of(child).filter(state__in=OPEN):
        if not is_known_to(by, one, on=on):
            raise Refused(CALL_THE_COUNTY)
        raise Refused(_("There is an open application for this child already. Go on with that one."))


def _require_institution(applicant: Applicant, child: Child, category: str, *, on: date) -> None:
    """Raises Refused where an institution applies for a child it does not raise, or for another category."""
    if applicant.kind != INSTITUTION:
        return
    if category != "orphan_institution":
        raise Refused(_("An institution applies for an orphan raised in it. Choose that, or let the guardian apply."))
    if not any(one.kind == "institution" for one in placements_on(child, on)):
        raise Refused(
            _("No placement in an institution is entered for this child. Enter it first, or let the guardian apply.")
        )


def require_category(category: str) -> None:
    """Raises Refused where nothing that is applied for is named (申请类别)."""
    if category not in APPLIED_FOR:
        raise Refused(_("Choose what is applied for."))


def require_applicant(applicant: Applicant) -> None:
    """Raises Refused where it is not said who applies (申请人)."""
    if applicant.kind not in APPLICANTS:
        raise Refused(_("Say who applies."))
    if not applicant.name.strip():
        raise Refused(_("Say who applies: the full name."))
    if len(applicant.name.strip()) > NAME_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": NAME_AT_MOST})
    if applicant.relation and applicant.relation not in RELATIONS:
        raise Refused(_("Choose the relation to the child."))


@transaction.atomic
def submit(*, by: Person, application: Application, on: date) -> Application:
    """Submit (提交申请), with or without all papers: what is missing, the township says at once. Raises Refused."""
    application = locked(application, by=by, step=Step.SUBMIT, on=on)
    require_open(application.file)
    application.submitted_on = on
    return take(application, Taken(Step.SUBMIT), by=by, on=on)


@transaction.atomic
def ask_for_papers(*, by: Person, application: Application, words: str, on: date) -> Application:
    """Ask for all missing papers (一次性告知), once and for everything. Raises NotAllowed and Refused."""
    application = locked(application, by=by, step=Step.ASK, on=on)
    case = case_of(application, on=on)
    if application.steps.filter(step=Step.ASK).exists():
        raise Refused(_("The family has been told once what is missing. Accept the application; the county decides."))
    if not case.missing and not words.strip():
        raise Refused(_("No paper is missing. Accept the application, or say in a few words what else is needed."))
    taken = Taken(Step.ASK, words=require_words(words, wanted=False), missing=kinds_of(case.missing))
    application = take(application, taken, by=by, on=on)
    issue_notice(case, taken.words, by=by, on=on)
    return application


@transaction.atomic
def bring_papers(*, by: Person, application: Application, on: date) -> Application:
    """Papers were brought (补正): they lie in the file; the township looks again. Raises NotAllowed and Refused."""
    step = Step.BRING_MORE if application.state == State.SUPPLEMENT else Step.BRING
    application = locked(application, by=by, step=step, on=on)
    return take(application, Taken(step), by=by, on=on)


@transaction.atomic
def accept(*, by: Person, application: Application, words: str = "", on: date) -> Application:
    """Accept (受理): the clock starts the next day. With papers missing only after the notice, and in words.

    Raises NotAllowed and Refused.
    """
    application = locked(application, by=by, step=Step.ACCEPT, on=on)
    require_open(application.file)
    is_told = application.steps.filter(step=Step.ASK).exists()
    if case_of(application, on=on).missing and not (is_told and words.strip()):
        raise Refused(
            _("Papers are missing. Tell the family once which; after that, say in a few words why it is accepted.")
        )
    application.accepted_on, application.accepted_by = on, by
    return take(application, Taken(Step.ACCEPT, words=require_words(words, wanted=False)), by=by, on=on)


@transaction.atomic
def ask_for_review(*, by: Person, application: Application, words: str, on: date) -> Application:
    """Ask for a review (申请复核) of a refusal, as the family wishes and why: another person of the county looks again.

    As long as a reconsideration may be asked for, too. Raises NotAllowed and Refused.
    """
    application = locked(application, by=by, step=Step.ASK_REVIEW, on=on)
    require_open(application.file)
    require_none_open(application.file, by=by, on=on)
    last = last_day_of_review(application)
    if on > last:
        said = {"last": date_format(last, "DATE_FORMAT")}
        raise Refused(_("A review could be asked for until %(last)s. Apply anew.") % said)
    if application.received_at:
        keep_received(application.file, application.received_at, by=by, on=on)
    return take(application, Taken(Step.ASK_REVIEW, words=require_words(words)), by=by, on=on)


def last_day_of_review(application: Application) -> date:
    """The last day on which a review may be asked for (申请复核截止日): that of an administrative reconsideration."""
    decided_on = application.decided_on
    if decided_on is None:
        raise ValueError("not decided yet")
    place = application.division_code
    return decided_on + timedelta(days=shipped().number("reconsideration_days", on=decided_on, jurisdiction=place))


@transaction.atomic
def withdraw(*, by: Person, application: Application, words: str, on: date) -> Application:
    """Take an application back (撤回申请) as the applicant wishes, with the reason. Raises NotAllowed and Refused."""
    application = locked(application, by=by, step=Step.WITHDRAW, on=on)
    application = take(application, Taken(Step.WITHDRAW, words=require_words(words)), by=by, on=on)
    if application.received_at:
        close_received(application.file, on=on, until_on=on)
    return application
