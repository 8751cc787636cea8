"""Days used (办理用时) by many recognitions: by leg and in all, what is alike counted once; the median and the 90th
percentile of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hutong.law.calendar import WorkingCalendar
from hutong.law.deadlines import Pause
from hutong.law.parameters import Parameters
from hutong.law.recognition_clock import Counting, Course, Leg, begun_legs, leg_days, whole_days
from hutong.law.rules import Rules


class Part(StrEnum):
    """Part of a recognition (计时部分) whose days are counted, in their order; WHOLE from acceptance to decision."""

    RECEIVING = "receiving"
    TOWNSHIP = "township"
    COUNTY = "county"
    WHOLE = "whole"
    TELLING = "telling"


@dataclass(frozen=True, slots=True)
class Used:
    """Days that a part has used (用时), of so many; whether it ended after its last day."""

    part: Part
    used: int
    days: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class _Span:
    part: Part
    began_on: date
    ended_on: date
    place: str
    pauses: tuple[Pause, ...]


class DaysUsed:
    """Counts the parts of courses (批量计算用时) as the clock does; a span of a place is counted once, however many
    recognitions it was."""

    def __init__(self, calendar: WorkingCalendar, parameters: Parameters) -> None:
        self._calendar, self._parameters = calendar, parameters
        self._rules: dict[str, Rules] = {}
        self._alike: dict[str, str] = {}
        self._by_layers: dict[tuple[str, ...], str] = {}
        self._counted: dict[_Span, Used] = {}

    def of(self, course: Course, *, home: str, away: str = "") -> list[Used]:
        """The parts of a course that have ended."""
        return [self._used(span) for span in self._spans(course, home, away)]

    def _spans(self, course: Course, home: str, away: str) -> list[_Span]:
        spans = [
            _Span(Part(leg), began_on, ended_on, self._place(place), _pauses(course, leg))
            for leg, began_on, ended_on, place in begun_legs(course, home, away)
            if ended_on is not None
        ]
        began_on, decided_on = course.accepted_on, course.decided_on
        if began_on and decided_on:
            spans.append(_Span(Part.WHOLE, began_on, decided_on, self._place(home), course.pauses))
        return spans

    def _place(self, place: str) -> str:
        """One place for all that have the same rules and the same days off."""
        if place not in self._alike:
            layers = (*self._parameters.prefixes_of(place), *self._calendar.layers(place))
            self._alike[place] = self._by_layers.setdefault(layers, place)
        return self._alike[place]

    def _used(self, span: _Span) -> Used:
        if span not in self._counted:
            self._counted[span] = self._count(span)
        return self._counted[span]

    def _count(self, span: _Span) -> Used:
        rules = self._rules.setdefault(span.place, Rules(self._parameters, span.place)).on(span.began_on)
        leg = Leg.COUNTY if span.part is Part.WHOLE else Leg(span.part)
        days = whole_days(rules) if span.part is Part.WHOLE else leg_days(rules, leg)
        counted = Counting(Course(pauses=span.pauses), span.ended_on, self._calendar)
        found = counted.leg(leg, span.began_on, span.ended_on, days, span.place)
        return Used(span.part, found.used, days, found.is_late)


def _pauses(course: Course, leg: Leg) -> tuple[Pause, ...]:
    return course.pauses if leg in (Leg.TOWNSHIP, Leg.COUNTY) else ()


def median(days: Sequence[int]) -> float:
    """The median (中位数): half of them are not above it; the mean of the two in the middle where they are even.

    Raises IndexError for none.
    """
    ordered, middle = sorted(days), len(days) // 2
    return float(ordered[middle]) if len(days) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percentile(days: Sequence[int], share: int) -> int:
    """The smallest of them that so many of a hundred are not above (百分位数). Raises IndexError."""
    ordered = sorted(days)
    return ordered[-(-len(ordered) * share // 100) - 1]
