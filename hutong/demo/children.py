"""Invented children (虚构儿童): what is said of each, in the words of the workbook, and what each holds since when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from hutong.demo.families import Families, Family
from hutong.demo.kinds import BASES, EXTRAS, FORMER, IN_INSTITUTION, PAID, SURVEYED, age_weights
from hutong.demo.people import Invention
from hutong.demo.places import Places, Village
from hutong.law.calendar import age_on, born_after
from hutong.law.categories import CATEGORIES, age_limit
from hutong.law.division_code import responsible
from hutong.law.identity import Sex

EARLIEST = date(2019, 3, 1)
SURVEY = (date(2024, 5, 6), date(2024, 11, 29))  # 流动儿童和留守儿童监测摸排
HALF_A_YEAR = timedelta(days=184)
FEATURED_COUNTIES = ("640121", "640122")
TURNING_18_DAYS = 60
AWAY_KINDS = ("orphan_kin", "de_facto")
OFFICE_OPENS, OFFICE_SECONDS = time(8, 30), 9 * 3600
SIBLINGS = (52, 34, 14)  # how many of a hundred families have one, two, three children in the register
TWINS = 0.02
WORDS_FOR_NO_ID = {"abandoned": "弃婴", "newborn": "出生未登记", "pending": "户口待办", "abroad": "境外或无国籍"}


@dataclass(frozen=True, slots=True)
class Holding:
    """A category held (类别持有) from a day, perhaps until a day."""

    category: str
    from_on: date
    until_on: date | None = None
    basis: str = ""
    decision_number: str = ""


@dataclass(slots=True)
class InventedChild:
    """A child (儿童) before it has a file: `said` by the workbook's column codes, as the intake keeps it."""

    said: dict[str, str]
    born: date
    responsible_code: str
    registered_at: datetime
    family: Family
    holdings: list[Holding] = field(default_factory=list)
    closed_on: date | None = None
    closed_reason: str = ""

    @property
    def categories(self) -> frozenset[str]:
        """The categories it holds on the day."""
        return frozenset(holding.category for holding in self.holdings if holding.until_on is None)


