"""Telling people what they should know. Rooms call `notify` inside their own verbs."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Notice, NoticeRead, Person
from hutong.accounts.queries import notices, unread


def notify(
    *,
    kind: str,
    subject_kind: str,
    subject_key: str,
    recipient: Person | None = None,
    role: str = "",
    division_code: str = "",
    values: Mapping[str, object] | None = None,
) -> Notice:
    """Notify (通知) one person, or everybody of a role whose place holds the division. Nothing personal in `values`."""
    return Notice.objects.create(
        recipient=recipient,
        role=role,
        division_code=division_code,
        kind=kind,
        values=dict(values or {}),
        subject_kind=subject_kind,
        subject_key=subject_key,
    )


@transaction.atomic
def mark_read(*, by: Person, number: int, on: date) -> Notice:
    """Mark a notice as read (已读) by the person it is for; again changes nothing. Raises Refused."""
    notice = notices(by, on=on).filter(pk=number).first()
    if notice is None:
        raise Refused(_("There is no such notice for you."))
    NoticeRead.objects.get_or_create(person=by, notice=notice)
    return notice


@transaction.atomic
def mark_all_read(*, by: Person, on: date) -> int:
    """Mark all notices as read (全部已读) by the person they are for; how many were unread."""
    readings = [NoticeRead(person=by, notice=notice) for notice in unread(by, on=on)]
    return len(NoticeRead.objects.bulk_create(readings, ignore_conflicts=True))
