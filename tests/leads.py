"""Factories of leads: families whose parents have ID numbers, lists that departments give, and what became of them."""

from datetime import date
from typing import Any

from hutong.accounts.models import Person
from hutong.allowances.actions.following import close_lead
from hutong.allowances.actions.taking_lists import take_list
from hutong.allowances.leads import Said, written
from hutong.allowances.models import DepartmentList, Lead, LeadEnd
from hutong.gateways.exchange.fake_lists import FakeLists
from hutong.law.facts import CircumstanceFact
from hutong.law.identity import Sex
from hutong.registry.intake.judge import id_index
from hutong.registry.models import Child, Parent
from tests.factories import COUNTY, TOWNSHIP, child, id_number, person
from tests.facts import circumstance, parent

TAKEN = date(2026, 6, 10)
DIED = date(2026, 5, 1)
TERM = {"from_on": date(2026, 4, 1), "until_on": date(2030, 3, 31)}
PLACE = COUNTY.ljust(12, "0")
FATHER, MOTHER = "柳安和", "尹素云"


def numbered(whose: Child, role: str, name: str) -> Parent:
    """A parent who has an ID number."""
    number = id_number(date(1985, 4, 9), Sex.MALE if role == "father" else Sex.FEMALE)
    return parent(whose, role, name=name, id_number=number, id_index=id_index(number))


def family(*, father_dead: bool = True, **more: Any) -> Child:
    """A child with both parents by number, whose father is dead; nobody is paid for."""
    made = child(**{"holdings": ()} | more)
    father = numbered(made, "father", FATHER)
    numbered(made, "mother", MOTHER)
    if father_dead:
        circumstance(father, "dead")
    return made


def number_of(whose: Child, role: str = "mother") -> str:
    """The ID number of a parent, or of the child."""
    found = whose if role == "child" else Parent.objects.get(child=whose, role=role)
    return str(found.id_number.open())


def prison(*families: Child, name: str = MOTHER, **term: Any) -> FakeLists:
    """A list of the prisons with the mothers of families."""
    given = FakeLists("prison")
    for one in families:
        given.say("imprisoned", name, number_of(one), **TERM | term)
    return given


def deaths(*families: Child, role: str = "father", name: str = FATHER) -> FakeLists:
    """A list of the dead with one parent of families."""
    given = FakeLists("funeral")
    for one in families:
        given.say("dead", one.name if role == "child" else name, number_of(one, role), died_on=DIED)
    return given


def taken(given: FakeLists, *, by: Person | None = None, place: str = PLACE, on: date = TAKEN) -> DepartmentList:
    """A list as the county took it."""
    officer = by or person("county_officer")
    return take_list(by=officer, division_code=place, given=given.given(on=on), on=on).list


def lead(whose: Child | None = None, **more: Any) -> Lead:
    """A lead that waits: the mother of a child is said to be in prison."""
    taken(prison(whose or family(), **more))
    return Lead.objects.latest("pk")


def closed(of: Lead | None = None, how: str = "untrue", *, by: Person | None = None) -> LeadEnd:
    """A lead that was closed by the township."""
    supervisor = by or person("township_supervisor", TOWNSHIP)
    return close_lead(by=supervisor, lead=of or lead(), how=how, words="已电话核实", on=TAKEN)


def alarming(by: Person | None = None, count: int = 20) -> DepartmentList:
    """A list that says of the fathers of twenty children of one county that they are dead."""
    return taken(deaths(*(family(father_dead=False) for _ in range(count))), by=by)


def told_of(whose: Child) -> Lead:
    """A lead about a child as it is: the mother is said to be in prison."""
    said = written(Said("prison", MOTHER, CircumstanceFact(kind="imprisoned", **TERM)))
    given = taken(prison(family()))
    return Lead.objects.create(list=given, child=whose, whose="mother", said=said, names_agree=True, row=2)
