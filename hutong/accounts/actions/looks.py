"""Looking at who looked leaves its own entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from hutong.accounts.access import child_looks, refusals
from hutong.accounts.actions.guard import NotAllowed
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import entries_about, jurisdiction_of, looks


@dataclass(frozen=True)
class SeenLooks:
    """What somebody who watches over looking sees of one subject (查看记录所见), the latest first."""

    looks: QuerySet[TrailEntry]
    refused: QuerySet[TrailEntry]


@transaction.atomic
def see_looks(
    *,
    by: Person,
    scope_kind: str,
    scope_key: str,
    on: date,
    since: datetime | None = None,
    until: datetime | None = None,
) -> SeenLooks:
    """See the looks (查阅查看记录) at one subject that were made in one's own area, and what was refused of it.

    Between two moments where they are given, the second not included. Raises NotAllowed.
    """
    area = jurisdiction_of(by, Permission.SEE_LOOKS, on=on)
    if not area.areas:
        raise NotAllowed(Permission.SEE_LOOKS)
    span = {name: moment for name, moment in (("at__gte", since), ("at__lt", until)) if moment}
    about = (looks(scope_kind, scope_key), entries_about(scope_kind, scope_key, acts=["refused"]))
    found, refused = (entries.filter(area.where("division_code"), **span) for entries in about)
    latest = found.first()
    record(
        by=by,
        act="see_looks",
        subject_kind=scope_kind,
        subject_key=scope_key,
        division_code=latest.division_code if latest else "",
        on=on,
    )
    return SeenLooks(found, refused)


@transaction.atomic
def see_access(*, by: Person, year: int, on: date, chosen: Mapping[str, object] | None = None) -> QuerySet[TrailEntry]:
    """See the yearly report (查阅年报): the looks at children's files in a year, in one's area. Raises NotAllowed."""
    _require_trail(by, on=on)
    _record_reading(by, "see_access", year, on=on)
    return child_looks(by, year=year, on=on, chosen=chosen)


@transaction.atomic
def see_refusals(*, by: Person, year: int, on: date) -> QuerySet[TrailEntry]:
    """See what was refused (被拒查阅记录) about children's files in a year and in one's area. Raises NotAllowed."""
    _require_trail(by, on=on)
    _record_reading(by, "see_refusals", year, on=on)
    return refusals(by, year=year, on=on)


def _require_trail(by: Person, *, on: date) -> None:
    if not jurisdiction_of(by, Permission.SEE_TRAIL, on=on).areas:
        raise NotAllowed(Permission.SEE_TRAIL)


def _record_reading(by: Person, act: str, year: int, *, on: date) -> None:
    record(by=by, act=act, subject_kind="trail", subject_key=str(year), on=on)
