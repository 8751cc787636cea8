"""Reads of the registry that find children: the list, its counts and the search. Nothing that is not theirs to see.

Lists are read in the order of an index that holds all they are narrowed by; a page's rows come in one statement more.
Counts stop at COUNTED_TO, those that ask for each child what it holds at DEARLY_COUNTED_TO: nobody works down a longer
list, and everybody would wait for it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, FilteredRelation, Func, OuterRef, Q, QuerySet, Value

from hutong.accounts.jurisdiction import Area
from hutong.accounts.models import Person, TrailEntry
from hutong.kit.names import clean_name, is_name
from hutong.law.calendar import born_after
from hutong.law.categories import age_limit
from hutong.law.division_code import prefix_of
from hutong.law.identity import Verdict, judge_id_number, normalise, read_file_number
from hutong.registry.alike import alike
from hutong.registry.intake.judge import id_indexes, phone_indexes
from hutong.registry.linkage.model import Model
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.scoring import Explained
from hutong.registry.models import CategoryHolding, Child, Guardian, Parent
from hutong.registry.models.guardian import Kind as GuardianKind
from hutong.registry.queries import LEADING, visible_children, visible_to

COUNTED_TO, DEARLY_COUNTED_TO = 10_000, 5_000
SOON_DAYS = 60
NUMBERS_AN_HOUR, HOUR = 60, timedelta(hours=1)
TEMPORARY_NUMBER = re.compile(r"LS\d{14}[0-9A-Z]")
NAME_AND_BIRTH = re.compile(
    r"(?P<name>\D+?)[\s,]*(?P<year>\d{4})(?:[-./年](?P<month>\d{1,2})[-./月](?P<day>\d{1,2})日?|(?P<digits>\d{4}))"
)


class Kind(StrEnum):
    """Kind of search (查找方式): what is typed says which; ELSEWHERE also asked outside what is visible."""

    NAME = "name"
    PINYIN = "pinyin"
    ID = "id"
    PHONE = "phone"
    FILE = "file"
    ELSEWHERE = "elsewhere"


LIMITED = (Kind.ID, Kind.PHONE, Kind.ELSEWHERE)


@dataclass(frozen=True)
class Words:
    """What somebody searches for (查找内容), read: of one kind, in one form; a birth date only beside a full name."""

    kind: Kind
    value: str
    birth_date: date | None = None


def read_words(text: str) -> Words:
    """What is typed, however it is typed: full width, with spaces, with or without `·`."""
    said = unicodedata.normalize("NFKC", text).strip()
    number = normalise(text).removeprefix("+")
    file_number = read_file_number(text)
    if file_number:
        return Words(Kind.FILE, file_number)
    if TEMPORARY_NUMBER.fullmatch(number):
        return Words(Kind.FILE, number)
    if len(number) == 18 and number[:17].isdigit():
        return Words(Kind.ID, number)
    if number.isdigit() and len(number) >= 7:
        return Words(Kind.PHONE, number)
    if spelled := _spelled(said):
        return Words(Kind.PINYIN, spelled)
    return _name_and_birth(said) or Words(Kind.NAME, _bare(clean_name(said)))


def _spelled(said: str) -> str:
    """Pinyin or initials as they stand in the register: without spaces, `ü` as `v`; nothing for other scripts."""
    plain = re.sub(r"[\s'’·-]", "", said.lower().replace("ü", "v").replace("u:", "v"))
    return plain if plain.isascii() else ""


def _name_and_birth(said: str) -> Words | None:
    found = NAME_AND_BIRTH.fullmatch(said)
    if found is None or not is_name(clean_name(found["name"])):
        return None
    digits = found["digits"] or f"{int(found['month']):02d}{int(found['day']):02d}"
    try:
        return Words(Kind.NAME, clean_name(found["name"]), date.fromisoformat(f"{found['year']}{digits}"))
    except ValueError:
        return None


def _bare(name: str) -> str:
    return name.replace("·", "").replace(" ", "")


@dataclass(frozen=True)
class Filters:
    """What a list of children is narrowed by (筛选条件); empty means not narrowed.

    Without a `state` a list holds the open files, and a search all of them, the closed ones last.
    """

    text: str = ""
    state: str = ""
    category: str = ""
    division: str = ""
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    without_id: bool = False
    soon_18: bool = False

    @property
    def counted_to(self) -> int:
        """Where counting stops; one more says that there are more."""
        return DEARLY_COUNTED_TO if self.category else COUNTED_TO


def children(user: Person, filters: Filters, *, on: date) -> QuerySet[Child]:
    """The visible children that fit, open files first, in the order of pinyin.

    What a joined file says finds the one that leads it.
    """
    found = visible_children(user, on=on).filter(*_narrowed(filters, on=on)).order_by("is_closed", "sorting", "id")
    if not filters.text.strip():
        return found
    words = read_words(filters.text)
    if words.kind in (Kind.NAME, Kind.PINYIN) and not words.birth_date:
        joined = _bared(Child.objects.filter(canonical__isnull=False)).filter(_said(words))
        return _bared(found).filter(_said(words) | Q(pk__in=joined.order_by().values("canonical")))
    return found.filter(pk__in=_led(_said(words)))


def _bared(found: QuerySet[Child]) -> QuerySet[Child]:
    return found.alias(bare=Func("name", Value("· "), Value(""), function="translate"))


def _led(fits: Q) -> QuerySet[Any, Any]:
    """The ids of the files that lead those that fit."""
    return _bared(Child.objects.all()).filter(fits).order_by().annotate(led=LEADING).values("led")


def chosen(user: Person, file_numbers: Sequence[str], *, on: date) -> QuerySet[Child]:
    """The visible children among these file numbers, in the order of a list."""
    return visible_to(user, on=on).filter(file_number__in=file_numbers).order_by("is_closed", "sorting", "id")


def _said(words: Words) -> Q:
    if words.birth_date:
        return Q(bare=_bare(words.value), birth_date=words.birth_date)
    match words.kind:
        case Kind.ID:
            return Q(id_index__in=id_indexes(words.value))
        case Kind.FILE:
            return _numbered(words.value)
        case Kind.PHONE:
            return _reached_by(words.value)
        case Kind.PINYIN:
            return Q(pinyin__startswith=words.value) | Q(initials__startswith=words.value)
    return Q(bare__contains=words.value) if words.value else Q(pk__in=[])


def _numbered(number: str) -> Q:
    """Whose file has the number; one of eleven digits may as well be a telephone's."""
    if number.startswith("LS"):
        return Q(temporary_number=number)
    filed = Child.objects.filter(file_number=number).order_by().values("pk")
    return Q(pk__in=filed.union(*_reached(number))) if number[-1].isdigit() else Q(file_number=number)


