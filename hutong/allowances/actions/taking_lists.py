"""Taking a list that a department gave: what of it is about a family in the register becomes leads, no more."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.facts import facts_of_many
from hutong.allowances.leads import SUBJECT, Said, leading, written
from hutong.allowances.models import DepartmentList, Lead, ListRuling
from hutong.allowances.models.lead import GIVEN_BY_AT_MOST
from hutong.gateways.exchange.lists import GivenList, Listed
from hutong.gateways.exchange.questions import Problem
from hutong.kit.names import clean_name
from hutong.law.data_checks import CHILD
from hutong.law.division_code import Level, full, level_of
from hutong.law.facts import ChildFacts, CircumstanceFact
from hutong.law.leads import bears, can_be_of_a_child, fact_of, is_alarming, is_known
from hutong.law.parameters import shipped
from hutong.law.rules import InForce, Rules
from hutong.law.task_days import due_on
from hutong.registry.models import Child
from hutong.registry.numbered import Numbered, numbered

AT_ONCE = 2000
TAKING = 7_240_031
"""The lock under which one list is taken at a time, so that nothing is raised twice."""
RULERS = {Level.PROVINCE: "region_officer", Level.CITY: "city_officer", Level.COUNTY: "approver"}
RULE = "rule_on_list"


@dataclass(frozen=True)
class Taken:
    """What became of a list (接收结果); not new where the same file was taken before."""

    list: DepartmentList
    is_new: bool


@transaction.atomic
def take_list(*, by: Person, division_code: str, given: GivenList, on: date) -> Taken:
    """Take a list (接收部门名单). What is about nobody in the register is counted and not kept.

    Raises NotAllowed, and Refused for a list without rows.
    """
    require(by, Permission.TAKE_LISTS, code=division_code, on=on)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKING])
    before = DepartmentList.objects.filter(division_code=division_code, digest=given.digest).first()
    if before:
        return Taken(before, False)
    if not given.rows_total and not any(one.stops_row for one in given.problems):
        raise Refused(_("There is no row in this workbook. Fill in at least one sheet."))
    leads = [_lead(found, given) for found in _news(given, on=on)]
    taken = _keep(given, leads, by=by, division_code=division_code, on=on)
    for lead in leads:
        lead.list = taken
    Lead.objects.bulk_create(leads, batch_size=AT_ONCE)
    if taken.is_alarming:
        _ask_whether_it_is_right(taken, on=on)
    details = {"rows": taken.rows, "faulty": taken.faulty, "leads": len(leads), "alarming": taken.is_alarming}
    _record("take_list", taken, by=by, on=on, **details)
    return Taken(taken, True)


@dataclass(frozen=True, slots=True)
class _Found:
    """A row that is about somebody in the register (匹配行)."""

    number: int
    row: Listed
    of: Numbered
    child: Child
    fact: CircumstanceFact


def _news(given: GivenList, *, on: date) -> Iterator[_Found]:
    """What a list says that may count, that no file says yet and that no list has said before."""
    rows = _by_number(given.rows)
    matched = [one for one in numbered(rows.keys()) if one.whose != CHILD or _says_of_children(rows[one.id_number])]
    ids = sorted({one.file for one in matched})
    for at in range(0, len(ids), AT_ONCE):
        children = {child.pk: child for child in _open(ids[at : at + AT_ONCE])}
        facts, said = facts_of_many(list(children.values())), _said_before(children)
        rules = {place: Rules(shipped(), place).on(on) for place in {one.responsible_code for one in children.values()}}
        for one in matched:
            if child := children.get(one.file):
                found = (_Found(at, row, one, child, fact_of(row.topic, row.values)) for at, row in rows[one.id_number])
                yield from _new(found, facts[child.pk], rules[child.responsible_code], said)


def _open(ids: Sequence[int]) -> QuerySet[Child]:
    return Child.objects.filter(pk__in=ids, closed_on__isnull=True)


Rows = Sequence[tuple[int, Listed]]
"""Rows of one person, each with its place among all that could be read."""


def _by_number(rows: Iterable[Listed]) -> dict[str, Rows]:
    found: dict[str, list[tuple[int, Listed]]] = {}
    for number, row in enumerate(rows, start=1):
        found.setdefault(row.id_number, []).append((number, row))
    return {**found}


def _says_of_children(rows: Rows) -> bool:
    return any(can_be_of_a_child(row.topic) for _at, row in rows)


def _said_before(children: Iterable[int]) -> set[tuple[int, str, str]]:
    """What leads of these files have said already, ended or not, by file, role and content."""
    kept = Lead.objects.filter(child__in=children) | Lead.objects.filter(child__canonical__in=children)
    return {(leading(lead), lead.whose, lead.said.open()) for lead in kept.select_related("child")}


def _new(
    found: Iterable[_Found], facts: ChildFacts, rules: InForce, said: set[tuple[int, str, str]]
) -> Iterator[_Found]:
    for one in found:
        if one.of.whose == CHILD:
            counts = can_be_of_a_child(one.row.topic)
        else:
            known = [fact for parent in facts.parents if parent.role == one.of.whose for fact in parent.circumstances]
            counts = bears(one.fact, rules) and not is_known(one.fact, known)
        key = one.child.pk, one.of.whose, _written(one)
        if counts and key not in said:
            said.add(key)
            yield one


def _written(one: _Found) -> str:
    return written(Said(one.row.topic.source, one.row.name, one.fact))


def _lead(one: _Found, given: GivenList) -> Lead:
    return Lead(
        child=one.child,
        whose=one.of.whose,
        said=_written(one),
        names_agree=clean_name(one.of.name) == clean_name(one.row.name),
        row=one.number,
    )


def _keep(given: GivenList, leads: Sequence[Lead], *, by: Person, division_code: str, on: date) -> DepartmentList:
    place, children = _alarm(leads, on=on)
    return DepartmentList.objects.create(
        source=given.source,
        division_code=division_code,
        digest=given.digest,
        given_by=given.given_by[:GIVEN_BY_AT_MOST],
        given_on=given.given_on,
        taken_on=on,
        rows=given.rows_total,
        faulty=len({(one.sheet, one.row) for one in given.problems if one.row and one.stops_row}),
        repeated=given.repeated,
        problems=[_kept(one) for one in given.problems],
        is_alarming=bool(place),
        alarm_place=place,
        alarm_children=children,
        by=by,
    )


def _kept(one: Problem) -> list[object]:
    return [one.code, one.sheet, one.row, one.column, dict(one.values), one.stops_row]


def problems_of(taken: DepartmentList) -> list[Problem]:
    """What was wrong in a list (名单问题), by sheet and row."""
    return [
        Problem(code, sheet, row, column, values, stops) for code, sheet, row, column, values, stops in taken.problems
    ]


def _alarm(leads: Iterable[Lead], *, on: date) -> tuple[str, int]:
    """The county of which a list names the greatest part, where that is too much to believe, and how many children."""
    named = Counter(county for _file, county in {(lead.child_id, lead.child.county_prefix) for lead in leads})
    if not named:
        return "", 0
    open_files = Child.objects.filter(closed_on__isnull=True, canonical__isnull=True, county_prefix__in=named)
    all_of = dict(open_files.order_by().values_list("county_prefix").annotate(files=Count("pk")))
    alarming = {
        county: count
        for county, count in named.items()
        if is_alarming(count, all_of.get(county, 0), Rules(shipped(), full(county)).on(on))
    }
    worst = max(alarming, key=lambda county: alarming[county] / max(1, all_of.get(county, 0)), default="")
    return (full(worst), alarming[worst]) if worst else ("", 0)


def _ask_whether_it_is_right(taken: DepartmentList, *, on: date) -> None:
    open_task(
        kind=RULE,
        subject_kind=SUBJECT,
        subject_key=str(taken.pk),
        division_code=taken.division_code,
        role=RULERS.get(level_of(taken.division_code), "approver"),
        due_on=due_on(RULE, on=on, jurisdiction=taken.division_code),
        harm=Harm.DANGER,
        values={"children": taken.alarm_children, "besides": [taken.by_id]},
    )


@transaction.atomic
def rule_on_list(*, by: Person, taken: DepartmentList, is_sound: bool, words: str, on: date) -> ListRuling:
    """Rule on a list (核定名单) that names so many: it counts from now on, or stays aside. Not by whoever took it.

    Raises NotAllowed and Refused.
    """
    require(by, Permission.RULE_ON_LISTS, code=taken.division_code, on=on)
    now = DepartmentList.objects.get(pk=taken.pk)
    if not now.is_alarming:
        raise Refused(_("Nothing is to be said of this list."))
    if now.by_id == by.pk:
        raise Refused(_("Another person than the one who took the list must say whether it is right."))
    if ListRuling.objects.filter(list=now).exists():
        raise Refused(_("This has been answered already. Load the page again."))
    ruling = ListRuling.objects.create(list=now, is_sound=is_sound, words=require_words(words), on=on, by=by)
    close_tasks(by=by, subject_kind=SUBJECT, subject_key=str(now.pk), kinds=[RULE], outcome="done")
    _record("rule_on_list", now, by=by, on=on, is_sound=is_sound)
    return ruling


def _record(act: str, taken: DepartmentList, *, by: Person, on: date, **details: object) -> None:
    record(
        by=by,
        act=act,
        subject_kind=SUBJECT,
        subject_key=str(taken.pk),
        division_code=taken.division_code,
        on=on,
        details=details,
    )
