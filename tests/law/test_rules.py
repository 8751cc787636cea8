"""The rules of a place on a day: what holds, what comes later, what it rests on, and how it is called."""

from datetime import date

import pytest

from hutong.law.months import Month
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from hutong.law.situations import DE_FACTO

RULES = Rules(shipped(), "640122000000")
BEGINS, GROWS = date(2020, 1, 1), date(2021, 1, 1)


@pytest.mark.parametrize(
    ("day", "member", "begins"),
    [
        (date(2019, 12, 31), "", BEGINS),
        (BEGINS, "", GROWS),
        (date(2019, 12, 31), "deported", GROWS),
        (BEGINS, "imprisoned", GROWS),
        (GROWS, "", None),
        (BEGINS, "unable_to_work", None),
    ],
)
def test_what_comes_later_begins_after_the_day(day, member, begins):
    found = RULES.on(day).coming(DE_FACTO, member)
    assert (found and found.from_on) == begins


@pytest.mark.parametrize(
    ("day", "document"),
    [
        (date(2019, 12, 31), "民发〔2019〕62号"),
        (BEGINS, "民发〔2019〕62号"),
        (GROWS, "民发〔2020〕125号"),
    ],
)
def test_a_table_rests_on_what_holds_or_first_will(day, document):
    assert RULES.on(day).source(DE_FACTO).instrument.number == document


def test_a_parameter_is_called_by_its_title_and_an_unknown_one_by_its_code():
    assert RULES.title("allowance_scattered") == "孤儿基本生活费（社会散居）"
    assert RULES.title("nothing") == "nothing"


def test_what_is_not_said_is_none_nothing_or_refused_with_the_place():
    assert RULES.find("nothing", BEGINS) is None and RULES.listed("nothing", BEGINS) == ()
    assert RULES.listed("age_limit", BEGINS) == ()
    with pytest.raises(LookupError, match="nothing has no value on 2020-01-01 for 640122000000"):
        RULES.value("nothing", BEGINS)
    with pytest.raises(LookupError, match="de_facto_situations is no number on 2020-01-01 for 640122000000"):
        RULES.number(DE_FACTO, BEGINS)
    with pytest.raises(LookupError, match="for national"):
        Rules(shipped()).value("nothing", BEGINS)
    with pytest.raises(LookupError, match="for national"):
        Rules(shipped()).number(DE_FACTO, BEGINS)


@pytest.mark.parametrize(
    ("month", "cut_off", "day"),
    [
        (Month(2026, 2), None, date(2026, 2, 5)),
        (Month(2026, 2), 31, date(2026, 2, 28)),
        (Month(2024, 2), 31, date(2024, 2, 29)),
        (Month(2026, 4), 30, date(2026, 4, 30)),
        (Month(2026, 4), 1, date(2026, 4, 1)),
    ],
)
def test_the_facts_of_a_month_are_those_of_its_cut_off_day_or_of_its_last(month, cut_off, day):
    assert RULES.terms(month, cut_off).day == day
