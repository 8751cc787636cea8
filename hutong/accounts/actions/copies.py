"""Copies: asking, agreeing, saying that one was destroyed. What stands in a copy is for the room of its children."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.copies import is_open, needs_another
from hutong.accounts.models import Copy, CopyState, Notice, Person
from hutong.accounts.permissions import Permission
from hutong.law.copies import KINDS, PURPOSES, SERIAL_CHARACTERS, SERIAL_LENGTH, copy_number, copy_rules

SUBJECT, TO_DESTROY = "copy", "copy_to_destroy"
WORDS_AT_LEAST, WORDS_AT_MOST = 2, 200


def ask_copy(
    *,
    by: Person,
    kind: str,
    purpose: str,
    receiver: str,
    subjects: Sequence[str],
    division_code: str,
    on: date,
    at: datetime,
) -> Copy:
    """Ask for a copy (申请发出) of a kind, of `subjects`, for a purpose; `receiver` says who gets it.

    It is given at once, or waits for a second person where somebody copies more children within a day than one may
    alone. The verb that calls has asked for the right to this kind at every place concerned. Raises Refused.
    """
    Person.objects.select_for_update().get(pk=by.pk)  # two at once count as one after the other
    _require_purpose(kind, purpose, receiver)
    copy = Copy(
        number=copy_number("".join(secrets.choice(SERIAL_CHARACTERS) for _at in range(SERIAL_LENGTH))),
        kind=kind,
        purpose=purpose,
        receiver=receiver.strip() or None,
        by=by,
        asked_at=at,
        division_code=division_code,
        subjects=list(subjects),
        state=CopyState.ASKED,
    )
    waits = needs_another(by, len(subjects), on=on, at=at)
    if not waits:
        _give(copy, on=on, at=at)
    copy.save()
    _record(by, "ask_copy", copy, on=on, details={"kind": kind, "purpose": purpose, "children": len(subjects)})
    if waits:
        open_task(
            kind="decide_copy",
            subject_kind=SUBJECT,
            subject_key=str(copy.pk),
            division_code=division_code,
            role="approver",
            due_on=on + timedelta(days=1),
            values={"number": copy.number, "children": len(subjects)},
        )
    return copy


def _require_purpose(kind: str, purpose: str, receiver: str) -> None:
    if purpose not in PURPOSES or purpose not in KINDS[kind].purposes:
        raise Refused(_("Choose what the copy is for."))
    if len(receiver.strip()) < WORDS_AT_LEAST:
        raise Refused(_("Say who receives the copy."))
    if len(receiver) > WORDS_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": WORDS_AT_MOST})


def _give(copy: Copy, *, on: date, at: datetime) -> None:
    copy.state, copy.decided_at = CopyState.GIVEN, at
    copy.fetch_until = at + copy_rules(on).fetch


@transaction.atomic
def decide_copy(*, by: Person, copy: Copy, is_agreed: bool, words: str, on: date, at: datetime) -> Copy:
    """Agree to a copy, or not (审核发出): a second person of the children's place. Raises NotAllowed and Refused."""
    copy = Copy.objects.select_for_update().get(pk=copy.pk)
    require(by, Permission.DECIDE_COPIES, code=copy.division_code, on=on)
    if copy.by_id == by.pk:
        raise Refused(_("Somebody else agrees to what you ask for."))
    if copy.state != CopyState.ASKED:
        raise Refused(_("This has been decided already. Load the page again."))
    if not is_agreed and len(words.strip()) < WORDS_AT_LEAST:
        raise Refused(_("Say in a few words why not."))
    if len(words) > WORDS_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": WORDS_AT_MOST})
    if is_agreed:
        _give(copy, on=on, at=at)
    else:
        copy.state, copy.decided_at = CopyState.DECLINED, at
    copy.decided_by, copy.decided_words = by, words.strip() or None
    copy.save()
    key = str(copy.pk)
    close_tasks(by=by, subject_kind=SUBJECT, subject_key=key, kinds=["decide_copy"], outcome=copy.state)
    values = {"number": copy.number}
    notify(kind=f"copy_{copy.state}", subject_kind=SUBJECT, subject_key=key, recipient=copy.by, values=values)
    _record(by, "give_copy" if is_agreed else "decline_copy", copy, on=on)
    return copy


def note_fetched(*, by: Person, copy: Copy, on: date, at: datetime) -> bool:
    """Note that a copy was fetched or printed (领取记录); whether it was the first time. Inside the caller's verb."""
    is_first = copy.first_fetched_at is None
    if is_first:
        days = copy_rules(on).days(copy.kind)
        copy.first_fetched_at = at
        copy.destroy_on = None if days is None else on + timedelta(days=days)
    _record(by, "fetch_copy", copy, on=on)
    return is_first


@transaction.atomic
def destroy_copy(*, by: Person, copy: Copy, on: date, at: datetime) -> Copy:
    """Say that a copy was destroyed (登记销毁), or given back: who asked for it does. Raises NotAllowed and Refused."""
    copy = Copy.objects.select_for_update().get(pk=copy.pk)
    if copy.by_id != by.pk:
        raise NotAllowed(Permission(copy.kind))
    if copy.first_fetched_at is None or copy.destroyed_on:
        raise Refused(_("There is no such copy any more. Load the page again."))
    copy.destroyed_on, copy.content = on, None
    if is_open(copy, at=at):
        copy.fetch_until = at
    copy.save()
    _record(by, "destroy_copy", copy, on=on)
    return copy


@transaction.atomic
def watch_copies(*, on: date, at: datetime) -> None:
    """Watch the copies (核对发出件): files whose time is over go, and whoever has one too long is told once."""
    Copy.objects.filter(content__isnull=False, fetch_until__lte=at).update(content=None)
    key = Cast(OuterRef("pk"), CharField())
    told = Notice.objects.filter(kind=TO_DESTROY, subject_kind=SUBJECT, subject_key=key)
    due = Copy.objects.filter(destroy_on__lte=on, first_fetched_at__isnull=False, destroyed_on__isnull=True)
    for copy in due.filter(~Exists(told)).select_related("by").order_by("pk"):
        notify(
            kind=TO_DESTROY,
            subject_kind=SUBJECT,
            subject_key=str(copy.pk),
            recipient=copy.by,
            values={"number": copy.number},
        )


def _record(by: Person, act: str, copy: Copy, *, on: date, details: dict[str, object] | None = None) -> None:
    key, code = str(copy.pk), copy.division_code
    record(by=by, act=act, subject_kind=SUBJECT, subject_key=key, division_code=code, on=on, details=details)
