"""Kinfolk (亲属): the parents of a family's children, and who lives with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from hutong.demo.children import FEATURED_COUNTIES, InventedChild
from hutong.demo.families import Family
from hutong.demo.kinds import IN_INSTITUTION, SURVEYED
from hutong.demo.people import Invention
from hutong.demo.plights import Course, Misfortune, Plights
from hutong.law.identity import Sex

TOGETHER = ("orphan_kin", "de_facto")
"""Kinds whose category began for all brothers and sisters on one day."""

AGES = {Sex.MALE: (20, 36), Sex.FEMALE: (19, 34)}
OWN_RELATION = {Sex.MALE: "51", Sex.FEMALE: "52"}
SPOUSES = {"61": "62", "62": "61", "63": "64", "64": "63"}
SEX_OF_SPOUSE = {"61": Sex.MALE, "62": Sex.FEMALE, "63": Sex.MALE, "64": Sex.FEMALE}
AT_HOME_WITH = frozenset({"severe_disability", "severe_illness"})
OUT_OF_REACH = frozenset({"dead", "declared_missing", "imprisoned", "drug_rehab", "out_of_contact"})
GONE = frozenset({"dead", "declared_missing"})
NUMBER_KNOWN, NUMBER_OF_THE_GONE, PHONE_KNOWN, SPOUSE_LIVES = 0.95, 0.82, 0.92, 0.6


@dataclass(frozen=True, slots=True)
class InventedParent:
    """A parent (父母): without a name it is unknown who it is."""

    sex: Sex
    name: str = ""
    id_number: str = ""
    phone: str = ""
    plights: Plights = ()

    def is_one_of(self, kinds: frozenset[str], *, on: date) -> bool:
        """Whether one of these kinds holds of the parent on a day."""
        return any(plight.kind in kinds and (plight.until_on or on) >= on for plight in self.plights)


@dataclass(slots=True)
class Kin:
    """Kin (一家人): the brothers and sisters with files, their parents, and who else lives with them by relation."""

    family: Family
    children: list[InventedChild]
    parents: list[InventedParent] = field(default_factory=list)
    members: list[tuple[str, str]] = field(default_factory=list)

    @property
    def heads(self) -> int:
        """How many live together."""
        return len(self.children) + len(self.members)


def families(children: Iterable[InventedChild]) -> list[Kin]:
    """Brothers and sisters together (按家庭归并), each family where its first child stands."""
    found: dict[int, Kin] = {}
    for child in children:
        found.setdefault(id(child.family), Kin(child.family, [])).children.append(child)
    return list(found.values())


def agree(children: Iterable[InventedChild]) -> None:
    """Siblings who lost their parents lost them on one day (同日认定); who is severely disabled is not less so too."""
    for kin in families(children):
        if kin.family.kind in TOGETHER and len(kin.children) > 1:
            _on_one_day(kin.children)
        for child in kin.children:
            if "severe_disability" in child.categories:
                child.holdings = [held for held in child.holdings if held.category != "disability"]


def _on_one_day(children: list[InventedChild]) -> None:
    last = max(children, key=lambda child: child.holdings[0].from_on)
    decided = last.holdings[0]
    for child in children:
        if child is not last:
            moved = replace(child.holdings[0], from_on=decided.from_on, decision_number=decided.decision_number)
            child.holdings[0], child.registered_at = moved, last.registered_at


class Kinfolk:
    """Whoever makes up parents and households (虚构父母与家庭户), of the day `on`."""

    def __init__(self, invention: Invention, misfortune: Misfortune, *, on: date) -> None:
        self._invention, self._misfortune, self._on = invention, misfortune, on
        self._random = invention.random

    def complete(self, kin: Kin) -> None:
        """Gives a family its parents and those who live with it."""
        known = self._misfortune.of_parents(kin.family.kind, _course(kin))
        kin.parents = [
            self._parent(kin, sex, plights) for sex, plights in zip((Sex.MALE, Sex.FEMALE), known, strict=True)
        ]
        if has_household(kin):
            kin.members = [*self._members(kin)]

    def _parent(self, kin: Kin, sex: Sex, plights: Plights | None) -> InventedParent:
        if plights is None:
            return InventedParent(sex)
        family, said = kin.family, kin.family.guardian
        if said["guardian_relation"] == OWN_RELATION[sex]:
            number, phone = said.get("guardian_id_number", ""), said.get("guardian_phone", "")
            return InventedParent(sex, said["guardian_name"], number, phone, plights)
        eldest = min(child.born for child in kin.children)
        draw = self._random.randint
        born = date(eldest.year - draw(*AGES[sex]), draw(1, 12), draw(1, 28))
        surname = family.surname if sex == Sex.MALE else family.mothers_surname
        name = self._invention.name(surname, sex=sex, born=born, ethnic_group=family.ethnic_group)
        parent = InventedParent(sex, name, plights=plights)
        return replace(parent, id_number=self._number(parent, family, born), phone=self._phone(parent))

    def _number(self, parent: InventedParent, family: Family, born: date) -> str:
        likelihood = NUMBER_OF_THE_GONE if parent.is_one_of(GONE, on=self._on) else NUMBER_KNOWN
        if self._random.random() >= likelihood:
            return ""
        return self._invention.id_number(region=family.registered, born=born, sex=parent.sex)

    def _phone(self, parent: InventedParent) -> str:
        is_reached = not parent.is_one_of(OUT_OF_REACH, on=self._on) and self._random.random() < PHONE_KNOWN
        return self._invention.phone() if is_reached else ""

    def _members(self, kin: Kin) -> Iterator[tuple[str, str]]:
        """Who looks after the children, that person's spouse, and the parents who are at home."""
        said = kin.family.guardian
        relation = said["guardian_relation"]
        parents = {OWN_RELATION[parent.sex]: parent for parent in kin.parents}
        if relation not in parents:
            yield said["guardian_name"], relation
        if relation in SPOUSES and self._random.random() < SPOUSE_LIVES:
            yield self._spouse(kin.family, SPOUSES[relation]), SPOUSES[relation]
        for own, parent in parents.items():
            is_home = relation in parents and not parent.is_one_of(OUT_OF_REACH, on=self._on)
            if parent.name and (is_home or parent.is_one_of(AT_HOME_WITH, on=self._on)):
                yield parent.name, own

    def _spouse(self, family: Family, relation: str) -> str:
        sex = SEX_OF_SPOUSE[relation]
        surname = self._invention.surname(family.ethnic_group)
        return self._invention.name(surname, sex=sex, born=date(1956, 1, 1), ethnic_group=family.ethnic_group)


def has_household(kin: Kin) -> bool:
    """Whether it has been written down who lives together: where there is cause to, and everywhere in two counties."""
    family = kin.family
    if family.kind in IN_INSTITUTION:
        return False
    is_asked = family.kind not in SURVEYED or len(kin.children) > 1
    held = {category for child in kin.children for category in child.categories}
    return is_asked or "dibao" in held or family.living.county in FEATURED_COUNTIES


def _course(kin: Kin) -> Course:
    """Since when the family is what it is, and until when where its children's parents came back."""
    begun = min(child.holdings[0].from_on for child in kin.children)
    restored = [child.closed_on for child in kin.children if child.closed_reason == "guardianship_restored"]
    return Course(begun, max(child.born for child in kin.children), restored[0] if restored else None)
