"""The rules of signing in, by day."""

from datetime import date, timedelta

import pytest

from hutong.law.sign_in import sign_in_rules


def test_rules_hold_from_a_day_on_and_say_that_they_are_ours():
    rules = sign_in_rules(date(2026, 11, 24))

    assert rules.from_on <= date(2026, 11, 24) and rules.is_provisional
    assert rules.one_time_password == timedelta(hours=72)
    assert rules.attempts.account < rules.attempts.source <= rules.attempts.until_unlocked


def test_before_the_first_day_there_are_none():
    with pytest.raises(LookupError):
        sign_in_rules(date(2019, 12, 31))
