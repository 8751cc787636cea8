"""Lines of the duplicates desk (对照行): pairs in a list, and two files side by side with what differs marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.clock import today
from hutong.desk.pair_words import BANDS, STATES, percent, signed
from hutong.desk.titles import column_title, day, value_words
from hutong.desk.words import age_words
from hutong.divisions.queries import path_names, short_names
from hutong.law.calendar import age_on
from hutong.law.duplicates import band_of
from hutong.registry.models import Child, Pair
from hutong.registry.pairs import Compared, Likeness, compared

Pieces = list[tuple[str, bool]]
"""A value in pieces: each with whether it differs from the other side."""
PLAIN = ("name", "birth_date", "guardian_name", "father_name", "mother_name")
MASKED = ("id_number", "phone", "address")
ORDER = (Likeness.DIFFERENT, Likeness.ONE_SIDED, Likeness.SAME)


@dataclass(frozen=True)
class FileLine:
    """One file of a pair in a list (档案摘要)."""

    href: str
    file_number: str
    name: str
    age: str
    place: str
    is_closed: bool


@dataclass(frozen=True)
class PairLine:
    """One pair in a list (疑似重复行)."""

    pair: Pair
    href: str
    first: FileLine
    second: FileLine
    weight: str
    probability: str
    band: str
    state: str


def pair_lines(pairs: Iterable[Pair]) -> list[PairLine]:
    """Pairs in words."""
    rows = list(pairs)
    places = short_names(one.responsible_code for pair in rows for one in (pair.first, pair.second))
    return [
        PairLine(
            pair,
            reverse("desk:pair", args=[pair.pk]),
            _file_line(pair.first, places),
            _file_line(pair.second, places),
            signed(pair.weight),
            percent(pair.probability),
            str(BANDS[band_of(pair.probability)]),
            str(STATES[pair.state]),
        )
        for pair in rows
    ]


def _file_line(child: Child, places: dict[str, str]) -> FileLine:
    age = age_words(age_on(child.birth_date, today()))
    href, place = reverse("desk:child", args=[child.file_number]), places[child.responsible_code]
    return FileLine(href, child.file_number, child.name, age, place, child.closed_on is not None)


@dataclass(frozen=True)
class CompareLine:
    """One field of two files side by side (对照行); `note` says how masked values differ, or that one is missing."""

    label: str
    first: Pieces
    second: Pieces
    likeness: Likeness
    note: str


def compare_lines(first: Child, second: Child) -> list[CompareLine]:
    """Two files field by field, opened for a look that the caller has recorded; what differs first."""
    lines = [_compare_line(line) for line in compared(first, second)]
    return sorted([*lines, *_about_files(first, second)], key=lambda line: ORDER.index(line.likeness))


def _compare_line(line: Compared) -> CompareLine:
    one, other = (value_words(line.column, value) for value in (line.first, line.second))
    is_marked = line.likeness == Likeness.DIFFERENT and line.column in PLAIN
    pieces = _pieces(one, other) if is_marked else ([(one, False)], [(other, False)])
    return CompareLine(column_title(line.column), *pieces, line.likeness, _note(line))


def _pieces(one: str, other: str) -> tuple[Pieces, Pieces]:
    first: Pieces = []
    second: Pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        first += [(one[a:b], kind != "equal")] if b > a else []
        second += [(other[c:d], kind != "equal")] if d > c else []
    return first, second


def _note(line: Compared) -> str:
    if line.likeness == Likeness.ONE_SIDED:
        return _("on one side alone")
    if line.likeness != Likeness.DIFFERENT or not line.column.endswith(MASKED):
        return ""
    if line.column.endswith("address"):
        return _("not the same")
    digits = sum(one != other for one, other in zip(line.first, line.second, strict=False))
    digits += abs(len(line.first) - len(line.second))
    return ngettext("%(digits)s digit differs", "%(digits)s digits differ", digits) % {"digits": digits}


def _about_files(first: Child, second: Child) -> list[CompareLine]:
    states = [_("closed") if one.closed_on else _("open") for one in (first, second)]
    entered = [day(one.registered_at.date()) for one in (first, second)]
    lines = ((_("State of the file"), states), (_("Entered on"), entered))
    return [
        CompareLine(label, [(one, False)], [(other, False)], Likeness.SAME if one == other else Likeness.DIFFERENT, "")
        for label, (one, other) in lines
    ]


@dataclass(frozen=True)
class FarLine:
    """A pair of two counties (跨县疑似重复行): numbers and places, no name."""

    pair: Pair
    href: str
    places: tuple[str, str]
    weight: str
    probability: str


def far_lines(pairs: Iterable[Pair]) -> list[FarLine]:
    """Pairs of two counties in words."""
    rows = list(pairs)
    places = path_names(one.responsible_code for pair in rows for one in (pair.first, pair.second))
    return [
        FarLine(
            pair,
            reverse("desk:far_pair", args=[pair.pk]),
            (places[pair.first.responsible_code], places[pair.second.responsible_code]),
            signed(pair.weight),
            percent(pair.probability),
        )
        for pair in rows
    ]
