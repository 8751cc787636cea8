"""Suspending a recognition: one person is enough, so that nobody who has died is paid for another month."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.allowances.actions.following import end_leads
from hutong.allowances.actions.issuing import issue_for_recognition
from hutong.allowances.actions.recognised import finish, locked, tell
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.models import RecognitionSuspension
from hutong.allowances.models.lead import How
from hutong.allowances.recognition_letters import suspension_letter
from hutong.allowances.recognitions import Recognised, held_on, recognised
from hutong.law.data_checks import CHILD
from hutong.law.months import Month
from hutong.law.recognition_review import DIED, SUSPENSIONS, first_unpaid
from hutong.registry.actions import closing
from hutong.registry.actions.changes import read_document
from hutong.registry.models import CategoryHolding, Change, Child
from hutong.registry.models.change import Kind, Stage
from hutong.registry.queries import files_of


@transaction.atomic
def suspend(
    *, by: Person, holding: CategoryHolding, reason: str, words: str, happened_on: date | None = None, on: date
) -> RecognitionSuspension:
    """Suspend (暂停): nothing is paid from a month on until it is lifted or ended. Raises NotAllowed and Refused.

    `happened_on` is the day of a death; anything else counts from today.
    """
    now = locked(holding, by=by, permission=Permission.REVIEW_RECOGNITIONS, on=on)
    return put_suspended(now, reason, words=require_words(words), happened_on=happened_on, by=by, on=on)


def put_suspended(
    now: Recognised, reason: str, *, words: str, happened_on: date | None, by: Person, on: date
) -> RecognitionSuspension:
    """Suspend what is locked (落实暂停), with a letter to the family. Raises Refused."""
    if reason not in SUSPENSIONS:
        raise Refused(_("Choose a reason."))
    if now.suspension:
        raise Refused(_("It is suspended already."))
    happened_on = _day_of(now, reason, happened_on, on=on)
    place = now.file.responsible_code
    month, citation = first_unpaid(SUSPENSIONS[reason], happened_on, jurisdiction=place)
    suspension = RecognitionSuspension.objects.create(
        child=now.holding.child,
        holding=now.holding,
        division_code=place,
        reason=reason,
        happened_on=happened_on,
        from_month=month.first,
        on=on,
        by=by,
        words=words or None,
    )
    finish(now, "suspend", by=by, on=on, suspension=suspension.pk)
    tell(now, "recognition_suspended")
    issue_for_recognition("suspension_notice", now, suspension_letter(now, suspension, citation), by=by, on=on)
    return suspension


def _day_of(now: Recognised, reason: str, happened_on: date | None, *, on: date) -> date:
    if reason != DIED:
        return on
    if happened_on is None or not now.file.birth_date <= happened_on <= on:
        raise Refused(_("The day lies between the child's birth and today."))
    return happened_on


@transaction.atomic
def lift(
    *, by: Person, holding: CategoryHolding, mark: str, again_from: date, words: str, on: date
) -> RecognitionSuspension:
    """Lift a suspension (恢复), in words; `again_from` lies in the first month paid again, suspended or the next.

    Whoever reported a death does not lift it. Raises NotAllowed, CaseChanged and Refused.
    """
    now = locked(holding, by=by, permission=Permission.REVIEW_RECOGNITIONS, on=on, mark=mark)
    suspension = now.suspension
    if suspension is None:
        raise Refused(_("It is not suspended. Load the page again."))
    if suspension.reason == DIED and suspension.by_id == by.pk:
        raise Refused(_("Another person than the one who reported the death must lift it."))
    month = Month.of(again_from)
    if not Month.of(suspension.from_month) <= month <= max(Month.of(suspension.from_month), Month.of(on).plus(1)):
        raise Refused(_("The first month paid again is one of those suspended, or the next."))
    suspension.answer_words = require_words(words)
    suspension.lifted_on, suspension.lifted_by, suspension.again_from = on, by, month.first
    suspension.save()
    finish(now, "lift", by=by, on=on, suspension=suspension.pk)
    tell(now, "recognition_lifted")
    return suspension


@transaction.atomic
def close_file(*, by: Person, child: Child, closed_on: date, reason: str, on: date, **more: Any) -> Change:
    """Close a file (减员), and suspend at once what is paid for a child who has died. Raises as the registry's verb."""
    if reason == DIED:
        end_leads(by=by, child=child.leading, how=How.RECORDED, on=on, whose=(CHILD,))
    change = closing.close(by=by, child=child, closed_on=closed_on, reason=reason, on=on, **more)
    if reason == DIED and change.stage == Stage.PROPOSED:
        suspend_dead(by=by, child=change.child, died_on=closed_on, on=on)
    return change


def suspend_dead(*, by: Person, child: Child, died_on: date, on: date) -> int:
    """Suspend what is paid for a child reported dead (死亡即停), by whoever reported it; how many."""
    held = held_on(on).filter(child__in=files_of(child.leading))
    found = [now for now in (recognised(one, on=on) for one in held) if not now.suspension]
    for now in found:
        put_suspended(now, DIED, words="", happened_on=died_on, by=by, on=on)
    return len(found)


@transaction.atomic
def suspend_reported_dead(*, on: date) -> int:
    """Suspend children whose death waits to be confirmed (死亡待确认即停): those not closed on the child's page."""
    waiting = Change.objects.filter(kind=Kind.CLOSE, stage=Stage.PROPOSED, reason=DIED).select_related("child", "by")
    return sum(
        suspend_dead(by=change.by, child=change.child, died_on=_died_on(change), on=on)
        for change in waiting.order_by("pk")
    )


def _died_on(change: Change) -> date:
    _before, after = read_document(change)
    return date.fromisoformat(after["closed_on"])
