"""What only named people may open: the sealed basis of the scattered standard, and secret health facts.

Every child of that standard has such a part, so that neither the part nor an act about it tells anything.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import PurposeNeeded, Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.field_classes import SECRET_SCOPE
from hutong.accounts.models import Grant, Person, Purpose
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import active_purpose, may
from hutong.law.categories import WITH_SECRET_BASIS, Basis
from hutong.registry.actions.changes import locked
from hutong.registry.models import CategoryHolding, Child, HealthFact
from hutong.registry.models.life import Sensitivity
from hutong.registry.queries import may_open_secret, named_for, naming

PEOPLE_AT_MOST = 6


@dataclass(frozen=True)
class Opened:
    """The sealed part (密封内容), opened for one look."""

    basis: Basis
    health: list[str]


@transaction.atomic
def seal_basis(*, by: Person, child: Child, basis: str, named: Collection[Person], reason: str, on: date) -> None:
    """Set the sealed basis (密封依据) and who may open it: the case owner and named approvers.

    Whoever sets it is one of them; an empty `basis` leaves it as it is. Where none of the named people works here any
    more, after a move for example, an approver names others. Raises NotAllowed and Refused.
    """
    child = locked(child, by=by, on=on)
    require(by, Permission.SEE_SECRET, code=child.responsible_code, on=on)
    if basis and basis not in list(Basis):
        raise Refused(_("Choose what the standard rests on."))
    holdings = CategoryHolding.objects.filter(
        child=child, category__in=sorted(WITH_SECRET_BASIS), until_on__isnull=True
    )
    if not holdings:
        raise Refused(_("Only a holder of the scattered standard has a sealed part."))
    name_readers(by=by, child=child, named=named, reason=reason, on=on)
    for holding in holdings if basis else ():
        holding.secret_basis = Basis(basis).padded
        holding.save()
    child.revision += 1
    child.save()
    _record("seal_basis", by, child, on=on)


def name_readers(*, by: Person, child: Child, named: Collection[Person], reason: str, on: date) -> None:
    """Name who may open what is sealed of a child (指定知悉人), whoever names them too; the caller has locked it.

    Raises NotAllowed and Refused.
    """
    require(by, Permission.SEE_SECRET, code=child.responsible_code, on=on)
    _require_readers(child, named, on=on)
    _require_named(by, child, on=on)
    _name_readers(child, list(dict.fromkeys([by, *named])), by=by, reason=reason, on=on)


def _require_readers(child: Child, named: Collection[Person], *, on: date) -> None:
    if len(named) > PEOPLE_AT_MOST:
        raise Refused(_("Name at most %(most)s people.") % {"most": PEOPLE_AT_MOST})
    for person in named:
        if not may(person, Permission.SEE_SECRET, code=child.responsible_code, on=on):
            raise Refused(_("%(name)s may not open sealed parts here.") % {"name": person.name})


def _require_named(by: Person, child: Child, *, on: date) -> None:
    """Who was named first names others; where all of them have left, an approver does."""
    named = _readers(child, on=on)
    if not named or by.pk in named:
        return
    if named_for(child, on=on):
        raise Refused(_("You are not among the people named for this part."))
    require(by, Permission.CONFIRM_CHANGES, code=child.responsible_code, on=on)


def _readers(child: Child, *, on: date) -> set[int]:
    return {grant.person_id for grant in naming([child], on=on)}


def _name_readers(child: Child, people: Collection[Person], *, by: Person, reason: str, on: date) -> None:
    known = _readers(child, on=on)
    Grant.objects.bulk_create(
        Grant(
            person=person,
            scope_kind=SECRET_SCOPE,
            scope_key=child.file_number,
            reason=reason.strip()[:200] or "-",
            given_by=by,
            from_on=on,
        )
        for person in people
        if person.pk not in known
    )


@transaction.atomic
def open_secret(*, by: Person, child: Child, on: date, at: datetime) -> Opened:
    """Open the sealed part (打开密封内容), for a purpose that has been stated.

    Raises NotAllowed, PurposeNeeded and Refused.
    """
    require(by, Permission.SEE_SECRET, code=child.responsible_code, on=on)
    if not may_open_secret(by, child, on=on):
        raise Refused(_("You are not among the people named for this part."))
    purpose = active_purpose(by, "child", child.file_number, at=at)
    if purpose is None:
        raise PurposeNeeded
    _record("open_secret", by, child, on=on, purpose=purpose)
    held = child.holdings.filter(category__in=sorted(WITH_SECRET_BASIS)).order_by("-from_on", "-pk").first()
    basis = Basis(held.secret_basis.open().strip()) if held and held.secret_basis else Basis.ORPHAN
    health = HealthFact.objects.filter(child=child, sensitivity=Sensitivity.SECRET).holding_on(on)
    return Opened(basis, [fact.words.open() for fact in health])


def _record(act: str, by: Person, child: Child, *, on: date, purpose: Purpose | None = None) -> None:
    record(
        by=by,
        act=act,
        subject_kind="child",
        subject_key=child.file_number,
        division_code=child.responsible_code,
        on=on,
        details={"purpose": purpose.pk} if purpose else {},
    )
