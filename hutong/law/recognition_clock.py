"""Clock of a recognition (认定时限): who has the application, since when, how many working days are left, and why.

The township's and the county's legs follow one another, and a limit on the whole binds both. Days on which papers are
waited for are not counted. What the county takes every step of has no leg of a township: its days are the county's
alone, from acceptance to the decision. 异地受理: the receiving township passes it on, and tells what was decided, by
days of its place. The clock tells; it decides nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hutong.law.calendar import WorkingCalendar, shipped_calendar
from hutong.law.deadlines import Deadline, Pause, by_working_days
from hutong.law.holidays import ONE_DAY
from hutong.law.parameters import Parameters, shipped
from hutong.law.rules import InForce, Rules


class Leg(StrEnum):
    """Leg (办理环节时限): whose days are counted; HOME: those of another province, asked by letter."""

    RECEIVING = "receiving"
    TOWNSHIP = "township"
    COUNTY = "county"
    TELLING = "telling"
    HOME = "home"


class Light(StrEnum):
    """Light (时限提示): more than half of the days left, less, few, none, over; paused; done in time, done late."""

    AMPLE = "ample"
    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    IN_TIME = "in_time"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Course of an application (办理经过): the days on which it went on; None: not yet.

    `complete_on`: its papers were all there, where another township received it. `reviewed_on`: a refusal was looked at
    again. `waits_since`: the applicant has been asked for papers on that day and has not brought them. `is_elsewhere`:
    another township received it; `is_by_letter`: an office of another province sent it, which is told what was decided.
    `is_at_county`: the county takes every step, no township.
    """

    complete_on: date | None = None
    accepted_on: date | None = None
    checked_on: date | None = None
    decided_on: date | None = None
    reviewed_on: date | None = None
    told_on: date | None = None
    is_elsewhere: bool = False
    is_by_letter: bool = False
    is_at_county: bool = False
    pauses: tuple[Pause, ...] = ()
    waits_since: date | None = None


@dataclass(frozen=True, slots=True)
class LegClock:
    """Clock of one leg (环节时限): its last day, the day it ended, and the working days `used` until then or today."""

    leg: Leg
    began_on: date
    days: int
    deadline: Deadline
    ended_on: date | None
    used: int

    @property
    def is_late(self) -> bool:
        """Whether it ended after its last day."""
        return self.ended_on is not None and self.ended_on > self.deadline.due_on


@dataclass(frozen=True, slots=True)
class RecognitionClock:
    """The clock on a day (时限计算结果): all legs begun, the whole, and what binds whoever has the application now.

    `due_on`: the last day, of the leg or of the whole, whichever comes first. `days_left`: working days after today up
    to it; 0 on the day itself, negative behind it. None where nothing runs.
    """

    legs: tuple[LegClock, ...]
    whole: LegClock | None
    holder: Leg | None
    due_on: date | None
    days_left: int | None
    light: Light | None
    is_provisional: bool


def pause_between(asked_on: date, brought_on: date) -> Pause | None:
    """The days not counted (中止) when papers asked for on one day come on another: from the next day until that day.

    None where they come on the same day.
    """
    return Pause(asked_on + ONE_DAY, brought_on) if brought_on > asked_on else None


def recognition_clock(
    course: Course,
    *,
    on: date,
    jurisdiction: str,
    received_at: str = "",
    calendar: WorkingCalendar | None = None,
    parameters: Parameters | None = None,
) -> RecognitionClock:
    """The clock of an application on a day (计算认定时限), by the rules of the responsible place.

    The legs of another township that received it run by the days of its own place, `received_at`.
    """
    calendar, rules = calendar or shipped_calendar(), Rules(parameters or shipped(), jurisdiction)
    course = _with_open_pause(course, on)
    counted = Counting(course, on, calendar)
    legs = tuple(
        counted.leg(leg, began_on, ended_on, leg_days(rules.on(began_on), leg), place)
        for leg, began_on, ended_on, place in begun_legs(course, jurisdiction, received_at)
    )
    whole = _whole(course, rules, counted, jurisdiction)
    running = legs[-1] if legs and legs[-1].ended_on is None else None
    return _read(legs, whole, running, course, on=on, calendar=calendar, rules=rules)


def _with_open_pause(course: Course, on: date) -> Course:
    if course.waits_since is None:
        return course
    pause = pause_between(course.waits_since, on)
    return replace(course, pauses=(*course.pauses, pause)) if pause else course


def begun_legs(course: Course, home: str, away: str) -> list[tuple[Leg, date, date | None, str]]:
    """The legs that have begun (已开始环节), each with its first and last day and the place whose days it has."""
    legs = [
        (Leg.RECEIVING, course.complete_on if course.is_elsewhere else None, course.accepted_on, away),
        (Leg.TOWNSHIP, None if course.is_at_county else course.accepted_on, course.checked_on, home),
        (Leg.COUNTY, course.accepted_on if course.is_at_county else course.checked_on, course.decided_on, home),
        (Leg.TELLING, _to_tell_since(course), course.told_on, away or home),
    ]
    return [(leg, began_on, ended_on, place) for leg, began_on, ended_on, place in legs if began_on is not None]


