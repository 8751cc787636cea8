"""Lines of the duplicates desk (对照行): pairs in a list, and two files side by side with what differs marked."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.desk.pair_words import BANDS, CANNOT_LEAD, STATES, main_difference, percent
from hutong.desk.titles import answer_title, column_title, day, pair_title, value_words
from hutong.desk.words import age_words, category_title
from hutong.divisions.queries import path_names, short_names
from hutong.kit.names import mask_card
from hutong.law.calendar import age_on
from hutong.law.categories import CATEGORIES
from hutong.law.duplicates import band_of
from hutong.law.papers import PAPERS
from hutong.registry import dossier
from hutong.registry.actions.paying import payee_of
from hutong.registry.models import Child, EarlierAnswer, Pair
from hutong.registry.pairs import Compared, Likeness, cannot_lead, compared, suggested
from hutong.registry.queries import papers_known_to

Pieces = list[tuple[str, bool]]
"""A value in pieces: each with whether it differs from the other side."""
PLAIN = ("name", "birth_date", "guardian_name", "father_name", "mother_name")
MASKED = ("id_number", "phone", "address")
PARTS = re.compile(r"[0-9A-Za-z]+[年月日]?|.")
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
    probability: str
    band: str
    state: str
    who: str
    when: str


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
            percent(pair.probability),
            str(BANDS[band_of(pair.probability)]),
            str(STATES[pair.state]),
            pair.decided_by.name if pair.decided_by else "",
            day(localdate(pair.decided_at)) if pair.decided_at else "",
        )
        for pair in rows
    ]


@dataclass(frozen=True)
class ChosenLine:
    """One of several pairs that are answered together (批量判定行): what differs most, and which file would lead."""

    line: PairLine
    difference: str
    leading: str


def chosen_lines(pairs: Iterable[Pair]) -> list[ChosenLine]:
    """Pairs that are answered together, in words."""
    rows = list(pairs)
    lines = zip(pair_lines(rows), rows, strict=True)
    return [ChosenLine(line, main_difference(pair.waterfall), suggested(pair).file_number) for line, pair in lines]


def leading_choices(pair: Pair) -> list[tuple[str, str]]:
    """Both files of a pair as choices of which one leads (主档案选项); one that cannot says why."""
    sides = (("A", pair.first, pair.second), ("B", pair.second, pair.first))
    return [(one.file_number, _choice(side, one, cannot_lead(one, other))) for side, one, other in sides]


def _choice(side: str, child: Child, why: str) -> str:
    said = f"{side} · {child.name} · {child.file_number}"
    return f"{said} — {CANNOT_LEAD[why]}" if why else said


def barred(pair: Pair) -> frozenset[str]:
    """The file numbers of a pair that cannot lead (不能作主档案)."""
    sides = ((pair.first, pair.second), (pair.second, pair.first))
    return frozenset(one.file_number for one, other in sides if cannot_lead(one, other))


@dataclass(frozen=True)
class EarlierLine:
    """An answer that does not stand any more (先前判定行): who gave it, when and why, and who asked anew."""

    answer: str
    reason: str
    words: str
    who: str
    when: str
    reopened: str
    reopened_by: str
    reopened_when: str


def earlier_lines(pair: Pair) -> list[EarlierLine]:
    """The earlier answers of a pair in words, the latest first."""
    found = pair.earlier_answers.select_related("decided_by", "reopened_by")
    return [_earlier_line(one) for one in found]


def _earlier_line(one: EarlierAnswer) -> EarlierLine:
    answer = _("Two children") if one.state == "different" else _("Proposed as one child")
    return EarlierLine(
        answer,
        answer_title(one.state, one.reason),
        one.words.open() if one.words else "",
        one.decided_by.name,
        day(localdate(one.decided_at)),
        one.reopened_words.open(),
        one.reopened_by.name,
        day(localdate(one.reopened_at)),
    )


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


def compare_lines(user: Person, first: Child, second: Child) -> list[CompareLine]:
    """Two files field by field, opened for a look that the caller has recorded; what differs first."""
    lines = [_compare_line(line) for line in compared(first, second)]
    return sorted([*lines, *_about_files(user, first, second)], key=lambda line: ORDER.index(line.likeness))


def sorted_out(lines: Iterable[CompareLine]) -> dict[str, list[CompareLine]]:
    """What differs, and what is `alike`, which may be folded away (相同项折叠)."""
    rows = list(lines)
    alike = [line for line in rows if line.likeness == Likeness.SAME]
    return {"lines": [line for line in rows if line.likeness != Likeness.SAME], "alike": alike}


def _compare_line(line: Compared) -> CompareLine:
    one, other = (value_words(line.column, value) for value in (line.first, line.second))
    is_marked = line.likeness == Likeness.DIFFERENT and line.column in PLAIN
    pieces = _pieces(one, other) if is_marked else ([(one, False)], [(other, False)])
    return CompareLine(column_title(line.column), *pieces, line.likeness, _note(line))


def _pieces(one: str, other: str) -> tuple[Pieces, Pieces]:
    """Character by character; of a date the year, the month and the day as wholes."""
    first: Pieces = []
    second: Pieces = []
    a_parts, b_parts = PARTS.findall(one), PARTS.findall(other)
    for kind, a, b, c, d in SequenceMatcher(None, a_parts, b_parts, autojunk=False).get_opcodes():
        first += [("".join(a_parts[a:b]), kind != "equal")] if b > a else []
        second += [("".join(b_parts[c:d]), kind != "equal")] if d > c else []
    return first, second


def _note(line: Compared) -> str:
    if line.likeness == Likeness.ONE_SIDED:
        return _("on one side alone")
    if line.likeness != Likeness.DIFFERENT or not line.column.endswith(MASKED):
        return ""
    if line.column.endswith("address"):
        return _("not the same")
    if len(line.first) != len(line.second):
        return _("one is longer than the other")
    places = [at for at, (one, other) in enumerate(zip(line.first, line.second, strict=True), 1) if one != other]
    said = {"digits": len(places), "places": "、".join(_runs(places))}
    words = ngettext("differs at place %(places)s", "%(digits)s digits differ, at places %(places)s", len(places))
    return words % said


def _runs(places: list[int]) -> Iterator[str]:
    """`7–9`, `14`: places in a row are one run."""
    for _at, run in groupby(enumerate(places), key=lambda one: one[1] - one[0]):
        held = [place for _index, place in run]
        yield str(held[0]) if len(held) == 1 else f"{held[0]}–{held[-1]}"


def _about_files(user: Person, first: Child, second: Child) -> list[CompareLine]:
    one, other = (dict(_about_file(user, child)) for child in (first, second))
    return [_plain_line(label, one[label], other[label]) for label in one if one[label] or other[label]]


def _plain_line(label: str, one: str, other: str) -> CompareLine:
    likeness = Likeness.SAME if one == other else Likeness.DIFFERENT if one and other else Likeness.ONE_SIDED
    note = _("on one side alone") if likeness == Likeness.ONE_SIDED else ""
    return CompareLine(label, [(one or "—", False)], [(other or "—", False)], likeness, note)


def _about_file(user: Person, child: Child) -> Iterator[tuple[str, str]]:
    """What stands in a file itself besides the columns of the register, in words."""
    life = dossier.life(child, sensitive=False)
    siblings = dossier.siblings(user, child, on=today())
    held = [one for one in dossier.open_holdings(child) if one.child_id == child.pk]
    paid = [category_title(one.category) for one in held if CATEGORIES[one.category].paid]
    yield _("School"), "、".join(one.school for one in life.study if one.until_on is None and one.child_id == child.pk)
    yield _("Others of the household"), "、".join(sorted(_others_at_home(child)))
    yield _("Brothers and sisters in the register"), _people(len(siblings)) if siblings else ""
    yield _("Papers"), _papers(user, child)
    yield _("Paid categories"), "、".join(paid)
    yield _("Payee"), _payee(child)
    yield _("State of the file"), _("closed") if child.closed_on else _("open")
    yield _("Entered on"), day(localdate(child.registered_at))


def _others_at_home(child: Child) -> Iterator[str]:
    for member in dossier.household(child):
        if member.child_id != child.pk:
            yield member.child.name if member.child else member.name


def _people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def _papers(user: Person, child: Child) -> str:
    sensitive = may(user, Permission.SEE_SENSITIVE, code=child.leading.responsible_code, on=today())
    found = papers_known_to(user, child, sensitive=sensitive, on=today()).filter(withdrawn_on__isnull=True, child=child)
    kinds = Counter(found.order_by().values_list("kind", flat=True))
    return "、".join(f"{pair_title(PAPERS[kind])} × {count}" for kind, count in sorted(kinds.items()))


def _payee(child: Child) -> str:
    payee = payee_of(child, on=today())
    return f"{payee.name} {mask_card(payee.card_tail)}" if payee else ""


@dataclass(frozen=True)
class FarLine:
    """A pair of two counties (跨县疑似重复行): numbers and places, no name."""

    pair: Pair
    href: str
    places: tuple[str, str]
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
            percent(pair.probability),
        )
        for pair in rows
    ]
