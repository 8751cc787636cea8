"""Copies as workbooks: read again they say what was written, as texts, with the mark of whose they are."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from hutong.kit.workbooks.copies import Mark, write_copy

MARK = Mark("走访名单", "7K2M-9QXC-T", "李&梅", "贺兰县民政局", date(2026, 11, 28), "入户走访", "儿童主任")
RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "\r=1", "{=1}", "http://x", "0012", "1e5"]


def sheet_of(content: bytes):
    return openpyxl.load_workbook(BytesIO(content)).worksheets[0]


@pytest.mark.parametrize("risky", RISKY)
def test_no_text_is_a_formula_a_number_or_a_link_and_none_becomes_one(risky):
    content = write_copy(["姓名", "住址"], [["柳和", risky]], MARK)
    cell = sheet_of(content)["C3"]
    assert (cell.data_type, cell.hyperlink, cell.quotePrefix, cell.number_format) == ("s", None, True, "@")
    assert cell.value == risky.strip()
    with ZipFile(BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_every_page_says_whose_copy_it_is():
    sheet = sheet_of(write_copy(["姓名"], [["柳和"], ["柳安"]], MARK))
    assert MARK.number in sheet["A1"].value and "李&梅（贺兰县民政局）" in sheet["A1"].value
    assert MARK.number in sheet.oddFooter.left.text and MARK.number in sheet.oddHeader.center.text
    assert sheet.print_title_rows == "$1:$2"
    assert [[cell.value for cell in row] for row in sheet["A2:B4"]] == [["序号", "姓名"], ["1", "柳和"], ["2", "柳安"]]


def test_the_number_lies_behind_the_cells():
    with ZipFile(BytesIO(write_copy(["姓名"], [["柳和"]], MARK))) as parts:
        assert b"<picture " in parts.read("xl/worksheets/sheet1.xml")
        assert [name for name in parts.namelist() if name.startswith("xl/media/")]


def test_the_same_copy_is_the_same_file():
    assert write_copy(["姓名"], [["柳和"]], MARK) == write_copy(["姓名"], [["柳和"]], MARK)


def test_a_long_mark_does_not_break_the_page():
    long = Mark("走访名单", "7K2M-9QXC-T", "名" * 50, "局" * 200, date(2026, 11, 28), "用途", "读者")
    assert MARK.number in sheet_of(write_copy(["姓名"], [["柳和"]], long)).oddFooter.left.text
