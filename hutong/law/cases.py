"""Law cases (案例): facts and what is expected, as officials write them in YAML; read for commands, pages and tests.

A case that cannot be read is named with the key that is wrong; the others are still answered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from hutong.law.aid import AIDS
from hutong.law.circumstances import CIRCUMSTANCES, IN_ONE_PLACE
from hutong.law.disability import CLASSES, GRADES
from hutong.law.division_code import is_code, is_prefix
from hutong.law.facts import (
    AidFact,
    ChildFacts,
    CircumstanceFact,
    HoldingFact,
    ParentFact,
    PlacementFact,
    StudyFact,
)
from hutong.law.faults import Fault, Faulty, fault_in
from hutong.law.months import Month
from hutong.law.placements import PLACEMENTS
from hutong.law.study import LEVELS
from hutong.law.texts import WrongText, read_text

ROLES = frozenset({"father", "mother", "adoptive_father", "adoptive_mother"})
OF_CHILD = frozenset({"hiv", "parents_not_found", "disability", "severe_illness"})
HELD = frozenset({"orphan_institution", "orphan_kin", "de_facto", "hiv", "left_behind", "migrant", "in_difficulty"})
ALL_AIDS = frozenset(AIDS)
SEXES = frozenset({"male", "female", ""})
NATIONAL = "00"
TRUTHS = {
    word: value
    for value, words in {True: "true True TRUE", False: "false False FALSE"}.items()
    for word in words.split()
}
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class WrongCase:
    """A case that cannot be read (案例有误): which, and what is wrong; `why` in English."""

    name: str
    fault: Fault

    @property
    def why(self) -> str:
        """What is wrong, as programs read it."""
        return str(self.fault)


@dataclass(frozen=True, slots=True)
class Case:
    """One case (案例): `jurisdiction` a code or prefix, empty for the national layer; `expect` as it was written."""

    name: str
    jurisdiction: str
    on: date | None
    months: tuple[Month, ...]
    child: ChildFacts
    has_paid: bool
    cut_off: int | None
    expect: Mapping[str, Any] | None


def read_cases(text: str, *, name: str) -> list[Case | WrongCase]:
    """The cases of a file, in their order. Raises WrongText where the whole is no list of cases."""
    said = read_text(text, name=name)
    if not isinstance(said, list):
        raise WrongText(f"{name}: a list of cases is needed, each beginning with `- name:`")
    return [_case_or_fault(number, one) for number, one in enumerate(said, start=1)]


def _case_or_fault(number: int, said: Any) -> Case | WrongCase:
    name = str(said.get("name", "")) if isinstance(said, Mapping) else ""
    try:
        return _case(_Reader(said, "case"), name or f"#{number}")
    except Faulty as error:
        return WrongCase(name or f"#{number}", error.fault)


def _case(said: "_Reader", name: str) -> Case:
    said.take("name", str, "")
    jurisdiction = said.take("jurisdiction", _jurisdiction, "")
    on, cut_off = said.take("on", _day, None), said.take("cut_off", _cut_off, None)
    months = tuple(said.each("months", lambda one: _month(one)))
    paid = said.take("paid", _paid, None)
    died_on, adopted_on = said.take("death", _day, None), said.take("adoption", _day, None)
    about = said.inside("child")
    child = ChildFacts(
        birth_date=about.take("birth_date", _day),
        sex=about.take("sex", _one_of(SEXES), ""),
        is_adopted=about.take("adopted", _truth, False),
        adopted_on=adopted_on,
        died_on=died_on,
        circumstances=tuple(about.each("circumstances", _circumstance_of(OF_CHILD))),
        parents=tuple(said.each("parents", _parent)),
        holdings=tuple(said.each("holdings", _holding)),
        placements=tuple(said.each("placement", _placement)),
        other_aid=tuple(said.each("other_aid", _aid)),
        study=tuple(said.each("study", _study)),
        paid=paid or {},
    )
    about.done()
    expect = said.take("expect", _mapping, None)
    said.done()
    return Case(name, jurisdiction, on, months, child, paid is not None, cut_off, expect)


class _Reader:
    """Takes keys out of a mapping, each once; what is left over is unknown."""

    def __init__(self, said: Any, where: str) -> None:
        if not isinstance(said, Mapping):
            raise Faulty(Fault("no_keys", where))
        self._left, self._where = dict(said), where

    def take(self, key: str, read: Callable[[Any], Made], *otherwise: Made | None) -> Any:
        """One value, read; `otherwise` where the key is not there, else the key is needed."""
        if key not in self._left:
            if otherwise:
                return otherwise[0]
            raise Faulty(Fault("missing", self._where, key))
        try:
            return read(self._left.pop(key))
        except (ValueError, TypeError) as error:
            raise Faulty(Fault("unreadable", self._where, key, inner=fault_in(error))) from error

    def each(self, key: str, read: Callable[[Any], Made]) -> list[Made]:
        """A list, each part read; none where the key is not there."""
        said = self._left.pop(key, [])
        if not isinstance(said, list):
            raise Faulty(Fault("no_list", self._where, key))
        try:
            return [read(one) for one in said]
        except (ValueError, TypeError) as error:
            raise Faulty(Fault("inside", self._where, key, inner=fault_in(error))) from error

    def inside(self, key: str) -> "_Reader":
        """The keys under a key."""
        return _Reader(self._left.pop(key, None), key)

    def done(self) -> None:
        """Nothing may be left."""
        if self._left:
            raise Faulty(Fault("unknown", self._where, values=tuple(sorted(map(str, self._left)))))

    def span(self) -> dict[str, date | None]:
        """`from` and `until`."""
        return {"from_on": self.take("from", _day, None), "until_on": self.take("until", _day, None)}


def _day(said: Any) -> date:
    try:
        return date.fromisoformat(said)
    except (ValueError, TypeError) as error:
        raise Faulty(Fault("no_day", values=(str(said),), said=str(error))) from error


def _month(said: Any) -> Month:
    try:
        return Month.read(said)
    except (ValueError, TypeError) as error:
        raise Faulty(Fault("no_month", values=(str(said),), said=str(error))) from error


def _jurisdiction(said: Any) -> str:
    if said == NATIONAL:
        return ""
    if not (is_code(said) or is_prefix(said)):
        raise Faulty(Fault("no_code", values=(str(said),)))
    return str(said)


def _truth(said: Any) -> bool:
    if not (isinstance(said, str) and said in TRUTHS):
        raise Faulty(Fault("no_truth", values=(str(said),)))
    return TRUTHS[said]


def _number(said: Any) -> int:
    if not (isinstance(said, str) and said.isascii() and said.isdigit()):
        raise Faulty(Fault("no_number", values=(str(said),)))
    return int(said)


def _cut_off(said: Any) -> int:
    if not 1 <= (day := _number(said)) <= 31:
        raise Faulty(Fault("no_cut_off", values=(str(said),)))
    return day


def _grade(said: Any) -> int:
    if (grade := _number(said)) not in GRADES:
        raise Faulty(Fault("no_grade", values=(str(said), str(GRADES[0]), str(GRADES[-1]))))
    return grade


def _one_of(known: frozenset[str]) -> Callable[[Any], str]:
    def read(said: Any) -> str:
        if not (isinstance(said, str) and said in known):
            raise Faulty(Fault("not_one_of", values=(str(said), *sorted(filter(None, known)))))
        return str(said)

    return read


def _mapping(said: Any) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise Faulty(Fault("no_keys"))
    return said


def _paid(said: Any) -> dict[Month, int]:
    return {_month(month): _number(fen) for month, fen in _mapping(said).items()}


def _circumstance_of(kinds: frozenset[str]) -> Callable[[Any], CircumstanceFact]:
    def read(one: Any) -> CircumstanceFact:
        said = _Reader(one, "circumstance")
        made = CircumstanceFact(
            kind=said.take("kind", _one_of(kinds)),
            grade=said.take("grade", _grade, None),
            disability_class=said.take("class", _one_of(frozenset(CLASSES)), ""),
            reported_on=said.take("reported_on", _day, None),
            notice_on=said.take("notice_on", _day, None),
            **said.span(),
        )
        said.done()
        return made

    return read


OF_PARENT = frozenset(code for code, kind in CIRCUMSTANCES.items() if kind.of_parent) | IN_ONE_PLACE.keys()


def _parent(one: Any) -> ParentFact:
    said = _Reader(one, "parent")
    made = ParentFact(
        role=said.take("role", _one_of(ROLES)),
        is_unknown=said.take("unknown", _truth, False),
        circumstances=tuple(said.each("circumstances", _circumstance_of(OF_PARENT))),
    )
    said.done()
    return made


def _holding(one: Any) -> HoldingFact:
    said = _Reader(one, "holding")
    made = HoldingFact(
        category=said.take("category", _one_of(HELD)),
        decided_on=said.take("decided_on", _day, None),
        from_month=said.take("from_month", _month, None),
        until_month=said.take("until_month", _month, None),
    )
    said.done()
    return made


def _placement(one: Any) -> PlacementFact:
    said = _Reader(one, "placement")
    made = PlacementFact(kind=said.take("kind", _one_of(frozenset(PLACEMENTS))), **said.span())
    said.done()
    return made


def _aid(one: Any) -> AidFact:
    said = _Reader(one, "other_aid")
    made = AidFact(
        kind=said.take("kind", _one_of(ALL_AIDS)),
        fen_per_month=said.take("fen_per_month", _number, None),
        household_fen_per_month=said.take("household_fen_per_month", _number, None),
        members=said.take("members", _number, None),
        **said.span(),
    )
    said.done()
    if (made.fen_per_month is None) == (made.household_fen_per_month is None or not made.members):
        raise Faulty(Fault("no_aid", "other_aid"))
    return made


def _study(one: Any) -> StudyFact:
    said = _Reader(one, "study")
    made = StudyFact(
        level=said.take("level", _one_of(frozenset(LEVELS))),
        is_full_time=said.take("full_time", _truth, True),
        **said.span(),
    )
    said.done()
    return made
