"""The rules of signing in, by day, and which PINs are guessed first."""

from datetime import date, timedelta

import pytest

from hutong.law import sign_in
from hutong.law.sign_in import PIN_DIGITS, Limits, is_trivial_pin, sign_in_rules

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_rules_hold_from_a_day_on_and_say_that_they_are_ours():
    rules = sign_in_rules(date(2026, 11, 24))

    assert rules.from_on <= date(2026, 11, 24) and rules.is_provisional
    assert rules.one_time_password == timedelta(hours=72)
    assert rules.attempts.account < rules.attempts.source <= rules.attempts.until_unlocked


def test_before_the_first_day_there_are_none():
    with pytest.raises(LookupError, match="2019-12-31"):
        sign_in_rules(date(2019, 12, 31))


def test_later_rules_hold_from_their_day_on(monkeypatch, tmp_path):
    now = sign_in.FILE.read_text(encoding="utf-8")
    later = now.replace("2020-01-01", "2027-03-01").replace("wrong_pins: 5", "wrong_pins: 3")
    file = tmp_path / "sign_in.yaml"
    file.write_text(later + now, encoding="utf-8")
    monkeypatch.setattr(sign_in, "FILE", file)
    monkeypatch.setattr(sign_in, "_rules", sign_in._rules.__wrapped__)
    days = [date(2020, 1, 1), date(2027, 2, 28), date(2027, 3, 1)]
    assert [sign_in_rules(day).wrong_pins for day in days] == [5, 5, 3]


@pytest.mark.parametrize(
    ("roles", "limits"),
    [
        ([], Limits(30 * MINUTE, 10 * HOUR)),
        (["township_supervisor"], Limits(30 * MINUTE, 10 * HOUR)),
        (["village_director"], Limits(240 * MINUTE, 24 * HOUR)),
        (["village_director", "township_supervisor"], Limits(30 * MINUTE, 10 * HOUR)),
        (["payer", "village_director"], Limits(15 * MINUTE, 8 * HOUR)),
        (["payer", "audit_administrator"], Limits(15 * MINUTE, 4 * HOUR)),
    ],
)
def test_of_several_roles_the_strictest_limits_count(roles, limits):
    assert sign_in_rules(date(2026, 11, 24)).limits(roles) == limits


@pytest.mark.parametrize(
    "pin",
    [
        *("345678", "876543", "678901", "321098"),  # rows, over zero too
        *("555555", "474747", "447744", "457457"),  # repetitions
        *("850101", "850131", "851201", "851231"),  # a date with the year first
        *("123185", "013185"),  # month, day, year
        *("311285", "310185"),  # day, month, year
        *("198701", "198712", "204907"),  # a month after a year of four digits
    ],
)
def test_what_is_guessed_first_is_trivial(pin):
    assert len(pin) == PIN_DIGITS and is_trivial_pin(pin)


@pytest.mark.parametrize(
    "pin",
    [
        "582694",
        "468024",  # steps of two
        *("345434", "334455"),  # up and down, and by halves
        *("850001", "851301", "850100", "850132"),  # no month or no day of any year
        *("003185", "133185", "123285", "120085", "323285", "321285", "310085", "311385"),
        *("198700", "198713", "218705"),
    ],
)
def test_what_is_none_of_these_is_not(pin):
    assert len(pin) == PIN_DIGITS and not is_trivial_pin(pin)
