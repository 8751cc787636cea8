"""A file of another place, opened where a family applies for its child: told at once, closed once they are told."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Grant, Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, people_who_may
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.registry.actions.kinship import require_no_kin
from hutong.registry.actions.searching import file_elsewhere, require_numbers_left
from hutong.registry.models import Child
from hutong.registry.queries import CHILD_SCOPE, RECEIVED_SCOPE, hidden_among

SCOPES = (CHILD_SCOPE, RECEIVED_SCOPE)
REASON = "异地受理认定申请"
"""Why the file is open to them (授权事由)."""


@transaction.atomic
def open_received(*, by: Person, text: str, on: date) -> tuple[Child, str]:
    """Open a file of another place (异地受理开档) by the child's exact number, or full name and birth date.

    The child, and the place that received it: the one `by` is posted to. Who accepts applications there is let in, and
    the place that holds the file is told. Raises NotAllowed and Refused.
    """
    Person.objects.select_for_update().get(pk=by.pk)
    own = jurisdiction_of(by, Permission.ACCEPT_APPLICATIONS, on=on).prefixes
    if not own:
        raise NotAllowed(Permission.ACCEPT_APPLICATIONS)
    require_numbers_left(by=by)
    child, place = file_elsewhere(by, text, on=on), full(own[0])
    require_no_kin(by, child, on=on)
    _require_at_home(child, on=on)
    keep_received(child, place, by=by, on=on)
    record(
        by=by,
        act="open_received",
        subject_kind=CHILD_SCOPE,
        subject_key=child.file_number,
        division_code=child.responsible_code,
        on=on,
    )
    for role in ("township_supervisor", "county_officer"):
        notify(
            kind="opened_to_receive",
            subject_kind=CHILD_SCOPE,
            subject_key=child.file_number,
            role=role,
            division_code=child.responsible_code,
            values={"file": child.file_number},
        )
    return child, place


def _require_at_home(child: Child, *, on: date) -> None:
    """Raises Refused where whereabouts are kept secret, in words that do not say so."""
    if child.pk in hidden_among([child], on=on):
        raise Refused(
            _("This application cannot be received here. Call the civil affairs office where the child is registered.")
        )


def keep_received(child: Child, place: str, *, by: Person, on: date) -> None:
    """Let those in who accept applications at the place now (受理岗位授权), without end, and nobody twice."""
    held = _held(child, on=on)
    held.update(until_on=None)
    known = set(held.values_list("person_id", "scope_kind"))
    Grant.objects.bulk_create(
        Grant(
            person=person,
            scope_kind=scope,
            scope_key=child.file_number,
            reason=REASON,
            given_by=by,
            from_on=on,
        )
        for person in _receiving(place, on=on)
        for scope in SCOPES
        if (person.pk, scope) not in known
    )


def _receiving(place: str, *, on: date) -> list[Person]:
    """Whoever accepts applications in the township itself (受理人员); where nobody does, those of the county."""
    found = people_who_may(Permission.ACCEPT_APPLICATIONS, code=place, on=on)
    near = [one for one in found if place[: LENGTH_OF[Level.TOWNSHIP]] in _prefixes(one, on=on)]
    return near or found


def _prefixes(person: Person, *, on: date) -> tuple[str, ...]:
    return jurisdiction_of(person, Permission.ACCEPT_APPLICATIONS, on=on).prefixes


def close_received(child: Child, *, on: date, until_on: date) -> None:
    """Close the file to the place that received its application (收回授权) after a last day."""
    _held(child, on=on).update(until_on=until_on)


def _held(child: Child, *, on: date) -> QuerySet[Grant]:
    """What is open to them beyond today, the file's other grants left alone."""
    open_ones = Grant.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), scope_key=child.file_number)
    people = open_ones.filter(scope_kind=RECEIVED_SCOPE).values("person")
    return open_ones.filter(scope_kind__in=SCOPES, person__in=list(people.values_list("person", flat=True)))
