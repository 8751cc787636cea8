"""Reads of the accounts: what somebody may do and see, what waits for them, who looked."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, Func, Max, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from hutong.accounts.jurisdiction import Area, Jurisdiction, widest
from hutong.accounts.models import (
    DeclaredKin,
    EmergencyAccess,
    Grant,
    Notice,
    NoticeRead,
    Person,
    Posting,
    Purpose,
    SavedFilter,
    Task,
    TrailEntry,
)
from hutong.accounts.permissions import Permission
from hutong.accounts.roles import APART, ROLES, roles_that_may
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


def two_duties_at(user: Person, *, code: str, on: date) -> bool:
    """Whether a person holds two duties of one decision at a place (不相容岗位), by postings and stand-ins together."""
    held = {posting.role for posting in postings_on(user, on=on) if area_of(posting).covers(code)}
    return any(len(held & duties) > 1 for duties in APART)


def open_tasks(user: Person, *, on: date) -> QuerySet[Task]:
    """What waits for a person: tasks of their roles in their areas, harm first.

    None that somebody else holds.
    """
    unheld = Q(holder__isnull=True) | Q(holder=user)
    return Task.objects.filter(duties_of(user, on=on) & unheld, allowed_to(user), closed_at__isnull=True)


def allowed_to(user: Person) -> Q:
    """The tasks that a person may do and know of: no earlier step of their own forbids it (`besides`), and where it is
    for people named for it alone (`only`), they are one of them.
    """
    apart = Q(values__besides__isnull=True) | ~Q(values__besides__contains=user.pk)
    named = Q(values__only__isnull=True) | Q(values__only__contains=user.pk)
    return apart & named


def duties_of(user: Person, *, on: date) -> Q:
    """What is addressed to the roles that a person holds, in their areas (职责范围)."""
    mine = Q(pk__in=[])
    for posting in postings_on(user, on=on):
        mine |= Q(role=posting.role) & area_of(posting).where("division_code")
    return mine


def open_tasks_about(user: Person, subject_kind: str, subject_key: str, *, on: date) -> QuerySet[Task]:
    """What waits for a person about one subject."""
    return open_tasks(user, on=on).filter(subject_kind=subject_kind, subject_key=subject_key)


def active_purpose(user: Person, scope_kind: str, scope_key: str, *, at: datetime) -> Purpose | None:
    """The purpose a person has stated for a subject and that still holds at a moment."""
    stated = Purpose.objects.filter(person=user, scope_kind=scope_kind, scope_key=scope_key)
    return stated.filter(opened_at__lte=at, expires_at__gt=at).first()


def emergencies(user: Person, *, on: date) -> QuerySet[EmergencyAccess]:
    """What was opened in an emergency (紧急查看): by oneself, or by or in one's places, latest first."""
    reviewed = jurisdiction_of(user, Permission.REVIEW_EMERGENCIES, on=on)
    looked = jurisdiction_of(user, Permission.SEE_LOOKS, on=on)
    where = reviewed.where("division_code") | looked.where("division_code") | looked.where("from_code")
    found = EmergencyAccess.objects.filter(where | Q(grant__person=user))
    return found.select_related("grant__person", "reviewed_by")


def unreviewed_of(user: Person) -> QuerySet[EmergencyAccess]:
    """What somebody opened in an emergency and nobody has reviewed yet."""
    return EmergencyAccess.objects.filter(grant__person=user, verdict="")


def is_emergency(user: Person, scope_kind: str, scope_key: str, *, on: date) -> bool:
    """Whether a person has this subject open in an emergency on a day."""
    grants = Grant.objects.holding_on(on).filter(person=user, scope_kind=scope_kind, scope_key=scope_key)
    return bool(grants.filter(emergency__isnull=False).exists())


def saved_filters(user: Person, room: str) -> list[SavedFilter]:
    """The filters a person keeps in one room, in their order."""
    return list(SavedFilter.objects.filter(person=user, room=room))


NOTICE_SPAN = timedelta(days=30)
"""How long a notice is shown (通知保留时间)."""


def notices(user: Person, *, on: date) -> QuerySet[Notice]:
    """The notices of the last thirty days to a person or to their roles and places: unread first, then the latest."""
    return _told(user, on).annotate(is_read=Exists(_readings(user))).order_by("is_read", "-created_at", "-id")


def unread(user: Person, *, on: date) -> QuerySet[Notice]:
    """The notices that a person has not read."""
    return _told(user, on).filter(~Exists(_readings(user)))


def unread_count(user: Person, *, on: date) -> int:
    """How many notices a person has not read."""
    return unread(user, on=on).count()


