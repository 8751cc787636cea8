"""Factories of what is known about a child: people, circumstances, study, health, aid, papers, changes and moves."""

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from hutong.accounts.models import Copy, EmergencyAccess, Person
from hutong.allowances.models import NationalEntry
from hutong.governance.actions.case_sets import keep_cases
from hutong.governance.models import CaseSet
from hutong.law.copies import KINDS
from hutong.registry.actions.copying import ask_for_form
from hutong.registry.actions.emergency import open_in_emergency
from hutong.registry.actions.merging import confirm_merge, propose_merge
from hutong.registry.actions.pairing import Found, propose
from hutong.registry.actions.sampling import is_sampled
from hutong.registry.models import (
    Change,
    Child,
    Circumstance,
    Evidence,
    HealthFact,
    Household,
    HouseholdMember,
    Merge,
    Move,
    Observation,
    OtherAid,
    Pair,
    Parent,
    PayeeLink,
    Study,
)
from tests.factories import ON, VILLAGE, VILLAGE_OF_NEXT_COUNTY, child, person, serial

SINCE = date(2024, 1, 1)


def parent(whose: Child | None = None, role: str = "mother", **more: Any) -> Parent:
    """A parent by name, the mother unless said otherwise; since when is not known."""
    values = {"child": whose or child(), "role": role, "name": "" if more.get("is_unknown") else "柳素云"}
    return Parent.objects.create(**values | more)


def circumstance(of: Parent | None = None, kind: str = "imprisoned", **more: Any) -> Circumstance:
    """A circumstance of a parent since the first of 2024; with `parent=None` and a `child` it is the child's own."""
    if "parent" not in more:
        of = of or parent()
        more |= {"parent": of, "child": of.child}
    return Circumstance.objects.create(**{"kind": kind, "from_on": SINCE} | more)


def disability(whose: Child | None = None, **more: Any) -> Circumstance:
    """A child's own disability: sight, third grade."""
    values = {"child": whose or child(), "parent": None, "disability_class": "visual", "grade": 3}
    return circumstance(kind="disability", **values | more)


def study(whose: Child | None = None, **more: Any) -> Study:
    """A child at an ordinary school since the first of 2024."""
    values = {"child": whose or child(), "level": "compulsory", "school": "闽宁镇第一小学", "from_on": SINCE}
    return Study.objects.create(**values | more)


def health(whose: Child | None = None, **more: Any) -> HealthFact:
    """An allergy, sensitive."""
    values = {"child": whose or child(), "kind": "allergy", "sensitivity": "sensitive", "words": "对花生过敏"}
    return HealthFact.objects.create(**values | more)


def observation(
    whose: Child | None = None, question: str = "schooling", answer: str = "primary", **more: Any
) -> Observation:
    """An answer of a form of the first of 2024: the child is at primary school."""
    values = {"child": whose or child(), "question": question, "answer": answer, "observed_on": SINCE}
    return Observation.objects.create(**values | more)


def aid(whose: Child | None = None, **more: Any) -> OtherAid:
    """A household's subsistence allowance of 1,800 yuan for three heads."""
    values: dict[str, Any] = {"child": whose or child(), "kind": "dibao", "from_on": SINCE}
    if "fen_per_month" not in more:
        values |= {"household_fen_per_month": 180_000, "members": 3}
    return OtherAid.objects.create(**values | more)


def payee_link(whose: Child | None = None, **more: Any) -> PayeeLink:
    """A child whose money goes to some holder of the treasury since the first of 2024."""
    values = {"child": whose or child(), "holder_key": f"{serial():020x}", "from_on": SINCE}
    return PayeeLink.objects.create(**values | more)


def household(**more: Any) -> Household:
    """A rural household of the village."""
    return Household.objects.create(**{"division_code": VILLAGE, "kind": "rural"} | more)


def member(of: Household | None = None, **more: Any) -> HouseholdMember:
    """Somebody of a household: the `child` given, or the grandmother by name."""
    values = {} if more.get("child") else {"name": "柳桂兰", "relation": "62"}
    return HouseholdMember.objects.create(**{"household": of or household()} | values | more)


def evidence(whose: Child | None = None, **more: Any) -> Evidence:
    """A paper that is written down without a file behind it."""
    at = serial()
    values = {
        "child": whose or child(), "kind": "court_judgment", "stored_name": f"{at:064x}", "digest": f"{at:064x}",
        "media_type": "application/pdf", "size_bytes": 1_000,
    }  # fmt: skip
    return Evidence.objects.create(**{"added_by": more.get("added_by") or person()} | values | more)


