"""A child of the register as a row meets it (在册儿童): what differs, and what holds once the row is taken in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from hutong.law.division_code import responsible

COMPARED = (
    "name", "sex", "birth_date", "ethnic_group", "registered_division", "living_division", "living_address",
    "responsible_division",
    "guardian_name", "guardian_relation", "guardian_id_number", "guardian_phone",
)  # fmt: skip
CATEGORY, PLACE, WHOLE_ROW = "category", "responsible_division", "*"
CHOOSABLE = (*COMPARED, CATEGORY)
"""The columns that somebody may leave out of a row (可选采纳项); `*` is the row as a whole."""
GUARDIAN = frozenset(column for column in COMPARED if column.startswith("guardian_"))


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


def differences(values: Mapping[str, str], known: KnownChild) -> list[str]:
    """The columns in which a row says something that the register does not; an empty cell says nothing."""
    changed = [column for column in COMPARED if column in values and values[column] != known.values.get(column, "")]
    if set(values.get("category", "").split()) - known.categories:
        changed.append(CATEGORY)
    return changed


def merged(now: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """What will hold (合并信息): the row where it speaks, else the register; another guardian brings no old details."""
    gone = GUARDIAN if _is_another(now, said) else ()
    return {column: value for column, value in now.items() if column not in gone} | dict(said)


def _is_another(now: Mapping[str, str], said: Mapping[str, str]) -> bool:
    return said.get("guardian_name", now.get("guardian_name")) != now.get("guardian_name")


def without(values: Mapping[str, str], known: KnownChild, left_out: Collection[str]) -> dict[str, str]:
    """What a row says but for what is left out (除去不采纳项); another guardian left out takes their details along."""
    out = set(left_out)
    if "guardian_name" in out and _is_another(known.values, values):
        out |= GUARDIAN
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
