"""Issuing the papers of a run: the application for payment when it is approved, the list of payments when asked for."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.documents import issue_document
from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.documents import civil_affairs_office, documents_about
from hutong.accounts.models import IssuedDocument, Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.allowances.models import Run
from hutong.allowances.models.run import RunState
from hutong.allowances.run_papers import payment_application, payment_list
from hutong.allowances.run_queries import PAYS, lines
from hutong.kit.documents import Document

SUBJECT = "run"
APPLICATION, LIST = "payment_application", "payment_list"
LINES_AT_MOST = 5000


def issue_application(run: Run, *, by: Person, on: date) -> IssuedDocument:
    """The application for payment (签发资金支付申请), as the last thing of the approval."""
    return _issue(APPLICATION, run, payment_application(run), by=by, on=on)


@transaction.atomic
def issue_list(*, by: Person, run: Run, on: date) -> IssuedDocument:
    """Issue the list of payments (签发发放明细清册) of an approved run, once: asked for again it is the same.

    For whoever prepares or approves at the place. Raises NotAllowed and Refused.
    """
    if not may(by, Permission.PREPARE_RUNS, code=run.division_code, on=on):
        require(by, Permission.APPROVE_RUNS, code=run.division_code, on=on)
    run = Run.objects.select_for_update(of=("self",)).select_related("batch").get(pk=run.pk)
    if run.state != RunState.APPROVED:
        raise Refused(_("The list is issued once the run is approved."))
    if known := documents_about(SUBJECT, str(run.pk)).filter(kind=LIST, withdrawn_on__isnull=True).first():
        return known
    if lines(run, PAYS).count() > LINES_AT_MOST:
        raise Refused(_("A list holds %(most)s lines at most. Prepare by county.") % {"most": LINES_AT_MOST})
    return _issue(LIST, run, payment_list(run), by=by, on=on)


def _issue(kind: str, run: Run, document: Document, *, by: Person, on: date) -> IssuedDocument:
    return issue_document(
        by=by,
        kind=kind,
        subject_kind=SUBJECT,
        subject_key=str(run.pk),
        division_code=run.division_code,
        office=civil_affairs_office(run.division_code),
        document=document,
        on=on,
        at=timezone.now(),
    )
