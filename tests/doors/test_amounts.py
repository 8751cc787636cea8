"""The command `hutong amount`: cases in, amounts with lines and articles out, without a database."""

import json

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from hutong.console.main import app
from hutong.console.printing import Refusal

CASES = """\
- name: rate raised, dibao of the household topped up
  jurisdiction: "640122000000"
  months: [2025-12, 2026-01]
  child: {birth_date: 2015-03-07}
  holdings: [{category: de_facto, decided_on: 2024-06-14, from_month: 2024-07}]
  other_aid: [{kind: dibao, household_fen_per_month: 180000, members: 3, from: 2024-01-01}]
  expect: {2025-12: 60000, 2026-01: 104000}
"""
PAID = """\
- name: overpaid
  jurisdiction: "640122000000"
  months: [2025-12]
  child: {birth_date: 2015-03-07}
  holdings: [{category: de_facto, from_month: 2025-11}]
  paid: {2025-11: 130000}
"""


@pytest.fixture
def amount(tmp_path):
    def called(text: str | bytes, *options: str):
        file = tmp_path / "cases.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return CliRunner().invoke(app, ["amount", str(file), *options])

    return called


def test_every_case_and_month_is_answered_with_lines(amount):
    result = amount(CASES, "--json")
    found = json.loads(result.stdout)

    assert result.exit_code == 0
    assert (found["agree"], found["disagree"]) == (2, 0)
    first, second = found["cases"]
    assert first == {
        "name": "rate raised, dibao of the household topped up",
        "month": "2025-12",
        "amount_fen": 60000,
        "lines": first["lines"],
        "provisional": first["provisional"],
        "passed": True,
    }
    assert "standard" in first["provisional"]
    assert [line["amount_fen"] for line in second["lines"]] == [164000, -60000]
    assert set(second["lines"][1]) == {"code", "amount_fen", "text", "citation"}
    assert "民发〔2019〕62号" in second["lines"][1]["citation"]


def test_a_case_that_disagrees_is_found(amount):
    result = amount(CASES.replace("104000", "104001"), "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["disagree"] == 1


def test_a_case_that_cannot_be_read_is_named_and_the_others_are_answered(amount):
    result = amount(PAID.replace("months", "monthz").replace("overpaid", "bad") + CASES, "--json")
    bad, *others = json.loads(result.stdout)["cases"]

    assert result.exit_code == 1
    assert bad == {"name": "bad", "error": "case: unknown monthz", "passed": False}
    assert [answer["passed"] for answer in others] == [True, True]


def test_overpaid_months_are_proposals(amount):
    (answer,) = json.loads(amount(PAID, "--json").stdout)["cases"]

    assert answer["proposals"] == [{"month": "2025-11", "amount_fen": 10000}]
    assert answer["passed"] is None


def test_text_for_people(amount):
    with override("en"):
        result = amount(CASES + PAID + PAID.replace("paid:", "payed:"))

    assert "3 agree" not in result.stdout
    assert "2 agree, 1 disagree." in result.stdout
    assert "600元" in result.stdout
    assert "overpaid for 2025-11: 100元" in result.stdout
    assert "payed" in result.stdout


@pytest.mark.parametrize("text", ["name: no list", "- name: [", b"\xff\xfe\xff", "- {name: a, name: b}"])
def test_what_is_no_list_of_cases_is_refused(amount, text):
    result = amount(text, "--json")

    assert isinstance(result.exception, Refusal)
    assert result.exception.status == 1
