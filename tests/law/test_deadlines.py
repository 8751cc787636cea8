"""Deadlines: the day of receipt is not counted, days off are not, months end on the corresponding day, hours run."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.calendar import Why, WorkingCalendar, shipped_calendar
from hutong.law.citation import cite
from hutong.law.deadlines import Pause, by_hours, by_months, by_working_days
from hutong.law.holidays import Notice, read_notices

DAY = date.fromisoformat
NINGXIA = "640122000000"
DAYS = st.dates(date(2003, 1, 1), date(2028, 12, 31))
COUNTS = st.integers(1, 60)
PLACES = st.sampled_from(["", "00", "64", NINGXIA])
PAUSES = st.lists(
    st.builds(lambda day, length: Pause(day, day + timedelta(days=length)), DAYS, st.integers(0, 40)), max_size=4
)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2024-02-05", 4, "2024-02-09"),  # the eve of Spring Festival 2024 is worked
        ("2024-02-05", 5, "2024-02-18"),  # and so is the Sunday after it
        ("2024-02-05", 10, "2024-02-23"),
        ("2024-02-12", 1, "2024-02-18"),  # received within the festival
        ("2023-09-27", 1, "2023-09-28"),
        ("2023-09-27", 2, "2023-10-07"),  # National Day 2023: the Saturday and the Sunday after it are worked
        ("2023-09-27", 3, "2023-10-08"),
        ("2023-12-29", 1, "2024-01-02"),  # over the turn of the year
        ("2018-12-28", 1, "2018-12-29"),  # worked by the notice of the year after
        ("2018-12-29", 1, "2019-01-02"),
        ("2020-01-23", 1, "2020-02-03"),  # the Spring Festival that was prolonged
        ("2026-02-06", 3, "2026-02-11"),
        ("2026-02-06", 5, "2026-02-13"),
        ("2026-02-06", 10, "2026-02-27"),
        ("2026-02-06", 15, "2026-03-05"),
        ("2026-04-27", 3, "2026-04-30"),
        ("2026-04-27", 5, "2026-05-07"),
        ("2026-04-27", 10, "2026-05-13"),
        ("2026-04-27", 15, "2026-05-20"),
        ("2026-06-11", 10, "2026-06-26"),
        ("2026-06-11", 15, "2026-07-03"),
        ("2026-09-18", 3, "2026-09-22"),
        ("2026-09-18", 10, "2026-10-09"),
        ("2026-09-18", 15, "2026-10-15"),
    ],
)
def test_known_working_day_deadlines(received, days, due):
    found = by_working_days(DAY(received), days)

    assert found.due_on == DAY(due)
    assert not found.is_provisional


def test_why_days_are_skipped_at_a_place_with_days_of_its_own():
    found = by_working_days(DAY("2021-05-11"), 2, jurisdiction=NINGXIA)

    assert found.due_on == DAY("2021-05-17")
    assert found.counted == (DAY("2021-05-12"), DAY("2021-05-17"))
    assert [(day.day, why) for day, why in found.skipped] == [
        (13, Why.LOCAL_HOLIDAY), (14, Why.LOCAL_HOLIDAY), (15, Why.WEEKEND), (16, Why.WEEKEND),
    ]  # fmt: skip
    assert not found.is_provisional
    assert by_working_days(DAY("2021-05-11"), 2).due_on == DAY("2021-05-13")


def test_a_year_without_a_notice_is_provisional():
    found = by_working_days(DAY("2026-12-21"), 10)

    assert found.due_on == DAY("2027-01-04")
    assert found.is_provisional
    assert not by_working_days(DAY("2026-12-21"), 8).is_provisional
    assert by_working_days(DAY("2026-12-31"), 1).is_provisional
    assert by_working_days(DAY("2003-06-02"), 1).is_provisional


@pytest.mark.parametrize("place", ["64", NINGXIA])
def test_a_place_without_its_own_notice_is_provisional(place):
    assert not by_working_days(DAY("2020-03-02"), 5, jurisdiction=place).is_provisional
    assert by_working_days(DAY("2018-03-05"), 5, jurisdiction=place).is_provisional, "no notice of Ningxia's"
    assert by_working_days(DAY("2026-03-02"), 5, jurisdiction=place).is_provisional, "Ningxia's is not confirmed"
    assert by_working_days(DAY("2020-03-02"), 5, jurisdiction="44").is_provisional, "no notice of Guangdong's"
    assert not by_working_days(DAY("2018-03-05"), 5, jurisdiction="00").is_provisional


def test_a_pause_is_not_counted():
    pause = Pause(DAY("2024-03-06"), DAY("2024-03-12"))
    found = by_working_days(DAY("2024-03-04"), 3, pauses=[pause, Pause(DAY("2024-05-06"), DAY("2024-05-07"))])

    assert found.counted == (DAY("2024-03-05"), DAY("2024-03-13"), DAY("2024-03-14"))
    assert found.skipped == ()
    assert found.pauses == (pause,), "the one that comes too late has moved nothing"


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-03-31", 1, "2024-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-08-20", 6, "2024-02-20"),
        ("2024-01-12", 1, "2024-02-18"),  # a day of Spring Festival: the working Sunday after it
        ("2024-08-08", 1, "2024-09-09"),  # a Sunday
        ("2024-08-14", 1, "2024-09-14"),  # a Saturday that is worked
        ("2023-09-01", 1, "2023-10-07"),
    ],
)
def test_months(received, months, due):
    found = by_months(DAY(received), months)

    assert found.due_on == DAY(due)
    assert not found.is_provisional


def test_months_wait_for_a_pause_and_are_provisional_where_they_end():
    pause = Pause(DAY("2024-03-10"), DAY("2024-03-14"))
    found = by_months(DAY("2024-03-04"), 1, pauses=[pause])

    assert found.due_on == DAY("2024-04-09")
    assert found.pauses == (pause,)
    assert by_months(DAY("2026-08-03"), 6).is_provisional


def test_hours_run_through_holidays():
    assert by_hours(datetime(2024, 2, 9, 17, 30), 24) == datetime(2024, 2, 10, 17, 30)


def test_the_rule_can_be_cited():
    assert cite(by_working_days(DAY("2024-03-04"), 3).rule).zh == "《中华人民共和国民法典》第二百零一条"
    assert "第二百零三条" in cite(by_months(DAY("2024-03-04"), 3).rule).zh


@pytest.mark.parametrize("reckon", [by_working_days, by_months])
def test_nothing_is_due_before_it_comes(reckon):
    with pytest.raises(ValueError):
        reckon(DAY("2024-03-04"), 0)
    with pytest.raises(ValueError):
        reckon(DAY("2024-03-04"), 3, pauses=[Pause(DAY("2024-03-09"), DAY("2024-03-08"))])


@given(DAYS, COUNTS, PLACES, PAUSES)
def test_every_day_is_counted_skipped_or_paused(received, days, place, pauses):
    found = by_working_days(received, days, jurisdiction=place, pauses=pauses)
    calendar = shipped_calendar()
    skipped = [day for day, _why in found.skipped]
    paused = {day for day in span(received, found.due_on) if any(one.from_on <= day <= one.until_on for one in pauses)}

    assert found.due_on == found.counted[-1]
    assert len(found.counted) == days
    assert all(calendar.is_working_day(day, place) for day in found.counted)
    assert all(calendar.why_off(day, place) == why for day, why in found.skipped)
    assert sorted([*found.counted, *skipped, *paused]) == span(received, found.due_on)


@given(DAYS, st.integers(1, 15), PLACES, PAUSES)
def test_pauses_only_move_later(received, count, place, pauses):
    for reckon in (by_working_days, by_months):
        due = reckon(received, count, jurisdiction=place).due_on
        assert reckon(received, count, jurisdiction=place, pauses=pauses).due_on >= due


@given(DAYS, st.integers(1, 15), PLACES, st.sets(st.integers(1, 90), min_size=1, max_size=10))
def test_one_more_holiday_is_never_earlier(received, count, place, offsets):
    by_year: dict[int, dict[date, str]] = {}
    for offset in offsets:
        day = received + timedelta(days=offset)
        by_year.setdefault(day.year, {})[day] = "more"
    more = [Notice(year, NINGXIA[:6], days, frozenset()) for year, days in by_year.items()]
    calendar = WorkingCalendar([*NOTICES, *more])

    for reckon in (by_working_days, by_months):
        before = reckon(received, count, jurisdiction=place).due_on
        assert reckon(received, count, jurisdiction=place, calendar=calendar).due_on == before or place == NINGXIA
        assert reckon(received, count, jurisdiction=place, calendar=calendar).due_on >= before


@given(DAYS, st.integers(1, 36), PLACES)
def test_months_end_on_a_working_day_in_the_month_or_after_it(received, months, place):
    found = by_months(received, months, jurisdiction=place)
    month = (received.year * 12 + received.month - 1 + months) // 12, (received.month - 1 + months) % 12 + 1

    assert shipped_calendar().is_working_day(found.due_on, place)
    assert (found.due_on.year, found.due_on.month) >= month
    assert found.due_on - received < timedelta(days=31 * months + 15)


def span(received: date, due: date) -> list[date]:
    return [received + timedelta(days=at) for at in range(1, (due - received).days + 1)]


NOTICES = list(read_notices())


def test_a_pause_that_has_moved_nothing_is_not_named():
    before, first = Pause(DAY("2026-06-09"), DAY("2026-06-11")), Pause(DAY("2026-06-12"), DAY("2026-06-12"))
    for reckon in (by_working_days, by_months):
        assert reckon(DAY("2026-06-11"), 2, pauses=[before]) == reckon(DAY("2026-06-11"), 2)
        assert reckon(DAY("2026-06-11"), 2, pauses=[before, first]).pauses == (first,)


def test_the_day_of_receipt_may_stand_in_a_year_without_a_notice():
    calendar = WorkingCalendar([Notice(2026, "", {}, frozenset())])
    assert not by_working_days(DAY("2025-12-31"), 1, calendar=calendar).is_provisional


def test_a_pause_on_the_last_day_of_some_months_moves_them_and_one_on_the_day_of_receipt_does_not():
    received, ends = DAY("2026-06-10"), DAY("2026-07-10")
    assert by_months(received, 1, pauses=[Pause(received, received)]).due_on == ends
    found = by_months(received, 1, pauses=[Pause(ends, ends)])
    assert found.due_on == DAY("2026-07-13") and found.pauses == (Pause(ends, ends),)


def test_days_off_after_some_months_are_named():
    found = by_months(DAY("2026-06-11"), 1)
    assert (found.due_on, found.counted) == (DAY("2026-07-13"), ())
    assert found.skipped == ((DAY("2026-07-11"), Why.WEEKEND), (DAY("2026-07-12"), Why.WEEKEND))
