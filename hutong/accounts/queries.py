"""Reads of the accounts: what somebody may do and see, what waits for them, who looked."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hutong.accounts.jurisdiction import Area, Jurisdiction
from hutong.accounts.models import Grant, Person, Posting, Task, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.roles import ROLES, roles_that_may


def postings_on(user: Person, *, on: date) -> list[Posting]:
    """The postings a person holds on a day; none for an account that is closed.

    Kept on the person for as long as that object lives (one request, one verb): every question of a page starts here.
    """
    kept: dict[date, list[Posting]] = user.__dict__.setdefault("_postings_on", {})
    if on not in kept:
        kept[on] = list(Posting.objects.holding_on(on).filter(person=user)) if user.is_active else []
    return kept[on]


def permissions_of(user: Person, *, on: date) -> frozenset[Permission]:
    """All that a person may do somewhere on a day."""
    return frozenset().union(*(ROLES[posting.role].may for posting in postings_on(user, on=on)))


def jurisdiction_of(user: Person, permission: Permission, *, on: date) -> Jurisdiction:
    """Where a person may do one thing on a day, with all grants they hold."""
    allowed = roles_that_may(permission)
    areas = tuple(
        Area(tuple(posting.prefixes), tuple(posting.exclusions))
        for posting in postings_on(user, on=on)
        if posting.role in allowed
    )
    return Jurisdiction(areas, _grants(user, on=on))


def _grants(user: Person, *, on: date) -> dict[str, frozenset[str]]:
    kept: dict[date, dict[str, frozenset[str]]] = user.__dict__.setdefault("_grants_on", {})
    if on not in kept:
        kept[on] = _read_grants(user, on=on)
    return kept[on]


def _read_grants(user: Person, *, on: date) -> dict[str, frozenset[str]]:
    grants: dict[str, set[str]] = {}
    rows = Grant.objects.holding_on(on).filter(person=user) if user.is_active else Grant.objects.none()
    for kind, key in rows.values_list("scope_kind", "scope_key"):
        grants.setdefault(kind, set()).add(key)
    return {kind: frozenset(keys) for kind, keys in grants.items()}


def may(user: Person, permission: Permission, *, code: str, on: date) -> bool:
    """Whether a person may do one thing at one place on a day."""
    return jurisdiction_of(user, permission, on=on).covers(code)


def open_tasks(user: Person, *, on: date) -> QuerySet[Task]:
    """What waits for a person: tasks of their roles in their areas, unless somebody else holds them; harm first."""
    mine = Q(pk__in=[])
    for posting in postings_on(user, on=on):
        area = Area(tuple(posting.prefixes), tuple(posting.exclusions))
        mine |= Q(role=posting.role) & area.where("division_code")
    unheld = Q(holder__isnull=True) | Q(holder=user)
    return Task.objects.filter(mine & unheld, closed_at__isnull=True)


def open_tasks_about(user: Person, subject_kind: str, subject_key: str, *, on: date) -> QuerySet[Task]:
    """What waits for a person about one subject."""
    return open_tasks(user, on=on).filter(subject_kind=subject_kind, subject_key=subject_key)


def trail_of(subject_kind: str, subject_key: str) -> QuerySet[TrailEntry]:
    """The entries about one subject, the latest first. Whoever calls has made sure of the right to see them."""
    return TrailEntry.objects.filter(subject_kind=subject_kind, subject_key=subject_key).select_related("by")


@dataclass(frozen=True)
class Seat:
    """A seat of the demonstration (演示身份): somebody a visitor can choose to be."""

    username: str
    name: str
    role: str
    organisation: str


def demonstration_seats(*, on: date) -> list[Seat]:
    """The featured people of the demonstration, whose user names hold no digit, in the order of the roles."""
    postings = Posting.objects.holding_on(on).filter(person__is_demonstration=True, person__is_active=True)
    featured = postings.exclude(person__username__regex=r"\d").select_related("person")
    order = list(ROLES)
    ranked = sorted(featured, key=lambda posting: (order.index(posting.role), posting.person.username))
    return [
        Seat(post.person.username, post.person.name, str(post.get_role_display()), post.person.organisation)
        for post in ranked
    ]


def has_demonstration() -> bool:
    """Whether people of the demonstration are in the register."""
    return Person.objects.filter(is_demonstration=True).exists()


def demonstration_person(username: str) -> Person | None:
    """Somebody of the demonstration by user name."""
    return Person.objects.filter(username=username, is_demonstration=True, is_active=True).first()


def person_named(username: str) -> Person | None:
    """Somebody by user name."""
    return Person.objects.filter(username=username).first()
