"""The one mechanism serves any noun: institutions, of whom no room knows yet, are read, previewed and marked by it."""

from io import BytesIO

import xlsxwriter

from hutong.kit.staging import Problem, RowProblem, marks, open_file
from hutong.kit.workbooks.book import Cell, read_book
from hutong.kit.workbooks.columns import Column, Columns
from hutong.kit.workbooks.preview import preview

INSTITUTIONS = Columns(
    (
        Column("title", "机构名称", "章程上的名称", required=True, also=("单位名称",)),
        Column("credit_code", "统一社会信用代码", "18 位", required=True, own=True),
        Column("beds", "床位数", "张"),
    )
)


def workbook(*rows: list[object]) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet("机构")
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return target.getvalue()


def test_rows_are_read_by_the_room_s_own_columns():
    content = workbook(
        ["全区机构名册"],
        ["统一社会信用代码", "单位名称", "床位数"],
        ["x", "和月福利院", 40],
        [],
        ["y", "清云福利院", 30],
    )
    opened = open_file(content, name="a.xlsx", columns=INSTITUTIONS)
    assert (opened.rows, dict(opened.sheet.layout.codes)) == (2, {0: "credit_code", 1: "title", 2: "beds"})
    assert [number for number, _ in opened.sheet.rows] == [3, 5]


def test_what_is_missing_is_named_by_the_room_s_own_header():
    opened = open_file(workbook(["单位名称", "床位数"], ["和月福利院", 40]), name="a.xlsx", columns=INSTITUTIONS)
    assert [(one.code, one.values["header"]) for one in opened.problems] == [("missing_column", "统一社会信用代码")]


def test_unknown_columns_are_previewed_with_the_room_s_own_proposals():
    def propose(cells: list[Cell], taken: set[str]) -> str:
        return "beds" if "beds" not in taken and all(isinstance(cell, float) for cell in cells) else ""

    shown = preview(read_book(workbook(["叫什么", "几张床"], ["和月福利院", 40]), name="a.xlsx"), INSTITUTIONS, propose)
    assert [(column.header, column.code, column.is_proposed) for column in shown.columns] == [
        ("叫什么", "", False),
        ("几张床", "beds", True),
    ]


def test_a_problem_is_marked_at_the_room_s_own_column():
    content = workbook(["床位数", "单位名称", "统一社会信用代码"], [40, "和月福利院", "x"])
    layout = open_file(content, name="a.xlsx", columns=INSTITUTIONS).sheet.layout
    found = list(marks([RowProblem(2, Problem("code_wrong", "credit_code"))], layout, lambda problem: problem.code))
    assert [(mark.row, mark.column, mark.message) for mark in found] == [(2, 2, "code_wrong")]
