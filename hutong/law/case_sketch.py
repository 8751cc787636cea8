"""Sketch (案例要素): what a form shows of a case, as text by field; what it does not show is kept.

Of each list a form shows the first parts, of a circumstance the first two: `SHOWN`. Sums are in fen.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from hutong.law.case_text import Quoted
from hutong.law.cases import NATIONAL, TRUTHS
from hutong.law.circumstances import WITH_GRADE, WITH_REPORT
from hutong.law.months import Month, months_between
from hutong.law.recognition import PAID, Outcome

SHOWN = (1, 2)
"""Circumstances of one person that a form shows, counted from one."""
ROLES = ("father", "mother")
PEOPLE = (*ROLES, "child")
ORDER = (
    "name", "jurisdiction", "on", "months", "child", "parents", "holdings", "placement", "other_aid", "study", "expect",
)  # fmt: skip
CODES = ("kind", "category", "level")
"""Keys without which a part of a list says nothing."""
NEW = {"parents": [{"role": "father"}, {"role": "mother"}]}
"""A case that is begun in a form: both parents are known until something else is said."""
Sketch = dict[str, str]
"""What a form says, by field."""


@dataclass(frozen=True, slots=True)
class Role:
    """A step to the parent of a role (按身份查找)."""

    role: str


Step = str | int | Role


@dataclass(frozen=True, slots=True)
class Shown:
    """One field (要素): where it stands in a case, and how its text is read; as nothing where it cannot be shown."""

    path: tuple[Step, ...]
    read: Callable[[str], str]


def _text(said: str) -> str:
    return said


def _day(said: str) -> str:
    return date.fromisoformat(said).isoformat()


def _month(said: str) -> str:
    return str(Month.read(said))


def _number(said: str) -> str:
    return str(int(said))


def _truth(said: str) -> str:
    return "true" if TRUTHS.get(said) else ""


def _place(said: str) -> str:
    return said or NATIONAL


def _one_of(known: frozenset[str]) -> Callable[[str], str]:
    return lambda said: said if said in known else ""


def _circumstances(person: str) -> dict[str, Shown]:
    above = ("child",) if person == "child" else ("parents", Role(person))
    reads = {"kind": _text, "from": _day, "until": _day, "grade": _number, "class": _text, "reported_on": _day}
    return {
        f"{person}_{number}_{key}": Shown((*above, "circumstances", number - 1, key), read)
        for number in SHOWN
        for key, read in reads.items()
    }


FIELDS: dict[str, Shown] = {
    "name": Shown(("name",), _text),
    "place": Shown(("jurisdiction",), _place),
    "on": Shown(("on",), _day),
    "birth_date": Shown(("child", "birth_date"), _day),
    **{f"{role}_unknown": Shown(("parents", Role(role), "unknown"), _truth) for role in ROLES},
    **{field: shown for person in PEOPLE for field, shown in _circumstances(person).items()},
    "holding": Shown(("holdings", 0, "category"), _text),
    "decided_on": Shown(("holdings", 0, "decided_on"), _day),
    "from_month": Shown(("holdings", 0, "from_month"), _month),
    "placement": Shown(("placement", 0, "kind"), _text),
    "aid": Shown(("other_aid", 0, "kind"), _text),
    "aid_own": Shown(("other_aid", 0, "fen_per_month"), _number),
    "aid_household": Shown(("other_aid", 0, "household_fen_per_month"), _number),
    "aid_members": Shown(("other_aid", 0, "members"), _number),
    "study": Shown(("study", 0, "level"), _text),
    "outcome": Shown(("expect", "outcome"), _one_of(frozenset(Outcome))),
    "category": Shown(("expect", "category"), _one_of(frozenset(PAID))),
}
MONTHS = ("first_month", "last_month")


def shown(case: Mapping[str, Any]) -> Sketch:
    """What a form shows of a case that can be read (案例要素); a parent who is not named is unknown."""
    months = [_month(said) for said in case.get("months", [])]
    span = dict(zip(MONTHS, (months[0], months[-1]) if months else ("", ""), strict=True))
    unnamed = {f"{role}_unknown": "true" for role in ROLES if not _under(case.get("parents"), Role(role))}
    return {field: _shown(case, one) for field, one in FIELDS.items()} | span | unnamed


def _shown(case: Mapping[str, Any], one: Shown) -> str:
    said: Any = case
    for step in one.path:
        said = _under(said, step)
    text = said if isinstance(said, str) else ""
    return one.read(text) if text or one.read is _place else ""


def _under(said: Any, step: Step) -> Any:
    if isinstance(step, Role):
        return next((one for one in said or [] if one.get("role") == step.role), None)
    if isinstance(step, int):
        return said[step] if said and step < len(said) else None
    return said.get(step) if said else None


def drawn(sketch: Sketch, case: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A case as it was, or a new one, with what a form says of it (按要素改写案例); only what differs is changed."""
    before = shown(case or {})
    made: dict[str, Any] = deepcopy(dict(NEW if case is None else case))
    changed = {field: said for field, said in _fitting(sketch, before).items() if said != before[field]}
    for field in [field for field in changed if field in FIELDS]:
        _put(made, FIELDS[field].path, changed[field])
    for role in [role for role in ROLES if sketch[f"{role}_unknown"] and _under(made.get("parents"), Role(role))]:
        _put(made, FIELDS[f"{role}_unknown"].path, "true")
    if changed.keys() & set(MONTHS):
        made["months"] = _months(sketch)
    return _in_order(_tidy(made)) if case is None else _tidy(made) if changed else made


