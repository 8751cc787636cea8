"""Invented children as several offices list them, labelled: the first generator of the linkage benchmark.

Families live in villages; brothers and sisters share guardian, telephone and village, twins the birth date too. A
second or third record of a child was typed anew elsewhere, and some of it has changed since.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from bench import invented
from hutong.divisions.reference import listed
from hutong.law.division_code import Level
from hutong.law.identity import check_character
from hutong.registry.linkage.record import Record

FIRST_BIRTH, DAYS = date(2008, 12, 1), 6500
TWINS, SIBLINGS = 0.015, 0.30


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labelled records (已标注记录): `children` tells whose each record is."""

    records: list[Record]
    children: list[int]

    def pairs(self) -> set[tuple[int, int]]:
        """The places of every two records of one child, the smaller first."""
        of_child: dict[int, list[int]] = {}
        for at, child in enumerate(self.children):
            of_child.setdefault(child, []).append(at)
        return {(a, b) for places in of_child.values() for a in places for b in places if a < b}


class Child(NamedTuple):
    """A child as it is (真实儿童)."""

    name: str
    sex: str
    born: date
    number: str
    village: str
    guardian: str
    phone: str
    family: int


def villages() -> list[str]:
    """The codes of Ningxia's villages."""
    return [line.code for line in listed("64") if line.level == Level.VILLAGE]


@dataclass
class Village:
    """Whoever makes up families (虚构家庭): one source of chance, no ID number twice."""

    chance: Random
    codes: list[str] = field(default_factory=villages)
    long_names: float = 0.012
    twins: float = TWINS
    siblings: float = SIBLINGS
    numbers: set[str] = field(default_factory=set)
    families: int = 0

    def family(self) -> list[Child]:
        """One family's children, the eldest first."""
        self.families += 1
        chance = self.chance
        surname, village, phone = (
            invented.pick(chance, invented.SURNAMES_WEIGHED),
            chance.choice(self.codes),
            self.phone(),
        )
        guardian = (surname if chance.random() < 0.5 else invented.pick(chance, invented.SURNAMES_WEIGHED)) + (
            invented.given_name(chance, chance.choice("12"))
        )
        region = village[2:6] if chance.random() < 0.85 else chance.choice(self.codes)[2:6]
        shared = ""
        children: list[Child] = []
        for born in self._births():
            sex = "1" if chance.random() < 0.52 else "2"
            name = self.name(surname, sex, shared if chance.random() < 0.5 else "")
            is_twin = bool(children) and children[-1].born == born
            if is_twin:
                name = self.twin_name(children[-1].name, surname, sex)
            while name in {child.name for child in children}:
                name = self.name(surname, sex, "")
            shared = name[len(surname)]
            number = self.number(region, born, sex)
            children.append(Child(name, sex, born, number, village, guardian, phone, self.families))
        return children

    def _births(self) -> list[date]:
        chance = self.chance
        births = [FIRST_BIRTH + timedelta(days=chance.randrange(DAYS))]
        while chance.random() < self.siblings and len(births) < 4:
            later = births[-1] + timedelta(days=chance.randrange(330, 2200))
            if later <= FIRST_BIRTH + timedelta(days=DAYS):
                births.append(later)
        return [day for born in births for day in [born] * (2 if chance.random() < self.twins else 1)]

    def name(self, surname: str, sex: str, shared: str) -> str:
        """A name; `shared` is the character that brothers and sisters have in common."""
        chance = self.chance
        draw = chance.random()
        if draw < self.long_names / 3:
            own = chance.choice(invented.UYGUR[sex])
            return f"{own}·{chance.choice(invented.UYGUR['1'])}"
        if draw < self.long_names:
            return f"{surname}·{chance.choice(invented.HUI[sex])}"
        given = invented.given_name(chance, sex)
        return surname + (shared + given[-1] if shared and len(given) == 2 and shared != "·" else given)

    def twin_name(self, other: str, surname: str, sex: str) -> str:
        """A twin's name: most often one character different."""
        chance = self.chance
        if "·" in other or len(other) - len(surname) < 2 or chance.random() < 0.25:
            return self.name(surname, sex, "")
        if chance.random() < 0.8:
            return other[:-1] + invented.pick(chance, invented.LAST_WEIGHED[sex])
        return surname + invented.pick(chance, invented.FIRST_WEIGHED[sex]) + other[-1]

    def number(self, region: str, born: date, sex: str) -> str:
        """A new ID number of nobody."""
        while True:
            serial = self.chance.randrange(150) * 2 + (sex == "1")
            body = f"99{region}{born:%Y%m%d}{serial:03d}"
            if body not in self.numbers:
                self.numbers.add(body)
                return body + check_character(body)

    def phone(self) -> str:
        """A telephone number that rings nowhere."""
        return f"154{self.chance.randrange(10**8):08d}"


