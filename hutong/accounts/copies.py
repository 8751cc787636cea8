"""Reads about copies (发出件): whose they are, who may agree to them, how many children somebody has copied."""

from datetime import date, datetime, timedelta

from django.db.models import Func, IntegerField, Q, QuerySet, Sum

from hutong.accounts.models import Copy, CopyState, Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.law.copies import copy_rules

DAY = timedelta(days=1)


def copies(user: Person, *, on: date) -> QuerySet[Copy]:
    """The copies that somebody asked for, and those of the places where they decide or audit, the latest first."""
    decided = jurisdiction_of(user, Permission.DECIDE_COPIES, on=on).where("division_code")
    audited = jurisdiction_of(user, Permission.SEE_TRAIL, on=on).where("division_code")
    found = Copy.objects.filter(Q(by=user) | decided | audited)
    return found.defer("content").select_related("by", "decided_by")


def copied_alone(user: Person, *, at: datetime) -> int:
    """Of how many children somebody was given copies within a day without a second person (单人发出人次)."""
    given = Copy.objects.filter(by=user, asked_at__gt=at - DAY, state=CopyState.GIVEN, decided_by__isnull=True)
    number = Func("subjects", function="cardinality", output_field=IntegerField())
    return given.aggregate(all=Sum(number))["all"] or 0


def needs_another(user: Person, children: int, *, on: date, at: datetime) -> bool:
    """Whether a second person has to agree (须第二人同意) before somebody gets a copy of so many children more."""
    return copied_alone(user, at=at) + children > copy_rules(on).children_alone


def is_open(copy: Copy, *, at: datetime) -> bool:
    """Whether a copy can be fetched or printed at a moment (可领取)."""
    return copy.fetch_until is not None and at < copy.fetch_until
