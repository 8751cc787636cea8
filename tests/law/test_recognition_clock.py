"""The clock of a recognition: legs one after another, the whole over both, days waited for papers not counted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.calendar import shipped_calendar
from hutong.law.deadlines import Pause, by_working_days
from hutong.law.parameters import shipped
from hutong.law.recognition_clock import Course, Leg, Light, days_left, pause_between, recognition_clock

DAY = date.fromisoformat
NINGXIA, JILIN = "640122000000", "220102000000"
NATIONAL_DAYS = {Leg.TOWNSHIP: 15, Leg.COUNTY: 15}


def clock(on: str, place: str = NINGXIA, **days):
    course = Course(**{name: DAY(day) if isinstance(day, str) else day for name, day in days.items()})
    return recognition_clock(course, on=DAY(on), jurisdiction=place, received_at="520102000000")


def test_nothing_runs_before_acceptance():
    found = clock("2026-04-27")

    assert (found.legs, found.whole, found.holder, found.due_on, found.days_left, found.light) == (
        (), None, None, None, None, None,
    )  # fmt: skip
    assert not found.is_provisional


def test_the_township_has_five_of_ningxias_ten_days():
    found = clock("2026-04-28", accepted_on="2026-04-27")

    assert found.holder is Leg.TOWNSHIP
    assert (found.legs[0].days, found.whole.days) == (5, 10)
    assert (found.due_on, found.days_left, found.legs[0].used) == (DAY("2026-05-07"), 4, 1)
    assert found.whole.deadline.due_on == DAY("2026-05-13")
    assert found.light is Light.AMPLE


@pytest.mark.parametrize(
    ("on", "left", "light"),
    [
        ("2026-04-27", 5, Light.AMPLE),
        ("2026-04-29", 3, Light.SOON),
        ("2026-05-05", 2, Light.SOON),  # the days off at the beginning of May take nothing
        ("2026-05-07", 0, Light.SOON),
        ("2026-05-08", -1, Light.OVERDUE),
        ("2026-05-09", -2, Light.OVERDUE),  # a Saturday that is worked
        ("2026-05-10", -2, Light.OVERDUE),
    ],
)
def test_days_left_of_the_township(on, left, light):
    found = clock(on, accepted_on="2026-04-27")

    assert (found.days_left, found.light) == (left, light)


def test_a_day_off_behind_the_last_day_is_behind_it():
    assert days_left(DAY("2026-06-05"), on=DAY("2026-06-06"), jurisdiction=NINGXIA) == -1
    assert days_left(DAY("2026-06-05"), on=DAY("2026-06-08"), jurisdiction=NINGXIA) == -1
    assert days_left(DAY("2026-06-05"), on=DAY("2026-06-09"), jurisdiction=NINGXIA) == -2


def test_half_of_the_days_are_not_ample():
    on = {9: Light.AMPLE, 8: Light.AMPLE, 7: Light.RUNNING, 4: Light.RUNNING, 3: Light.SOON}
    accepted = DAY("2026-06-01")
    due = by_working_days(accepted, 15, jurisdiction=JILIN).due_on

    for left, light in on.items():
        day = next(
            day for day in (accepted + timedelta(days=at) for at in range(30))
            if days_left(due, on=day, jurisdiction=JILIN) == left
        )  # fmt: skip
        assert clock(f"{day}", JILIN, accepted_on="2026-06-01").light is light


def test_the_county_takes_over_and_the_whole_binds_where_the_township_was_late():
    early = clock("2026-06-15", accepted_on="2026-06-11", checked_on="2026-06-15")
    late = clock("2026-06-24", accepted_on="2026-06-11", checked_on="2026-06-24")

    assert early.holder is late.holder is Leg.COUNTY
    assert early.due_on == early.legs[1].deadline.due_on == DAY("2026-06-23")
    assert early.whole.deadline.due_on == DAY("2026-06-26")
    assert not early.legs[0].is_late
    assert late.legs[0].is_late
    assert late.legs[1].deadline.due_on == DAY("2026-07-01")
    assert (late.due_on, late.days_left, late.light) == (DAY("2026-06-26"), 2, Light.SOON)


def test_elsewhere_the_whole_is_both_legs():
    found = clock("2026-06-11", JILIN, accepted_on="2026-06-11")

    assert (found.legs[0].days, found.whole.days) == (15, 30)
    assert found.due_on == DAY("2026-07-03")


def test_a_decision_on_the_last_day_is_in_time():
    days = {"accepted_on": "2026-06-11", "checked_on": "2026-06-18"}

    on_the_day = clock("2026-08-01", **days, decided_on="2026-06-26")
    after = clock("2026-08-01", **days, decided_on="2026-06-29")

    assert (on_the_day.light, after.light) == (Light.IN_TIME, Light.LATE)
    assert (on_the_day.holder, on_the_day.due_on, on_the_day.days_left) == (None, None, None)
    assert (on_the_day.whole.used, after.whole.used) == (10, 11)


def test_a_late_leg_is_told_where_the_whole_was_in_time():
    found = clock("2026-08-01", accepted_on="2026-06-11", checked_on="2026-06-22", decided_on="2026-06-23")

    assert found.legs[0].is_late
    assert not found.whole.is_late
    assert found.light is Light.LATE


def test_days_waited_for_papers_are_not_counted():
    pause = pause_between(DAY("2026-06-12"), DAY("2026-06-16"))
    found = clock("2026-06-16", accepted_on="2026-06-11", pauses=(pause,))

    assert pause == Pause(DAY("2026-06-13"), DAY("2026-06-16"))
    assert (found.legs[0].used, found.days_left) == (1, 4)
    assert found.due_on == DAY("2026-06-23")
    assert found.whole.deadline.pauses == (pause,)


def test_a_pause_over_a_weekend_neither_adds_nor_loses_days():
    plain = clock("2026-06-15", accepted_on="2026-06-11")
    paused = clock(
        "2026-06-15", accepted_on="2026-06-11", pauses=(pause_between(DAY("2026-06-12"), DAY("2026-06-14")),)
    )

    assert (paused.due_on, paused.days_left, paused.legs[0].used) == (plain.due_on, plain.days_left, plain.legs[0].used)


def test_papers_of_the_same_day_pause_nothing():
    assert pause_between(DAY("2026-06-12"), DAY("2026-06-12")) is None


def test_while_papers_are_waited_for_the_days_left_stand_still():
    found = [
        clock(on, accepted_on="2026-06-11", waits_since="2026-06-12")
        for on in ("2026-06-12", "2026-06-18", "2026-07-20")
    ]

    assert {(one.days_left, one.light, one.legs[0].used) for one in found} == {(4, Light.PAUSED, 1)}
    assert found[2].due_on == DAY("2026-07-24")


def test_another_township_passes_on_and_tells_within_three_days_of_its_own():
    received = clock("2026-06-12", complete_on="2026-06-11", is_elsewhere=True)
    decided = clock(
        "2026-06-29", complete_on="2026-06-11", accepted_on="2026-06-15", checked_on="2026-06-18",
        decided_on="2026-06-26", is_elsewhere=True,
    )  # fmt: skip
    told = clock(
        "2026-07-20", complete_on="2026-06-11", accepted_on="2026-06-15", checked_on="2026-06-18",
        decided_on="2026-06-26", told_on="2026-07-01", is_elsewhere=True,
    )  # fmt: skip

    assert (received.holder, received.due_on, received.whole) == (Leg.RECEIVING, DAY("2026-06-16"), None)
    assert (decided.holder, decided.due_on, decided.days_left) == (Leg.TELLING, DAY("2026-07-01"), 2)
    assert [leg.leg for leg in told.legs] == [Leg.RECEIVING, Leg.TOWNSHIP, Leg.COUNTY, Leg.TELLING]
    assert (told.holder, told.light) == (None, Light.IN_TIME)


def test_a_pause_moves_no_leg_of_the_receiving_township():
    pause = Pause(DAY("2026-06-12"), DAY("2026-06-16"))
    found = clock("2026-06-17", complete_on="2026-06-11", is_elsewhere=True, pauses=(pause,))

    assert found.due_on == DAY("2026-06-16")


def test_a_year_without_its_notice_is_told():
    assert clock("2026-12-21", accepted_on="2026-12-21", place="110101000000").is_provisional
    assert not clock("2026-06-11", accepted_on="2026-06-11", place="").is_provisional


def test_numbers_come_from_the_parameters():
    code = "recognition_soon_working_days"

    assert shipped().number(code, on=DAY("2026-06-11"), jurisdiction=NINGXIA) == 3


DAYS = st.dates(date(2020, 1, 1), date(2026, 9, 30))


@given(DAYS, st.lists(st.integers(0, 25), min_size=3, max_size=3), st.sampled_from([NINGXIA, JILIN]))
def test_used_and_left_are_all_days(accepted, gaps, place):
    on = accepted + timedelta(days=gaps[0])
    found = recognition_clock(Course(accepted_on=accepted), on=on, jurisdiction=place)

    if found.days_left >= 0:
        assert found.legs[0].used + found.days_left == found.legs[0].days
    assert (found.light is Light.OVERDUE) == (on > found.due_on)


@given(DAYS, st.integers(0, 12), st.integers(0, 30), st.sampled_from([NINGXIA, JILIN]))
def test_a_pause_never_brings_the_last_day_nearer(accepted, asked_after, waited, place):
    asked = accepted + timedelta(days=asked_after)
    course = Course(accepted_on=accepted)
    pause = pause_between(asked, asked + timedelta(days=waited))
    paused = replace(course, pauses=(pause,)) if pause else course
    on = asked + timedelta(days=waited)

    before, after = (recognition_clock(one, on=on, jurisdiction=place) for one in (course, paused))

    assert after.due_on >= before.due_on
    assert after.legs[0].used <= before.legs[0].used
    calendar = shipped_calendar()
    if pause and on <= before.due_on:
        lost = sum(
            calendar.is_working_day(pause.from_on + timedelta(days=at), place)
            for at in range((pause.until_on - pause.from_on).days + 1)
        )
        assert before.legs[0].used - after.legs[0].used == lost
