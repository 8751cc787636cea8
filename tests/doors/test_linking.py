"""The command `hutong link`: a list in, pairs with probability and reasons out, without a database."""

import json

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from hutong.console.main import app
from hutong.console.printing import Refusal

HEADER = "id,name,sex,birth_date,id_number,living_division,guardian_name,guardian_phone"
ROWS = """\
a,马晓燕,女,2015-03-07,990122201503070029,640122101201,马德福,15400001111
b,馬曉燕,2,2015/3/7,99012220150307002,640122101201,马德福,15400001111
c,马晓梅,女,2015-03-07,990122201503070045,640122101201,马德福,15400001111
d,王子轩,男,2012-01-09,,640324100201,王强,15422223333
"""


@pytest.fixture
def link(tmp_path):
    def called(text: str | bytes, *options: str):
        file = tmp_path / "list.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return CliRunner().invoke(app, ["link", str(file), *options])

    return called


def pairs(result):
    assert result.exit_code == 0, result.exception
    return json.loads(result.stdout)["pairs"]


def test_one_child_is_found_with_its_reasons(link):
    with override("en"):
        (pair,) = pairs(link(f"{HEADER}\n{ROWS}", "--json"))

    assert (pair["left"], pair["right"]) == ("a", "b")
    assert pair["probability"] > 0.9
    why = {line["field"]: line for line in pair["why"]}
    assert why["name"]["level"] == "variant"
    assert why["name"]["weight"] > 0
    assert "written another way" in why["name"]["text"]
    assert why["id_number"]["level"] == "one_slip"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(link, encoding):
    assert len(pairs(link(f"{HEADER}\n{ROWS}".encode(encoding), "--json"))) == 1


def test_chinese_headers_and_columns_in_any_order(link):
    text = "姓名,备注,证件号码,编号\n马晓燕,无,990122201503070029,a\n马晓燕,,99012220150307002,b\n"

    assert len(pairs(link(text, "--json"))) == 1


def test_the_threshold_decides_what_is_printed(link):
    every = pairs(link(f"{HEADER}\n{ROWS}", "--json", "--threshold", "0"))
    surest = pairs(link(f"{HEADER}\n{ROWS}", "--json", "--threshold", "1"))

    assert {frozenset((pair["left"], pair["right"])) for pair in every} == {
        frozenset("ab"), frozenset("ac"), frozenset("bc"),
    }  # fmt: skip
    assert surest == []


def test_namesakes_of_whom_no_more_is_known_are_not_joined(link):
    text = "id,name,birth_date\n1,马晓燕,2015-03-07\n2,马晓燕,2014-09-21\n3,马晓燕,2015-11-30\n"

    assert pairs(link(text, "--json")) == []


def test_text_for_people(link):
    with override("en"):
        result = link(f"{HEADER}\n{ROWS}")

    assert "4 rows, 1 pairs" in result.stdout
    assert "a = b" in result.stdout


def test_a_date_whose_month_and_day_can_only_have_changed_places_is_read(link):
    text = "id,name,birth_date,guardian_phone\n1,马晓燕,2015-13-07,15400001111\n2,马晓燕,2015-07-13,15400001111\n"

    assert len(pairs(link(text, "--json"))) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "no rows"),
        (b"id,name\n", "no rows"),
        ("name\n马晓燕\n马晓梅\n".encode(), "column id is missing"),
        (b"id,remark\n1,x\n2,y\n", "no known column"),
        ("id,name\n1,马晓燕\n1,马晓梅\n".encode(), "stands there twice"),
        ("id,name\n,马晓燕\n,马晓梅\n".encode(), "stands there twice"),
        (b"\xff\xfe\xd8", "cannot be read"),
        (b"\x81", "cannot be read"),
    ],
)
def test_bad_lists_are_refused_in_a_sentence(link, text, sentence):
    with override("en"):
        result = link(text, "--json")

    assert isinstance(result.exception, Refusal)
    assert sentence in str(result.exception)
    assert result.exception.status == 1


def test_sex_in_chinese_english_or_code(link):
    text = "id,name,sex,guardian_phone\n1,马晓燕,女,15400001111\n2,马晓燕,F,15400001111\n3,马晓燕,2,15400001111\n"

    assert {
        next(line["level"] for line in pair["why"] if line["field"] == "sex") for pair in pairs(link(text, "--json"))
    } == {"same"}


def test_short_and_long_rows_are_read_as_far_as_they_go(link):
    text = "id,name,birth_date,guardian_phone\n1,马晓燕,2015-03-07,15400001111,more\n2,马晓燕,2015-03-07\n3\n"

    assert len(pairs(link(text, "--json"))) == 1


def test_a_wrong_threshold_is_a_wrong_call(link):
    assert link(f"{HEADER}\n{ROWS}", "--threshold", "1.5").exit_code == 2
