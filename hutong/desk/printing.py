"""Forms on paper (打印表单): what stands on each, for its reader. No form tells hidden whereabouts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.desk.file_lines import (
    child_particulars,
    entry_lines,
    guardian_lines,
    holding_lines,
    member_lines,
    parent_lines,
)
from hutong.desk.timeline import events_of
from hutong.desk.titles import pair_title
from hutong.law.copies import COLUMNS, KINDS
from hutong.registry import dossier
from hutong.registry.copies import cells
from hutong.registry.models import Child, Study
from hutong.registry.models.facts import Fact
from hutong.registry.queries import hidden_among

EVENTS_PRINTED = 24


@dataclass(frozen=True)
class Pair:
    """One line of a form (表单项)."""

    label: str
    value: str


def sheet_of(user: Person, child: Child, kind: str, *, on: date) -> dict[str, Any]:
    """What a form of one kind shows of a child (表单内容): its columns, and its parts by name."""
    is_hidden = child.pk in hidden_among([child], on=on)
    parts = {part: _PARTS[part](user, child, is_hidden, on) for part in KINDS[kind].columns if part in _PARTS}
    return {"pairs": pairs(KINDS[kind].columns, child, is_hidden=is_hidden, on=on), "is_hidden": is_hidden} | parts


def pairs(columns: tuple[str, ...], child: Child, *, is_hidden: bool, on: date) -> list[Pair]:
    """The columns with their titles (表单栏目)."""
    titles = [pair_title(COLUMNS[column]) for column in columns if column in COLUMNS]
    texts = cells(columns, child, is_hidden=is_hidden, on=on)
    return [Pair(label, value or "—") for label, value in zip(titles, texts, strict=True)]


def _numbers(user: Person, child: Child, is_hidden: bool, on: date) -> list[Pair]:
    """Numbers of identity, masked."""
    first = child_particulars(child, frozenset())[0]
    return [Pair(first.label, first.masked.value if first.masked else first.value)]


def _contact(user: Person, child: Child, is_hidden: bool, on: date) -> list[Pair]:
    return pairs(("address", "guardian_phone"), child, is_hidden=is_hidden, on=on)


def _family(user: Person, child: Child, is_hidden: bool, on: date) -> dict[str, Any]:
    people = dossier.family(child, sensitive=_is_sensitive(user, child, on))
    named: dict[str, Any] = {"can_change": False, "shown": frozenset[str]()}
    return {
        "guardians": guardian_lines(child, people.guardians, **named),
        "parents": parent_lines(child, people.parents, **named),
        "members": member_lines(child, people.household, can_change=False),
        "holdings": holding_lines(child, dossier.holdings(child), can_change=False),
    }


def _life(user: Person, child: Child, is_hidden: bool, on: date) -> list[Any]:
    """Study tells where a child is on a working day: of hidden whereabouts it is left out."""
    facts = dossier.life(child, sensitive=_is_sensitive(user, child, on))
    study: list[Study] = [] if is_hidden else facts.study
    rows: list[Fact] = [*facts.circumstances, *study, *facts.aid]
    return entry_lines(child, rows, can_change=False, shown=frozenset())


def _events(user: Person, child: Child, is_hidden: bool, on: date) -> list[Any]:
    """What was done; of hidden whereabouts nothing, for moves and changes name places."""
    return [] if is_hidden else events_of(user, child, sensitive=_is_sensitive(user, child, on))[:EVENTS_PRINTED]


def _is_sensitive(user: Person, child: Child, on: date) -> bool:
    return may(user, Permission.SEE_SENSITIVE, code=child.responsible_code, on=on)


_PARTS = {"numbers": _numbers, "contact": _contact, "family": _family, "life": _life, "events": _events}
"""The parts that tell of a child; the others are room to write and words for the reader."""
