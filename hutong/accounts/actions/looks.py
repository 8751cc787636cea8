"""Looking at who looked leaves its own entry."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from hutong.accounts.actions.guard import NotAllowed
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, looks


@transaction.atomic
def see_looks(*, by: Person, scope_kind: str, scope_key: str, on: date) -> QuerySet[TrailEntry]:
    """See the looks (查阅查看记录) at one subject that were made in one's own area. Raises NotAllowed."""
    area = jurisdiction_of(by, Permission.SEE_LOOKS, on=on)
    if not area.areas:
        raise NotAllowed(Permission.SEE_LOOKS)
    found = looks(scope_kind, scope_key).filter(area.where("division_code"))
    latest = found.first()
    record(
        by=by,
        act="see_looks",
        subject_kind=scope_kind,
        subject_key=scope_key,
        division_code=latest.division_code if latest else "",
        on=on,
    )
    return found
