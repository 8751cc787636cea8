"""What was refused leaves its entry too, in a transaction of its own: that of the act is rolled back."""

from datetime import date

from django.db import transaction

from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person

ACT_AT_MOST = 60
NOT_FOUND, NOT_ALLOWED, REFUSED = "not_found", "not_allowed", "refused"


@transaction.atomic
def record_refusal(
    *,
    by: Person | None,
    act: str,
    why: str,
    subject_kind: str,
    subject_key: str,
    division_code: str,
    on: date,
) -> None:
    """Record a refusal (拒绝留痕): who wanted to do what with which subject, and whether it was hidden or forbidden."""
    record(
        by=by,
        act="refused",
        subject_kind=subject_kind,
        subject_key=subject_key,
        division_code=division_code,
        on=on,
        details={"act": act[:ACT_AT_MOST], "why": why},
    )
