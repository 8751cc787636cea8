"""The national system in words (全国系统用语): what is to be entered, what has changed, what has ended since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.allowances.models import NationalEntry
from hutong.allowances.national import Changed, Standing, changed_on, due_on, last_day, stopped_on
from hutong.allowances.national_comparing import Differing, Ours
from hutong.allowances.national_file import FileRow
from hutong.desk.titles import day, pair_title
from hutong.desk.words import LATE, SOON_DAYS, category_title, working_days_words
from hutong.divisions.queries import short_names
from hutong.governance.calendars import calendar_in_force
from hutong.kit.names import mask_id_number, mask_phone
from hutong.law.national_system import COLUMNS, ENDINGS, Difference
from hutong.law.recognition_clock import days_left as working_days_left
from hutong.registry.models import CategoryHolding, Child

MASKS = {"id_number": mask_id_number, "guardian_id_number": mask_id_number, "guardian_phone": mask_phone}


def left_words(due: date, place: str, *, on: date) -> tuple[str, str]:
    """The tone and the words for working days left (剩余工作日)."""
    left = working_days_left(due, on=on, jurisdiction=place, calendar=calendar_in_force())
    return LATE if left <= 0 else "soon" if left <= SOON_DAYS else "fine", working_days_words(left)


@dataclass(frozen=True)
class NationalLine:
    """One line of a list (列表行): the child, since when, how many working days are left; it is done at `href`."""

    number: int
    child: Child
    category: str
    place: str
    since: str
    tone: str
    when: str
    href: str
    entry: NationalEntry | None = None
    columns: str = ""
    typed: str = ""
    why: str = ""


@dataclass(frozen=True)
class Typed:
    """What was typed into a list (填写内容): numbers by line, and why some were not taken."""

    numbers: Mapping[int, str] = field(default_factory=dict)
    why: Mapping[int, str] = field(default_factory=dict)


def lines_to_enter(found: Iterable[CategoryHolding], typed: Typed, *, on: date) -> list[NationalLine]:
    """What is to be entered (待录入), each with its last day and the number typed for it."""
    rows = list(found)
    places = short_names(one.child.leading.responsible_code for one in rows)
    return [_to_enter(one, places, typed, on=on) for one in rows]


def _to_enter(held: CategoryHolding, places: Mapping[str, str], typed: Typed, *, on: date) -> NationalLine:
    child, place = held.child.leading, held.child.leading.responsible_code
    tone, when = left_words(due_on(held), place, on=on)
    return NationalLine(
        number=held.pk,
        child=child,
        category=category_title(held.category),
        place=places[place],
        since=day(held.from_on),
        tone=tone,
        when=when,
        href=reverse("desk:child", args=[child.file_number]),
        typed=typed.numbers.get(held.pk, ""),
        why=typed.why.get(held.pk, ""),
    )


def lines_changed(found: Sequence[Changed], *, on: date) -> list[NationalLine]:
    """What has changed since it was entered (录入后有变化): which columns, and since when as far as that is known."""
    entries = [one.entry for one in found]
    since, places = changed_on(entries), short_names(one.file.responsible_code for one in entries)
    return [_of_entry(one.entry, places, since, on=on, columns=column_titles(one.differences)) for one in found]


def lines_ended(found: Iterable[NationalEntry], *, on: date) -> list[NationalLine]:
    """What has ended since it was entered (应减员)."""
    entries = list(found)
    since, places = stopped_on(entries), short_names(one.file.responsible_code for one in entries)
    return [_of_entry(one, places, since, on=on) for one in entries]


def _of_entry(
    entry: NationalEntry, places: Mapping[str, str], since: Mapping[int, date], *, on: date, columns: str = ""
) -> NationalLine:
    place = entry.file.responsible_code
    begun = since.get(entry.pk)
    tone, when = left_words(last_day(begun, place), place, on=on) if begun else ("soon", _("as soon as possible"))
    return NationalLine(
        number=entry.pk,
        child=entry.file,
        category=category_title(entry.category),
        place=places[place],
        since=day(since.get(entry.pk)),
        tone=tone,
        when=when,
        href=reverse("desk:national_entry", args=[entry.pk]),
        entry=entry,
        columns=columns,
    )


def column_title(code: str) -> str:
    """A column of the national system."""
    return pair_title((COLUMNS[code].title_zh, COLUMNS[code].title_en))


def column_titles(found: Iterable[Difference]) -> str:
    """The columns in which a child differs."""
    return "、".join(column_title(one.column) for one in found)


@dataclass(frozen=True)
class DifferenceLine:
    """One difference side by side (差异行): what stands there before, what the file says after; numbers are masked."""

    label: str
    before: str
    after: str


def difference_lines(found: Iterable[Difference]) -> list[DifferenceLine]:
    """Differences side by side."""
    return [
        DifferenceLine(column_title(one.column), _shown(one.column, one.theirs), _shown(one.column, one.ours))
        for one in found
    ]


def _shown(code: str, text: str) -> str:
    return (MASKS[code](text) if code in MASKS and text else text) or "—"


def ending_words(entry: NationalEntry) -> str:
    """Why a mark has ended."""
    return pair_title(ENDINGS[entry.ended_reason]) if entry.ended_reason else ""


def standing_words(standing: Standing, place: str, *, on: date) -> tuple[str, str]:
    """The tone and the words of how a child stands there (录入状态用语); no words where nothing is asked for."""
    if standing.entry is None:
        if standing.due_on is None:
            return "plain", ""
        tone, when = left_words(standing.due_on, place, on=on)
        return tone, _("to be entered, %(left)s") % {"left": when}
    if standing.has_ended:
        return "soon", _("to be dropped there")
    if standing.differs:
        return "soon", _("changed since: %(columns)s") % {"columns": column_titles(standing.differs)}
    return "fine", _("entered on %(on)s") % {"on": day(standing.entry.entered_on)}


@dataclass(frozen=True)
class ComparedLine:
    """One child of a comparison (比对行): who, under which number there, and what differs side by side."""

    name: str
    href: str
    category: str
    number: str
    row: int = 0
    held: int = 0
    note: str = ""
    tone: str = "plain"
    differences: tuple[DifferenceLine, ...] = ()


def differing_lines(found: Iterable[Differing]) -> list[ComparedLine]:
    """Who stands in both lists and differs."""
    return [_differing(one) for one in found]


def _differing(one: Differing) -> ComparedLine:
    entry = one.ours.entry
    number = (
        [DifferenceLine(_("Number there"), one.row.number, entry.number)] if entry and one.is_another_number else []
    )
    lines = (*number, *difference_lines(one.differences))
    return _compared(one.ours, one.row.number, row=one.row.row, differences=lines)


def unmarked_lines(found: Iterable[tuple[Ours, FileRow]]) -> list[ComparedLine]:
    """Who stands in both lists and can be marked from theirs."""
    return [
        _compared(ours, row.number, row=row.row, held=ours.holding.pk if ours.holding else 0) for ours, row in found
    ]


def here_lines(found: Iterable[Ours]) -> list[ComparedLine]:
    """Who stands here alone: marked, or still to be entered."""
    return [_here(one) for one in found]


def _here(one: Ours) -> ComparedLine:
    if one.entry is None:
        return _compared(one, "", note=_("to be entered"), tone="soon")
    note = _("marked as entered, but not in this list") if one.holding else _("ended here, and not in this list")
    return _compared(one, one.entry.number, note=note, tone="late" if one.holding else "info")


def _compared(ours: Ours, number: str, **more: Any) -> ComparedLine:
    held = ours.holding or ours.entry
    return ComparedLine(
        name=ours.child.name,
        href=reverse("desk:child", args=[ours.child.file_number]),
        category=category_title(held.category) if held else "",
        number=number,
        **more,
    )
