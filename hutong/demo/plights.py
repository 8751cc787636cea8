"""Plights (情形): what holds of the parents of a family, so that it fits the category of its children."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hutong.law.circumstances import WITH_GRADE
from hutong.law.disability import CLASSES
from hutong.law.identity import Sex

BEFORE_BIRTH, LONG_AGO = timedelta(days=250), timedelta(days=2200)
SEARCHED = timedelta(days=190)  # 失联满 6 个月
REHAB, TWO_YEARS = timedelta(days=600), timedelta(days=730)
BY_ABSENCE = {
    Sex.MALE: {"imprisoned": 36, "out_of_contact": 20, "severe_disability": 22, "severe_illness": 10,
               "drug_rehab": 8, "guardianship_revoked": 4},
    Sex.FEMALE: {"imprisoned": 8, "out_of_contact": 50, "severe_disability": 22, "severe_illness": 12,
                 "drug_rehab": 3, "guardianship_revoked": 5},
}  # fmt: skip
"""Why a parent does not look after a child, by the parent's sex, and how often."""

DISABILITIES = {
    "visual": 12,
    "hearing": 8,
    "speech": 3,
    "physical": 30,
    "intellectual": 17,
    "mental": 25,
    "multiple": 5,
}
OF_MIND = frozenset({"intellectual", "mental"})
LEFT_BEHIND_WITHOUT_FATHER, LEFT_BEHIND_MOTHER_DISABLED = 0.03, 0.05
ONE_DEAD, DECLARED_MISSING, HARM_REVOKED, KNOWN_IN_INSTITUTION = 0.65, 0.08, 0.5, 0.3
UNKNOWN_KIN = 0.02


@dataclass(frozen=True, slots=True)
class Plight:
    """A circumstance (情形) from a day, perhaps until a day; class and grade where it is a disability."""

    kind: str
    from_on: date
    until_on: date | None = None
    reported_on: date | None = None
    notice_on: date | None = None
    disability_class: str = ""
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a family (家庭经过): since when the category holds, the youngest's birth, when it ended."""

    begun: date
    youngest: date
    restored_on: date | None = None


Plights = tuple[Plight, ...]
Parents = tuple[Plights | None, Plights | None]
"""What holds of father and mother; None: nobody knows who it is."""