def _to_tell_since(course: Course) -> date | None:
    """The day of what the receiving office is to tell: of the decision, or of the review of a refusal."""
    is_told = course.is_elsewhere or course.is_by_letter
    return (course.reviewed_on or course.decided_on) if is_told else None


def leg_days(rules: InForce, leg: Leg) -> int:
    """How many working days a leg has (环节时限天数)."""
    return rules.number(f"recognition_{leg}_working_days")


def whole_days(rules: InForce) -> int:
    """How many working days a recognition has from acceptance to decision (合计时限天数)."""
    found = rules.rules.find("recognition_working_days", rules.day)
    if found is None:
        return leg_days(rules, Leg.TOWNSHIP) + leg_days(rules, Leg.COUNTY)
    return rules.number("recognition_working_days")


def _whole(course: Course, rules: Rules, counted: "Counting", home: str) -> LegClock | None:
    if course.accepted_on is None:
        return None
    in_force = rules.on(course.accepted_on)
    days = leg_days(in_force, Leg.COUNTY) if course.is_at_county else whole_days(in_force)
    return counted.leg(Leg.COUNTY, course.accepted_on, course.decided_on, days, home)


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts legs (环节计时) on one day, by one calendar."""

    course: Course
    on: date
    calendar: WorkingCalendar

    def leg(self, leg: Leg, began_on: date, ended_on: date | None, days: int, place: str) -> LegClock:
        """A leg that began on a day, with what it has used of its days."""
        pauses = self.course.pauses if leg in (Leg.TOWNSHIP, Leg.COUNTY) else ()
        deadline = by_working_days(began_on, days, jurisdiction=place, pauses=pauses, calendar=self.calendar)
        until = ended_on or self.on
        used = _working_days(began_on, until, _counts(self.calendar, place, pauses))
        return LegClock(leg, began_on, days, deadline, ended_on, used)


def _counts(calendar: WorkingCalendar, place: str, pauses: Sequence[Pause] = ()) -> Callable[[date], bool]:
    def is_counted(day: date) -> bool:
        is_paused = any(pause.from_on <= day <= pause.until_on for pause in pauses)
        return not is_paused and calendar.is_working_day(day, place)

    return is_counted


def _working_days(after: date, until: date, is_counted: Callable[[date], bool]) -> int:
    """How many days that count lie after a day, the last one included."""
    days = range(after.toordinal() + 1, until.toordinal() + 1)
    return sum(is_counted(date.fromordinal(day)) for day in days)


def _read(
    legs: tuple[LegClock, ...],
    whole: LegClock | None,
    running: LegClock | None,
    course: Course,
    *,
    on: date,
    calendar: WorkingCalendar,
    rules: Rules,
) -> RecognitionClock:
    is_provisional = any(one.deadline.is_provisional for one in (*legs, *filter(None, (whole,))))
    if running is None:
        return RecognitionClock(legs, whole, None, None, None, how_it_ended(legs, whole), is_provisional)
    bounds = [running, whole] if whole and running.leg in (Leg.TOWNSHIP, Leg.COUNTY) else [running]
    binding = min(bounds, key=lambda one: one.deadline.due_on)
    due_on = binding.deadline.due_on
    left = days_left(due_on, on=on, jurisdiction=rules.jurisdiction, calendar=calendar)
    soon = rules.number("recognition_soon_working_days", on)
    light = Light.PAUSED if course.waits_since else light_of(left, binding.days, soon)
    return RecognitionClock(legs, whole, running.leg, due_on, left, light, is_provisional)


def days_left(due_on: date, *, on: date, jurisdiction: str, calendar: WorkingCalendar | None = None) -> int:
    """Working days after a day up to the last one (剩余工作日); 0 on it, at most -1 behind it, on a day off too."""
    is_counted = _counts(calendar or shipped_calendar(), jurisdiction)
    if on > due_on:
        return -max(1, _working_days(due_on, on, is_counted))
    return _working_days(on, due_on, is_counted)


def light_of(left: int, days: int, soon: int) -> Light:
    """The light of what runs (时限提示): by the days left of so many."""
    if left < 0:
        return Light.OVERDUE
    if left <= soon:
        return Light.SOON
    return Light.AMPLE if 2 * left > days else Light.RUNNING


def how_it_ended(legs: tuple[LegClock, ...], whole: LegClock | None = None) -> Light | None:
    """The light of what runs no more (办结时限): every leg in time, or one of them late; None where none has run."""
    if not legs:
        return None
    return Light.LATE if any(one.is_late for one in (*legs, *filter(None, (whole,)))) else Light.IN_TIME
