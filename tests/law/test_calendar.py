"""Calendar: the birthday itself completes the year; which days are worked, and what the notices say."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.calendar import (
    Why,
    WorkingCalendar,
    age_from_the_day_after,
    age_on,
    born_after,
    months_after,
    nth_birthday,
    shipped_calendar,
)
from hutong.law.holidays import Notice, read_notices
from hutong.law.texts import WrongText

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
AGES = st.integers(0, 25)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2007, 6, 2), date(2025, 6, 1), 17),
        (date(2007, 6, 2), date(2025, 6, 2), 18),
        (date(2007, 6, 2), date(2025, 6, 3), 18),
        (date(2025, 6, 2), date(2025, 6, 2), 0),
        (date(2008, 2, 29), date(2024, 2, 28), 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2007, 12, 31), date(2025, 1, 1), 17),
    ],
)
def test_full_years(born, on, age):
    assert age_on(born, on) == age


@given(DAYS, st.integers(0, 12_000))
def test_age_counts_the_birthdays_that_have_been(born, lived):
    on = born + timedelta(days=lived)
    days = (born + timedelta(days=passed) for passed in range(1, lived + 1))
    leapling = (born.month, born.day) == (2, 29)
    birthdays = {(born.month, born.day)} if not leapling else {(2, 29), (3, 1)}
    assert age_on(born, on) == len({day.year for day in days if (day.month, day.day) in birthdays})


@given(DAYS, DAYS)
def test_nobody_grows_younger(born, on):
    assert age_on(born, on + timedelta(days=1)) - age_on(born, on) in (0, 1)


@given(AGES, DAYS)
def test_born_after_is_the_earliest_birth_date_below_an_age(age, on):
    earliest = born_after(age, on)
    assert age_on(earliest, on) < age
    assert age_on(earliest - timedelta(days=1), on) >= age


@given(AGES, DAYS, st.integers(-800, 800))
def test_born_after_parts_all_birth_dates(age, on, days):
    born = born_after(age, on) + timedelta(days=days)
    assert (age_on(born, on) < age) == (days >= 0)


@given(DAYS, AGES)
def test_a_birthday_is_the_first_day_of_its_age(born, age):
    birthday = nth_birthday(born, age)

    assert age_on(born, birthday) == age
    assert age_on(born, birthday - timedelta(days=1)) == age - 1
    assert age_from_the_day_after(born, birthday) == age - 1
    assert age_from_the_day_after(born, birthday + timedelta(days=1)) == age


def test_a_birthday_of_29_february():
    born = date(2008, 2, 29)

    assert nth_birthday(born, 16) == date(2024, 2, 29)
    assert nth_birthday(born, 18) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("on", "months", "after"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 4, 30)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
    ],
)
def test_the_corresponding_day(on, months, after):
    assert months_after(on, months) == after


@given(DAYS, st.integers(0, 240))
def test_the_corresponding_day_is_the_same_or_the_last_of_its_month(on, months):
    after = months_after(on, months)

    assert (after.year * 12 + after.month) - (on.year * 12 + on.month) == months
    assert after.day == on.day or (after.day < on.day and (after + timedelta(days=1)).day == 1)


def test_every_day_agrees_with_another_hand():
    other = pytest.importorskip("chinese_calendar")
    calendar = shipped_calendar()
    days = [date(2004, 1, 1) + timedelta(days=at) for at in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]
    differing = [day for day in days if calendar.is_working_day(day) != other.is_workday(day)]

    assert differing == [date(2005, 12, 31)], "worked by 国办发明电〔2005〕35号, which the package has left out"


def test_years_with_a_notice():
    calendar = shipped_calendar()

    assert [year for year in range(1990, 2040) if calendar.is_published(year)] == list(range(2004, 2027))
    assert [year for year in range(1990, 2040) if calendar.is_published(year, "64")] == [2020, 2021, 2022]


@pytest.mark.parametrize(
    ("day", "place", "why"),
    [
        (date(2024, 2, 10), "", Why.HOLIDAY),
        (date(2024, 2, 18), "", None),
        (date(2024, 3, 2), "", Why.WEEKEND),
        (date(2021, 5, 13), "", None),
        (date(2021, 5, 13), "00", None),
        (date(2021, 5, 13), "64", Why.LOCAL_HOLIDAY),
        (date(2021, 5, 13), "640122101201", Why.LOCAL_HOLIDAY),
        (date(2021, 5, 13), "620000000000", None),
        (date(2021, 10, 1), "64", Why.HOLIDAY),
        (date(2021, 10, 9), "64", None),
        (date(2027, 1, 1), "", None),
    ],
)
def test_why_a_day_is_off(day, place, why):
    assert shipped_calendar().why_off(day, place) == why
    assert shipped_calendar().is_working_day(day, place) == (why is None)


def test_a_later_notice_and_a_place_s_own_count():
    friday, saturday = date(2030, 3, 1), date(2030, 3, 2)
    first = Notice(2030, "", {friday: "x"}, frozenset())
    local = Notice(2030, "6401", {}, frozenset({saturday}))
    calendar = WorkingCalendar([Notice(2030, "", {}, frozenset()), first, local])

    assert calendar.why_off(friday) == Why.HOLIDAY
    assert calendar.why_off(saturday, "64") == Why.WEEKEND
    assert calendar.is_working_day(saturday, "640105")
    assert calendar.is_published(2030, "640105") and not calendar.is_published(2030, "6402")


def test_every_notice_shipped_names_its_document():
    notices = list(read_notices())

    assert len(notices) == 31
    for notice in notices:
        assert str(notice.year) in notice.citations[0].title_zh
        assert notice.note or not notice.is_provisional


GOOD = """
citations: [{zh: 甲, en: A}]
holidays: [{name: 元旦, from: 2029-12-30, until: 2030-01-01}]
workdays: [2030-01-05]
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "more: 1", "more"),
        (GOOD.replace("workdays", "worked"), "workdays"),
        (GOOD.replace("2030-01-05", "2030-01-04"), "2030-01-04"),
        (GOOD.replace("2030-01-05", "2029-12-30"), "2029-12-30"),
        (GOOD.replace("2030-01-05", "2031-01-04"), "2031-01-04"),
        (GOOD.replace("2030-01-05", "2029-11-24"), "2029-11-24"),
        (GOOD.replace("2029-12-30", "2029-11-30"), "2029-11-30"),
        (GOOD.replace("until: 2030-01-01", "until: 2031-01-01"), "2031-01-01"),
        (GOOD.replace("2029-12-30", "2030-01-02"), "ends before"),
        (GOOD.replace("2030-01-05", "5 January"), "5 January"),
        (GOOD.replace(", en: A", ""), "en"),
        ("- 1", "64/2030.yaml"),
    ],
)
def test_a_notice_that_contradicts_itself_is_told(tmp_path, text, said):
    file = tmp_path / "64" / "2030.yaml"
    file.parent.mkdir()
    file.write_text(GOOD)
    (notice,) = read_notices(tmp_path)
    assert list(notice.holidays) == [date(2029, 12, 30), date(2029, 12, 31), date(2030, 1, 1)]
    file.write_text(text)

    with pytest.raises(WrongText, match=said):
        list(read_notices(tmp_path))


