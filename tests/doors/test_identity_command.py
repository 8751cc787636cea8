"""The command `hutong identity`: judges ID numbers and credit codes; no database is asked."""

import json
from datetime import date

import pytest
from django.utils.translation import override
from stdnum.cn import uscc
from typer.testing import CliRunner

from hutong.console.main import app
from hutong.console.printing import Status
from hutong.law.identity import check_character


def number(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


RIGHT = number("99012220150307002")
BOY = number("99012220150307001")
OF_NO_PROVINCE = number("19010120150307000")  # no province has 19
FROM_TAIWAN = number("83000019000101000")  # no number has the order 000
CREDIT_CODE = "91990000MA0000000" + uscc.calc_check_digit("91990000MA0000000")
WRONG_CHECK = CREDIT_CODE[:17] + ("A" if CREDIT_CODE[17] != "A" else "B")


def identity(*arguments: str):
    return CliRunner().invoke(app, ["identity", *arguments])


def told(*numbers: str, status: int = 0) -> dict:
    result = identity(*numbers, "--json")
    assert result.exit_code == status, result.exception
    return json.loads(result.stdout)


def test_a_right_number():
    with override("en"):
        found = told(RIGHT)

    (one,) = found.pop("numbers")
    assert found == one
    assert one == {
        "number": RIGHT,
        "kind": "id",
        "verdict": "valid",
        "normalised": RIGHT,
        "birth_date": "2015-03-07",
        "sex": "female",
        "warnings": ["test_number"],
        "message": "Right. It begins with 99: a test number, nobody's.",
    }
    assert told(BOY)["sex"] == "male"


@pytest.mark.parametrize(
    "change", [str.lower, lambda text: f" {text[:6]} {text[6:14]} {text[14:]}", lambda text: f"'{text}"]
)
def test_another_way_of_writing(change):
    ends_in_x = next(one for at in range(200) if (one := number(f"990122201503070{at:02d}")).endswith("X"))
    found = told(change(ends_in_x))

    assert found["verdict"] == "normalise"
    assert found["number"] == change(ends_in_x)
    assert found["normalised"] == ends_in_x
    assert found["birth_date"] == "2015-03-07"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("", "no number"),
        (RIGHT[:15], "has 18 characters; this one has 15"),
        (RIGHT[:17] + ("0" if RIGHT[17] != "0" else "1"), "check"),
        (RIGHT[:8] + "O" + RIGHT[9:], "17 digits"),
        (number("99012220151307002"), "birth date"),
        (number("99012221150307002"), "birth date"),
    ],
)
def test_a_wrong_number(wrong, said):
    with override("en"):
        found = told(wrong, status=Status.FOUND)

    assert (found["kind"], found["verdict"], found["normalised"]) == ("id", "invalid", None)
    assert (found["birth_date"], found["sex"], found["warnings"]) == (None, None, [])
    assert said.lower() in found["message"].lower()


def test_credit_codes():
    assert told(CREDIT_CODE)["verdict"] == "valid"
    assert told(CREDIT_CODE)["kind"] == "credit_code"
    assert told(CREDIT_CODE.lower())["normalised"] == CREDIT_CODE
    wrong = told(WRONG_CHECK, status=Status.FOUND)
    assert (wrong["kind"], wrong["verdict"], wrong["normalised"]) == ("credit_code", "invalid", None)


def test_where_a_number_comes_from_is_a_warning_at_most():
    assert told(OF_NO_PROVINCE)["verdict"] == "valid"
    assert told(OF_NO_PROVINCE)["warnings"] == ["unknown_province"]
    assert told(FROM_TAIWAN)["warnings"] == []


def test_many_numbers_keep_their_order():
    found = told(RIGHT, "1", CREDIT_CODE, status=Status.FOUND)

    assert list(found) == ["numbers"]
    assert [one["number"] for one in found["numbers"]] == [RIGHT, "1", CREDIT_CODE]
    assert [one["verdict"] for one in found["numbers"]] == ["valid", "invalid", "valid"]


def test_nobody_is_born_tomorrow(settings):
    settings.TODAY = date(2015, 3, 6)
    assert told(RIGHT, status=Status.FOUND)["verdict"] == "invalid"
    settings.TODAY = date(2015, 3, 7)
    assert told(RIGHT)["verdict"] == "valid"


def test_test_numbers_are_refused_in_production(settings):
    settings.PRODUCTION = True

    assert told(RIGHT, status=Status.FOUND)["verdict"] == "invalid"


def test_text_for_people():
    with override("en"):
        result = identity(RIGHT, "12")

    assert result.exit_code == Status.FOUND
    first, second = result.stdout.splitlines()
    assert first.startswith(f"{RIGHT}  Right.")
    assert second.startswith("12  An ID number has 18 characters; this one has 2.")


def test_a_wrong_call():
    result = identity()

    assert result.exit_code == Status.WRONG_CALL
    assert "Traceback" not in result.output
