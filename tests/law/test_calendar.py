"""Calendar: the birthday itself completes the year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.calendar import age_on, born_after

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