def _fitting(sketch: Sketch, before: Sketch) -> Sketch:
    """Without what does not belong to a kind of circumstance that was chosen anew."""
    rows = [f"{person}_{number}_" for person in PEOPLE for number in SHOWN]
    anew = [row for row in rows if sketch[f"{row}kind"] != before[f"{row}kind"]]
    unfit = {
        f"{row}{key}": ""
        for row in anew
        for keys, kinds in ((("grade", "class"), WITH_GRADE), (("reported_on",), WITH_REPORT))
        for key in keys
        if sketch[f"{row}kind"] not in kinds
    }
    return sketch | unfit


def _put(case: dict[str, Any], path: tuple[Step, ...], said: str) -> None:
    inside: Any = case
    for step, below in pairwise(path):
        inside = _entered(inside, step, {} if isinstance(below, str) else [])
    if said:
        inside[path[-1]] = Quoted(said) if path == ("jurisdiction",) else said
    else:
        inside.pop(path[-1], None)


def _entered(inside: Any, step: Step, empty: Any) -> Any:
    """What stands under a step, made where nothing does."""
    if isinstance(step, str):
        return inside.setdefault(step, empty)
    if _under(inside, step) is None:
        missing = [{"role": step.role}] if isinstance(step, Role) else [{} for _ in range(len(inside), step + 1)]
        inside.extend(missing)
    return _under(inside, step)


def _months(sketch: Sketch) -> list[str]:
    first, last = (sketch[field] for field in MONTHS)
    return [str(month) for month in months_between(Month.read(first), Month.read(last))] if first else []


def _tidy(case: dict[str, Any]) -> dict[str, Any]:
    """Without parts of lists that say nothing, and without lists and mappings that have become empty."""
    for parent in (case.get("child", {}), *case.get("parents", [])):
        _tidy_lists(parent, "circumstances")
    _tidy_lists(case, "holdings", "placement", "other_aid", "study")
    for key in [key for key in ("months", "parents", "expect") if case.get(key) in ([], {})]:
        del case[key]
    return case


def _tidy_lists(said: dict[str, Any], *keys: str) -> None:
    for key in [key for key in keys if key in said]:
        said[key] = [one for one in said[key] if any(one.get(code) for code in CODES)]
        if not said[key]:
            del said[key]


def _in_order(case: dict[str, Any]) -> dict[str, Any]:
    return {key: case[key] for key in ORDER if key in case}
