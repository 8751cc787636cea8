"""Deadlines (期限): by working days, by months, by hours.

《民法典》第二百零一条: the day of receipt is not counted, hours run from the moment. 第二百零二条: months end on the
corresponding day. 第二百零三条: where the last day is a day off, the next working day is the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hutong.law.calendar import Why, WorkingCalendar, months_after, shipped_calendar
from hutong.law.holidays import ONE_DAY

BY_DAYS, BY_MONTHS = "civil_code 第二百零一条", "civil_code 第二百零二条、第二百零三条"


class Skipped(NamedTuple):
    """A day that is not counted (不计入的日期), and why."""

    day: date
    why: Why


class Pause(NamedTuple):
    """Pause (中止): days that are not counted, both included; while it lasts, `until_on` is the day one asks on."""

    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """Deadline (期限): the last day on which something is in time, with the days that lead to it.

    `counted` are working days, none where months are counted. `pauses` are those that have moved it. `rule` is what
    `cite` takes. `is_provisional`: a year it needs has no published notice.
    """

    due_on: date
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    pauses: tuple[Pause, ...]
    is_provisional: bool
    rule: str


def by_working_days(
    received_on: date,
    days: int,
    *,
    jurisdiction: str = "",
    pauses: Sequence[Pause] = (),
    calendar: WorkingCalendar | None = None,
) -> Deadline:
    """The last of so many working days (工作日期限); the day of receipt is not counted. Raises ValueError."""
    if days < 1:
        raise ValueError(f"{days} working days")
    calendar, paused = calendar or shipped_calendar(), _days_of(pauses)
    day = received_on
    counted: list[date] = []
    skipped: list[Skipped] = []
    while len(counted) < days:
        day += ONE_DAY
        if day in paused:
            continue
        why = calendar.why_off(day, jurisdiction)
        if why is None:
            counted.append(day)
        else:
            skipped.append(Skipped(day, why))
    return Deadline(
        due_on=day,
        counted=tuple(counted),
        skipped=tuple(skipped),
        pauses=_within(pauses, received_on + ONE_DAY, day),
        is_provisional=_is_provisional(calendar, received_on + ONE_DAY, day, jurisdiction),
        rule=BY_DAYS,
    )


def by_months(
    received_on: date,
    months: int,
    *,
    jurisdiction: str = "",
    pauses: Sequence[Pause] = (),
    calendar: WorkingCalendar | None = None,
) -> Deadline:
    """The end of so many months (按月期限): the corresponding day, later by the days paused; a day off moves it to the
    next working day. Raises ValueError.
    """
    if months < 1:
        raise ValueError(f"{months} months")
    calendar = calendar or shipped_calendar()
    ends_on = months_after(received_on, months)
    for day in sorted(_days_of(pauses)):
        if received_on < day <= ends_on:
            ends_on += ONE_DAY
    due_on, skipped = _on_a_working_day(ends_on, jurisdiction, calendar)
    return Deadline(
        due_on=due_on,
        counted=(),
        skipped=skipped,
        pauses=_within(pauses, received_on + ONE_DAY, ends_on),
        is_provisional=_is_provisional(calendar, ends_on, due_on, jurisdiction),
        rule=BY_MONTHS,
    )


def by_hours(from_at: datetime, hours: int) -> datetime:
    """The end of so many hours (按小时期限), as of mandatory reporting: they run through nights and holidays."""
    return from_at + timedelta(hours=hours)


def _on_a_working_day(ends_on: date, jurisdiction: str, calendar: WorkingCalendar) -> tuple[date, tuple[Skipped, ...]]:
    day, skipped = ends_on, []
    while (why := calendar.why_off(day, jurisdiction)) is not None:
        skipped.append(Skipped(day, why))
        day += ONE_DAY
    return day, tuple(skipped)


def _days_of(pauses: Sequence[Pause]) -> frozenset[date]:
    for pause in pauses:
        if pause.until_on < pause.from_on:
            raise ValueError(f"a pause from {pause.from_on} until {pause.until_on}")
    spans = (range(pause.from_on.toordinal(), pause.until_on.toordinal() + 1) for pause in pauses)
    return frozenset(date.fromordinal(day) for span in spans for day in span)


def _within(pauses: Sequence[Pause], first: date, last: date) -> tuple[Pause, ...]:
    return tuple(sorted(pause for pause in pauses if pause.from_on <= last and pause.until_on >= first))


def _is_provisional(calendar: WorkingCalendar, first: date, last: date, jurisdiction: str) -> bool:
    return not all(calendar.is_published(year, jurisdiction) for year in range(first.year, last.year + 1))
