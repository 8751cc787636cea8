"""Marks of what was entered in the national system: one or many at once, entered anew after a change, ended."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.actions.trail import record, record_many
from hutong.accounts.models import Copy, Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.models import NationalEntry
from hutong.allowances.national import (
    children_to_enter,
    columns_today,
    entry_of,
    holding_of,
    waiting_by_county,
)
from hutong.allowances.national_comparing import Comparison
from hutong.governance.calendars import calendar_in_force
from hutong.law import national_system
from hutong.law.copies import NATIONAL
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.law.national_system import ENDINGS, read_number
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.actions.copying import ask_for_children
from hutong.registry.models import Child
from hutong.registry.queries import visible_to

SUBJECT, TASK = "national", "enter_national"
ANEW = "anew"
AT_MOST = 200
NOTHING_HELD = _("The child holds nothing now that has to stand in the national system.")


@dataclass(frozen=True)
class Mark:
    """Mark (录入标记): what was entered there, under which number."""

    file_number: str
    category: str
    number: str


@dataclass(frozen=True)
class Marked:
    """What became of many marks (批量登记结果): those that stand, and why others do not, by file number."""

    entries: tuple[NationalEntry, ...]
    left: Mapping[str, str]


@transaction.atomic
def enter(*, by: Person, child: Child, category: str, number: str, entered_on: date, on: date) -> NationalEntry:
    """Mark that a child was entered there (录入登记) on a day under a number. Raises NotAllowed and Refused."""
    entry = _enter(child, Mark(child.leading.file_number, category, number), entered_on, by=by, on=on)
    keep_national_tasks([county_of(entry.division_code)], by=by, on=on)
    return entry


@transaction.atomic
def enter_many(*, by: Person, marks: Sequence[Mark], entered_on: date, on: date) -> Marked:
    """Mark many as entered (批量录入登记): each as `enter` does; what cannot be marked is left, with its reason."""
    if len(marks) > AT_MOST:
        raise Refused(_("At most %(most)s at once, please.") % {"most": AT_MOST})
    found = visible_to(by, on=on).filter(file_number__in=[mark.file_number for mark in marks])
    children = {child.file_number: child for child in found.select_related("canonical")}
    made: list[NationalEntry] = []
    left: dict[str, str] = {}
    for mark in sorted(marks, key=lambda one: one.file_number):
        try:
            with transaction.atomic():
                made.append(_enter(children.get(mark.file_number), mark, entered_on, by=by, on=on))
        except Refused as refused:
            left[mark.file_number] = str(refused.reason)
    keep_national_tasks(sorted({county_of(entry.division_code) for entry in made}), by=by, on=on)
    return Marked(tuple(made), left)


def _enter(child: Child | None, mark: Mark, entered_on: date, *, by: Person, on: date) -> NationalEntry:
    if child is None:
        raise NotAllowed(Permission.ENTER_NATIONAL)
    child = _locked(child, by=by, on=on)
    if holding_of(child, mark.category, on=on) is None:
        raise Refused(NOTHING_HELD)
    if entry_of(child, mark.category):
        raise Refused(_("It is marked as entered already. Load the page again."))
    return _write(child, mark.category, mark.number, entered_on, by=by, on=on, act="enter_national")


@transaction.atomic
def update_entry(*, by: Person, entry: NationalEntry, number: str, entered_on: date, on: date) -> NationalEntry:
    """Entered anew after a change (重新录入): the mark before ends, this one keeps what stands in the file today.

    Raises NotAllowed and Refused.
    """
    child = _locked(entry.file, by=by, on=on)
    if holding_of(child, entry.category, on=on) is None:
        raise Refused(NOTHING_HELD)
    _end(_open(entry), ANEW, "", by=by, on=on)
    return _write(child, entry.category, number, entered_on, by=by, on=on, act="update_national")


@transaction.atomic
def end_entry(*, by: Person, entry: NationalEntry, reason: str, words: str = "", on: date) -> NationalEntry:
    """End a mark (终止登记): the child was dropped there, or the mark was a mistake. Raises NotAllowed and Refused."""
    child = _locked(entry.file, by=by, on=on)
    if reason not in ENDINGS or reason == ANEW:
        raise Refused(_("Choose a reason."))
    ended = _end(_open(entry), reason, require_words(words, wanted=reason == "mistaken"), by=by, on=on)
    _record(child, ended, "end_national", by=by, on=on, reason=reason)
    keep_national_tasks([county_of(child.responsible_code)], by=by, on=on)
    return ended


@transaction.atomic
def ask_for_national(*, by: Person, purpose: str, receiver: str, on: date, at: datetime) -> Copy:
    """Ask for the list of those still to be entered (申请录入名单), in its columns. Raises NotAllowed and Refused."""
    area = jurisdiction_of(by, Permission(NATIONAL), on=on)
    found = children_to_enter(by, on=on).filter(area.where("responsible_code"))
    return ask_for_children(by=by, kind=NATIONAL, found=found, purpose=purpose, receiver=receiver, on=on, at=at)


@transaction.atomic
def note_compared(*, by: Person, found: Comparison, on: date) -> None:
    """Note that their list was compared with ours (比对留痕): an entry for each child whose differences were shown."""
    shown = [one.ours.child for one in found.differing]
    subjects = [(child.file_number, child.responsible_code) for child in shown]
    record_many(by=by, act="compare_national", subject_kind="child", subjects=subjects, on=on)


@transaction.atomic
def watch_national(*, on: date) -> None:
    """Watch what waits to be entered (核对录入时限): a task for each county where a last day has come."""
    keep_national_tasks(None, by=None, on=on)


def county_of(code: str) -> str:
    """The county of a place, as a prefix."""
    return code[: LENGTH_OF[Level.COUNTY]]


def keep_national_tasks(counties: Sequence[str] | None, *, by: Person | None, on: date) -> None:
    """Keep the tasks about what waits to be entered (核对录入待办), of some counties or of all."""
    due: dict[str, list[date]] = defaultdict(list)
    for (county, from_on), count in waiting_by_county(counties, on=on).items():
        last = national_system.due_on(from_on, jurisdiction=county, calendar=calendar_in_force())
        if last <= on:
            due[county] += [last] * count
    wanted = [Wanted(county, full(county), min(days), {"children": len(days)}) for county, days in due.items()]
    keep_tasks(
        kind=TASK, subject_kind=SUBJECT, role="county_officer", harm=Harm.ORDINARY, wanted=wanted, outcome="done",
        by=by, among=counties,
    )  # fmt: skip


def _locked(child: Child, *, by: Person, on: date) -> Child:
    child = child.leading
    require(by, Permission.ENTER_NATIONAL, code=child.responsible_code, on=on)
    return locked_child(child, by=by, on=on)


def _open(entry: NationalEntry) -> NationalEntry:
    """The mark as it is now. Raises Refused where it has ended."""
    now: NationalEntry = NationalEntry.objects.select_for_update().get(pk=entry.pk)
    if now.ended_on:
        raise Refused(_("This mark has ended already. Load the page again."))
    return now


def _end(entry: NationalEntry, reason: str, words: str, *, by: Person, on: date) -> NationalEntry:
    entry.ended_on, entry.ended_by, entry.ended_reason, entry.ended_words = on, by, reason, words or None
    entry.save()
    return entry


def _write(
    child: Child, category: str, number: str, entered_on: date, *, by: Person, on: date, act: str
) -> NationalEntry:
    read = _require_number(child, category, number)
    if not child.birth_date <= entered_on <= on:
        raise Refused(_("The day it was entered lies between the child’s birth and today."))
    written = NationalEntry.objects.create(
        child=child,
        category=category,
        number=read,
        columns=json.dumps(columns_today([child], on=on)[child.pk], ensure_ascii=False),
        division_code=child.responsible_code,
        entered_on=entered_on,
        entered_by=by,
    )
    _record(child, written, act, by=by, on=on)
    return written


def _require_number(child: Child, category: str, number: str) -> str:
    read = read_number(number)
    if read is None:
        raise Refused(_("The number in the national system has 6 to 32 digits and letters. Copy it from there."))
    others = NationalEntry.objects.filter(number=read, category=category, ended_on__isnull=True)
    if others.exclude(child=child).exists():
        raise Refused(_("This number stands with another child already. Compare both in the national system."))
    return read


def _record(child: Child, entry: NationalEntry, act: str, *, by: Person, on: date, reason: str = "") -> None:
    record(
        by=by,
        act=act,
        subject_kind="child",
        subject_key=child.file_number,
        division_code=child.responsible_code,
        on=on,
        details={"entry": entry.pk, "category": entry.category} | ({"reason": reason} if reason else {}),
    )
