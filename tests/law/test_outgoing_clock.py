"""The clock of what goes to another province: three days to send, home's own days, three days to tell."""

from datetime import date

import pytest

from hutong.law.calendar import shipped_calendar
from hutong.law.outgoing_clock import Passage, outgoing_clock
from hutong.law.recognition_clock import Leg, Light

DAY = date.fromisoformat
GANSU, JILIN, HERE = "620825000000", "220102000000", "110101001000"
"""Beijing as the place that received it: the national calendar alone, by which the vectors below are counted."""


def clock(on: str, home: str = GANSU, **days):
    passage = Passage(**{name: DAY(day) for name, day in days.items()})
    return outgoing_clock(passage, on=DAY(on), place=HERE, home=home)


@pytest.mark.parametrize(
    ("complete_on", "due_on"),
    [
        ("2026-02-06", "2026-02-11"),
        ("2026-04-27", "2026-04-30"),
        ("2026-06-11", "2026-06-16"),
        ("2026-09-18", "2026-09-22"),
    ],
)
def test_three_working_days_to_send_and_to_tell(complete_on, due_on):
    found = clock(complete_on, complete_on=complete_on)
    assert (found.holder, found.due_on, found.days_left, found.light) == (Leg.RECEIVING, DAY(due_on), 3, Light.SOON)
    sent = clock(complete_on, complete_on=complete_on, sent_on=complete_on, came_on=complete_on)
    assert (sent.holder, sent.due_on) == (Leg.TELLING, DAY(due_on))


def test_home_has_thirty_working_days_by_the_national_rules():
    found = clock("2026-04-27", complete_on="2026-04-27", sent_on="2026-04-27")
    assert (found.holder, found.legs[-1].days) == (Leg.HOME, 30)
    assert found.due_on == DAY("2026-06-10")  # fifteen until 20 May, fifteen more after it
    assert found.light is Light.AMPLE


def test_home_has_its_own_days_where_they_are_known():
    found = clock("2026-06-11", home="640122100000", complete_on="2026-06-11", sent_on="2026-06-11")
    assert (found.legs[-1].days, found.due_on) == (10, DAY("2026-06-26"))


def test_each_leg_has_the_days_off_of_its_own_place():
    local = shipped_calendar()
    found = outgoing_clock(
        Passage(complete_on=DAY("2025-03-28")), on=DAY("2025-03-28"), place="640122100000", home=GANSU, calendar=local
    )
    elsewhere = clock("2025-03-28", complete_on="2025-03-28")
    assert found.due_on >= elsewhere.due_on


def test_what_is_sent_on_the_last_day_is_in_time_and_a_day_later_is_late():
    days = {"complete_on": "2026-04-27", "came_on": "2026-05-20", "told_on": "2026-05-21"}
    assert clock("2026-05-22", sent_on="2026-04-30", **days).light is Light.IN_TIME
    assert clock("2026-05-22", sent_on="2026-05-06", **days).light is Light.LATE


def test_that_home_is_slow_is_not_this_offices_delay():
    days = {"complete_on": "2026-02-06", "sent_on": "2026-02-06", "came_on": "2026-09-18", "told_on": "2026-09-18"}
    found = clock("2026-09-18", **days)
    assert (found.light, found.holder, found.due_on) == (Light.IN_TIME, None, None)
    waits = clock("2026-09-18", complete_on="2026-02-06", sent_on="2026-02-06")
    assert waits.light is Light.OVERDUE and waits.days_left < 0


def test_nothing_runs_before_the_papers_are_there():
    found = clock("2026-04-27")
    assert (found.legs, found.light, found.due_on, found.is_provisional) == ((), None, None, False)
