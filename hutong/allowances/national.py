"""Reads about the national system (全国系统录入): what is to be entered, what has changed since, what has ended since.

The first argument is who asks; everything starts from the children they see where they keep the marks.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce, Left

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.allowances.models import NationalEntry
from hutong.governance.calendars import calendar_in_force
from hutong.law import national_system
from hutong.law.division_code import LENGTH_OF, Level
from hutong.law.national_system import Difference, differences
from hutong.registry.models import CategoryHolding, Change, Child
from hutong.registry.national import national_columns
from hutong.registry.queries import files_of, hidden_among, visible_to

AT_ONCE = 500
LED = Coalesce("child__canonical_id", "child_id")
"""The id of the leading file of a row that hangs on any file."""


def columns_today(children: Sequence[Child], *, on: date) -> dict[int, dict[str, str]]:
    """What would be entered of children today (今日应填内容), by id; of hidden whereabouts nothing."""
    hidden = hidden_among(children, on=on)
    return {
        number: {
            code: text for code, text in said.items() if not (number in hidden and code in national_system.WHEREABOUTS)
        }
        for number, said in national_columns(children, on=on).items()
    }


def waiting_by_county(counties: Sequence[str] | None, *, on: date) -> Counter[tuple[str, date]]:
    """How many wait to be entered (待录入人数), by county and the day since which they are held."""
    place = Left(Coalesce("child__canonical__responsible_code", "child__responsible_code"), LENGTH_OF[Level.COUNTY])
    found = holdings(on=on).order_by().annotate(county=place)
    if counties is not None:
        found = found.filter(county__in=counties)
    marked = _pairs(NationalEntry.objects.filter(ended_on__isnull=True))
    rows = found.annotate(led=LED).values_list("county", "from_on", "led", "category")
    return Counter((county, from_on) for county, from_on, *pair in rows if tuple(pair) not in marked)


def _pairs(rows: QuerySet[Any]) -> set[tuple[int, str]]:
    """Of which children and categories rows are: two sets are told apart here, where a million cost no join."""
    return set(rows.order_by().annotate(led=LED).values_list("led", "category"))


def _numbers(rows: QuerySet[Any], pairs: Set[tuple[int, str]], *, among: bool) -> list[int]:
    """The ids of rows that are of some of these children and categories, or of none."""
    found = rows.order_by().annotate(led=LED).values_list("pk", "led", "category")
    return [pk for pk, *pair in found if (tuple(pair) in pairs) == among]


def holdings(*, on: date) -> QuerySet[CategoryHolding]:
    """What must stand in the national system on a day (应在册类别), of open files, wherever they are."""
    runs = Q(until_on__isnull=True) | Q(until_on__gte=on)
    held = CategoryHolding.objects.filter(runs, from_on__lte=on, category__in=national_system.categories(on))
    joined = Q(child__canonical__isnull=False, child__canonical__is_closed=False)
    return held.filter(Q(child__canonical__isnull=True, child__is_closed=False) | joined)


def _theirs(user: Person, *, on: date) -> QuerySet[Child]:
    """The files of the children whose marks somebody keeps."""
    area = jurisdiction_of(user, Permission.ENTER_NATIONAL, on=on)
    led = Q(canonical__isnull=True) & area.where("responsible_code") | area.where("canonical__responsible_code")
    return visible_to(user, on=on).filter(led).order_by()


def held(user: Person, *, on: date) -> QuerySet[CategoryHolding]:
    """What must stand in the national system of the children whose marks somebody keeps (应在册)."""
    return holdings(on=on).filter(child__in=_theirs(user, on=on).values("pk")).select_related("child__canonical")


def to_enter(user: Person, *, on: date) -> QuerySet[CategoryHolding]:
    """What somebody has still to enter (待录入), the longest held first."""
    waiting = _numbers(held(user, on=on), _pairs(_open(user, on=on)), among=False)
    found = CategoryHolding.objects.filter(pk__in=waiting).select_related("child__canonical")
    return found.order_by("from_on", "pk")


def children_to_enter(user: Person, *, on: date) -> QuerySet[Child]:
    """The children somebody has still to enter (待录入儿童), each once."""
    files = to_enter(user, on=on).order_by().annotate(file=LED).values("file")
    return Child.objects.filter(pk__in=files).order_by("sorting", "id")


def due_on(holding: CategoryHolding) -> date:
    """The last day to enter a child (录入截止日)."""
    return last_day(holding.from_on, holding.child.leading.responsible_code)


def entries(user: Person, *, on: date) -> QuerySet[NationalEntry]:
    """The marks somebody keeps (录入登记), those that ended too."""
    found = NationalEntry.objects.filter(child__in=_theirs(user, on=on).values("pk"))
    return found.select_related("child__canonical", "entered_by", "ended_by")


def entry(user: Person, number: int, *, on: date) -> NationalEntry | None:
    """One mark that somebody keeps."""
    return entries(user, on=on).filter(pk=number).first()


def stopped_on(found: Sequence[NationalEntry]) -> dict[int, date]:
    """Since when what was entered is held no more (终止日期), by id of the mark: its last day here."""
    files = [one.file.pk for one in found]
    theirs = CategoryHolding.objects.annotate(led=LED).filter(led__in=files, until_on__isnull=False)
    rows = theirs.order_by().values_list("led", "category").annotate(last=Max("until_on"))
    last = {(led, category): until_on for led, category, until_on in rows}
    days = {one.pk: (last.get((one.file.pk, one.category)), one.file.closed_on) for one in found}
    return {number: min(day for day in both if day) for number, both in days.items() if any(both)}


def changed_on(found: Sequence[NationalEntry]) -> dict[int, date]:
    """When the files of marks were last changed (最近变更日期), by id of the mark; nothing where nobody wrote."""
    changes = Change.objects.filter(child__in=[one.file.pk for one in found]).order_by()
    last = dict(changes.values_list("child").annotate(last=Max("on")))
    return {one.pk: last[one.file.pk] for one in found if last.get(one.file.pk, date.min) >= one.entered_on}


def last_day(since: date, place: str) -> date:
    """The last day to enter what came to be on a day (办理截止日), at a place."""
    return national_system.due_on(since, jurisdiction=place, calendar=calendar_in_force())


def ended(user: Person, *, on: date) -> QuerySet[NationalEntry]:
    """What stands there though it ended here (应减员): the category is held no more, or the file is closed."""
    return _entered(user, on=on, is_held=False)


def _entered(user: Person, *, on: date, is_held: bool) -> QuerySet[NationalEntry]:
    numbers = _numbers(_open(user, on=on), _pairs(held(user, on=on)), among=is_held)
    found = NationalEntry.objects.filter(pk__in=numbers).select_related("child__canonical", "entered_by", "ended_by")
    return found.order_by("entered_on", "pk")


def _open(user: Person, *, on: date) -> QuerySet[NationalEntry]:
    return entries(user, on=on).filter(ended_on__isnull=True)


@dataclass(frozen=True)
class Changed:
    """A mark whose child is otherwise by now (录入后有变化), and in which columns; `theirs` is what was entered."""

    entry: NationalEntry
    differences: tuple[Difference, ...]


def changed(user: Person, *, on: date) -> list[Changed]:
    """What was entered and is otherwise today (录入后有变化), the earliest entered first."""
    return list(changes_of(_entered(user, on=on, is_held=True), on=on))


def changes_of(found: Iterable[NationalEntry], *, on: date) -> Iterable[Changed]:
    """Marks whose children are otherwise by now, of these; some at once."""
    rows = list(found)
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        today = columns_today([one.file for one in some], on=on)
        ours = {one.pk: today[one.file.pk] for one in some}
        theirs: dict[int, Mapping[str, str]] = {one.pk: entered_as(one) for one in some}
        differing = differences(ours, theirs).differing
        yield from (Changed(one, differing[one.pk]) for one in some if one.pk in differing)


def entered_as(entry: NationalEntry) -> dict[str, str]:
    """What was entered then (录入时内容), by column."""
    said: dict[str, str] = json.loads(entry.columns.open())
    return said


def entry_of(child: Child, category: str) -> NationalEntry | None:
    """The mark that holds for a child and a category (现有登记), in any of its files."""
    found = NationalEntry.objects.filter(child__in=files_of(child), category=category, ended_on__isnull=True)
    return found.select_related("child__canonical").first()


def holding_of(child: Child, category: str, *, on: date) -> CategoryHolding | None:
    """What a child holds that must stand in the national system (应录入类别)."""
    found = holdings(on=on).filter(child__in=files_of(child), category=category)
    return found.select_related("child__canonical").first()


@dataclass(frozen=True)
class Standing:
    """How a child stands in the national system (录入状态) for a category: its mark, or by when it is to be entered.

    `differs`: in which columns the file is otherwise by now. Neither a mark nor a last day: nothing is asked for.
    """

    entry: NationalEntry | None = None
    due_on: date | None = None
    differs: tuple[Difference, ...] = ()
    has_ended: bool = False


def standing(child: Child, category: str, *, on: date) -> Standing:
    """How a child stands in the national system for a category (录入状态)."""
    held, entry = holding_of(child, category, on=on), entry_of(child, category)
    if entry is None:
        return Standing(due_on=due_on(held) if held else None)
    differs = next((one.differences for one in changes_of([entry], on=on)), ())
    return Standing(entry, differs=differs if held else (), has_ended=held is None)
