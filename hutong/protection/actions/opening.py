"""Opening what is sealed of a placement: for a stated purpose, each value recorded."""

from datetime import date, datetime

from django.db import transaction

from hutong.accounts.actions.guard import NotAllowed, require
from hutong.accounts.field_classes import needed_for
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.cipher import Sealed
from hutong.law.fields import field
from hutong.protection.queries import placement_of
from hutong.registry.actions.opening import open_for_purpose
from hutong.registry.models import Child

REVEALED = {"placement-carer": needed_for(field("protection.placement.carer"))}
"""What is shown on demand, as `noun-column`, and the permission it takes."""


@transaction.atomic
def reveal(*, by: Person, child: Child, value: str, number: int, on: date, at: datetime) -> str:
    """Reveal (显示) who raises a child. Raises NotAllowed and PurposeNeeded."""
    if value not in REVEALED:
        raise NotAllowed(Permission.SEE_SENSITIVE)
    needed = REVEALED[value]
    require(by, needed, code=child.leading.responsible_code, on=on)
    sealed: Sealed | None = getattr(placement_of(by, child, number, on=on), "carer", None)
    return open_for_purpose(by=by, child=child, value=value, number=number, sealed=sealed, needed=needed, on=on, at=at)
