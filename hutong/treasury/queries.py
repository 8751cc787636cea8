"""Reads of the treasury. A payee is found by a key that a room above holds, and that room decides who may ask."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from hutong.treasury.models import Payee


def payee_with_key(key: str) -> Payee | None:
    """One payee row by its key."""
    return Payee.objects.filter(key=key).first()


def paid_to_on(holder_keys: Collection[str], *, on: date) -> dict[str, Payee]:
    """The card of each holder on a day (当日有效卡), by the holder's key; holders without one are left out."""
    rows = Payee.objects.filter(_held_on(on), holder_key__in=set(holder_keys))
    return {payee.holder_key: payee for payee in rows}


def cards_of(holder_key: str) -> QuerySet[Payee]:
    """All cards of one holder, the first one first."""
    return Payee.objects.filter(holder_key=holder_key).order_by("opened_on", "id")


def _held_on(on: date) -> Q:
    return Q(opened_on__lte=on) & (Q(closed_on__isnull=True) | Q(closed_on__gte=on))
