"""A child with a complicated family, for the pages of its file; every closed value is one of its own."""

from dataclasses import dataclass
from datetime import date

from hutong.law.identity import Sex
from hutong.registry.actions.paying import set_payee
from hutong.registry.models import Child, Circumstance, HealthFact, HouseholdMember, Parent
from hutong.treasury.actions.payees import Holder
from hutong.treasury.models import PayeeKind
from tests import factories as make
from tests import facts

ADDRESS, PHONE, MOTHERS_PHONE = "闽宁镇福宁村三组十七号", "13900011122", "13900033344"
NOTE, HEALTH, SECRET, CARD = "母亲服刑地不便说", "每月须到医院复诊", "须按时服药不得外传", "6217000010000000005"
CLOSED = (ADDRESS, PHONE, MOTHERS_PHONE, NOTE, HEALTH, SECRET, CARD)


@dataclass(frozen=True)
class Family:
    """The child and the rows around it."""

    child: Child
    mother: Parent
    prison: Circumstance
    disability: Circumstance
    health: HealthFact
    grandmother: HouseholdMember

    @property
    def closed(self) -> list[str]:
        """What stands in no page before somebody has had it shown."""
        numbers = [self.child.id_number, self.mother.id_number, self.disability.certificate]
        return [*CLOSED, *(number.open() for number in numbers)]


def family(**more) -> Family:
    """A child in want of much: grandmother, mother in prison, father unknown, disability, school, health, money."""
    child = make.child(address=ADDRESS, guardian={"phone": PHONE}, holdings=["orphan_kin", "disability"], **more)
    mother = facts.parent(child, from_on=date(2022, 1, 1), id_number=make.id_number(), phone=MOTHERS_PHONE)
    facts.parent(child, "father", is_unknown=True)
    prison = facts.circumstance(mother, note=NOTE)
    certificate = make.id_number(child.birth_date, Sex(child.sex)) + "13"
    disability = facts.disability(child, certificate=certificate)
    health = facts.health(child, words=HEALTH)
    facts.health(child, kind="other", sensitivity="secret", words=SECRET)
    facts.study(child)
    facts.aid(child)
    household = facts.household()
    facts.member(household, child=child, from_on=make.ON)
    grandmother = facts.member(household)
    paid(child)
    child.refresh_from_db()
    return Family(child, mother, prison, disability, health, grandmother)


def paid(child: Child) -> None:
    """The grandmother is paid for the child, on a card."""
    set_payee(
        by=make.person("county_officer"), child=child, holder=Holder(PayeeKind.PERSON, "柳桂兰", make.id_number(), ""),
        card=CARD, bank_name="黄河农村商业银行", is_sure=True, revision=child.revision, reason="happened", on=make.ON,
    )  # fmt: skip
