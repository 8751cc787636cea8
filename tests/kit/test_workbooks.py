"""Workbooks: read as they were typed and written as templates."""

from datetime import date, datetime
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.book import read_book
from hutong.kit.workbooks.columns import Column, Columns, clean_header
from hutong.kit.workbooks.kinds import COMPOUND_SIGNATURE
from hutong.kit.workbooks.layout import NoHeader, Sheet, find_layout, sheet_of
from hutong.kit.workbooks.template import write_template
from tests.factories import ENCRYPTED, line, workbook

KNOWN = Columns(
    (
        Column("name", "姓名", "户口簿上的姓名", True),
        Column("sex", "性别", "男 或 女", True, choices=("男", "女")),
        Column("birth_date", "出生日期"),
        Column("id_number", "证件号码"),
    )
)
DAMAGED = workbook([line(name="柳安", id_number="990000201503070021")])
CELLS = st.text(st.characters(min_codepoint=32, blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)


def read(content: bytes, name: str = "a.xlsx") -> Sheet:
    book = read_book(content, name=name)
    return sheet_of(book, find_layout(book, KNOWN))


def column_of(sheet: Sheet, header: str) -> int:
    return sheet.layout.headers.index(header)


def book_of(rows: list[list[object]]) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return target.getvalue()


@pytest.mark.parametrize(
    ("written", "header"),
    [
        ("姓名", "姓名"), (" 姓 名\n", "姓名"), ("*姓名", "姓名"), ("姓名*", "姓名"), ("姓名：", "姓名"),
        ("姓名（必填）", "姓名"), ("姓名*（必填）", "姓名"), ("ＩＤ", "ID"), (12.0, "12.0"), ("", ""),
    ],
)  # fmt: skip
def test_a_header_has_one_form(written, header):
    assert clean_header(written) == header


@pytest.mark.parametrize("titles", [[], ["登记表"], ["登记表", "填表单位：习岗镇", "", "填表说明：姓名、性别必填"]])
def test_title_rows_above_the_header_are_passed_over(titles):
    sheet = read(workbook([line(name="柳安"), line(name="柳宁")], title_rows=titles))
    assert sheet.layout.header_row == len(titles) + 1
    assert [(number, row[0]) for number, row in sheet.rows] == [(len(titles) + 2, "柳安"), (len(titles) + 3, "柳宁")]


def test_columns_come_in_any_order_with_others_between():
    sheet = read(book_of([["序号", "性别", "所在学校", "姓名"], [1, "女", "习岗中心小学", "柳安"]]))
    assert list(sheet.layout.headers) == ["序号", "性别", "所在学校", "姓名"]
    assert sheet.rows[0][1][column_of(sheet, "姓名")] == "柳安"
    assert "民族" not in sheet.layout.headers


def test_rows_keep_the_numbers_a_person_sees_and_empty_ones_are_left_out():
    rows = [["姓名", "性别"], ["柳安", "女"], ["", " "], [], ["柳宁", "男"]]
    assert [number for number, _ in read(book_of(rows)).rows] == [2, 5]
    text = "姓名,性别\n柳安,女\n\n , \n柳宁,男\n".encode()
    assert [number for number, _ in read(text, "a.csv").rows] == [2, 5]


def test_a_sheet_that_begins_lower_right_keeps_its_row_numbers():
    book = Workbook()
    book.active["C4"], book.active["D4"], book.active["C5"] = "姓名", "性别", "柳安"
    target = BytesIO()
    book.save(target)
    sheet = read(target.getvalue())
    assert (sheet.layout.header_row, column_of(sheet, "姓名"), sheet.rows[0][0]) == (4, 2, 5)


def test_cells_keep_their_types():
    said = ["柳安", "女", 990000201503070000, date(2015, 3, 7), datetime(2015, 3, 7, 8, 30), True]
    sheet = read(book_of([["姓名", "性别", "证件号码", "出生日期", "时刻", "是否"], said]))
    cells = sheet.rows[0][1]
    assert isinstance(cells[2], float) and cells[2] == pytest.approx(9.9e17, rel=0.01)
    assert cells[3] == date(2015, 3, 7) and cells[4] == datetime(2015, 3, 7, 8, 30)
    assert cells[5] is True


def test_text_that_looks_like_a_number_stays_text():
    sheet = read(workbook([line(id_number="990000201503070021")]))
    assert sheet.rows[0][1][column_of(sheet, "证件号码")] == "990000201503070021"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_the_country(encoding):
    text = '姓名,性别,出生日期\r\n"柳安",女,2015-03-07\r\n𬀩宁,男,\r\n'
    sheet = read(text.encode(encoding), "a.csv")
    assert list(sheet.layout.headers[:3]) == ["姓名", "性别", "出生日期"]
    assert [row for _, row in sheet.rows] == [["柳安", "女", "2015-03-07"], ["𬀩宁", "男", ""]]


def test_only_line_ends_part_the_rows_of_a_csv():
    text = '姓名,性别\r柳\x0b安\u2028宁,女\r\n"柳\n月",女\n柳星,男'
    assert [number for number, _ in read(text.encode(), "a.csv").rows] == [2, 3, 4]


@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(data):
    content = bytearray(DAMAGED)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(content))
    except (RefusedFile, NoHeader) as refused:
        assert not isinstance(refused, RefusedFile) or refused.code in ("unreadable", "not_a_workbook", "too_large")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.xlsx", "empty"),
        (ENCRYPTED, "a.xlsx", "password"),
        (COMPOUND_SIGNATURE + bytes(1024), "a.xls", "unreadable"),
        (workbook([line()])[:-40], "a.xlsx", "unreadable"),
        (b"\xff\xff\xff\xff", "a.csv", "unreadable"),
        (b"a,b\n" + b"x" * 200_000, "a.csv", "unreadable"),
    ],
    ids=["empty", "password", "compound", "cut off", "no encoding", "endless cell"],
)
def test_a_file_that_cannot_be_read_is_refused(content, name, code):
    with pytest.raises(RefusedFile) as refused:
        read(content, name)
    assert refused.value.code == code


