"""A child of the register as a row meets it (在册儿童): what differs, and what holds once the row is taken in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from hutong.kit.cipher import Sealed
from hutong.law.division_code import responsible
from hutong.law.form_questions import PARENTS, QUESTIONS

COMPARED = (
    "name", "sex", "birth_date", "ethnic_group", "registered_division", "living_division", "living_address",
    "responsible_division",
    "guardian_name", "guardian_relation", "guardian_id_number", "guardian_phone",
    "father_name", "father_id_number", "father_phone", "mother_name", "mother_id_number", "mother_phone",
)  # fmt: skip
CATEGORY, PLACE, WHOLE_ROW = "category", "responsible_division", "*"
CHOOSABLE = (*COMPARED, CATEGORY, *QUESTIONS)
"""The columns that somebody may leave out of a row (可选采纳项); `*` is the row as a whole."""
PEOPLE = {
    role: frozenset(column for column in COMPARED if column.startswith(f"{role}_")) for role in ("guardian", *PARENTS)
}
"""The columns about each person around a child (人员各栏)."""
GUARDIAN = PEOPLE["guardian"]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a form said (已有答案): the day of the form as a row writes it, and the answer, opened to be compared."""

    observed_on: str
    answer: Sealed


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A child of the register as the judge needs it (在册儿童): `values` by column code, sealed ones opened.

    `ended` are the last days of categories that it held before.
    """

    id: int
    file_number: str
    responsible_code: str
    has_id: bool
    values: dict[str, str] = field(repr=False)
    categories: frozenset[str] = frozenset()
    ended: dict[str, str] = field(default_factory=dict)
    is_closed: bool = False
    answers: Mapping[str, list[Answered]] = field(default_factory=dict)

    def answered(self, question: str, *, by: str) -> str:
        """What forms have answered by a day; by today where the row names none."""
        said = [one for one in self.answers.get(question, ()) if not by or one.observed_on <= by]
        return said[-1].answer.open() if said else ""


def differences(values: Mapping[str, str], known: KnownChild) -> list[str]:
    """The columns in which a row says something that the register does not; an empty cell says nothing."""
    changed = [column for column in COMPARED if column in values and values[column] != known.values.get(column, "")]
    if set(values.get("category", "").split()) - known.categories:
        changed.append(CATEGORY)
    return changed + news(values, known)


def news(values: Mapping[str, str], known: KnownChild) -> list[str]:
    """The questions that a row answers otherwise than forms did by its day (新答案)."""
    by = values.get("filled_on", "")
    return [code for code in QUESTIONS if code in values and values[code] != known.answered(code, by=by)]


def merged(now: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """What will hold (合并信息): the row where it speaks, else the register; another person brings no old details."""
    gone = {column for role, columns in PEOPLE.items() if _is_another(role, now, said) for column in columns}
    return {column: value for column, value in now.items() if column not in gone} | dict(said)


def _is_another(role: str, now: Mapping[str, str], said: Mapping[str, str]) -> bool:
    name = f"{role}_name"
    return said.get(name, now.get(name)) != now.get(name)


def without(values: Mapping[str, str], known: KnownChild, left_out: Collection[str]) -> dict[str, str]:
    """What a row says but for what is left out (除去不采纳项); another person left out takes their details along."""
    out = set(left_out)
    for role, columns in PEOPLE.items():
        if f"{role}_name" in out and _is_another(role, known.values, values):
            out |= columns
    return {} if WHOLE_ROW in out else {column: value for column, value in values.items() if column not in out}


def following(values: Mapping[str, str], known: KnownChild, *, province: str, covers: Callable[[str], bool]) -> str:
    """The responsible place after a row (变更后管辖地): what it states; else by rule, where the rule held so far.

    A row never carries a child out of the area that `covers`: that is a move, with a hand-over.
    """
    categories = known.categories | frozenset(values.get(CATEGORY, "").split())
    was_by_rule = known.responsible_code == _by_rule(known.values, known.categories, province)
    kept = merged(known.values, values)
    code = values.get(PLACE) or (_by_rule(kept, categories, province) if was_by_rule else known.responsible_code)
    return code if covers(code) else known.responsible_code


def _by_rule(said: Mapping[str, str], categories: frozenset[str], province: str) -> str:
    return responsible(
        stated="",
        registered=said["registered_division"],
        living=said["living_division"],
        categories=categories,
        province=province,
    )


def changes(values: Mapping[str, str], known: KnownChild, *, place: str) -> list[str]:
    """The columns that a row changes (变更项): what differs, and the responsible place where it follows from that."""
    differing = [column for column in differences(values, known) if column != PLACE]
    return differing if place == known.responsible_code else [*differing, PLACE]
