"""Saying what a child's closed parts are opened for."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, Purpose, PurposeReason
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.law.parameters import shipped

WORDS_AT_LEAST, WORDS_AT_MOST = 4, 200


@transaction.atomic
def state_purpose(
    *,
    by: Person,
    scope_kind: str,
    scope_key: str,
    division_code: str,
    reason: str,
    words: str = "",
    on: date,
    at: datetime,
) -> Purpose:
    """State a purpose (说明目的): it covers a task about one subject for some minutes.

    The words are sealed with the purpose; the trail refers to it. Raises NotAllowed and Refused.
    """
    words = words.strip()
    _require_sight(by, scope_kind, scope_key, division_code, on=on)
    _require_reason(reason, words)
    minutes = shipped().number("purpose_minutes", on=on, jurisdiction=division_code)
    purpose = Purpose.objects.create(
        person=by,
        scope_kind=scope_kind,
        scope_key=scope_key,
        reason=reason,
        words=words or None,
        opened_at=at,
        expires_at=at + timedelta(minutes=minutes),
    )
    record(
        by=by,
        act="state_purpose",
        subject_kind=scope_kind,
        subject_key=scope_key,
        division_code=division_code,
        on=on,
        details={"reason": reason, "purpose": purpose.pk},
    )
    return purpose


def _require_sight(by: Person, kind: str, key: str, code: str, *, on: date) -> None:
    overseen = jurisdiction_of(by, Permission.OPEN_WITH_PURPOSE, on=on)
    seen = jurisdiction_of(by, Permission.SEE_CHILDREN, on=on)
    if not (seen.covers(code) or overseen.covers(code) or key in seen.granted(kind)):
        raise NotAllowed(Permission.SEE_CHILDREN)


def _require_reason(reason: str, words: str) -> None:
    if reason not in PurposeReason.values:
        raise Refused(_("Choose what you need it for."))
    if reason == PurposeReason.OTHER and len(words) < WORDS_AT_LEAST:
        raise Refused(_("Say in a few words what you need it for."))
    if len(words) > WORDS_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": WORDS_AT_MOST})
