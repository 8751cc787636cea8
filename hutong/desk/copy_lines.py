"""Copies in words (发出件用语): kinds with their readers and columns, states, and the lines of the list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hutong.accounts.copies import is_open
from hutong.accounts.models import Copy, CopyState
from hutong.desk.titles import pair_title
from hutong.desk.words import days_left, speaks_chinese
from hutong.divisions.queries import path_names
from hutong.law.copies import COLUMNS, KINDS, PARTS, PURPOSES, copy_rules


@dataclass(frozen=True)
class KindLine:
    """One kind of copy as a form explains it (发出件说明): who reads it, what stands in it, how long it is kept."""

    code: str
    title: str
    reader: str
    columns: str
    days: int | None


def kind_lines(kinds: Iterable[str], *, on: date) -> list[KindLine]:
    """The kinds in the reader's language, as they are handled on a day."""
    return [_kind_line(code, on) for code in kinds]


def _kind_line(code: str, on: date) -> KindLine:
    kind, titles = KINDS[code], COLUMNS | PARTS
    columns = ("、" if speaks_chinese() else ", ").join(pair_title(titles[column]) for column in kind.columns)
    return KindLine(
        code, kind_title(code), pair_title((kind.reader_zh, kind.reader_en)), columns, copy_rules(on).days(code)
    )


def kind_title(code: str) -> str:
    """What a kind of copy is called."""
    return pair_title((KINDS[code].title_zh, KINDS[code].title_en))


@dataclass(frozen=True)
class CopyLine:
    """One copy in words (发出件行)."""

    copy: Copy
    title: str
    purpose: str
    place: str
    children: int
    tone: str
    state: str
    is_open: bool


def copy_lines(found: Iterable[Copy], *, on: date, at: datetime) -> list[CopyLine]:
    """Copies in words, with the names of the places."""
    rows = list(found)
    places = path_names(copy.division_code for copy in rows)
    return [_line(copy, places.get(copy.division_code, copy.division_code), on=on, at=at) for copy in rows]


def _line(copy: Copy, place: str, *, on: date, at: datetime) -> CopyLine:
    tone, state = _state(copy, on=on, at=at)
    opens = copy.state == CopyState.GIVEN and is_open(copy, at=at)
    purpose = pair_title(PURPOSES[copy.purpose])
    return CopyLine(copy, kind_title(copy.kind), purpose, place, len(copy.subjects), tone, state, opens)


def _state(copy: Copy, *, on: date, at: datetime) -> tuple[str, str]:
    if copy.state != CopyState.GIVEN:
        return "soon" if copy.state == CopyState.ASKED else "late", str(copy.get_state_display())
    if copy.destroyed_on:
        return "fine", _("Destroyed")
    if copy.first_fetched_at is None:
        if not is_open(copy, at=at):
            return "info", _("Never fetched")
        return "soon", _("To be fetched by %(time)s") % {"time": f"{localtime(copy.fetch_until):%m-%d %H:%M}"}
    if copy.destroy_on is None:
        return "fine", _("Kept with the paper file")
    tone, left = days_left(copy.destroy_on, on)
    return tone, _("To be destroyed: %(left)s") % {"left": left}
