"""Families (家庭): where brothers and sisters live, where they come from, and who looks after them."""

from dataclasses import dataclass, field
from datetime import date

from hutong.demo.kinds import IN_INSTITUTION, PAID
from hutong.demo.people import HAN, HUI, Invention
from hutong.demo.places import FEATURED_TOWNSHIP, SHARES, Places, Village
from hutong.law.calendar import born_after
from hutong.law.categories import age_limit
from hutong.law.identity import Sex

HUI_FROM_BEYOND = 0.15
FEW_OTHERS = {"11": 30, "02": 25, "26": 20, "05": 8, "04": 6, "30": 6, "35": 5, "47": 3}
OTHERS = 0.012
AWAY = 0.05  # of orphans and de facto children, how many live with kin in another county

GUARDIANS = {
    "left_behind": {"61": 24, "62": 44, "63": 5, "64": 13, "81": 3, "83": 4, "86": 2, "88": 2, "90": 3},
    "migrant": {"51": 45, "52": 52, "61": 1, "62": 2},
    "de_facto": {"61": 30, "62": 38, "63": 6, "64": 9, "81": 5, "83": 5, "85": 3, "90": 2, "75": 2},
    "orphan_kin": {"61": 22, "62": 30, "63": 7, "64": 9, "81": 9, "83": 8, "85": 5, "88": 3, "90": 4, "71": 2, "75": 1},
    "harmed": {"61": 40, "62": 60},
} | {kind: {"99": 1} for kind in IN_INSTITUTION}
GUARDIANS_AT_HOME = {"51": 35, "52": 50, "61": 5, "62": 10}
OLDER_BY = {
    "51": (20, 36), "52": (19, 34), "61": (44, 66), "62": (43, 64), "63": (44, 66), "64": (43, 64), "81": (24, 44),
    "83": (16, 32), "85": (18, 40), "86": (18, 40), "88": (18, 40), "90": (18, 42), "99": (22, 44),
}  # fmt: skip
MEN = frozenset({"51", "61", "63", "71", "81", "83", "85"})
OF_THE_FATHERS_NAME = frozenset({"51", "61", "71", "75", "81", "83", "90"})
OF_THE_MOTHERS_NAME = frozenset({"52", "63", "85", "88"})
WITHOUT_PHONE, WITHOUT_NUMBER = 0.05, 0.06
FEATURED_GAPS = 1.8  # in the township that is shown first more is left to do


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution (福利机构) in which children live: a name, a county, its part of them."""

    name: str
    county: str
    share: int


INSTITUTIONS = (
    Institution("宁夏儿童福利院", "640105", 70),
    Institution("石嘴山市儿童综合服务中心", "640202", 8),
    Institution("吴忠市儿童综合服务中心", "640302", 8),
    Institution("固原市儿童综合服务中心", "640402", 8),
    Institution("中卫市儿童综合服务中心", "640502", 6),
)
CARERS = 12  # per institution


@dataclass(slots=True)
class Family:
    """A family (家庭): what its children have in common; `guardian` by the workbook's column codes."""

    kind: str
    living: Village
    registered: str
    address: str
    ethnic_group: str
    surname: str
    mothers_surname: str
    guardian: dict[str, str] = field(default_factory=dict)

    @property
    def gaps(self) -> float:
        """How much more than elsewhere is missing from the records."""
        return FEATURED_GAPS if self.living.code.startswith(FEATURED_TOWNSHIP) else 1


