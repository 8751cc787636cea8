"""The command `hutong recognise`: cases in, answers with reasons out, without a database."""

import json

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from hutong.console.main import app
from hutong.console.printing import Refusal

CHILD = """\
  on: 2024-06-03
  child: {birth_date: 2015-03-07, adopted: false}
  parents:
    - {role: father, circumstances: [{kind: dead, from: 2023-11-02}]}
    - {role: mother, circumstances: [{kind: imprisoned, from: 2024-01-10, until: 2026-01-09}]}
"""
RIGHT = f"- name: father dead, mother in prison\n{CHILD}  expect: {{outcome: recognised, category: de_facto}}\n"
MONTHS = """\
- name: an amount
  months: [2025-12]
  child: {birth_date: 2015-03-07}
  expect: {2025-12: 60000}
"""


@pytest.fixture
def recognise(tmp_path):
    def called(text: str | bytes, *options: str):
        file = tmp_path / "cases.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with override("en"):
            return CliRunner().invoke(app, ["recognise", str(file), *options])

    return called


def document(result):
    return json.loads(result.stdout)


def test_a_case_that_agrees(recognise):
    result = recognise(RIGHT, "--json")

    assert result.exit_code == 0
    said = document(result)
    assert (said["agree"], said["disagree"]) == (1, 0)
    (case,) = said["cases"]
    assert {"name", "outcome", "category", "reasons", "passed"} <= case.keys()
    assert (case["outcome"], case["category"], case["also"], case["passed"]) == ("recognised", "de_facto", [], True)
    assert all(reason.keys() == {"code", "text", "citation"} and all(reason.values()) for reason in case["reasons"])


@pytest.mark.parametrize(
    "expected",
    [
        "outcome: refused",
        "outcome: recognised, category: hiv",
        "outcome: recognised, category: null",
        "outcome: recognised, also: [hiv]",
        "category: ",
        "reasons: [term_open]",
    ],
)
def test_a_case_that_disagrees(recognise, expected):
    result = recognise(f"- name: wrong\n{CHILD}  expect: {{{expected}}}\n", "--json")

    assert result.exit_code == 1
    assert document(result)["disagree"] == 1
    assert document(result)["cases"][0]["passed"] is False


@pytest.mark.parametrize("expect", ["", "  expect: {2025-12: 60000}\n", "  expect: {}\n"])
def test_without_an_expectation_nothing_is_compared(recognise, expect):
    result = recognise(f"- name: asked\n{CHILD}{expect}", "--json")

    assert result.exit_code == 0
    assert document(result)["cases"][0]["passed"] is None
    assert (document(result)["agree"], document(result)["disagree"]) == (0, 0)


def test_a_case_that_asks_for_months_is_left_to_the_amount(recognise):
    assert [case["name"] for case in document(recognise(MONTHS + RIGHT, "--json"))["cases"]] == [
        "father dead, mother in prison"
    ]


