"""Marking: the user's own file comes back with what is wrong, and nothing else in it has changed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.marking.findings import COLOUR, Mark, MarkWords
from hutong.kit.workbooks.marking.giving import given_back, name_given_back
from tests.factories import line, workbook

WORDS = MarkWords(author="护童", column="错误说明", sheet="需修改的行", row_number="原行号")


def given(
    source: bytes, *marks: Mark, page: int = 0, header_row: int = 1, headers: tuple[str, ...] = ("姓名", "性别")
) -> bytes:
    words = replace(WORDS, headers=headers)
    return b"".join(given_back(source, page=page, header_row=header_row, marks=marks, words=words))


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def saved(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def book_of(rows: Iterable[Iterable[object]]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return book


def coloured(page: Worksheet) -> set[str]:
    return {cell.coordinate for row in page for cell in row if cell.fill.fgColor.rgb == f"FF{COLOUR}"}


def values(page: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in page]


def test_marks_colour_and_comment_the_bad_cells_and_leave_the_others():
    source = workbook([line(name="柳安"), line(name="柳宁")], title_rows=["登记表"])
    marks = [Mark(4, 1, "写 男 或 女。", header="性别"), Mark(4, 1, "再看一眼。"), Mark(3, None, "整行。")]
    page = opened(given(source, *marks, header_row=2)).worksheets[0]
    assert page["C4"].comment.text == "写 男 或 女。\n再看一眼。"
    assert coloured(page) == {"A3", "A4", "C4"}
    assert [page.cell(row, 1).value for row in range(1, 5)] == [
        None,
        "错误说明",
        "整行。",
        "【性别】写 男 或 女。\n再看一眼。",
    ]
    assert [row[1:] for row in values(page)] == values(opened(source).worksheets[0])
    assert page.row_dimensions[4].height == 30 and page.row_dimensions[3].height is None


def test_marking_keeps_other_sheets_types_and_remarks():
    book = book_of([["姓名", "出生日期", "=1+1"], ["柳安", date(2015, 3, 7), 12.5]])
    book.active["C2"].comment = Comment("自己的批注", "尹清和")
    book.create_sheet("备注")["A1"] = "留着"
    again = opened(given(saved(book), Mark(2, 0, "看。"), Mark(2, 2, "改。")))
    page = again.worksheets[0]
    assert [cell.value for cell in page[2]][1:] == ["柳安", datetime(2015, 3, 7), 12.5]
    assert page["D1"].value == "=1+1"
    assert page["D2"].comment.text == "自己的批注\n护童：\n改。"
    assert page["B2"].comment.text == "看。"
    assert again.sheetnames == ["Sheet", "备注", "需修改的行"]
    assert again["备注"]["A1"].value == "留着"


def test_a_column_beyond_z_is_marked_where_it_stands():
    source = saved(book_of([["姓名", "性别", *(f"第{at}列" for at in range(30))], ["柳安", "女"]]))
    assert opened(given(source, Mark(2, 27, "看。"))).worksheets[0]["AC2"].comment.text == "看。"


def test_the_rows_to_mend_stand_on_a_sheet_of_their_own():
    book = book_of([["姓名", "出生日期"], ["柳安", date(2015, 3, 7)], ["柳宁", "昨天"], ["柳清", "=1+1"]])
    marks = [Mark(2, 0, "看。", is_error=False), Mark(3, 1, "写日期。"), Mark(4, 1, "写日期。")]
    content = given(saved(book), *marks, headers=("姓名", "出生日期"))
    page = opened(content)["需修改的行"]
    assert values(page)[:2] == [["错误说明", "原行号", "姓名", "出生日期"], ["写日期。", 3, "柳宁", "昨天"]]
    assert [page["A3"].value, page["B3"].value, page["C3"].value, page["D3"].value] == ["写日期。", 4, "柳清", None]
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("需修改的行").to_python()[1][1] == 3


def test_headers_of_several_storeys_stand_in_one_row_over_the_rows_to_mend():
    book = book_of([["监护人", None, "村"], ["姓名", "电话", None], ["柳桂兰", "x", "新胜村"]])
    for block in ("A1:B1", "C1:C2"):
        book.active.merge_cells(block)
    content = given(saved(book), Mark(3, 1, "写电话。"), header_row=2, headers=("监护人姓名", "监护人电话", "村"))
    again = given(content, Mark(3, 2, "写电话。"), header_row=2, headers=("错误说明", "监护人姓名", "监护人电话", "村"))
    for page in (opened(content)["需修改的行"], opened(again)["需修改的行"]):
        assert values(page) == [
            ["错误说明", "原行号", "监护人姓名", "监护人电话", "村"],
            ["写电话。", 3, "柳桂兰", "x", "新胜村"],
        ]


def test_a_sheet_that_is_there_already_keeps_its_name():
    book = book_of([["姓名"], ["柳安"]])
    book.create_sheet("需修改的行")
    assert opened(given(saved(book), Mark(2, 0, "看。"))).sheetnames == ["Sheet", "需修改的行", "需修改的行 2"]


def test_a_file_given_back_comes_again_without_a_second_column():
    source = saved(book_of([["姓名", "性别"], ["柳安", "x"], ["柳宁", "y"]]))
    first = given(source, Mark(2, 1, "写 男 或 女。"), Mark(3, 1, "写 男 或 女。"))
    again = opened(given(first, Mark(3, 2, "还不对。")))
    page = again.worksheets[0]
    assert values(page) == [["错误说明", "姓名", "性别"], [None, "柳安", "x"], ["还不对。", "柳宁", "y"]]
    assert coloured(page) == {"A3", "C3"}
    assert {cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment} == {"C3": "还不对。"}
    assert again.sheetnames == ["Sheet", "需修改的行"]
    assert values(again["需修改的行"])[1:] == [["还不对。", 3, "柳宁", "y"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_text_becomes_a_formula(start):
    evil = f"{start}cmd|' /C calc'!A0"
    source = saved(book_of([["姓名"], ["'"]]))
    book = opened(source)
    book.active["A2"].value, book.active["A2"].data_type = evil, "s"
    for content in (saved(book), f'姓名,性别\n"{evil}",女\n'.encode()):
        again = opened(given(content, Mark(2, 0, evil)))
        first, bad = again.worksheets[0], again["需修改的行"]
        assert [first["A2"].value, first["B2"].value, bad["A2"].value, bad["C2"].value] == [evil] * 4
        cells = [first["A2"], first["B2"], bad["A2"], bad["C2"]]
        assert {cell.data_type for cell in cells} == {"s"}
        assert [cell.quotePrefix for cell in cells if cell is not first["B2"]] == [True] * 3
        assert first["B2"].comment.text == evil


def test_what_is_no_xlsx_comes_back_as_one():
    content = given("姓名,性别\n柳安,x\n柳宁,女\n".encode(), Mark(2, 1, "写 男 或 女。", header="性别"))
    book = opened(content)
    assert values(book.worksheets[0]) == [
        ["错误说明", "姓名", "性别"], ["【性别】写 男 或 女。", "柳安", "x"], [None, "柳宁", "女"],
    ]  # fmt: skip
    assert book.worksheets[0]["C2"].comment.text == "写 男 或 女。"
    assert coloured(book.worksheets[0]) == {"A2", "C2"}
    assert values(book["需修改的行"]) == [
        ["错误说明", "原行号", "姓名", "性别"],
        ["【性别】写 男 或 女。", 2, "柳安", "x"],
    ]


@pytest.mark.parametrize(
    ("name", "back"),
    [
        ("a.xls", "a.xlsx"),
        ("a.et", "a.xlsx"),
        ("a.csv", "a.xlsx"),
        ("a.XLSX", "a.XLSX"),
        ("a.xlsm", "a.xlsm"),
        ("", ".xlsx"),
    ],
)
def test_a_name_fits_what_comes_back(name, back):
    assert name_given_back(name) == back


@pytest.mark.parametrize("source", [b"PK\x03\x04 damaged", b"", workbook([line()])[:-40], b"\xff\xff"])
def test_what_cannot_be_read_is_refused_at_once(source):
    with pytest.raises(RefusedFile):
        given_back(source, page=0, header_row=1, marks=[Mark(2, 0, "看。")], words=WORDS)


def test_a_sheet_that_is_not_there_is_refused_at_once():
    with pytest.raises(RefusedFile):
        given_back(workbook([line()]), page=7, header_row=1, marks=[], words=WORDS)
