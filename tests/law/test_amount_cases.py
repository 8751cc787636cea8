"""The cases of amounts as officials write them, through the reader and the answers that the command prints."""

from pathlib import Path

import pytest

from hutong.law.amount_cases import answer_cases
from hutong.law.cases import Case, read_cases
from hutong.law.parameters import shipped

FILES = sorted((Path(__file__).parent / "cases" / "amount").glob("*.yaml"))
CASES = [(file.stem, case) for file in FILES for case in read_cases(file.read_text(encoding="utf-8"), name=file.name)]


def answers_to(text: str, parameters=None):
    return answer_cases(read_cases(text, name="cases.yaml"), parameters or shipped())


@pytest.mark.parametrize(("theme", "case"), CASES, ids=[f"{theme}: {case.name}" for theme, case in CASES])
def test_a_case_is_answered_as_expected(theme, case):
    for answer in answer_cases([case], shipped()):
        assert answer.get("passed") is not False, answer


def test_there_are_many_cases_and_each_has_a_name_of_its_own():
    assert len(CASES) > 100
    assert len({case.name for _, case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[case.name for _, case in CASES])
def test_lines_sum_to_the_amount_and_each_has_words_and_an_article(case):
    assert isinstance(case, Case)
    for answer in answer_cases([case], shipped()):
        assert answer["lines"]
        assert sum(line["amount_fen"] for line in answer["lines"]) == answer["amount_fen"] >= 0
        for line in answer["lines"]:
            assert any("一" <= character <= "鿿" for character in line["text"])
            assert line["citation"].startswith("《")


CASE = """\
- name: one
  jurisdiction: "640122000000"
  months: [2025-12, 2026-01]
  child: {birth_date: 2015-03-07}
  holdings: [{category: de_facto, from_month: 2025-11}]
"""


def codes(answer):
    return [line["code"] for line in answer["lines"]]


def test_an_answer_without_an_expectation_is_neither_right_nor_wrong():
    assert [answer["passed"] for answer in answers_to(CASE)] == [None, None]
    assert "proposals" not in answers_to(CASE)[0]


def test_a_month_of_two_may_be_expected_alone():
    found = answers_to(CASE + "  expect: {2026-01: 164001}\n")

    assert [answer["passed"] for answer in found] == [None, False]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("  paidd: {}\n", "paidd"),
        ("  expect: {2026-02: 1}\n", "2026-02"),
        ("  expect: {2026-01: much}\n", "expect"),
        ("  expect: {amount: 1}\n", "expect"),
        ("  cut_off: 32\n", "cut_off"),
        ("  paid: {2026-13: 1}\n", "paid"),
    ],
)
def test_a_case_that_cannot_be_answered_names_the_key_and_the_others_are_answered(more, why):
    wrong, *others = answers_to(CASE + more + CASE.replace("one", "two"))

    assert wrong["name"] == "one"
    assert why in wrong["error"]
    assert wrong["passed"] is False
    assert [answer["name"] for answer in others] == ["two", "two"]


def test_a_case_of_a_recognition_is_left_to_that_command():
    text = "- name: r\n  on: 2024-06-03\n  child: {birth_date: 2015-03-07}\n  expect: {outcome: recognised}\n"

    assert answers_to(text) == []
    assert "months" in answers_to(text.replace("  on: 2024-06-03\n", ""))[0]["error"]


def test_a_case_may_ask_for_both():
    found = answers_to(CASE + "  on: 2024-06-03\n  expect: {outcome: recognised, 2026-01: 164000}\n")

    assert [answer["passed"] for answer in found] == [None, True]


def test_overpaid_months_stand_under_proposals_once():
    first, second = answers_to(CASE + "  paid: {2025-10: 5, 2025-11: 120001, 2026-02: 7}\n")

    assert first["proposals"] == [{"month": "2025-10", "amount_fen": 5}, {"month": "2025-11", "amount_fen": 1}]
    assert second["proposals"] == []
    assert (first["amount_fen"], second["amount_fen"]) == (120000, 164000)


