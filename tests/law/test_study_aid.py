"""Study aid of orphans over 18: conditions and instalments."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hutong.law.facts import StudyFact
from hutong.law.parameters import FOLDER, Parameters, shipped
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
        ({"birth_date": date(2009, 1, 1)}, "under_age"),
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


def test_an_adoption_counts_from_its_day_on():
    day = RULES.terms(study_aid(STUDENT, 2025, RULES)[1].month).day
    assert paid(replace(STUDENT, adopted_on=day)) == [250_000, 0, 0, 0]
    assert paid(replace(STUDENT, adopted_on=day + timedelta(days=1))) == [250_000, 250_000, 0, 0]


@pytest.fixture
def elsewhere(tmp_path):
    """The rules of a country where something of the study aid reads otherwise."""

    def made(*changes: tuple[str, str]) -> Rules:
        folder = tmp_path / "national"
        shutil.copytree(FOLDER / "national", folder)
        file = folder / "study_aid.yaml"
        said = file.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in said
            said = said.replace(before, after)
        file.write_text(said, encoding="utf-8")
        return Rules(Parameters(tmp_path), "64")

    return made


def test_a_place_that_pays_by_the_month_and_a_sum_that_does_not_divide(elsewhere):
    found = study_aid(STUDENT, 2025, elsewhere(('value: "4"', 'value: "12"'), ('"1000000"', '"1000001"')))

    assert [str(one.month) for one in found] == [f"{2025 + at // 12}-{at % 12 + 1:02d}" for at in range(8, 20)]
    assert sum(one.line.amount_fen for one in found) == 1_000_001
    assert {one.line.amount_fen for one in found} == {83_333, 83_334}


def test_instalments_that_do_not_divide_the_year_are_never_late(elsewhere):
    found = study_aid(STUDENT, 2025, elsewhere(('value: "4"', 'value: "5"')))

    assert [str(one.month) for one in found] == ["2025-09", "2025-11", "2026-01", "2026-04", "2026-06"]


def test_the_sum_is_that_of_the_first_day_of_the_school_year(elsewhere):
    later = '{from: 2025-09-02, value: "2000000", citation: default},\n    {from: 2026-09-01, value: "3000000", '
    rules = elsewhere(
        (
            "study_aid_2025_report}]}\nstudy_aid_levels",
            f"study_aid_2025_report}},\n    {later}citation: default}}]}}\nstudy_aid_levels",
        )
    )

    assert sum(one.line.amount_fen for one in study_aid(STUDENT, 2025, rules)) == 1_000_000
    assert sum(one.line.amount_fen for one in study_aid(STUDENT, 2026, rules)) == 3_000_000
