"""Clock of an application that goes to another province by letter (异地转办时限).

The office that received it sends the papers on, and tells the family, by days of its own place; the place that decides
has the days of its own rules. That it is asked once they are over is ours: nobody else's delay binds it.
"""

from dataclasses import dataclass
from datetime import date

from hutong.law.calendar import WorkingCalendar, shipped_calendar
from hutong.law.parameters import Parameters, shipped
from hutong.law.recognition_clock import (
    Counting,
    Course,
    Leg,
    LegClock,
    RecognitionClock,
    days_left,
    how_it_ended,
    leg_days,
    light_of,
    whole_days,
)
from hutong.law.rules import InForce, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Passage (转办经过): the days on which the papers were all there, went out, the answer came, the family was told.

    None: not yet. The answer counts from the day it came: nobody here can tell what has not arrived.
    """

    complete_on: date | None = None
    sent_on: date | None = None
    came_on: date | None = None
    told_on: date | None = None


def outgoing_clock(
    passage: Passage,
    *,
    on: date,
    place: str,
    home: str,
    calendar: WorkingCalendar | None = None,
    parameters: Parameters | None = None,
) -> RecognitionClock:
    """The clock on a day (计算转办时限) of what was received at a place and is decided at `home`."""
    calendar, parameters = calendar or shipped_calendar(), parameters or shipped()
    counted = Counting(Course(), on, calendar)
    legs = tuple(
        counted.leg(leg, began_on, ended_on, _days(Rules(parameters, whose).on(began_on), leg), whose)
        for leg, began_on, ended_on, whose in _begun(passage, place, home)
    )
    running = legs[-1] if legs and legs[-1].ended_on is None else None
    if running is None:
        return _over(legs)
    whose = home if running.leg is Leg.HOME else place
    due_on = running.deadline.due_on
    left = days_left(due_on, on=on, jurisdiction=whose, calendar=calendar)
    light = light_of(left, running.days, Rules(parameters, place).number("recognition_soon_working_days", on))
    return RecognitionClock(legs, None, running.leg, due_on, left, light, _is_provisional(legs))


def _begun(passage: Passage, place: str, home: str) -> list[tuple[Leg, date, date | None, str]]:
    legs = (
        (Leg.RECEIVING, passage.complete_on, passage.sent_on, place),
        (Leg.HOME, passage.sent_on, passage.came_on, home),
        (Leg.TELLING, passage.came_on, passage.told_on, place),
    )
    return [(leg, began_on, ended_on, whose) for leg, began_on, ended_on, whose in legs if began_on is not None]


def _days(rules: InForce, leg: Leg) -> int:
    return whole_days(rules) if leg is Leg.HOME else leg_days(rules, leg)


def _over(legs: tuple[LegClock, ...]) -> RecognitionClock:
    """What runs no more: in time or late by this office's own legs."""
    own = tuple(one for one in legs if one.leg is not Leg.HOME)
    return RecognitionClock(legs, None, None, None, None, how_it_ended(own), _is_provisional(legs))


def _is_provisional(legs: tuple[LegClock, ...]) -> bool:
    return any(one.deadline.is_provisional for one in legs)