def test_an_arrears_line_names_its_month():
    first, second = answers_to(CASE + "  paid: {2025-11: 100000}\n")

    assert codes(first) == ["standard", "arrears"]
    assert "2025-11" in first["lines"][1]["text"]
    assert codes(second) == ["standard"]


def test_the_month_itself_paid_and_answered_is_told():
    text = CASE.replace("[2025-12, 2026-01]", "[2025-11, 2025-11]") + "  paid: {2025-11: 100000}\n"
    first, second = answers_to(text)

    assert codes(first) == ["standard", "paid"]
    assert codes(second) == ["standard", "paid", "answered"]
    assert (first["amount_fen"], second["amount_fen"]) == (20000, 0)


@pytest.mark.parametrize(
    ("replaced", "by", "code"),
    [
        ("  holdings: [{category: de_facto, from_month: 2025-11}]\n", "", "no_holding"),
        ("de_facto", "left_behind", "never_paid"),
        (", from_month: 2025-11", "", "start_unknown"),
        ("2025-11}", "2026-11}", "not_yet"),
        ("2025-11}", "2025-01, until_month: 2025-02}", "ended"),
        ("2015-03-07}", "2015-03-07}\n  death: 2025-11-09", "ended_by_death"),
        ("2015-03-07}", "2015-03-07}\n  adoption: 2025-11-09", "ended_by_adoption"),
        ("2015", "2005", "of_age"),
        ('"640122000000"', '"00"', "no_standard"),
    ],
)
def test_nothing_due_has_a_reason(replaced, by, code):
    answer = answers_to(CASE.replace(replaced, by))[0]

    assert codes(answer) == [code]
    assert answer["amount_fen"] == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("  placement: [{kind: institution}]\n", "institution_standard"),
        ("  other_aid: [{kind: disability_nursing, fen_per_month: 1}]\n", "coexist_disability_nursing"),
        ("  other_aid: [{kind: tekun, fen_per_month: 1}]\n", "top_up_tekun"),
        (
            "  holdings: [{category: hiv, from_month: 2025-01}, {category: de_facto, from_month: 2025-11}]\n",
            "superseded",
        ),
    ],
)
def test_what_else_bears_on_a_month_is_told(more, code):
    text = CASE.replace(CASE.splitlines(keepends=True)[-1], "") if "holdings" in more else CASE

    assert codes(answers_to(text + more)[0])[1:] == [code]


def test_the_same_category_recognised_again_is_no_other():
    again = "  holdings: [{category: hiv, from_month: 2025-01}, {category: hiv, from_month: 2025-11}]\n"

    assert codes(answers_to("".join(CASE.splitlines(keepends=True)[:-1]) + again)[0]) == ["standard"]


@pytest.mark.parametrize(("category", "placement"), [("orphan_kin", "institution"), ("orphan_institution", "kin")])
def test_a_placement_that_contradicts_is_told(category, placement):
    text = CASE.replace("de_facto", category) + f"  placement: [{{kind: {placement}}}]\n"

    assert codes(answers_to(text)[0]) == ["standard", "placement_contradicts"]


def test_somebody_over_18_is_told_why_it_goes_on():
    text = CASE.replace("2015", "2006") + "  study: [{level: senior_high}]\n"

    assert codes(answers_to(text)[0]) == ["standard", "over_18"]


@pytest.mark.parametrize(
    ("replaced", "by"),
    [
        ("2015-03-07", "9990-03-07"),
        ("[2025-12, 2026-01]", "[9999-12]"),
        ("from_month: 2025-11}]", "from_month: 0001-01}]\n  paid: {}"),
    ],
)
def test_years_beyond_all_calendars_are_answered_or_told(replaced, by):
    for answer in answers_to(CASE.replace(replaced, by)):
        assert answer.get("error") or answer["lines"]