def _reached_by(number: str) -> Q:
    """Whose guardian or parent of today has the telephone number."""
    guarded, born = _reached(number)
    return Q(pk__in=guarded.union(born))


def _reached(number: str) -> list[QuerySet[Any, Any]]:
    reached = {"phone_index__in": phone_indexes(number), "until_on__isnull": True}
    return [noun.objects.filter(**reached).order_by().values("child") for noun in (Guardian, Parent)]


def _narrowed(filters: Filters, *, on: date) -> Iterable[Q]:
    if filters.state == "closed" or (filters.state == "open" or not (filters.state or filters.text.strip())):
        yield Q(is_closed=filters.state == "closed")
    if filters.category:
        held = CategoryHolding.objects.filter(category=filters.category, until_on__isnull=True).order_by()
        joined = held.filter(child__canonical__isnull=False).values("child__canonical")
        own = held.filter(
            child__gte=OuterRef("pk"), child__lte=OuterRef("pk")
        )  # child by child: “=” would hash all of them
        yield Exists(own) | Q(pk__in=joined)
    if filters.division:
        yield Area((prefix_of(filters.division),)).where("responsible_code")
    if filters.sex:
        yield Q(sex=filters.sex)
    if filters.age_to is not None:
        yield Q(birth_date__gte=born_after(filters.age_to + 1, on))
    if filters.age_from is not None:
        yield Q(birth_date__lt=born_after(filters.age_from, on))
    if filters.without_id:
        yield Q(id_number__isnull=True)
    if filters.soon_18:
        age, soon = age_limit(on), on + timedelta(days=SOON_DAYS)
        yield Q(birth_date__gte=born_after(age, on), birth_date__lt=born_after(age, soon))


@dataclass(frozen=True)
class Listed:
    """A child as a list shows it (名单条目): no number of identity, no telephone, no address."""

    file_number: str
    name: str
    sex: str
    birth_date: date
    place_code: str
    is_closed: bool
    relation: str | None
    guardian: str | None
    categories: list[str]


