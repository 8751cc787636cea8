"""Days used are counted as the clock counts them; the median and the percentile are days that were."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.calendar import shipped_calendar
from hutong.law.days_used import DaysUsed, Part, median, percentile
from hutong.law.deadlines import Pause
from hutong.law.parameters import shipped
from hutong.law.recognition_clock import Course, recognition_clock

DAY = date.fromisoformat
NINGXIA, JILIN = "640122100200", "220102000000"
FIRST = DAY("2026-01-05")


def used(place: str = NINGXIA, **days):
    course = Course(**{name: DAY(day) if isinstance(day, str) else day for name, day in days.items()})
    counted = DaysUsed(shipped_calendar(), shipped()).of(course, home=place, away="640121100000")
    return {one.part: (one.used, one.days, one.is_late) for one in counted}


def test_the_parts_that_have_ended():
    """By hand: 27 April to 6 May is 28, 29, 30 April and 6 May; until 12 May the Saturday of 9 May is worked."""
    found = used(accepted_on="2026-04-27", checked_on="2026-05-06", decided_on="2026-05-12")
    assert found == {Part.TOWNSHIP: (4, 5, False), Part.COUNTY: (5, 5, False), Part.WHOLE: (9, 10, False)}


def test_what_has_not_ended_is_not_counted():
    assert used(accepted_on="2026-04-27") == {}
    assert set(used(accepted_on="2026-04-27", checked_on="2026-04-28")) == {Part.TOWNSHIP}


def test_a_pause_is_taken_out_and_a_day_off_after_the_last_one_is_late():
    pauses = (Pause(DAY("2026-04-28"), DAY("2026-04-30")),)
    found = used(accepted_on="2026-04-27", checked_on="2026-05-06", decided_on="2026-05-06", pauses=pauses)
    assert found[Part.TOWNSHIP] == (1, 5, False)
    late = used(accepted_on="2026-06-11", checked_on="2026-06-20", decided_on="2026-06-22")
    assert late[Part.TOWNSHIP] == (5, 5, True)  # Thursday 18 June was the last; 19 to 21 are off


def test_elsewhere_and_by_letter_there_is_more():
    away = used(
        complete_on="2026-06-10", accepted_on="2026-06-11", checked_on="2026-06-15", decided_on="2026-06-18",
        told_on="2026-06-22", is_elsewhere=True,
    )  # fmt: skip
    assert (away[Part.RECEIVING], away[Part.TELLING]) == ((1, 3, False), (1, 3, False))
    letter = used(
        accepted_on="2026-06-10", checked_on="2026-06-15", decided_on="2026-06-18", told_on="2026-06-25",
        is_by_letter=True,
    )  # fmt: skip
    assert letter[Part.TELLING] == (4, 3, True) and Part.RECEIVING not in letter


DAYS = st.integers(0, 40)


@given(DAYS, DAYS, DAYS, st.integers(0, 9), st.sampled_from([NINGXIA, JILIN]))
def test_they_are_those_of_the_clock(begun, checking, deciding, waited, place):
    accepted = FIRST + timedelta(begun)
    checked = accepted + timedelta(checking)
    decided = checked + timedelta(deciding)
    pauses = (Pause(accepted + timedelta(1), accepted + timedelta(waited)),) if 0 < waited <= checking else ()
    course = Course(accepted_on=accepted, checked_on=checked, decided_on=decided, pauses=pauses)
    clock = recognition_clock(course, on=decided, jurisdiction=place)
    said = [(leg.used, leg.days, leg.is_late) for leg in (*clock.legs, clock.whole)]
    counted = DaysUsed(shipped_calendar(), shipped()).of(course, home=place)
    assert [(one.used, one.days, one.is_late) for one in counted] == said


def test_a_span_is_counted_once_however_many_recognitions_it_was():
    counting = DaysUsed(shipped_calendar(), shipped())
    course = Course(accepted_on=DAY("2026-04-27"), checked_on=DAY("2026-05-06"))
    (first,), (second,), (other,) = (counting.of(course, home=place) for place in (NINGXIA, "640121101000", JILIN))
    assert first is second and first is not other


@pytest.mark.parametrize(
    ("days", "middle", "most"),
    [([4], 4, 4), ([1, 2], 1.5, 2), ([3, 1, 2], 2, 3), (list(range(1, 11)), 5.5, 9), (list(range(1, 21)), 10.5, 18)],
)
def test_median_and_ninetieth_percentile(days, middle, most):
    assert (median(days), percentile(days, 90)) == (middle, most)


@pytest.mark.parametrize("of", [median, lambda days: percentile(days, 90)])
def test_of_none_there_is_none(of):
    with pytest.raises(IndexError):
        of([])