class Families:
    """Whoever makes up families (虚构家庭), of the day `on`."""

    def __init__(self, invention: Invention, places: Places, *, on: date) -> None:
        self._invention, self._places, self._on = invention, places, on
        self._random = invention.random
        self._houses = {institution: self._house(institution) for institution in INSTITUTIONS}

    def found(self, kind: str, living: Village | None = None) -> Family:
        """A family of a kind, without its guardian; where `living` is given, in that village."""
        if kind in IN_INSTITUTION and living is None:
            return self._in_institution(kind)
        living, registered = self._dwelling(kind, living)
        group = self._ethnic_group(registered)
        surname, mothers = self._invention.surname(group), self._invention.surname(group)
        return Family(kind, living, registered, self._address(living), group, surname, mothers)

    def _dwelling(self, kind: str, living: Village | None) -> tuple[Village, str]:
        chance = self._random.random()
        if kind == "migrant":
            living = living or self._places.urban(self._random)
            return living, self._places.home_of_migrants(living, self._random)
        if kind in PAID and living is None and chance < AWAY:
            living = self._places.urban(self._random)
            return living, self._places.home_of_migrants(living, self._random)
        if living is None:
            is_urban = chance > 0.8 and kind != "left_behind"
            living = self._places.urban(self._random) if is_urban else self._places.rural(self._random)
        if kind == "left_behind" and chance < 0.05:
            neighbours = self._places.within(living.code[:9])
            return living, self._random.choice(neighbours).code
        return living, living.code

    def _in_institution(self, kind: str) -> Family:
        weights = [institution.share for institution in INSTITUTIONS]
        institution = self._random.choices(INSTITUTIONS, weights)[0]
        village, carers = self._houses[institution]
        is_registered_there = self._random.random() < 0.6
        registered = village.code if is_registered_there else self._places.rural(self._random).code
        group = self._ethnic_group(registered)
        surname = self._invention.surname(group)
        return Family(kind, village, registered, institution.name, group, surname, surname, self._random.choice(carers))

    def _house(self, institution: Institution) -> tuple[Village, list[dict[str, str]]]:
        village = next(village for village in self._places.within(institution.county) if not village.is_rural)
        house = Family("orphan_institution", village, village.code, institution.name, HAN, "", "")
        carers = []
        for _ in range(CARERS):
            house.surname = self._invention.surname(HAN)
            carers.append(self.guardian(house, date(2012, 6, 1)) | {"guardian_phone": self._invention.phone()})
        return village, carers

    def _ethnic_group(self, registered: str) -> str:
        if self._random.random() < OTHERS:
            return self._random.choices(list(FEW_OTHERS), list(FEW_OTHERS.values()))[0]
        share = SHARES.get(registered[:6])
        return HUI if self._random.random() < (share.hui if share else HUI_FROM_BEYOND) else HAN

    def _address(self, living: Village) -> str:
        draw = self._random.randint
        if living.is_rural:
            return f"{draw(1, 9)}组{draw(1, 120)}号"
        return f"{draw(1, 28)}号楼{draw(1, 4)}单元{draw(1, 6)}0{draw(1, 4)}室"

    def guardian(self, family: Family, eldest_born: date) -> dict[str, str]:
        """Who looks after the family's children, the eldest of whom was born on a day."""
        choices = GUARDIANS.get(family.kind, GUARDIANS_AT_HOME)
        relation = self._random.choices(list(choices), list(choices.values()))[0]
        sex = Sex.MALE if relation in MEN or (relation == "99" and self._random.random() < 0.15) else Sex.FEMALE
        born = self._guardian_born(relation, eldest_born)
        surname = self._guardian_surname(relation, family)
        said = {
            "guardian_name": self._invention.name(surname, sex=sex, born=born, ethnic_group=family.ethnic_group),
            "guardian_relation": relation,
        }
        if self._random.random() >= WITHOUT_NUMBER:
            said["guardian_id_number"] = self._invention.id_number(region=family.registered, born=born, sex=sex)
        if self._random.random() >= WITHOUT_PHONE * family.gaps:
            said["guardian_phone"] = self._invention.phone()
        return said

    def _guardian_born(self, relation: str, eldest_born: date) -> date:
        if relation in ("71", "75"):  # an elder brother or sister, of age
            adult = born_after(age_limit(self._on) + 1, self._on)
            return self._invention.day_between(adult.replace(year=adult.year - 8, day=1), min(adult, eldest_born))
        years = self._random.randint(*OLDER_BY[relation])
        return date(eldest_born.year - years, self._random.randint(1, 12), self._random.randint(1, 28))

    def _guardian_surname(self, relation: str, family: Family) -> str:
        if relation in OF_THE_FATHERS_NAME:
            return family.surname
        if relation in OF_THE_MOTHERS_NAME:
            return family.mothers_surname
        return self._invention.surname(family.ethnic_group)