def change(whose: Child | None = None, **more: Any) -> Change:
    """A correction that is done."""
    values = {"child": whose or child(), "kind": "alter", "on": ON, "reason": "corrected", "division_code": VILLAGE}
    return Change.objects.create(**{"by": more.get("by") or person()} | values | more)


def move(whose: Child | None = None, **more: Any) -> Move:
    """A move to the next county that waits for the receiving place."""
    values = {
        "child": whose or child(), "stage": "offered", "from_code": VILLAGE, "to_code": VILLAGE_OF_NEXT_COUNTY,
        "on": ON, "reason": "family_moved",
    }  # fmt: skip
    return Move.objects.create(**{"by": more.get("by") or person()} | values | more)


def rows_of(whose: Child) -> dict[str, set[str]]:
    """All rows of one file by table, as the database keeps them: every column but the link to a leading file."""
    found = {"registry_child": _rows("registry_child", "id", whose)}
    for relation in Child._meta.related_objects:
        table, column = relation.related_model._meta.db_table, relation.field.column
        if relation.related_model not in (Child, Merge):
            found[table] = _rows(table, column, whose)
    return found


def _rows(table: str, column: str, whose: Child) -> set[str]:
    with connection.cursor() as cursor:
        said = f"SELECT (to_jsonb(one) - 'canonical_id')::text FROM {table} AS one WHERE {column} = %s"
        cursor.execute(said, [whose.pk])
        return {text for (text,) in cursor.fetchall()}


def emergency(child: Child, *, by: Person | None = None) -> EmergencyAccess:
    """The child's file, opened in an emergency by somebody of a far county, and not reviewed."""
    stranger = by or person("county_officer", "640324")
    said = {"reason": "found", "words": "夜间在车站发现", "on": ON, "at": timezone.now()}
    open_in_emergency(by=stranger, text=child.id_number.open(), **said)
    return EmergencyAccess.objects.get(grant__person=stranger, grant__scope_key=child.file_number)


def copy(child: Child, *, by: Person | None = None, kind: str = "print_file") -> Copy:
    """A form that an officer of the county has asked for and was given."""
    said = {"purpose": KINDS[kind].purposes[0], "receiver": "本单位", "on": ON, "at": timezone.now()}
    return ask_for_form(by=by or person("county_officer"), child=child, kind=kind, **said)


def case_set(by: Person, **more: Any) -> CaseSet:
    """Cases of the law that an officer keeps for the county."""
    text = "- {name: a, on: 2025-06-02, child: {birth_date: 2015-03-07}}\n"
    values = {"name": f"案例{serial()}", "text": text, "revision": None, "on": ON, "at": timezone.now()}
    return keep_cases(by=by, **values | more)


def pair_of(
    one: Child, other: Child, *, probability: float = 0.97, weight: float = 9.3, is_drawn: bool = False
) -> Pair:
    """A pair of two files, found at night; whether it is drawn for a second look is not left to its number."""
    _until_next_pair(is_drawn=is_drawn)
    steps = [{"field": "name", "level": "sound", "weight": 4.1}]
    propose([Found(one.pk, other.pk, probability, weight, steps, "test")], on=ON)
    return Pair.objects.get(first__in=[one, other], second__in=[one, other])


def _until_next_pair(*, is_drawn: bool) -> None:
    """Passes over numbers of pairs until the next one is in the sample of second looks, or is not."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_pair', 'id'))")
            if is_sampled(Pair(pk=cursor.fetchone()[0] + 1)) == is_drawn:
                return


def merge_proposed(leading: Child, joined: Child, *, by: Person | None = None) -> Merge:
    """A merge that waits for a second person."""
    pair, officer = pair_of(leading, joined), by or person("county_officer")
    said = {"reason": "entered_twice", "words": "两份档案和材料都已核对", "has_compared": True}
    return propose_merge(by=officer, pair=pair, leading=leading.file_number, on=ON, **said)


def joined_to(leading: Child, joined: Child) -> Merge:
    """A merge of the county that a second person has confirmed."""
    return confirm_merge(by=person("approver"), merge=merge_proposed(leading, joined), on=ON)


def national_entry(whose: Child, **more: Any) -> NationalEntry:
    """A mark that a child was entered in the national system."""
    values = {"child": whose, "category": "de_facto", "number": f"NX{serial():08}", "columns": "{}"}
    values |= {"division_code": VILLAGE, "entered_on": ON, "entered_by": more.get("entered_by") or person()}
    return NationalEntry.objects.create(**values | more)
