"""Reads about delegations (委托代理)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from hutong.accounts.models import Delegation, Person, Posting
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, placed_within
from hutong.accounts.roles import ADMINISTERING, VillageChildDirector

NEVER = ADMINISTERING | {VillageChildDirector.code}
"""Duties nobody stands in for (不得代理): administering and auditing, and the director's, whose phone is theirs."""


def delegations_of(person: Person) -> list[Delegation]:
    """What a person has given, taken or proposed (本人的代理), the latest first."""
    mine = Q(posting__person=person) | Q(to=person) | Q(proposed_by=person)
    return list(_told().filter(mine))


def delegation_numbered(user: Person, number: int, *, on: date) -> Delegation | None:
    """One delegation that a person takes part in, or may confirm."""
    mine = Q(posting__person=user) | Q(to=user) | Q(proposed_by=user)
    return _told().filter(mine | Q(posting__in=_administered(user, on=on).values("pk")), pk=number).first()


def may_be_delegated(person: Person, *, on: date) -> list[Posting]:
    """The postings of a person that somebody may stand in for: none that is a stand-in itself."""
    passed_on = Delegation.objects.filter(stand_in=OuterRef("pk"))
    held = Posting.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), person=person)
    return list(held.exclude(role__in=NEVER).filter(~Exists(passed_on)))


def _told() -> QuerySet[Delegation]:
    return Delegation.objects.select_related("posting__person", "to", "proposed_by", "confirmed_by", "stand_in")


def _administered(user: Person, *, on: date) -> QuerySet[Posting]:
    return placed_within(jurisdiction_of(user, Permission.MANAGE_PEOPLE, on=on).prefixes)