def _told(user: Person, on: date) -> QuerySet[Notice]:
    mine = Q(recipient=user) | duties_of(user, on=on)
    since = timezone.make_aware(datetime.combine(on - NOTICE_SPAN, time.min))
    return Notice.objects.filter(mine, created_at__gte=since)


def _readings(user: Person) -> QuerySet[NoticeRead]:
    return NoticeRead.objects.filter(notice=OuterRef("pk"), person=user)


def declared_kin(user: Person) -> list[DeclaredKin]:
    """What a person has declared of their own relatives: what holds first."""
    return sorted(DeclaredKin.objects.filter(person=user), key=lambda kin: (kin.until_on is not None, kin.pk))


class KinOf(NamedTuple):
    """Somebody's declared kin (申报亲属), themselves included: the blind indexes of ID numbers, and the names of those
    who were declared without one."""

    numbers: frozenset[bytes]
    names: frozenset[str]


def kin_of(*users: Person, on: date) -> KinOf:
    """The declared kin of these people on a day: nobody acts in their affairs."""
    held = DeclaredKin.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), person__in=users, from_on__lte=on)
    said = list(held.order_by().values_list("name", "id_index"))
    numbers = frozenset(bytes(index) for _name, index in said if index)
    return KinOf(numbers, frozenset(name for name, index in said if not index))


LOOKS = (
    "open_child", "open_part", "open_with_purpose", "open_in_emergency", "open_received", "register_received",
    "state_purpose", "reveal",
    "open_secret", "open_paper", "look_at_pair", "copy_out", "compare_national",
)  # fmt: skip
"""The acts of the trail that are looks at a subject (查看行为)."""
COUNTED = ("open_child", "look_at_pair", "copy_out", "compare_national")
"""The looks that are counted (计次行为): a file opened, compared with another or outside, or taken into a copy."""


def looks(scope_kind: str, key: str) -> QuerySet[TrailEntry]:
    """Every single look at a subject, the latest first."""
    entries = TrailEntry.objects.filter(subject_kind=scope_kind, subject_key=key, act__in=LOOKS)
    return entries.select_related("by").order_by("-id")


def entries_about(subject_kind: str, key: str, *, acts: Collection[str]) -> QuerySet[TrailEntry]:
    """What the trail tells of a subject by certain acts (办理经过), the latest first."""
    entries = TrailEntry.objects.filter(subject_kind=subject_kind, subject_key=key, act__in=acts)
    return entries.select_related("by").order_by("-id")


@dataclass(frozen=True)
class Look:
    """Look (查看记录): who looked, as whom, when, at what, and what for where a purpose was stated."""

    at: datetime
    name: str
    organisation: str
    roles: str
    act: str
    field: str
    purpose: str


def look_lines(entries: Iterable[TrailEntry], *, with_words: bool) -> list[Look]:
    """Single looks at one subject with what was stated for them; what was typed only `with_words`."""
    rows = list(entries)
    if not rows:
        return []
    stated = _Stated(rows[0].subject_kind, rows[0].subject_key, with_words=with_words)
    return [
        Look(
            entry.at,
            entry.by.name if entry.by else "",
            entry.by.organisation if entry.by else "",
            role_titles(entry.role),
            entry.act,
            str(entry.details.get("field", "")),
            stated.for_entry(entry),
        )
        for entry in rows
    ]


@dataclass(frozen=True)
class Looker:
    """Looker (查看人): somebody who opened a subject, how often, when last, and what for where a purpose was stated."""

    name: str
    organisation: str
    roles: str
    times: int
    last: datetime
    purpose: str


def lookers(scope_kind: str, key: str, *, since: datetime, with_words: bool = False) -> list[Looker]:
    """Everybody who looked at a subject since a moment, the latest first; one line a person and role."""
    return lookers_among(looks(scope_kind, key), since=since, with_words=with_words)


