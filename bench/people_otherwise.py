"""The second generator of the linkage benchmark: other families, other offices, other mistakes.

Three offices that know different things. A school has names from the household register and many guardians. A village
writes down what it hears, seldom has numbers, and knows birthdays roughly. A clinic has numbers, and old telephones.
Cousins of one clan live in one village and share a character; a children's home shares guardian and telephone.
"""

from datetime import date, timedelta
from random import Random

from bench import invented
from bench.people import Child, Labelled, Office, Village, misread_date, shuffled
from hutong.registry.linkage.record import Record

HOME, CLAN = 0.02, 0.25


class Clans(Village):
    """Families of clans (宗族家庭): a village has few surnames, and a generation one character."""

    def family(self) -> list[Child]:
        """One family's children; now and then those of a children's home, or cousins of the family before."""
        children = super().family()
        draw = self.chance.random()
        if draw < HOME:
            return [self._in_a_home(child) for child in children + super().family()]
        if draw < CLAN and "·" not in children[0].name:
            cousins = [self._cousin(children[0]) for _ in range(self.chance.randrange(1, 4))]
            return list({child.name: child for child in [*cousins, *children]}.values())
        return children

    def _in_a_home(self, child: Child) -> Child:
        home = child.family // 1000  # one home for a thousand families
        code = self.codes[home * 37 % len(self.codes)]
        return child._replace(village=code, guardian="儿童福利院", phone=f"1549{home:07d}")

    def _cousin(self, other: Child) -> Child:
        sex = self.chance.choice("12")
        name = other.name[:2] + invented.pick(self.chance, invented.LAST_WEIGHED[sex])
        born = other.born + timedelta(days=self.chance.randrange(-700, 700))
        guardian = other.name[0] + invented.given_name(self.chance, "2")
        number = self.number(other.number[2:6], born, sex)
        self.families += 1
        return Child(name, sex, born, number, other.village, guardian, self.phone(), self.families)


class School(Office):
    """A school (学校): the household register's names; who looks after a child is often another."""

    def name(self, child: Child) -> str:
        """Typed from a paper."""
        if "·" in child.name:
            return self._one_of(child.name, (0.3, invented.other_writing))
        return self._one_of(child.name, (0.03, invented.by_eye), (0.02, invented.by_ear), (0.01, invented.old_form))

    def id_number(self, child: Child) -> str:
        """Often not collected."""
        return self._one_of(child.number, (0.3, lambda chance, number: ""), (0.03, invented.one_wrong_digit))

    def born(self, born: date) -> date | None:
        """As on the paper."""
        return misread_date(self.chance, born) if self.chance.random() < 0.015 else born


class Notebook(Office):
    """A village's notebook (村记录本): by ear, without numbers, birthdays roughly."""

    def name(self, child: Child) -> str:
        """What was heard."""
        if "·" in child.name:
            return self._one_of(child.name, (0.7, invented.other_writing))
        return self._one_of(
            child.name,
            (0.16, invented.by_ear),
            (0.03, lambda chance, name: invented.by_ear(chance, invented.by_ear(chance, name))),
            (0.02, invented.one_fewer),
            (0.01, invented.turned),
            (0.02, lambda chance, name: name[0] + invented.given_name(chance, child.sex)),
        )

    def id_number(self, child: Child) -> str:
        """Seldom."""
        return self._one_of(
            child.number,
            (0.65, lambda chance, number: ""),
            (0.03, invented.one_wrong_digit),
            (0.02, invented.two_turned),
            (0.02, invented.one_digit_fewer),
        )

    def born(self, born: date) -> date | None:
        """The lunar day for the solar one, the first of the month, day and month changed."""
        draw = self.chance.random()
        if draw < 0.05:
            return born - timedelta(days=self.chance.randrange(18, 50))
        if draw < 0.09:
            return born.replace(day=1)
        if draw < 0.11:
            return born.replace(month=1, day=1)
        if draw < 0.14 and born.day <= 12:
            return born.replace(month=born.day, day=born.month)
        return None if draw < 0.17 else born

    def place(self, village: str) -> str:
        """Its own village, for those who live there."""
        return village if self.chance.random() < 0.97 else self.chance.choice(self.village.codes)


class Clinic(Office):
    """A clinic (卫生院): numbers are there; names in letters at times, places and telephones of years ago."""

    def name(self, child: Child) -> str:
        """Typed from a card, or by a machine that knows no characters."""
        if "·" in child.name:
            return self._one_of(child.name, (0.5, invented.other_writing), (0.1, invented.in_letters))
        return self._one_of(child.name, (0.03, invented.in_letters), (0.04, invented.by_ear), (0.02, invented.old_form))

    def id_number(self, child: Child) -> str:
        """Typed from a card."""
        return self._one_of(
            child.number,
            (0.1, lambda chance, number: ""),
            (0.04, invented.one_wrong_digit),
            (0.02, invented.two_turned),
        )

    def place(self, village: str) -> str:
        """Where they lived."""
        return self.chance.choice(self.village.codes) if self.chance.random() < 0.2 else village

    def phone(self, number: str) -> str:
        """What it was."""
        return self._one_of(number, (0.4, lambda chance, old: self.village.phone()), (0.1, lambda chance, old: ""))


def listed_otherwise(size: int, *, seed: int) -> Labelled:
    """`size` records in no order, of children whom one, two or three of the offices list."""
    chance = Random(seed)
    village = Clans(chance, long_names=0.05, twins=0.03, siblings=0.45)
    offices = (School(village), Notebook(village), Clinic(village))
    found: list[tuple[Record, int]] = []
    child_at = 0
    while len(found) < size:
        for child in village.family():
            child_at += 1
            for office in chance.sample(offices, chance.choices((1, 2, 3), (70, 22, 8))[0]):
                found.append((office.record(child, ""), child_at))
    return shuffled(found[:size], chance)