class Children:
    """Whoever makes up children (虚构儿童), family by family, of the day `on`."""

    def __init__(self, invention: Invention, places: Places, *, on: date, province: str) -> None:
        self._invention, self._places, self._on, self._province = invention, places, on, province
        self._random = invention.random
        self._families = Families(invention, places, on=on)

    def of_kind(self, kind: str, count: int, villages: Sequence[Village] | None = None) -> Iterator[InventedChild]:
        """So many children of a kind; where `villages` are given, living there."""
        while count > 0:
            living = self._random.choice(villages) if villages else None
            for child in self._siblings(self._families.found(kind, living), most=count):
                count -= 1
                yield child

    def _siblings(self, family: Family, *, most: int) -> Iterator[InventedChild]:
        wanted = 1 if family.kind in IN_INSTITUTION else self._random.choices((1, 2, 3), SIBLINGS)[0]
        births = self._births(family, min(wanted, most))
        family.guardian = family.guardian or self._families.guardian(family, births[0])
        names: set[str] = set()
        for born in births:
            child = self._child(family, born, names)
            names.add(child.said["name"])
            yield child

    def _births(self, family: Family, wanted: int) -> list[date]:
        """Birth dates from the eldest to the youngest, all of an age the kind allows."""
        newest = self._on - timedelta(days=240 if family.kind in SURVEYED else 40)
        births = [min(self._eldest_born(family), newest)]
        while len(births) < wanted:
            is_twin = self._random.random() < TWINS
            born = births[-1] + timedelta(days=0 if is_twin else self._random.randint(390, 1700))
            if born > newest:
                break
            births.append(born)
        return births

    def _eldest_born(self, family: Family) -> date:
        weights = age_weights(family.kind)
        age = self._random.choices(range(len(weights)), weights)[0]
        first, last = born_after(age + 1, self._on), born_after(age, self._on) - timedelta(days=1)
        is_featured = family.registered[:6] in FEATURED_COUNTIES
        if age == age_limit(self._on) - 1 and family.kind in PAID and is_featured:
            last = first + timedelta(days=TURNING_18_DAYS - 1)
        return self._invention.day_between(first, last)

    def _child(self, family: Family, born: date, taken: set[str]) -> InventedChild:
        sex = self._invention.sex()
        said = {"name": self._name(family, sex, born, taken), "sex": str(sex), "birth_date": born.isoformat()}
        said |= {"ethnic_group": family.ethnic_group} | self._identity(family, sex, born)
        said |= {"registered_division": family.registered, "living_division": family.living.code}
        said |= {"living_address": family.address} | family.guardian
        categories = self._categories(family, born)
        place = responsible(
            stated="",
            registered=family.registered,
            living=family.living.code,
            categories=frozenset(categories),
            province=self._province,
        )
        begun, registered_on = self._days(family.kind, born)
        child = InventedChild(said, born, place, self._moment(registered_on), family)
        child.holdings += self._holdings(categories, begun, place)
        child.holdings += self._former(family.kind, born, begun)
        return child

    def _name(self, family: Family, sex: Sex, born: date, taken: set[str]) -> str:
        while True:
            name = self._invention.name(family.surname, sex=sex, born=born, ethnic_group=family.ethnic_group)
            if name not in taken:
                return name

    def _identity(self, family: Family, sex: Sex, born: date) -> dict[str, str]:
        age = age_on(born, self._on)
        risk = 0.09 if age == 0 else 0.035 if age < 3 else 0.011
        if self._random.random() < (0.6 if family.kind == "abandoned" else risk * family.gaps):
            return {"no_id_reason": WORDS_FOR_NO_ID[self._why_no_id(family.kind, age)]}
        return {"id_number": self._invention.id_number(region=family.registered, born=born, sex=sex)}

    def _why_no_id(self, kind: str, age: int) -> str:
        if kind in IN_INSTITUTION:
            return "abandoned"
        weights = (60, 34, 6) if age < 3 else (12, 80, 8)
        return self._random.choices(("newborn", "pending", "abroad"), weights)[0]

    def _categories(self, family: Family, born: date) -> list[str]:
        """The kind first; then what else applies."""
        found = [family.kind]
        is_away = family.registered[:6] != family.living.county
        if is_away and family.kind in AWAY_KINDS and age_on(born, self._on) < age_limit(self._on, "migrant"):
            found.append("migrant")
        for extra, likelihood in EXTRAS.get(family.kind, {}).items():
            if self._random.random() < likelihood:
                found.append(extra)
        return found

    def _days(self, kind: str, born: date) -> tuple[date, date]:
        """Since when the kind holds, and when the child was registered."""
        if kind not in SURVEYED:
            begun = self._invention.day_between(max(EARLIEST, born + timedelta(days=5)), self._on - timedelta(days=20))
            return begun, self._invention.day_between(begun, begun + timedelta(days=18))
        last = self._on - HALF_A_YEAR - timedelta(days=14)
        begun = self._invention.day_between(max(EARLIEST, born + timedelta(days=30)), last)
        settled = begun + HALF_A_YEAR  # 连续 6 个月以上
        if settled < SURVEY[1] and self._random.random() < 0.65:
            return begun, self._invention.day_between(max(SURVEY[0], settled), SURVEY[1])
        return begun, self._invention.day_between(settled, self._on - timedelta(days=1))

    def _moment(self, on: date) -> datetime:
        """A moment of a day, in office hours."""
        opens = datetime.combine(on, OFFICE_OPENS, ZoneInfo(settings.TIME_ZONE))
        return opens + timedelta(seconds=self._random.randrange(OFFICE_SECONDS))

    def _holdings(self, categories: list[str], begun: date, place: str) -> Iterator[Holding]:
        for at, category in enumerate(categories):
            from_on = begun if at == 0 else self._invention.day_between(begun, self._on - timedelta(days=6))
            if CATEGORIES[category].paid:
                yield Holding(category, from_on, None, "县级认定", self._decision(place, from_on))
            else:
                yield Holding(category, from_on, None, BASES[category])

    def _decision(self, place: str, on: date) -> str:
        county = self._places.names[f"{place[:6]}000000"]
        return f"{county[0]}民福〔{on.year}〕{self._random.randint(1, 420)}号"

    def _former(self, kind: str, born: date, begun: date) -> Iterator[Holding]:
        """Now and then what the child was before: history that has ended."""
        earliest = max(EARLIEST, born + timedelta(days=30))
        if kind in FORMER and begun - earliest > 2 * HALF_A_YEAR and self._random.random() < 0.08:
            from_on = self._invention.day_between(earliest, begun - HALF_A_YEAR)
            yield Holding(FORMER[kind], from_on, begun - timedelta(days=1), BASES[FORMER[kind]])
