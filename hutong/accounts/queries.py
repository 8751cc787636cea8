"""Reads of the accounts: what somebody may do and see, what waits for them, who looked."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from hutong.accounts.jurisdiction import Area, Jurisdiction, widest
from hutong.accounts.models import Grant, Person, Posting, Purpose, SavedFilter, Task, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.roles import ROLES, roles_that_may
from hutong.divisions.queries import with_former
from hutong.law.division_code import PREFIX_LENGTHS


def postings_on(user: Person, *, on: date) -> list[Posting]:
    """The postings a person holds on a day; none for an account that is closed.

    Kept on the person for as long as that object lives (one request, one verb): every question of a page starts here.
    """
    kept: dict[date, list[Posting]] = user.__dict__.setdefault("_postings_on", {})
    if on not in kept:
        kept[on] = list(_postings_with_history(on).filter(person=user)) if user.is_active else []
    return kept[on]


def _postings_with_history(on: date) -> QuerySet[Posting]:
    """Postings that hold on a day, each with what its places were called before: no question more."""
    table = Posting._meta.db_table
    held: QuerySet[Posting] = Posting.objects.holding_on(on)
    return held.annotate(
        **{f"{column}_ever": with_former(f"{table}.{column}", on=on) for column in ("prefixes", "exclusions")}
    )


def area_of(posting: Posting) -> Area:
    """The ground of a posting that `postings_on` gave, with the codes that its places had before."""
    prefixes, ever = tuple(posting.prefixes), widest(posting.prefixes_ever)
    former = tuple(prefix for prefix in ever if not prefix.startswith(prefixes))
    return Area(prefixes, widest(posting.exclusions_ever), former)


def permissions_of(user: Person, *, on: date) -> frozenset[Permission]:
    """All that a person may do somewhere on a day."""
    return frozenset().union(*(ROLES[posting.role].may for posting in postings_on(user, on=on)))


def jurisdiction_of(user: Person, permission: Permission, *, on: date) -> Jurisdiction:
    """Where a person may do one thing on a day, with all grants they hold; kept like the postings."""
    kept: dict[tuple[Permission, date], Jurisdiction] = user.__dict__.setdefault("_jurisdictions", {})
    if (permission, on) not in kept:
        kept[permission, on] = _jurisdiction(user, permission, on=on)
    return kept[permission, on]


def _jurisdiction(user: Person, permission: Permission, *, on: date) -> Jurisdiction:
    allowed = roles_that_may(permission)
    areas = tuple(area_of(posting) for posting in postings_on(user, on=on) if posting.role in allowed)
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
        mine |= Q(role=posting.role) & area_of(posting).where("division_code")
    unheld = Q(holder__isnull=True) | Q(holder=user)
    return Task.objects.filter(mine & unheld, closed_at__isnull=True)


def open_tasks_about(user: Person, subject_kind: str, subject_key: str, *, on: date) -> QuerySet[Task]:
    """What waits for a person about one subject."""
    return open_tasks(user, on=on).filter(subject_kind=subject_kind, subject_key=subject_key)


def active_purpose(user: Person, scope_kind: str, scope_key: str, *, at: datetime) -> Purpose | None:
    """The purpose a person has stated for a subject and that still holds at a moment."""
    stated = Purpose.objects.filter(person=user, scope_kind=scope_kind, scope_key=scope_key)
    return stated.filter(opened_at__lte=at, expires_at__gt=at).first()


def saved_filters(user: Person, room: str) -> list[SavedFilter]:
    """The filters a person keeps in one room, in their order."""
    return list(SavedFilter.objects.filter(person=user, room=room))


@dataclass(frozen=True)
class Looker:
    """Looker (查看人): somebody who opened a subject, how often, when last, and what for where a purpose was stated."""

    name: str
    organisation: str
    roles: str
    times: int
    last: datetime
    purpose: str


LOOKS = ("open_child", "open_with_purpose", "reveal")


def lookers(scope_kind: str, key: str, *, since: datetime) -> list[Looker]:
    """Everybody who looked at a subject since a moment, the latest first; one line a person and role."""
    rows = (
        TrailEntry.objects.filter(subject_kind=scope_kind, subject_key=key, act__in=LOOKS, at__gte=since)
        .order_by()
        .values("by", "by__name", "by__organisation", "role")
        .annotate(times=Count("id", filter=Q(act="open_child")), last=Max("at"))
    )
    purposes = dict(
        Grant.objects.filter(scope_kind=scope_kind, scope_key=key).order_by("id").values_list("person", "reason")
    )
    found = [
        Looker(
            row["by__name"] or "",
            row["by__organisation"] or "",
            "、".join(str(ROLES[role].title) for role in row["role"].split(",") if role in ROLES),
            row["times"],
            row["last"],
            purposes.get(row["by"], ""),
        )
        for row in rows
    ]
    return sorted(found, key=lambda looker: looker.last, reverse=True)


COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Seat:
    """A seat of the demonstration (演示身份): somebody a visitor can choose to be."""

    username: str
    name: str
    role: str
    organisation: str


def demonstration_seats(*, on: date) -> list[Seat]:
    """The featured people of the demonstration, whose user names hold no digit: the county with most of them first."""
    postings = Posting.objects.holding_on(on).filter(person__is_demonstration=True, person__is_active=True)
    featured = postings.exclude(person__username__regex=r"\d").select_related("person")
    order = list(ROLES)
    crowd = Counter(posting.prefixes[0][:COUNTY_DIGITS] for posting in featured)
    ranked = sorted(
        featured,
        key=lambda posting: (
            -crowd[posting.prefixes[0][:COUNTY_DIGITS]],
            posting.prefixes[0][:COUNTY_DIGITS],
            order.index(posting.role),
        ),
    )
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


def people_who_may(permission: Permission, *, code: str, on: date) -> list[Person]:
    """Everybody who may do one thing at one place on a day (有权人员), by name."""
    posts = Posting.objects.holding_on(on).filter(role__in=roles_that_may(permission), person__is_active=True)
    found = {
        posting.person
        for posting in posts.filter(prefixes__overlap=_prefixes_of(code)).select_related("person")
        if Area(tuple(posting.prefixes), tuple(posting.exclusions)).covers(code)
    }
    return sorted(found, key=lambda person: person.name)


def _prefixes_of(code: str) -> list[str]:
    return [code[:length] for length in PREFIX_LENGTHS]
