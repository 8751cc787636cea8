"""Reads of lists and leads. The first argument is who asks; nothing is found that is not theirs to see."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.allowances.leads import COUNTS
from hutong.allowances.models import DepartmentList, Lead
from hutong.law.division_code import full
from hutong.registry.models import Child
from hutong.registry.queries import files_of, visible_to

TAKERS = (Permission.TAKE_LISTS, Permission.RULE_ON_LISTS)
OPEN = "open"
"""A lead that nobody has ended yet (待核)."""


def lists(user: Person, *, on: date) -> QuerySet[DepartmentList]:
    """The lists that somebody sees (部门名单): those of their office, and those that are about their children."""
    theirs = Q(pk__in=[])
    for permission in TAKERS:
        theirs |= jurisdiction_of(user, permission, on=on).where("division_code")
    about = Q(pk__in=_within(user, TAKERS, on=on).order_by().values("list"))
    return DepartmentList.objects.filter(theirs | about).select_related("by", "ruling__by").order_by("-id")


def _within(user: Person, permissions: Collection[Permission], *, on: date) -> QuerySet[Lead]:
    """The leads that count, of children at places where somebody may do one of these things."""
    found = Q(pk__in=[])
    for permission in permissions:
        area = jurisdiction_of(user, permission, on=on)
        found |= Q(child__canonical__isnull=True) & area.where("child__responsible_code")
        found |= Q(child__canonical__isnull=False) & area.where("child__canonical__responsible_code")
    return Lead.objects.filter(COUNTS, found)


def leads(user: Person, *, on: date) -> QuerySet[Lead]:
    """The leads that somebody may look into (线索): of children whom they see, where they may."""
    found = _within(user, (Permission.LOOK_INTO_LEADS,), on=on)
    seen = found.filter(child__in=visible_to(user, on=on).order_by().values("pk"))
    return seen.select_related("list", "child__canonical", "end__by")


@dataclass(frozen=True)
class Wanted:
    """Which leads are wanted (查询条件): how they ended, or open ones; of one list."""

    how: str = ""
    list: int | None = None


def find(user: Person, wanted: Wanted, *, on: date) -> QuerySet[Lead]:
    """Leads by what is wanted (查找线索): those whose names agree first, the oldest first."""
    found = leads(user, on=on)
    if wanted.list is not None:
        found = found.filter(list=wanted.list)
    if wanted.how == OPEN:
        found = found.filter(end__isnull=True)
    elif wanted.how:
        found = found.filter(end__how=wanted.how)
    return found.order_by("-names_agree", "list__taken_on", "id")


def leads_of(user: Person, child: Child, *, on: date) -> QuerySet[Lead]:
    """The leads of one child (儿童线索), of all its files: open ones first, of those the agreeing names first."""
    found = leads(user, on=on).filter(child__in=files_of(child.leading))
    return found.order_by(F("end__id").asc(nulls_first=True), "-names_agree", "-id")


def figures(user: Person, of: Collection[DepartmentList], *, on: date) -> Mapping[int, Counter[str]]:
    """How many leads of each list ended how, at the places of whoever asks (线索办理情况), one question for all."""
    found = _within(user, (*TAKERS, Permission.LOOK_INTO_LEADS), on=on).filter(list__in=[one.pk for one in of])
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, how, count in found.order_by().values_list("list", "end__how").annotate(count=Count("pk")):
        counted[pk][how or OPEN] += count
    return counted


def rows_led(user: Person, taken: DepartmentList, *, on: date) -> int:
    """How many rows of a list became leads at the places of whoever asks (形成线索的行); one may be about brothers."""
    return _within(user, TAKERS, on=on).filter(list=taken).order_by().values("row").distinct().count()


def offices(user: Person, *, on: date) -> tuple[str, ...]:
    """The places for whose office somebody takes lists (接收单位)."""
    return tuple(full(prefix) for prefix in jurisdiction_of(user, Permission.TAKE_LISTS, on=on).prefixes)