def lookers_among(found: QuerySet[TrailEntry], *, since: datetime, with_words: bool) -> list[Looker]:
    """Everybody among the looks at one subject since a moment, the latest first; one line a person and role."""
    rows = list(
        found.filter(at__gte=since)
        .order_by()
        .values("by", "by__name", "by__organisation", "role", "subject_kind", "subject_key")
        .annotate(times=Count("id", filter=Q(act__in=COUNTED)), last=Max("at"))
    )
    if not rows:
        return []
    stated = _Stated(rows[0]["subject_kind"], rows[0]["subject_key"], with_words=with_words)
    lines = [
        Looker(
            row["by__name"] or "",
            row["by__organisation"] or "",
            role_titles(row["role"]),
            row["times"],
            row["last"],
            stated.by_person(row["by"], since),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda looker: looker.last, reverse=True)


def role_titles(codes: str) -> str:
    """Roles as an entry of the trail says them, in words."""
    return "、".join(str(ROLES[code].title) for code in codes.split(",") if code in ROLES)


class _Stated:
    """What everybody has stated for looking at one subject: purposes, and the reasons of grants."""

    def __init__(self, kind: str, key: str, *, with_words: bool) -> None:
        scope = {"scope_kind": kind, "scope_key": key}
        self._with_words = with_words
        self._purposes = list(Purpose.objects.filter(**scope).order_by("-id"))
        self._grants = list(Grant.objects.filter(**scope).order_by("-id"))

    def for_entry(self, entry: TrailEntry) -> str:
        """What the entry refers to, else what held when the look happened."""
        own = [purpose for purpose in self._purposes if purpose.person_id == entry.by_id]
        meant = [purpose for purpose in own if purpose.pk == entry.details.get("purpose")]
        held = [purpose for purpose in own if purpose.opened_at <= entry.at < purpose.expires_at]
        if meant or held:
            return self._said([*meant, *held][0])
        day = timezone.localdate(entry.at)
        for grant in self._grants:
            holds = grant.from_on <= day and (grant.until_on is None or day <= grant.until_on)
            if grant.person_id == entry.by_id and (holds or grant.pk == entry.details.get("grant")):
                reason: str = grant.reason.open()
                return reason
        return ""

    def by_person(self, person: int | None, since: datetime) -> str:
        """All that one person has stated, each once, the latest first."""
        own = [self._said(one) for one in self._purposes if one.person_id == person and one.opened_at >= since]
        own += [grant.reason.open() for grant in self._grants if grant.person_id == person][:1]
        return "；".join(dict.fromkeys(own))

    def _said(self, purpose: Purpose) -> str:
        title = str(purpose.get_reason_display())
        return f"{title}：{purpose.words.open()}" if self._with_words and purpose.words else title


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


def placed_within(prefixes: Iterable[str]) -> QuerySet[Posting]:
    """The postings whose places lie in one of the prefixes."""
    inside = Q(pk__in=[])
    for prefix in prefixes:
        inside |= Q(places__contains=f",{prefix}")
    joined = Func("prefixes", Value(","), function="array_to_string", output_field=TextField())
    places = Concat(Value(","), joined, output_field=TextField())
    found: QuerySet[Posting] = Posting.objects.annotate(places=places).filter(inside)
    return found


def administered_by(user: Person, *, on: date) -> QuerySet[Person]:
    """The people whom an administrator may administer: posted in the administrator's area, or posted nowhere."""
    prefixes = jurisdiction_of(user, Permission.MANAGE_PEOPLE, on=on).prefixes
    if not prefixes:
        return Person.objects.none()
    theirs = Posting.objects.filter(person=OuterRef("pk"))
    inside = placed_within(prefixes).filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(inside) | ~Exists(theirs))


def has_demonstration() -> bool:
    """Whether people of the demonstration are in the register."""
    return Person.objects.filter(is_demonstration=True).exists()


def demonstration_person(username: str) -> Person | None:
    """Somebody of the demonstration by user name."""
    return Person.objects.filter(username=username, is_demonstration=True, is_active=True).first()


def person_named(username: str) -> Person | None:
    """Somebody by user name."""
    return Person.objects.filter(username=username).first()


def person_numbered(number: int) -> Person | None:
    """Somebody by number, while the account is open."""
    return Person.objects.filter(pk=number, is_active=True).first()


def people_who_may(permission: Permission, *, code: str, on: date) -> list[Person]:
    """Everybody who may do one thing at one place on a day (有权人员), by name."""
    posts = Posting.objects.holding_on(on).filter(role__in=roles_that_may(permission), person__is_active=True)
    found = {
        posting.person
        for posting in posts.filter(prefixes__overlap=_prefixes_of(code)).select_related("person")
        if Area(tuple(posting.prefixes), tuple(posting.exclusions)).covers(code)
    }
    return sorted(found, key=lambda person: person.name)


def is_filled(role: str, *, code: str, on: date, besides: int | None = None) -> bool:
    """Whether somebody holds a role at a place on a day (岗位是否有人), besides the person with one number."""
    posts = Posting.objects.holding_on(on).filter(role=role, prefixes__overlap=_prefixes_of(code))
    return posts.filter(person__is_active=True).exclude(person=besides).exists()


def _prefixes_of(code: str) -> list[str]:
    return [code[:length] for length in PREFIX_LENGTHS]
