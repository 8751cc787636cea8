"""Study aid of orphans over 18: conditions and instalments."""

from dataclasses import replace
from datetime import date

import pytest

from hutong.law.facts import StudyFact
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from hutong.law.study_aid import Student, study_aid

RULES = Rules(shipped(), "640122000000")
AT_UNIVERSITY = StudyFact(level="undergraduate", from_on=date(2025, 9, 1))
STUDENT = Student(birth_date=date(2006, 3, 7), recognised_on=date(2015, 5, 4), study=(AT_UNIVERSITY,))


def paid(student: Student, year: int = 2025) -> list[int]:
    return [one.line.amount_fen for one in study_aid(student, year, RULES)]


def codes(student: Student) -> set[str]:
    return {one.line.code for one in study_aid(student, 2025, RULES)}


def test_a_school_year_is_ten_thousand_yuan_in_instalments():
    instalments = study_aid(STUDENT, 2025, RULES)

    assert [str(one.month) for one in instalments] == ["2025-09", "2025-12", "2026-03", "2026-06"]
    assert [one.line.amount_fen for one in instalments] == [250_000] * 4


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recognised_on": None}, "not_recognised_before"),
        ({"recognised_on": date(2024, 3, 7)}, "not_recognised_before"),
        ({"adopted_on": date(2020, 1, 1)}, "adopted"),
        ({"study": ()}, "not_studying"),
        ({"study": (replace(AT_UNIVERSITY, is_full_time=False),)}, "not_studying"),
        ({"study": (replace(AT_UNIVERSITY, level="compulsory"),)}, "not_studying"),
    ],
)
def test_who_gets_none_and_why(change, code):
    assert sum(paid(replace(STUDENT, **change))) == 0
    assert codes(replace(STUDENT, **change)) == {code}


def test_an_adopted_disabled_orphan_is_included():
    assert sum(paid(replace(STUDENT, adopted_on=date(2020, 1, 1), is_disabled=True))) == 1_000_000


@pytest.mark.parametrize(
    "level", ["senior_high", "secondary_vocational", "higher_vocational", "undergraduate", "master"]
)
def test_levels(level):
    assert sum(paid(replace(STUDENT, study=(replace(AT_UNIVERSITY, level=level),)))) == 1_000_000


def test_the_birthday_and_a_leave_change_the_instalments_after_them():
    assert paid(replace(STUDENT, birth_date=date(2008, 1, 20))) == [0, 0, 250_000, 250_000]
    assert paid(replace(STUDENT, study=(replace(AT_UNIVERSITY, until_on=date(2026, 1, 31)),))) == [
        250_000,
        250_000,
        0,
        0,
    ]
