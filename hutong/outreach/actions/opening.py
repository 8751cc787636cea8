"""Opening what is sealed of a visit: for a stated purpose, each value recorded."""

from datetime import date, datetime

from django.db import transaction

from hutong.accounts.actions.guard import NotAllowed, require
from hutong.accounts.field_classes import needed_for
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.cipher import Sealed
from hutong.law.fields import field
from hutong.outreach.models import Statement, Visit
from hutong.outreach.queries import statement_of, visit_of
from hutong.registry.actions.opening import open_for_purpose
from hutong.registry.models import Child

REVEALED = {
    "visit-findings": needed_for(field("outreach.visit.findings")),
    "statement-words": needed_for(field("outreach.statement.words")),
    "statement-name": needed_for(field("outreach.statement.name")),
}
"""What is shown on demand, as `noun-column`, and the permission it takes; whoever visited may see their own."""


@transaction.atomic
def reveal(*, by: Person, child: Child, value: str, number: int, on: date, at: datetime) -> str:
    """Reveal (显示) one sealed value of a visit to a child. Raises NotAllowed and PurposeNeeded."""
    if value not in REVEALED:
        raise NotAllowed(Permission.SEE_SENSITIVE)
    noun, _dash, column = value.partition("-")
    row = visit_of(by, child, number, on=on) if noun == "visit" else statement_of(by, child, number, on=on)
    needed = Permission.RECORD_VISITS if is_own(by, row) else REVEALED[value]
    require(by, needed, code=child.leading.responsible_code, on=on)
    sealed: Sealed | None = getattr(row, column, None)
    return open_for_purpose(by=by, child=child, value=value, number=number, sealed=sealed, needed=needed, on=on, at=at)


def is_own(by: Person, row: Visit | Statement | None) -> bool:
    """Whether somebody made the visit themselves (本人走访)."""
    visit = row.visit if isinstance(row, Statement) else row
    return visit is not None and visit.by_id == by.pk
