"""The command `hutong deadline`: when something is due, with the days that lead to it; no database is asked."""

import json

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from hutong.console.main import app
from hutong.console.printing import Refusal, Status


def deadline(*options: str):
    return CliRunner().invoke(app, ["deadline", *options])


def told(*options: str) -> dict:
    result = deadline(*options, "--json")
    assert result.exit_code == 0, result.exception
    return json.loads(result.stdout)


def test_the_document():
    found = told("--received", "2021-05-11", "--working-days", "2", "--jurisdiction", "64")

    assert found["due_on"] == "2021-05-17"
    assert found["counted"] == ["2021-05-12", "2021-05-17"]
    assert found["skipped"] == [
        {"date": "2021-05-13", "why": "local_holiday"},
        {"date": "2021-05-14", "why": "local_holiday"},
        {"date": "2021-05-15", "why": "weekend"},
        {"date": "2021-05-16", "why": "weekend"},
    ]
    assert found["provisional"] is False
    assert found["citation"] == "《中华人民共和国民法典》第二百零一条"


@pytest.mark.parametrize("place", [(), ("--jurisdiction", "00")])
def test_without_a_place_the_national_layer_holds(place):
    found = told("--received", "2021-05-11", "--working-days", "2", *place)

    assert found["due_on"] == "2021-05-13"
    assert found["provisional"] is False


def test_a_year_without_a_notice_is_provisional():
    assert told("--received", "2026-12-21", "--working-days", "10")["provisional"] is True
    assert (
        told("--received", "2018-03-05", "--working-days", "2", "--jurisdiction", "640122000000")["provisional"] is True
    )


def test_text_for_people():
    with override("en"):
        result = deadline("--received", "2024-02-05", "--working-days", "10")
        provisional = deadline("--received", "2026-12-31", "--working-days", "1")

    assert result.stdout.splitlines()[:2] == [
        "Due on 2024-02-23 Fri, working day 10.",
        "2024-02-10 Sat is not counted: public holiday.",
    ]
    assert result.stdout.splitlines()[-1] == "Civil Code, 第二百零一条"
    assert "Provisional" not in result.stdout
    assert "Provisional" in provisional.stdout
    assert "《中华人民共和国民法典》" in deadline("--received", "2024-02-05", "--working-days", "1").stdout


@pytest.mark.parametrize("day", ["", "2024-02-30", "20240205", "2024-W06-4", "05.02.2024", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none(day):
    result = deadline("--received", day, "--working-days", "3")

    assert isinstance(result.exception, Refusal)
    assert result.exception.status == Status.WRONG_CALL


@pytest.mark.parametrize("place", ["641", "99", "宁夏", "64-01", "6401220000000"])
def test_a_place_that_is_none(place):
    result = deadline("--received", "2024-02-05", "--working-days", "3", "--jurisdiction", place)

    assert isinstance(result.exception, Refusal)
    assert result.exception.status == Status.WRONG_CALL


@pytest.mark.parametrize("options", [("--working-days", "0"), ("--working-days", "-1"), ("--working-days", "x"), ()])
def test_a_wrong_call(options):
    result = deadline("--received", "2024-02-05", *options)

    assert result.exit_code == Status.WRONG_CALL
    assert "Traceback" not in result.output


def test_the_longest_deadline_there_is():
    assert len(told("--received", "2199-12-31", "--working-days", "5000")["counted"]) == 5000
