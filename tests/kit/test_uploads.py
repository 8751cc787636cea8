"""Uploads: a file is what its first bytes say, and nothing is opened that could do harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.kinds import COMPOUND_SIGNATURE, kind_of_workbook
from tests.factories import ENCRYPTED, bomb, line, workbook, zipped


def refusal(content: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(RefusedFile) as refused:
        kind_of_workbook(content, name=name)
    return refused.value.code


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.et", "a.csv", "a", "儿童.XLSX"])
def test_content_and_not_the_name_tells_a_workbook(name):
    assert kind_of_workbook(workbook([line()]), name=name) == "xlsx"
    assert kind_of_workbook(COMPOUND_SIGNATURE + bytes(600), name=name) == "xls"


@pytest.mark.parametrize("name", ["a.csv", "a.CSV", "a.txt"])
def test_a_text_is_told_by_its_name(name):
    assert kind_of_workbook("姓名,性别\n".encode(), name=name) == "csv"
    assert refusal("姓名,性别\n".encode(), "a.docx") == "not_a_workbook"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (ENCRYPTED, "password"),
        (zipped({"word/document.xml": b"<document/>"}), "not_a_workbook"),
        (zipped({}), "not_a_workbook"),
        (b"%PDF-1.7", "not_a_workbook"),
        (b"\x89PNG\r\n", "not_a_workbook"),
        (bomb(), "too_large"),
    ],
    ids=["nothing", "password", "another zip", "empty zip", "pdf", "picture", "zip bomb"],
)
def test_what_is_not_opened_says_why(content, code):
    assert refusal(content) == code


def test_a_text_is_no_csv_where_signs_stand_that_no_text_holds():
    assert refusal("姓名,性别\n".encode("utf-16-le"), "a.csv") == "not_a_workbook"
    assert kind_of_workbook("姓名,性别\n".encode("utf-16"), name="a.csv") == "csv"


def test_a_file_above_the_limit_is_too_large(settings):
    settings.UPLOAD_LIMIT_BYTES = 100
    assert refusal(b"x" * 101, "a.csv") == "too_large"
    assert kind_of_workbook(b"x" * 100, name="a.csv") == "csv"


@given(st.integers(4, 4000))
def test_a_workbook_cut_off_is_unreadable(length):
    content = workbook([line(id_number="99000020150307002X", name="柳安")])
    assert refusal(content[: min(length, len(content) - 30)]) == "unreadable"


def test_a_zip_of_a_version_nobody_knows_is_unreadable():
    content = bytearray(workbook([line()]))
    content[content.rindex(b"PK\x01\x02") + 6] = 99
    assert refusal(bytes(content)) == "unreadable"