@pytest.mark.parametrize(("age", "born"), [(18, date(2006, 3, 1)), (16, date(2008, 3, 1)), (0, date(2024, 3, 1))])
def test_born_after_on_29_february(age, born):
    assert born_after(age, date(2024, 2, 29)) == born


def test_a_holiday_of_the_country_stays_one_where_a_place_names_it_too():
    day = date(2024, 10, 1)
    country, place = Notice(2024, "", {day: "国庆节"}, frozenset()), Notice(2024, "64", {day: "国庆节"}, frozenset())
    assert WorkingCalendar([country, place]).why_off(day, "64") == Why.HOLIDAY


def test_without_a_notice_the_first_and_the_last_day_of_a_year_are_days_of_the_week():
    calendar = WorkingCalendar([])
    assert calendar.why_off(date(2028, 1, 1)) == calendar.why_off(date(2028, 12, 31)) == Why.WEEKEND
    assert calendar.why_off(date(2033, 1, 1)) == calendar.why_off(date(2033, 12, 31)) == Why.WEEKEND
    assert calendar.is_working_day(date(2029, 1, 1)) and calendar.is_working_day(date(2029, 12, 31))


def test_a_notice_reaches_from_the_december_before_to_the_end_of_its_year(tmp_path):
    file = tmp_path / "national" / "2028.yaml"
    file.parent.mkdir()
    spans = "{name: 甲, from: 2027-12-01, until: 2027-12-01}, {name: 乙, from: 2028-12-31, until: 2028-12-31}"
    file.write_text(f"citations: [{{zh: 甲, en: A, provisional: true}}]\nholidays: [{spans}]\nworkdays: []\n")
    (notice,) = read_notices(tmp_path)
    assert list(notice.holidays) == [date(2027, 12, 1), date(2028, 12, 31)]
    assert notice.citations[0].is_provisional and not notice.is_provisional


def test_only_the_country_and_divisions_have_notices(tmp_path):
    for name in ("64", "drafts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "2030.yaml").write_text(GOOD)
    (tmp_path / "65").write_text("no folder")
    assert [notice.prefix for notice in read_notices(tmp_path)] == ["64"]
    assert not next(read_notices(tmp_path)).citations[0].is_provisional


def test_the_years_whose_notices_are_there():
    assert shipped_calendar().years() == list(range(2004, 2027))
    assert shipped_calendar().years("64") == [2020, 2021, 2022]


def test_notices_stand_with_the_latest_first_and_the_country_before_its_places():
    held = [Notice(2029, "64", {}, frozenset()), Notice(2029, "", {}, frozenset()), Notice(2030, "64", {}, frozenset())]
    found = WorkingCalendar(held).notices
    assert [(one.year, one.prefix) for one in found] == [(2030, "64"), (2029, ""), (2029, "64")]