class Office:
    """An office that lists children anew (登记单位), with its slips and with what has changed since."""

    def __init__(self, village: Village) -> None:
        self.village, self.chance = village, village.chance

    def _one_of(self, value: str, *slips: tuple[float, Callable[[Random, str], str]]) -> str:
        draw = self.chance.random()
        for share, slip in slips:
            draw -= share
            if draw < 0:
                return slip(self.chance, value)
        return value

    def record(self, child: Child, key: str) -> Record:
        """One child as this office has it."""
        chance = self.chance
        return Record(
            key,
            self.name(child),
            "" if chance.random() < 0.01 else child.sex if chance.random() > 0.005 else "12"[child.sex == "1"],
            self.born(child.born),
            self.id_number(child),
            self.place(child.village),
            self.guardian(child.guardian),
            self.phone(child.phone),
        )

    def name(self, child: Child) -> str:
        """The name, now and then written otherwise."""
        if "·" in child.name:
            return self._one_of(child.name, (0.5, invented.other_writing))
        return self._one_of(
            child.name,
            (0.035, invented.by_ear),
            (0.01, invented.by_eye),
            (0.01, invented.old_form),
            (0.005, invented.one_fewer),
            (0.004, invented.turned),
            (0.003, invented.in_letters),
            (0.005, lambda chance, name: invented.pick(chance, invented.SURNAMES_WEIGHED) + name[1:]),
            (0.006, lambda chance, name: name[0] + invented.given_name(chance, child.sex)),
        )

    def born(self, born: date) -> date | None:
        """The birth date, now and then wrong."""
        draw = self.chance.random()
        if draw < 0.01:
            return None
        if draw < 0.02 and born.day <= 12:
            return born.replace(month=born.day, day=born.month)
        if draw < 0.04:
            return misread_date(self.chance, born)
        if draw < 0.05:
            return born.replace(month=self.chance.choice([1, born.month]), day=1)
        if draw < 0.058:
            return born + timedelta(days=self.chance.choice([-1, 1, -30, -365, 365, 29]))
        return born

    def id_number(self, child: Child) -> str:
        """The ID number, often missing, now and then wrong."""
        return self._one_of(
            child.number,
            (0.12, lambda chance, number: ""),
            (0.025, invented.one_wrong_digit),
            (0.01, invented.two_turned),
            (0.005, invented.one_digit_fewer),
            (0.002, lambda chance, number: self.village.number(number[2:6], child.born, child.sex)),
        )

    def place(self, village: str) -> str:
        """Where the child lives; some have moved."""
        draw = self.chance.random()
        if draw < 0.06:
            return self.chance.choice(self.village.codes)
        if draw < 0.12:
            near = [code for code in self.village.codes[:: self.chance.randrange(3, 9)] if code[:6] == village[:6]]
            return self.chance.choice(near or [village])
        return "" if draw < 0.14 else village

    def guardian(self, name: str) -> str:
        """Who looks after the child; some have changed."""
        return self._one_of(
            name,
            (
                0.10,
                lambda chance, old: invented.pick(chance, invented.SURNAMES_WEIGHED) + invented.given_name(chance, "2"),
            ),
            (0.05, lambda chance, old: ""),
            (0.03, invented.by_ear),
            (0.01, invented.by_eye),
        )

    def phone(self, number: str) -> str:
        """The telephone; many have another now."""
        return self._one_of(
            number,
            (0.20, lambda chance, old: self.village.phone()),
            (0.08, lambda chance, old: ""),
            (0.015, invented.one_wrong_digit),
            (0.005, invented.two_turned),
        )


def misread_date(chance: Random, born: date) -> date:
    """A date with one digit wrong; the date itself where that gives none."""
    for _ in range(20):
        try:
            return date.fromisoformat(_with_dashes(invented.one_wrong_digit(chance, f"{born:%Y%m%d}")))
        except ValueError:
            continue
    return born


def _with_dashes(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def listed_children(size: int, *, seed: int) -> Labelled:
    """`size` records in no order, of children a fifth of whom are listed more than once."""
    chance = Random(seed)
    village = Village(chance)
    office = Office(village)
    found: list[tuple[Record, int]] = []
    for at, child in enumerate(_children(village)):
        for _ in range(chance.choices((1, 2, 3), (80, 17, 3))[0]):
            found.append((office.record(child, ""), at))
        if len(found) >= size:
            break
    return shuffled(found[:size], chance)


def _children(village: Village) -> Iterator[Child]:
    while True:
        yield from village.family()


def shuffled(found: list[tuple[Record, int]], chance: Random) -> Labelled:
    """Records in no order, with keys."""
    chance.shuffle(found)
    records = [record._replace(key=f"r{at}") for at, (record, _) in enumerate(found)]
    return Labelled(records, [child for _, child in found])


def planted_pairs(pairs: int, *, seed: int) -> Labelled:
    """`pairs` pairs of different children, half of them twins and half namesakes, each child listed once."""
    chance = Random(seed)
    twins, apart = Village(chance, twins=1.0, siblings=0.0), Village(chance, twins=0.0, siblings=0.0)
    apart.numbers = twins.numbers
    office = Office(twins)
    found: list[tuple[Record, int]] = []
    for at in range(pairs):
        children = twins.family() if at % 2 else _namesakes(apart)
        found += [(office.record(child, ""), len(found) + place) for place, child in enumerate(children[:2])]
    return shuffled(found, chance)


def _namesakes(village: Village) -> list[Child]:
    """Two children of one name, born within a year or on one day, in two families."""
    one, other = village.family()[0], village.family()[0]
    days = village.chance.choice([0, 0, 1, 30, 365])
    born = one.born + timedelta(days=days)
    number = village.number(other.village[2:6], born, one.sex)
    return [one, other._replace(name=one.name, sex=one.sex, born=born, number=number)]
