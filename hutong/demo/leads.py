"""Lists of departments (部门推送名单) of the featured counties: one clean, one with faults, leads in every state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hutong.accounts.models import Person
from hutong.allowances.actions.applying import Applicant, begin_application
from hutong.allowances.actions.finding import find_unapplied
from hutong.allowances.actions.following import close_lead, record_lead
from hutong.allowances.actions.taking_lists import take_list
from hutong.allowances.leads import said_in
from hutong.allowances.models import Application, Lead
from hutong.allowances.models.lead import How
from hutong.demo.applications import COUNTIES, fits
from hutong.demo.staff import username
from hutong.demo.writing import Filed
from hutong.gateways.exchange.fake_lists import FakeLists
from hutong.law.division_code import full
from hutong.registry.models import Child, Parent
from hutong.registry.models.change import Stage
from hutong.registry.queries import guardian_of

CLEAN_AGO, FAULTY_AGO = timedelta(9), timedelta(2)
FOLLOWED_AGO, SENTENCED_AGO, DIED_AGO = timedelta(6), timedelta(70), timedelta(20)
TERM = timedelta(1500)
FOLLOWED = (How.RECORDED, How.APPLIED, How.NAMESAKE, How.KNOWN, How.UNTRUE)
"""What became of the first leads of the clean list; the others wait."""
WORDS = {
    How.NAMESAKE: "身份证号录入有误，另有其人",
    How.KNOWN: "已在走访中掌握，材料正在补办",
    How.UNTRUE: "当事人在家，已上门核实",
}
WAITING = 3
"""How many families of the clean list wait: two are likely finds, of one the name differs."""


@dataclass(frozen=True)
class Family:
    """A family that departments can find (可匹配家庭): a child, father and mother with their numbers."""

    child: Child
    father: Parent
    mother: Parent


class Leads:
    """Whoever has departments give lists (虚构名单), by the verbs that officers use, as of the day `on`."""

    def __init__(self, people: Mapping[str, Person], *, on: date) -> None:
        self._people, self._on = people, on

    def give(self, opened: Sequence[Filed]) -> None:
        """Two lists for each county, what became of most leads, and the tasks that the night then finds."""
        for county in COUNTIES:
            families = _families([filed[0] for filed in opened if fits(filed, county, "left_behind")])
            if families:
                self._give_clean(families, county)
                self._give_faulty(families[-2:], county)
        find_unapplied(on=self._on)

    def _give_clean(self, families: Sequence[Family], county: str) -> None:
        given, sentenced = FakeLists("prison"), self._on - SENTENCED_AGO
        for at, one in enumerate(families):
            name = f"{one.father.name[0]}某" if at == len(FOLLOWED) else one.father.name
            given.say("imprisoned", name, _number(one.father), from_on=sentenced, until_on=sentenced + TERM)
        self._take(given, county, on=self._on - CLEAN_AGO)
        for one, how in zip(families, FOLLOWED, strict=False):
            self._follow(Lead.objects.get(child=one.child, whose="father"), one, how)

    def _give_faulty(self, families: Sequence[Family], county: str) -> None:
        given, died_on = FakeLists("funeral"), self._on - DIED_AGO
        for one in families:
            given.say("dead", one.mother.name, _number(one.mother), died_on=died_on)
            given.say("dead", one.mother.name, _number(one.mother), died_on=died_on)
            given.say("dead", one.father.name, _number(one.father)[:-1], died_on=died_on)
            given.say("dead", one.father.name, _number(one.father), died_on=self._on)
            given.say("dead", "", _number(one.father), died_on=died_on)
        self._take(given, county, on=self._on - FAULTY_AGO)

    def _take(self, given: FakeLists, county: str, *, on: date) -> None:
        officer = self._people[username("county_officer", county)]
        said = replace(given.given(on=on), given_by="值班民警")
        take_list(by=officer, division_code=full(county), given=said, on=on)

    def _follow(self, lead: Lead, family: Family, how: How) -> None:
        child, on = family.child, self._on - FOLLOWED_AGO
        by = self._people[username("township_supervisor", child.responsible_code[:9])]
        if how == How.APPLIED:
            begin_application(by=by, child=child, category="de_facto", applicant=_applicant(child), on=on)
        elif how == How.RECORDED:
            fact = said_in(lead).fact
            values = {"kind": fact.kind, "parent": family.father, "from_on": fact.from_on, "until_on": fact.until_on}
            record_lead(by=by, lead=lead, values=values, revision=child.revision, reason="happened", on=on)
        else:
            close_lead(by=by, lead=lead, how=how, words=WORDS[how], on=on)


def _applicant(child: Child) -> Applicant:
    guardian = guardian_of(child)
    return Applicant("guardian", guardian.name, guardian.relation) if guardian else Applicant("village", "村委会")


def _number(parent: Parent) -> str:
    return parent.id_number.open() if parent.id_number else ""


def _families(numbers: Sequence[int]) -> list[Family]:
    """Children for whom nobody has applied and nothing waits, whose parents have numbers and nothing holds of them."""
    free = Child.objects.filter(pk__in=numbers, canonical__isnull=True, joined_files__isnull=True)
    free = free.exclude(changes__stage=Stage.PROPOSED).exclude(pk__in=Application.objects.values("child"))
    found, seen = [], set[str]()
    for child in free.order_by("-pk").prefetch_related("parent_set__circumstances", "guardians"):
        parents = {one.role: one for one in child.parent_set.all() if one.id_number and not one.circumstances.all()}
        father, mother = parents.get("father"), parents.get("mother")
        if father and mother and (number := _number(father)) not in seen:
            seen.add(number)
            found.append(Family(child, father, mother))
        if len(found) == len(FOLLOWED) + WAITING:
            break
    return found
