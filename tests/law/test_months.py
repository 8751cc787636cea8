"""Months: they follow each other over the years, and none lie between a later one and an earlier."""

from datetime import date

import pytest

from hutong.law.months import Month, months_between


@pytest.mark.parametrize("text", ["", "2025", "2025-1", "2025-13", "2025-12-01", "202512", "20251201-01", "2025-012"])
def test_what_says_no_month_is_refused(text):
    with pytest.raises(ValueError):
        Month.read(text)


def test_a_month_is_read_and_said():
    assert str(Month.read("0987-02")) == "0987-02"
    assert (Month(2024, 2).first, Month(2024, 2).last) == (date(2024, 2, 1), date(2024, 2, 29))


def test_months_between():
    assert months_between(Month(2025, 11), Month(2026, 2)) == [
        Month(2025, 11), Month(2025, 12), Month(2026, 1), Month(2026, 2),
    ]  # fmt: skip
    assert months_between(Month(2025, 11), Month(2025, 11)) == [Month(2025, 11)]
    assert months_between(Month(2025, 11), Month(2025, 10)) == months_between(Month(2025, 11), Month(2020, 1)) == []
