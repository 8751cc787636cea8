"""Opening a child's file beyond one's own area, in an emergency: told at once, reviewed by somebody else."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import Wanted, close_tasks, keep_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import EmergencyAccess, Grant, Person
from hutong.accounts.models.emergency import Verdict
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, unreviewed_of
from hutong.governance.calendars import calendar_in_force
from hutong.law.deadlines import by_working_days
from hutong.law.division_code import full
from hutong.law.emergencies import REASONS
from hutong.law.parameters import shipped
from hutong.registry.actions.kinship import require_no_kin
from hutong.registry.actions.searching import file_elsewhere, require_numbers_left
from hutong.registry.models import Child
from hutong.registry.queries import CHILD_SCOPE

SUBJECT = "emergency"
WORDS_AT_LEAST, WORDS_AT_MOST = 4, 200


@transaction.atomic
def open_in_emergency(*, by: Person, text: str, reason: str, words: str, on: date, at: datetime) -> Child:
    """Open in an emergency (紧急查看): a file that another place holds, by its child's exact number, or full name and
    birth date, until the end of the next day.

    Whoever is set over the one who opens and whoever is responsible for the child are told at once; an approver of the
    child's county reviews it within three working days. Raises NotAllowed and Refused.
    """
    Person.objects.select_for_update().get(pk=by.pk)
    own = jurisdiction_of(by, Permission.OPEN_IN_EMERGENCY, on=on).prefixes
    if not own:
        raise NotAllowed(Permission.OPEN_IN_EMERGENCY)
    _require_reason(reason, words)
    if unreviewed_of(by).count() >= shipped().number("emergencies_unreviewed_at_most", on=on, jurisdiction=own[0]):
        raise Refused(_("Several of your emergencies have not been reviewed yet. Call the place that holds the file."))
    require_numbers_left(by=by)
    child = file_elsewhere(by, text, on=on)
    require_no_kin(by, child, on=on)
    access = _opened(by, child, reason, words, from_code=full(own[0]), on=on, at=at)
    _tell(access)
    details = {"reason": reason, "emergency": access.pk}
    record(
        by=by,
        act="open_in_emergency",
        subject_kind=CHILD_SCOPE,
        subject_key=child.file_number,
        division_code=child.responsible_code,
        on=on,
        details=details,
    )
    return child


def _require_reason(reason: str, words: str) -> None:
    if reason not in REASONS:
        raise Refused(_("Choose what kind of emergency it is."))
    if len(words.strip()) < WORDS_AT_LEAST:
        raise Refused(_("Say in a few words what has happened."))
    if len(words) > WORDS_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": WORDS_AT_MOST})


def _review_by(code: str, *, on: date) -> date:
    days = shipped().number("emergency_review_working_days", on=on, jurisdiction=code)
    return by_working_days(on, days, jurisdiction=code, calendar=calendar_in_force()).due_on


def _opened(
    by: Person, child: Child, reason: str, words: str, *, from_code: str, on: date, at: datetime
) -> EmergencyAccess:
    grant = Grant.objects.create(
        person=by,
        scope_kind=CHILD_SCOPE,
        scope_key=child.file_number,
        reason=words.strip(),
        given_by=by,
        from_on=on,
        until_on=on + timedelta(days=1),
    )
    access: EmergencyAccess = EmergencyAccess.objects.create(
        grant=grant,
        reason=reason,
        division_code=child.responsible_code,
        from_code=from_code,
        opened_at=at,
        due_on=_review_by(child.responsible_code, on=on),
    )
    return access


def _tell(access: EmergencyAccess) -> None:
    key, ours, theirs = str(access.pk), access.from_code, access.division_code
    for role, code in sorted({("approver", ours), ("approver", theirs), ("county_officer", theirs)}):
        notify(kind="opened_in_emergency", subject_kind=SUBJECT, subject_key=key, role=role, division_code=code)
    _open_review(access)


def _open_review(access: EmergencyAccess) -> None:
    open_task(
        kind="review_emergency",
        subject_kind=SUBJECT,
        subject_key=str(access.pk),
        division_code=access.division_code,
        role="approver",
        due_on=access.due_on,
        harm=Harm.LOSS,
    )


@transaction.atomic
def review_emergency(*, by: Person, access: EmergencyAccess, verdict: str, words: str, on: date, at: datetime) -> None:
    """Review (复核) what somebody else opened in an emergency. One that was not needed is a task for the audit.

    Raises NotAllowed and Refused.
    """
    access = EmergencyAccess.objects.select_for_update(of=("self",)).select_related("grant").get(pk=access.pk)
    require(by, Permission.REVIEW_EMERGENCIES, code=access.division_code, on=on)
    if access.grant.person_id == by.pk:
        raise Refused(_("Somebody else reviews what you have opened."))
    if access.verdict:
        raise Refused(_("This has been reviewed already. Load the page again."))
    if verdict not in Verdict.values:
        raise Refused(_("Say whether it was needed."))
    if verdict == Verdict.UNJUSTIFIED and len(words.strip()) < WORDS_AT_LEAST:
        raise Refused(_("Say in a few words why."))
    if len(words) > WORDS_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": WORDS_AT_MOST})
    access.verdict, access.reviewed_by, access.reviewed_at = verdict, by, at
    access.review_words = words.strip() or None
    access.save()
    _settle(access, by=by, on=on)


def _count_anew(on: date) -> None:
    """Renews the last day of what is not reviewed yet (重算期限), and records what it was and is."""
    waiting = EmergencyAccess.objects.select_for_update(of=("self",)).select_related("grant").filter(verdict="")
    for access in waiting.order_by("pk"):
        before, due = access.due_on, _review_by(access.division_code, on=access.grant.from_on)
        if due == before:
            continue
        access.due_on = due
        access.save()
        _open_review(access)
        _record_due(access, before, on=on)


def _record_due(access: EmergencyAccess, before: date, *, on: date) -> None:
    record(
        by=None,
        act="move_deadline",
        subject_kind=SUBJECT,
        subject_key=str(access.pk),
        division_code=access.division_code,
        on=on,
        details={"before": f"{before}", "after": f"{access.due_on}"},
    )


def _settle(access: EmergencyAccess, *, by: Person, on: date) -> None:
    key, code = str(access.pk), access.division_code
    kinds = ["review_emergency", "emergency_unreviewed"]
    close_tasks(by=by, subject_kind=SUBJECT, subject_key=key, kinds=kinds, outcome=access.verdict)
    notify(kind=f"emergency_{access.verdict}", subject_kind=SUBJECT, subject_key=key, recipient=access.grant.person)
    if access.verdict == Verdict.UNJUSTIFIED:
        notify(
            kind="emergency_misused",
            subject_kind=SUBJECT,
            subject_key=key,
            role="audit_administrator",
            division_code=code,
        )
    record(
        by=by,
        act="review_emergency",
        subject_kind=CHILD_SCOPE,
        subject_key=access.grant.scope_key,
        division_code=access.division_code,
        on=on,
        details={"emergency": access.pk, "verdict": access.verdict},
    )


@transaction.atomic
def watch_emergencies(*, on: date) -> None:
    """Watch the reviews (核对紧急查看复核): what nobody has reviewed in time is a task of the city, loud and late.

    Days are counted anew first: a notice of holidays may have been loaded since.
    """
    _count_anew(on)
    late = EmergencyAccess.objects.filter(verdict="", due_on__lt=on).order_by("pk")
    wanted = [Wanted(str(access.pk), access.division_code, access.due_on) for access in late]
    keep_tasks(
        kind="emergency_unreviewed",
        subject_kind=SUBJECT,
        role="city_officer",
        harm=Harm.LOSS,
        wanted=wanted,
        outcome="reviewed",
    )