@pytest.mark.parametrize("rows", [[], [["你好"]], [["编号", "学校"], [1, "习岗中心小学"]], [["姓名"], ["柳安"]]])
def test_a_sheet_without_our_headers_has_no_header(rows):
    with pytest.raises(NoHeader):
        read(book_of(rows))


def test_a_header_below_the_thirtieth_row_is_not_looked_for():
    titles = ["说明"] * 29
    assert read(workbook([line()], title_rows=titles)).layout.header_row == 30
    with pytest.raises(NoHeader):
        read(workbook([line()], title_rows=[*titles, "说明"]))


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_what_is_written_as_text_is_read_as_the_same_text(rows):
    rows = [(f"柳{one}", other) for one, other in rows]
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for at, row in enumerate([("姓名", "性别"), *rows]):
            page.write_string(at, 0, row[0])
            page.write_string(at, 1, row[1])
    assert [tuple(row) for _, row in read(target.getvalue()).rows] == rows


def test_a_template_can_be_read_back_and_says_what_must_be_filled():
    target = BytesIO()
    columns = Columns(KNOWN.columns[:2])
    lists = {"代码": [["代码", "村"], ["640122100200", "黎明村"]]}
    write_template(target, columns, sheet="儿童信息", filled={"sex": "女"}, lists=lists)
    book = load_workbook(target)
    assert book.sheetnames == ["儿童信息", "代码"]
    assert book["儿童信息"]["A1"].comment.text.endswith("户口簿上的姓名")
    assert book["儿童信息"].data_validations.dataValidation[0].formula1 == '"男,女"'
    assert book["代码"]["A2"].value == "640122100200"
    assert read(target.getvalue()).rows == [(2, ["", "女"])]


def test_a_template_offers_what_a_sheet_lists_and_takes_anything_else():
    target = BytesIO()
    lists = {"代码": [["代码", "可选"], ["1", "1 甲"], ["2", "2 乙"]]}
    write_template(target, Columns(KNOWN.columns[:1]), sheet="表", filled={}, lists=lists, offered={"name": "代码"})
    book = load_workbook(target)
    (offered,) = book["表"].data_validations.dataValidation
    assert (offered.formula1, bool(offered.showErrorMessage)) == ("代码", False)
    assert book.defined_names["代码"].attr_text == "'代码'!$B$2:$B$3"
