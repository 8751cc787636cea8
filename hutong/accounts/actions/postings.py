"""Administering postings. They take effect by date, and nobody holds two duties of one decision at one place."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, Posting
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import administered_by
from hutong.accounts.roles import ROLES, are_apart, roles_that_may
from hutong.law.division_code import LENGTH_OF, full

BEFORE_YESTERDAY = timedelta(days=1)


def lock_to_administer(by: Person, person: Person, *, on: date) -> Person:
    """The person, locked for a change by an administrator: never oneself. Raises NotAllowed and Refused."""
    if by.pk == person.pk:
        raise Refused(_("Nobody administers their own account. Another security administrator does."))
    if not administered_by(by, on=on).filter(pk=person.pk).exists():
        raise NotAllowed(Permission.MANAGE_PEOPLE)
    _lock_administrators()
    return Person.objects.select_for_update().get(pk=person.pk)


def _lock_administrators() -> None:
    """Two administrators who close each other wait for each other, so that one is left."""
    holders = Posting.objects.filter(role__in=roles_that_may(Permission.MANAGE_PEOPLE)).values("person")
    list(Person.objects.select_for_update().filter(pk__in=holders).order_by("pk").values_list("pk"))


def administrators_besides(person: Person, *, on: date) -> QuerySet[Person]:
    """Everybody else who administers people from this day on without an end."""
    lasting = Posting.objects.holding_on(on).filter(
        until_on__isnull=True, role__in=roles_that_may(Permission.MANAGE_PEOPLE)
    )
    return Person.objects.filter(is_active=True, pk__in=lasting.values("person")).exclude(pk=person.pk)


@transaction.atomic
def add_posting(
    *, by: Person, person: Person, role: str, prefix: str, from_on: date, until_on: date | None, on: date
) -> Posting:
    """Add a posting (增加任职) from a day on that is not past. Raises NotAllowed and Refused."""
    person = lock_to_administer(by, person, on=on)
    return begin_posting(by=by, person=person, role=role, prefix=prefix, from_on=from_on, until_on=until_on, on=on)


def begin_posting(
    *, by: Person | None, person: Person, role: str, prefix: str, from_on: date, until_on: date | None, on: date
) -> Posting:
    """Begin a posting (任职) of a person who is known to be administered by `by`. Raises NotAllowed and Refused."""
    if by:
        require(by, Permission.MANAGE_PEOPLE, code=full(prefix), on=on)
    _require_place(role, prefix)
    _require_days(from_on, until_on, on=on)
    require_apart(person, role, prefix, from_on, until_on)
    posting: Posting = Posting.objects.create(
        person=person, role=role, prefixes=[prefix], from_on=from_on, until_on=until_on
    )
    _record(by, "appoint", posting, on=on)
    _tell("posting_given", posting, {"role": role, "place": full(prefix), "on": from_on.isoformat()})
    return posting


def _require_place(role: str, prefix: str) -> None:
    if role not in ROLES:
        raise Refused(_("There is no role %(role)s.") % {"role": role})
    length = LENGTH_OF[ROLES[role].level]
    if len(prefix) > length:
        raise Refused(_("%(role)s is posted to a wider place.") % {"role": ROLES[role].title})
    if len(prefix) < length:
        raise Refused(_("%(role)s is posted to a smaller place.") % {"role": ROLES[role].title})


def _require_days(from_on: date, until_on: date | None, *, on: date) -> None:
    if from_on < on:
        raise Refused(_("A posting begins today or later: nobody had a right yesterday that was not given."))
    if until_on and until_on < from_on:
        raise Refused(_("The last day is before the first."))


def require_apart(person: Person, role: str, prefix: str, from_on: date, until_on: date | None) -> None:
    """No second duty of one decision at one place (岗位不相容), and not the same posting twice, on any day."""
    meeting = Posting.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=from_on), person=person)
    if until_on:
        meeting = meeting.filter(from_on__lte=until_on)
    for posting in meeting:
        if not any(held.startswith(prefix) or prefix.startswith(held) for held in posting.prefixes):
            continue
        if posting.role == role:
            raise Refused(_("The person holds this posting in these days already."))
        if are_apart(posting.role, role):
            raise Refused(
                _("%(role)s and %(other)s are duties of two different people at one place.")
                % {"role": ROLES[role].title, "other": ROLES[posting.role].title}
            )


@transaction.atomic
def end_posting(*, by: Person, posting: Posting, until_on: date, on: date) -> Posting:
    """End a posting (结束任职): its last day, at the earliest yesterday, which ends it at once. Raises Refused."""
    person = lock_to_administer(by, posting.person, on=on)
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    if posting.until_on and posting.until_on < on:
        raise Refused(_("This posting has ended."))
    if until_on < on - BEFORE_YESTERDAY:
        raise Refused(_("What was held cannot be taken back: the last day is yesterday or later."))
    if until_on < posting.from_on:
        raise Refused(_("The last day is before the first. Withdraw a posting that has not begun."))
    _require_another_administrator(person, posting, on=on)
    posting.until_on = until_on
    posting.save(update_fields=["until_on"])
    _end_stand_ins(posting)
    _record(by, "end_posting", posting, on=on)
    code = full(posting.prefixes[0])
    _tell("posting_ended", posting, {"role": posting.role, "place": code, "on": until_on.isoformat()})
    return posting


def _end_stand_ins(posting: Posting) -> None:
    """Nobody stands in for a posting longer than it holds."""
    Posting.objects.filter(
        standing_in_by__posting=posting, until_on__gt=posting.until_on, from_on__lte=posting.until_on
    ).update(until_on=posting.until_on)


def _require_another_administrator(person: Person, posting: Posting, *, on: date) -> None:
    administers = posting.role in roles_that_may(Permission.MANAGE_PEOPLE)
    if administers and not administrators_besides(person, on=on).exists():
        raise Refused(_("Nobody would be left to administer people. Appoint another security administrator first."))


@transaction.atomic
def withdraw_posting(*, by: Person, posting: Posting, on: date) -> None:
    """Withdraw a posting (撤回任职) that has not begun. Raises Refused."""
    lock_to_administer(by, posting.person, on=on)
    if posting.from_on <= on:
        raise Refused(_("This posting has begun. Give it a last day."))
    _record(by, "withdraw_posting", posting, on=on)
    _tell("posting_withdrawn", posting, {"role": posting.role, "place": full(posting.prefixes[0])})
    posting.delete()


def _record(by: Person | None, act: str, posting: Posting, *, on: date) -> None:
    record(
        by=by,
        act=act,
        subject_kind="posting",
        subject_key=str(posting.pk),
        division_code=full(posting.prefixes[0]),
        on=on,
        details={"role": posting.role, "person": posting.person_id},
    )


def _tell(kind: str, posting: Posting, values: dict[str, object]) -> None:
    notify(kind=kind, subject_kind="posting", subject_key=str(posting.pk), recipient=posting.person, values=values)
