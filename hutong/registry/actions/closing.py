"""Closing a file softly, and opening it again."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.law.calendar import age_on
from hutong.law.categories import CATEGORIES, age_limit
from hutong.law.changes import LEAVING, RETURNING
from hutong.registry.actions.changes import locked, require_decided, require_open, require_reason, write_change
from hutong.registry.actions.holding import held_from, hold, propose, put_ended, require_one_paid
from hutong.registry.actions.moving import take_back_moves
from hutong.registry.models import CategoryHolding, Change, Child
from hutong.registry.models.change import Kind

REACHING_BACK = {"died", "entered_wrongly"}
ANSWERED_BY_CLOSING = [
    "get_id",
    "guardian_phone",
    "turning_18",
    "hand_over",
    "second_file",
    "paper_expiring",
    "paper_expires_soon",
]


@transaction.atomic
def close(
    *,
    by: Person,
    child: Child,
    closed_on: date,
    reason: str,
    revision: int,
    on: date,
    words: str = "",
    to_code: str = "",
    bulk: UUID | None = None,
) -> Change:
    """Close a file (减员) after its last day; where a paid category holds beyond it, as a proposal.

    `to_code` is where a child went who left the province. Raises NotAllowed, Overtaken and Refused.
    """
    require(by, Permission.CLOSE_CHILDREN, code=child.responsible_code, on=on)
    require_reason(reason, LEAVING, words)
    child = locked(child, by=by, on=on, revision=revision)
    require_open(child)
    if not child.birth_date <= closed_on <= on:
        raise Refused(_("The last day lies between the child's birth and today."))
    _require_sense(child, closed_on, reason)
    require_decided(child)
    held = sorted({one.category for one in _holding_after(child, closed_on)})
    before = {"category": " ".join(held)}
    after = {"closed_on": closed_on.isoformat(), "closed_reason": reason, "moved_to": to_code}
    if any(CATEGORIES[code].paid for code in held):
        return propose(
            by=by,
            child=child,
            kind=Kind.CLOSE,
            reason=reason,
            words=words,
            before=before,
            after=after,
            on=on,
            bulk=bulk,
        )
    put_closed(child, closed_on=closed_on, reason=reason, by=by)
    return write_change(
        by=by, child=child, kind=Kind.CLOSE, on=on, reason=reason, words=words, before=before, after=after, bulk=bulk
    )


def _require_sense(child: Child, closed_on: date, reason: str) -> None:
    """The reason fits the day: grown up is 18, and only a death or a mistake reaches behind what has begun since."""
    if reason == "grown_up" and age_on(child.birth_date, closed_on) < age_limit(closed_on):
        raise Refused(_("On that day the child had not reached 18."))
    begun = _holding_after(child, closed_on).filter(until_on__isnull=True).aggregate(latest=Max("from_on"))["latest"]
    if begun and closed_on < begun and reason not in REACHING_BACK:
        raise Refused(_("A category began after that day. Take a later day, or end the category first."))


def put_closed(child: Child, *, closed_on: date, reason: str, by: Person) -> None:
    """Close a locked child (落实减员): what it holds ends with the file, and a hand-over that waits is taken back."""
    for one in _holding_after(child, closed_on):
        put_ended(one, max(closed_on, one.from_on))
    child.closed_on, child.closed_reason = closed_on, reason
    take_back_moves(child, by=by)
    close_tasks(by=by, subject_kind="child", subject_key=child.file_number, kinds=ANSWERED_BY_CLOSING, outcome="closed")


def _holding_after(child: Child, day: date) -> QuerySet[CategoryHolding]:
    """What a child holds beyond a day in any of its files, an end already known included."""
    return held_from(child, day).filter(Q(until_on__isnull=True) | Q(until_on__gt=day))


@transaction.atomic
def reopen(
    *,
    by: Person,
    child: Child,
    categories: list[str],
    reason: str,
    revision: int,
    on: date,
    words: str = "",
) -> Change:
    """Reopen a file (减员恢复) with the categories it holds again from today; with a paid one, as a proposal.

    Raises NotAllowed, Overtaken and Refused.
    """
    require(by, Permission.CLOSE_CHILDREN, code=child.responsible_code, on=on)
    require_reason(reason, RETURNING, words)
    child = locked(child, by=by, on=on, revision=revision)
    if child.closed_on is None:
        raise Refused(_("This file is open. Load the page again."))
    require_decided(child)
    if child.closed_reason == "died" and reason != "closed_wrongly":
        raise Refused(_("The child was reported dead. Only a mistake can be taken back here."))
    if set(categories) - CATEGORIES.keys():
        raise Refused(_("Choose a category."))
    require_one_paid(set(categories))
    before = {"closed_on": child.closed_on.isoformat(), "closed_reason": child.closed_reason}
    after = {"category": " ".join(sorted(set(categories))), "category_from": on.isoformat()}
    if any(CATEGORIES[code].paid for code in categories):
        return propose(
            by=by, child=child, kind=Kind.REOPEN, reason=reason, words=words, before=before, after=after, on=on
        )
    put_reopened(child, categories, from_on=on)
    return write_change(
        by=by, child=child, kind=Kind.REOPEN, on=on, reason=reason, words=words, before=before, after=after
    )


def put_reopened(child: Child, categories: list[str], *, from_on: date) -> None:
    """Reopen a locked child (落实恢复). What ended on that day or later simply goes on."""
    for code in dict.fromkeys(categories):
        ended = child.holdings.filter(category=code, until_on__gte=from_on).order_by("-until_on").first()
        if ended:
            ended.until_on = None
            ended.save()
        else:
            hold(child, code, from_on=from_on)
    child.closed_on, child.closed_reason = None, ""