class Misfortune:
    """Whoever draws the plights of parents (虚构情形) as of the day `on`."""

    def __init__(self, random: Random, *, on: date) -> None:
        self._random, self._on = random, on

    def of_parents(self, kind: str, course: Course) -> Parents:
        """What holds of father and mother of children of a kind."""
        match kind:
            case "orphan_kin":
                return self._orphan(course) if self._random.random() >= UNKNOWN_KIN else (None, None)
            case "orphan_institution":
                return self._orphan(course) if self._random.random() < KNOWN_IN_INSTITUTION else (None, None)
            case "de_facto":
                return self._unattended(course)
            case "abandoned":
                return None, None
            case "temporary_guardianship":
                return (None, self._absence(Sex.FEMALE, course))
            case "long_term_guardianship":
                return self._absence(Sex.MALE, course), self._absence(Sex.FEMALE, course)
            case "harmed":
                return self._harm(course), ()
            case "left_behind":
                return self._left_behind(course)
        return (), ()

    def _orphan(self, course: Course) -> Parents:
        father, mother = self._dead(Sex.MALE, course), self._dead(Sex.FEMALE, course)
        if self._random.random() < DECLARED_MISSING:
            return father, (replace(mother[0], kind="declared_missing"),)
        return father, mother

    def _unattended(self, course: Course) -> Parents:
        """One dead or missing and the other absent, or both absent (民发〔2019〕62号)."""
        father, mother = self._absence(Sex.MALE, course), self._absence(Sex.FEMALE, course)
        if self._random.random() >= ONE_DEAD:
            return father, mother
        is_missing = self._random.random() < DECLARED_MISSING
        gone = "declared_missing" if is_missing else "dead"
        if self._random.random() < 0.75:
            return (replace(self._dead(Sex.MALE, course)[0], kind=gone),), mother
        return father, (replace(self._dead(Sex.FEMALE, course)[0], kind=gone),)

    def _harm(self, course: Course) -> Plights:
        if self._random.random() < HARM_REVOKED:
            return (Plight("guardianship_revoked", self._between(course.begun, self._on)),)
        return ()

    def _left_behind(self, course: Course) -> Parents:
        """Both away at work; now and then one has died, or is at home and cannot look after the children."""
        chance = self._random.random()
        if chance < LEFT_BEHIND_WITHOUT_FATHER:
            return self._dead(Sex.MALE, course), ()
        if chance < LEFT_BEHIND_MOTHER_DISABLED:
            return (), (self.disability("severe_disability", course.begun - timedelta(days=300), course.begun),)
        return (), ()

    def _dead(self, sex: Sex, course: Course) -> tuple[Plight]:
        return (Plight("dead", self._between(_first(sex, course), course.begun)),)

    def _absence(self, sex: Sex, course: Course) -> Plights:
        choices = BY_ABSENCE[sex]
        kind = self._random.choices(list(choices), list(choices.values()))[0]
        found = self._absent(self._possible(kind, sex, course), sex, course)
        if course.restored_on:
            return (replace(found[-1], until_on=course.restored_on),)
        return found

    def _possible(self, kind: str, sex: Sex, course: Course) -> str:
        """The kind, or another where the days leave no room for it."""
        if kind == "out_of_contact" and course.begun - _first(sex, course) < SEARCHED:
            return "severe_illness"
        if kind == "drug_rehab" and course.begun < self._on - REHAB:
            return "imprisoned"
        return kind

    def _absent(self, kind: str, sex: Sex, course: Course) -> Plights:
        first, begun = _first(sex, course), course.begun
        if kind in WITH_GRADE:
            return (self.disability(kind, first, begun),)
        if kind == "out_of_contact":
            reported_on = self._between(first, begun - SEARCHED)
            return (Plight(kind, reported_on + SEARCHED, reported_on=reported_on),)
        from_on = self._between(first, begun)
        if kind == "drug_rehab":
            from_on = self._between(max(first, self._on - REHAB), begun)
            return (Plight(kind, from_on, from_on + TWO_YEARS),)
        if kind == "imprisoned":
            return self._prison(from_on)
        return (Plight(kind, from_on),)

    def _prison(self, from_on: date) -> Plights:
        """A term that runs, now and then nearly over, now and then after a stay in compulsory rehabilitation."""
        chance, draw = self._random.random(), self._random.randint
        until_on = self._on + timedelta(days=draw(5, 60) if chance < 0.12 else draw(120, 2500))
        term = Plight("imprisoned", from_on, until_on)
        if chance > 0.85:
            began = from_on - timedelta(days=draw(800, 1100))
            return Plight("drug_rehab", began, began + TWO_YEARS), term
        return (term,)

    def disability(self, kind: str, first: date, last: date) -> Plight:
        """A severe disability (重残) that was certified between two days."""
        disability_class = self._random.choices(list(DISABILITIES), list(DISABILITIES.values()))[0]
        grades = (1, 2, 2, 3, 4) if disability_class in OF_MIND else (1, 2, 2)
        grade = self._random.choice(grades)
        return Plight(kind, self._between(first, last), disability_class=disability_class, grade=grade)

    def lesser_disability(self, first: date, last: date) -> Plight:
        """A disability that is not severe (非重残)."""
        found = [code for code in CLASSES if code not in OF_MIND]
        disability_class, grade = self._random.choice(found), self._random.choice((3, 4))
        return Plight("disability", self._between(first, last), disability_class=disability_class, grade=grade)

    def _between(self, first: date, last: date) -> date:
        return first + timedelta(days=self._random.randint(0, max((last - first).days, 0)))


def _first(sex: Sex, course: Course) -> date:
    """The earliest day that leaves room for the youngest child, and not later than the category."""
    earliest = course.youngest - BEFORE_BIRTH if sex == Sex.MALE else course.youngest
    return min(max(earliest, course.begun - LONG_AGO), course.begun)
