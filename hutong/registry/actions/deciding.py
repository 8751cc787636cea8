"""The second person: what one proposed, another confirms or refuses."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.law.categories import CATEGORIES
from hutong.registry.actions.changes import locked, read_document, record_change
from hutong.registry.actions.closing import put_closed, put_reopened
from hutong.registry.actions.holding import held_from, hold, put_ended, require_free, require_none_paid
from hutong.registry.actions.merging import close_settled
from hutong.registry.models import Change, Child
from hutong.registry.models.change import Kind, Stage


@transaction.atomic
def confirm(*, by: Person, change: Change, on: date) -> Change:
    """Confirm (确认) a proposal of somebody else: now it is done. Raises NotAllowed and Refused."""
    change, child = _waiting(change, by=by, on=on)
    _apply(change, child, by=by)
    child.revision += 1
    child.save()
    close_settled(child, by=by)
    return _decide(change, child, Stage.DONE, by=by, on=on)


@transaction.atomic
def refuse(*, by: Person, change: Change, words: str, on: date) -> Change:
    """Refuse (不同意) a proposal, with a reason; whoever made it may take it back in the same way."""
    change, child = _waiting(change, by=by, on=on, may_be_own=True)
    if not words.strip():
        raise Refused(_("Say in a few words why."))
    change.answer = words.strip()
    return _decide(change, child, Stage.REFUSED, by=by, on=on)


def _waiting(change: Change, *, by: Person, on: date, may_be_own: bool = False) -> tuple[Change, Child]:
    child = locked(change.child, by=by, on=on)
    change = Change.objects.select_for_update().get(pk=change.pk)
    is_own = change.by_id == by.pk
    if change.stage != Stage.PROPOSED:
        raise Refused(_("This has been decided already. Load the page again."))
    if is_own and not may_be_own:
        raise Refused(_("Another person than the one who proposed it must confirm."))
    if not is_own:
        require(by, Permission.CONFIRM_CHANGES, code=child.responsible_code, on=on)
    return change, child


def _decide(change: Change, child: Child, stage: Stage, *, by: Person, on: date) -> Change:
    change.stage, change.decided_at = stage, timezone.now()
    change.decided_by = by if by.pk != change.by_id else None
    change.save()
    close_tasks(
        by=by, subject_kind="child", subject_key=child.file_number, kinds=["confirm_change"], outcome=str(stage)
    )
    act = "confirm_change" if stage == Stage.DONE else "refuse_change"
    if change.decided_by:
        _tell(change, child, "change_confirmed" if stage == Stage.DONE else "change_refused")
    record_change(by, act, change, child, on=on, division_code=child.responsible_code)
    return change


def _tell(change: Change, child: Child, kind: str) -> None:
    """Whoever proposed it hears what became of it."""
    values = {"file": child.file_number}
    notify(kind=kind, subject_kind="child", subject_key=child.file_number, recipient=change.by, values=values)


def _apply(change: Change, child: Child, *, by: Person) -> None:
    _before, after = read_document(change)
    if change.kind == Kind.CLOSE:
        closed_on = date.fromisoformat(after["closed_on"])
        put_closed(child, closed_on=closed_on, reason=after["closed_reason"], by=by)
    elif change.kind == Kind.REOPEN:
        from_on = date.fromisoformat(after["category_from"])
        put_reopened(child, after["category"].split(), from_on=from_on)
    elif "category_until" in after:
        until_on = date.fromisoformat(after["category_until"])
        whose = {"category": after["category"], "child__file_number": after.get("file", child.file_number)}
        held = held_from(child, until_on).filter(until_on__isnull=True, **whose).first()
        if held is None:
            raise Refused(_("The child does not hold this category."))
        put_ended(held, until_on)
    else:
        from_on = date.fromisoformat(after["category_from"])
        require_free(child, after["category"], from_on)
        if CATEGORIES[after["category"]].paid:
            require_none_paid(child, from_on)
        hold(child, after["category"], from_on=from_on, decision_number=after.get("decision_number", ""))