@pytest.mark.parametrize(
    ("case", "key"),
    [
        (CHILD.replace("adopted", "adoptd"), "adoptd"),
        (CHILD.replace("role: mother", "role: aunt"), "role"),
        (CHILD.replace("kind: dead", "kind: death"), "kind"),
        (CHILD.replace("until: 2026-01-09", "untill: 2026-01-09"), "untill"),
        (CHILD.replace("until: 2026-01-09", "until: 2026-02-30"), "until"),
        (CHILD.replace("on: 2024-06-03", "days: 2024-06-03"), "days"),
        (CHILD.replace("  on: 2024-06-03\n", ""), "on is missing"),
        (CHILD.replace("{birth_date: 2015-03-07, adopted: false}", "{sex: male}"), "birth_date"),
        (CHILD.replace("kind: dead", "kind: severe_disability, grade: 5"), "grade"),
        (CHILD.replace("kind: dead", "kind: severe_disability, class: deaf"), "class"),
        (CHILD.replace("kind: dead", "kind: [dead]"), "kind"),
        (CHILD.replace("adopted: false", "adopted: [false]"), "adopted"),
        (CHILD.replace("on: 2024-06-03", "on: [2024-06-03]"), "on"),
        (CHILD.replace("2024-06-03", "1970-01-01").replace("2015-03-07", "1965-01-01"), "1970-01-01"),
        (
            CHILD.replace("2024-06-03", "9999-12-31")
            .replace("2015-03-07", "9990-01-01")
            .replace("2026-01-09", "9999-12-31")
            .replace("2024-01-10", "9999-12-01"),
            "out of range",
        ),
        (f"{CHILD}  jurisdiction: Ningxia\n", "jurisdiction"),
        (f"{CHILD}  expect: {{outcome: recognized}}\n", "outcome"),
        (f"{CHILD}  expect: {{outcome: [recognised]}}\n", "outcome"),
        (f"{CHILD}  expect: {{category: orphan}}\n", "category"),
        (f"{CHILD}  expect: {{category: {{}}}}\n", "category"),
        (f"{CHILD}  expect: {{also: hiv}}\n", "also"),
        (f"{CHILD}  expect: {{also: [[hiv]]}}\n", "also"),
        (f"{CHILD}  expect: {{result: refused}}\n", "result"),
        (f"{CHILD}  expect: [refused]\n", "expect"),
    ],
)
def test_a_case_that_cannot_be_read_is_named_and_the_others_are_answered(recognise, case, key):
    result = recognise(f"- name: wrong\n{case}{RIGHT}", "--json")

    assert result.exit_code == 1
    wrong, right = document(result)["cases"]
    assert wrong["name"] == "wrong"
    assert key in wrong["error"]
    assert (wrong["outcome"], wrong["category"], wrong["reasons"]) == (None, None, [])
    assert (wrong["passed"], right["passed"]) == (False, True)


def test_a_case_without_a_name_is_called_by_its_number(recognise):
    assert document(recognise(f"- {CHILD.strip()}\n- 3\n", "--json"))["cases"][1]["name"] == "#2"


@pytest.mark.parametrize(
    "text", ["", "a: b\n", "- name: [\n", "- {name: a, name: b}\n", "[" * 1500, b"\xff\xfe\x00- x"]
)
def test_a_file_that_is_no_list_of_cases(recognise, text):
    result = recognise(text, "--json")

    assert isinstance(result.exception, Refusal)
    assert "cases.yaml" in str(result.exception)
    assert result.exception.status == 1


def test_a_file_that_is_not_there(tmp_path):
    assert CliRunner().invoke(app, ["recognise", str(tmp_path / "none.yaml")]).exit_code == 2


def test_people_read_text(recognise):
    said = recognise(f"{RIGHT}- name: wrong\n  x: 1\n").stdout

    assert "father dead, mother in prison\n  recognised, De facto unattended, agrees\n  - 儿童" in said
    assert "《关于进一步加强事实无人抚养儿童保障工作的意见》（民发〔2019〕62号）" in said
    assert "wrong\n  error: child: " in said
    assert "1 agree, 1 disagree." in said


def test_a_mark_of_the_encoding_is_no_part_of_the_text(recognise):
    assert recognise(RIGHT.encode("utf-8-sig"), "--json").exit_code == 0


def test_a_reason_says_whether_what_it_rests_on_is_to_be_confirmed(recognise):
    foster = CHILD.replace("imprisoned, from: 2024-01-10, until: 2026-01-09", "dead, from: 2024-01-10")
    result = recognise(f"- name: in foster care\n{foster}  placement: [{{kind: foster, from: 2024-02-01}}]\n", "--json")
    assert "raised_in_institution" in document(result)["cases"][0]["provisional"]
    assert "(to be confirmed)" in recognise(f"- name: a\n{foster}  placement: [{{kind: foster}}]\n").stdout
