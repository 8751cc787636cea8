"""A file of another place, opened where a family applies for its child: told at once, closed once they are told.

Where no place holds one yet it is registered for its home place, which holds it from then on.
"""

from collections.abc import Mapping
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
from hutong.registry.actions.enrolling import enrol_for
from hutong.registry.actions.kinship import require_no_kin
from hutong.registry.actions.searching import file_elsewhere, require_numbers_left, search
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
    place = _own_place(by, on=on)
    require_numbers_left(by=by)
    child = file_elsewhere(by, text, on=on)
    require_no_kin(by, child, on=on)
    _require_at_home(child, on=on)
    keep_received(child, place, by=by, on=on)
    _tell_home(child, "open_received", "opened_to_receive", by=by, on=on)
    return child, place


def _own_place(by: Person, *, on: date) -> str:
    own = jurisdiction_of(by, Permission.ACCEPT_APPLICATIONS, on=on).prefixes
    if not own:
        raise NotAllowed(Permission.ACCEPT_APPLICATIONS)
    return full(own[0])


@transaction.atomic
def register_received(
    *, by: Person, values: Mapping[str, str], home: str, is_another: bool = False, on: date
) -> tuple[Child, str]:
    """Register a child whom no place holds yet for its home place (异地受理登记建档), and open the file here.

    `values` are by column code as the workbook has them. Where another place holds a file of the very number, that
    file is opened. The home place is told and holds the file. The child, and the place that received it. Raises as
    `enrol_for`, and NotAllowed.
    """
    place = _own_place(by, on=on)
    if jurisdiction_of(by, Permission.ACCEPT_APPLICATIONS, on=on).covers(home):
        raise Refused(_("This place is your own: enter the child there, then apply for it."))
    number = values.get("id_number", "")
    if number and search(by=by, text=number, on=on).is_elsewhere:
        return open_received(by=by, text=number, on=on)
    said = {**values, "registered_division": home, "responsible_division": home}
    child = enrol_for(by=by, values=said, is_another=is_another, on=on)
    keep_received(child, place, by=by, on=on)
    _tell_home(child, "register_received", "registered_to_receive", by=by, on=on)
    return child, place


def _tell_home(child: Child, act: str, kind: str, *, by: Person, on: date) -> None:
    """The trail, and word to the place that holds the file."""
    record(
        by=by,
        act=act,
        subject_kind=CHILD_SCOPE,
        subject_key=child.file_number,
        division_code=child.responsible_code,
        on=on,
    )
    for role in ("township_supervisor", "county_officer"):
        notify(
            kind=kind,
            subject_kind=CHILD_SCOPE,
            subject_key=child.file_number,
            role=role,
            division_code=child.responsible_code,
            values={"file": child.file_number},
        )


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
