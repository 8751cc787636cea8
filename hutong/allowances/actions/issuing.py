"""Issuing the letters of an application, as the last thing of the step that decides them."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.documents import issue_document
from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.documents import Office, civil_affairs_office, township_office
from hutong.accounts.models import IssuedDocument, Person
from hutong.accounts.permissions import Permission
from hutong.allowances.cases import Case, case_of
from hutong.allowances.letters import decision_letter, notice_of_missing, review_letter
from hutong.allowances.models import Application, Decision
from hutong.allowances.models.decision import Outcome
from hutong.allowances.outgoing_letters import office_of, reply_letter
from hutong.allowances.queries import SUBJECT, is_known_to
from hutong.allowances.recognitions import SUBJECT as RECOGNITION
from hutong.allowances.recognitions import Recognised
from hutong.kit.documents import Document
from hutong.registry.actions.changes import locked as locked_child

ROUNDS = {"recognition_decision": 1, "refusal_decision": 1, "review_decision": 2}
"""Which decision a letter tells (文书所载决定)."""


def issue_notice(case: Case, words: str, *, by: Person, on: date) -> None:
    """The one-time notice (签发一次性告知书) of whoever accepts: the township, or the county alone."""
    place, letter = case.application.division_code, notice_of_missing(case, words)
    office = civil_affairs_office(place) if case.application.is_at_county else township_office(place)
    _issue("correction_notice", case.application, office, letter, by=by, on=on)


def issue_decision(
    case: Case, decision: Decision, *, by: Person, on: date, replaces: IssuedDocument | None = None
) -> IssuedDocument:
    """The county's decision, or its decision after a review (签发决定书)."""
    kind = "recognition_decision" if decision.outcome == Outcome.CONFIRMED else "refusal_decision"
    letter = decision_letter
    if decision.round == 2:
        kind, letter = "review_decision", review_letter
    office = civil_affairs_office(case.application.division_code)
    return _issue(kind, case.application, office, letter(case, decision), by=by, on=on, replaces=replaces)


def issue_reply(application: Application, *, by: Person, on: date) -> None:
    """The reply to the office of another province that sent it (签发复函), about the decision that stands."""
    letter = reply_letter(application, application.decisions.latest("round"))
    _issue("reply_letter", application, office_of(application.division_code), letter, by=by, on=on)


@transaction.atomic
def issue_anew(*, by: Person, document: IssuedDocument, on: date) -> IssuedDocument:
    """Issue the letter of a decision anew (重新签发) by what the file says of the people now: the old one is withdrawn.

    What was decided, and why, stays. Raises NotAllowed and Refused.
    """
    require(by, Permission.WITHDRAW_DOCUMENTS, code=document.division_code, on=on)
    if document.subject_kind != SUBJECT or document.kind not in ROUNDS:
        raise Refused(_("Only the letter of a decision is issued anew. Withdraw this one."))
    application = Application.objects.select_related("child__canonical").get(pk=int(document.subject_key))
    locked_child(application.file, by=by, on=on)
    if not is_known_to(by, application, on=on):
        raise NotAllowed(Permission.SEE_SECRET)
    decision = application.decisions.get(round=ROUNDS[document.kind])
    return issue_decision(case_of(application, on=on), decision, by=by, on=on, replaces=document)


def issue_for_recognition(kind: str, now: Recognised, letter: Document, *, by: Person, on: date) -> IssuedDocument:
    """The county's letter about a recognition that was suspended or has ended (签发暂停、停止文书)."""
    return issue_document(
        by=by,
        kind=kind,
        subject_kind=RECOGNITION,
        subject_key=now.key,
        division_code=now.file.responsible_code,
        office=civil_affairs_office(now.file.responsible_code),
        document=letter,
        on=on,
        at=timezone.now(),
    )


def _issue(
    kind: str,
    application: Application,
    office: Office,
    letter: Document,
    *,
    by: Person,
    on: date,
    replaces: IssuedDocument | None = None,
) -> IssuedDocument:
    return issue_document(
        by=by,
        kind=kind,
        subject_kind=SUBJECT,
        subject_key=str(application.pk),
        division_code=application.division_code,
        office=office,
        document=letter,
        on=on,
        at=timezone.now(),
        replaces=replaces,
    )
