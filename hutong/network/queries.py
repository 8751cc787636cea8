"""Reads of the network. The first argument is who asks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Q, QuerySet, When

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.law.division_code import ancestors, full
from hutong.law.organisations import TAKING_CHILDREN
from hutong.network.models import Organisation

READING = (Permission.SEE_CHILDREN, Permission.SEE_FIGURES)
ORDER = ("division_code", "kind", "name", "id")


@dataclass(frozen=True)
class Filters:
    """What is asked of the list (机构筛选): a kind, words of the name or the credit code, closed ones too."""

    kind: str = ""
    text: str = ""
    with_closed: bool = False


def visible_organisations(user: Person, *, on: date) -> QuerySet[Organisation]:
    """The organisations a person may read of (可见机构): of the places where they see children or figures, and of the
    places above those, which serve them too."""
    condition = Q(division_code__in=_above(user, on=on))
    for permission in READING:
        condition |= jurisdiction_of(user, permission, on=on).where("division_code")
    return Organisation.objects.filter(condition)


def _above(user: Person, *, on: date) -> set[str]:
    seen = [jurisdiction_of(user, permission, on=on) for permission in READING]
    return {code for one in seen for prefix in one.prefixes for code in ancestors(full(prefix))}


def organisations(user: Person, filters: Filters, *, on: date) -> QuerySet[Organisation]:
    """The visible organisations that fit (机构名单), place by place: one's own first, then those above them."""
    above = _above(user, on=on)
    own_first = [Case(When(division_code__in=above, then=True), default=False)] if above else []
    found: QuerySet[Any] = visible_organisations(user, on=on).order_by(*own_first, *ORDER)
    if not filters.with_closed:
        found = found.filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.text:
        found = found.filter(Q(name__icontains=filters.text) | Q(credit_code__startswith=filters.text.upper()))
    return found


def organisation_with_number(user: Person, number: int, *, on: date) -> Organisation | None:
    """One visible organisation."""
    return visible_organisations(user, on=on).filter(pk=number).first()


def organisations_taking_children(user: Person, *, on: date) -> QuerySet[Organisation]:
    """The visible organisations where a child may be raised on a day (可安置儿童的机构)."""
    working = visible_organisations(user, on=on) & Organisation.objects.holding_on(on)
    return working.filter(kind__in=TAKING_CHILDREN)