def listed(found: QuerySet[Child], *, start: int = 0, most: int) -> list[Listed]:
    """A page of the children that were found, in their order, in one statement."""
    theirs = Child.objects.filter(Q(pk=OuterRef(OuterRef("pk"))) | Q(canonical=OuterRef(OuterRef("pk"))))
    held = CategoryHolding.objects.filter(child__in=theirs.order_by().values("pk"), until_on__isnull=True)
    held = held.order_by("from_on", "id")
    looked_after = Q(guardians__until_on__isnull=True) & ~Q(guardians__kind=GuardianKind.ENTRUSTED)
    rows = (
        Child.objects.filter(pk__in=found.values("pk")[start : start + most])
        .annotate(guardian=FilteredRelation("guardians", condition=looked_after))
        .annotate(held=ArraySubquery(held.values("category")))
        .order_by("is_closed", "sorting", "id")
        .values_list(*COLUMNS)
    )
    return [Listed(*(*values, list(dict.fromkeys(held)))) for *values, held in rows]


COLUMNS = (
    "file_number", "name", "sex", "birth_date", "responsible_code", "is_closed", "guardian__relation", "guardian__name",
    "held",
)  # fmt: skip


def like(user: Person, said: Record, *, on: date) -> list[tuple[Listed, Explained]]:
    """The visible children who may be the one of a record (疑似同一人), the likeliest first, and why."""
    found = {one.child: one.explained for one in alike([said], least=Model.load().costs.ask)}
    leads = dict(Child.objects.filter(pk__in=found).annotate(led=LEADING).values_list("pk", "led"))
    seen = visible_children(user, on=on).filter(pk__in=set(leads.values()))
    lines = {line.file_number: line for line in listed(seen, most=len(leads))}
    numbers = dict(seen.order_by().values_list("pk", "file_number"))
    likely: dict[str, tuple[Listed, Explained]] = {}
    for child, explained in found.items():
        number = numbers.get(leads[child])
        if number:
            likely.setdefault(number, (lines[number], explained))
    return list(likely.values())


def counted(*found: tuple[QuerySet[Child], int]) -> list[int]:
    """How many each of these finds, in one statement; each counts to one more than its number and no further."""
    parts: list[str] = []
    parameters: list[Any] = []
    for one, most in found:
        try:
            statement, values = one.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            statement, values = "SELECT 1 LIMIT 0", ()
        parts.append(f"(SELECT count(*) FROM ({statement}) AS found)")
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return list(cursor.fetchone())


def child_counts(user: Person, *asked: Filters, on: date) -> list[int]:
    """How many of the visible children fit each of these filters, in one statement; equal ones are counted once."""
    different = list(dict.fromkeys(asked))
    counts = dict(
        zip(different, counted(*((children(user, one, on=on), one.counted_to) for one in different)), strict=True)
    )
    return [counts[one] for one in asked]


def elsewhere(user: Person, words: Words, *, on: date) -> list[Child]:
    """Files outside what a person sees that an exact number or a full name with birth date fits, two at most.

    Only that there are any may be told; for words of any other kind there are none.
    """
    fits = _exactly(words, on=on)
    if fits is None:
        return []
    seen = visible_to(user, on=on).filter(fits).order_by().values("pk")
    unseen = Child.objects.filter(fits).exclude(pk__in=seen).order_by().annotate(led=LEADING)
    return list(Child.objects.filter(pk__in=unseen.values("led"))[:2])


def is_exact(words: Words, *, on: date) -> bool:
    """Whether the words name one person: a valid ID number, or a full name with a birth date."""
    return _exactly(words, on=on) is not None


def _exactly(words: Words, *, on: date) -> Q | None:
    if words.birth_date:
        return Q(name=words.value, birth_date=words.birth_date)
    if words.kind != Kind.ID:
        return None
    judged = judge_id_number(words.value, on=on, tests_allowed=not settings.PRODUCTION)
    return None if judged.verdict == Verdict.INVALID else Q(id_index__in=id_indexes(judged.normalised))


def waits_until(user: Person, *, at: datetime) -> datetime | None:
    """When somebody who has searched for NUMBERS_AN_HOUR numbers within an hour may go on; None: now."""
    spent = TrailEntry.objects.filter(by=user, act="search", at__gt=at - HOUR, details__kind__in=list(LIMITED))
    moments = list(spent.order_by("-at").values_list("at", flat=True)[:NUMBERS_AN_HOUR])
    return moments[-1] + HOUR if len(moments) == NUMBERS_AN_HOUR else None
