"""Workbooks (表格) of invented children, as an officer would type them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from hutong.demo.children import InventedChild
from hutong.kit.workbooks.book import Cell
from hutong.law.categories import CATEGORIES
from hutong.law.ethnic_groups import title
from hutong.law.identity import Sex
from hutong.law.relations import RELATIONS
from hutong.registry.intake.columns import CHILDREN

Line = dict[str, Cell]
"""One row by the codes of its columns; a column that no template knows stands under its own header."""

ALL_COLUMNS = tuple(column.code for column in CHILDREN.columns if column.in_template)


def line_of(child: InventedChild) -> Line:
    """What an officer types for a child."""
    said = child.said
    line: Line = dict(said)
    line["sex"] = "男" if said["sex"] == Sex.MALE else "女"
    line["ethnic_group"] = title(said["ethnic_group"])
    line["guardian_relation"] = RELATIONS[said["guardian_relation"]][0]
    held = [holding for holding in child.holdings if holding.until_on is None]
    line["category"] = "、".join(CATEGORIES[holding.category].title_zh for holding in held)
    line["category_from"] = held[0].from_on.isoformat()
    line["decision_number"] = held[0].decision_number
    return line


def write_workbook(
    lines: Sequence[Line],
    *,
    made_on: date,
    columns: Sequence[str] = ALL_COLUMNS,
    headers: Mapping[str, str] | None = None,
    sheet_title: str = "",
) -> bytes:
    """The bytes of a workbook: the same for the same lines and day. `sheet_title` stands in a row above the header."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})
        page = book.add_worksheet("儿童信息")
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        page.set_column(0, len(columns) - 1, 18, text)
        start = 1 if sheet_title else 0
        if sheet_title:
            page.write_string(0, 0, sheet_title, bold)
        for at, column in enumerate(columns):
            page.write_string(start, at, (headers or {}).get(column) or CHILDREN.header_of(column), bold)
            for row, line in enumerate(lines, start + 1):
                _write(page, row, at, line.get(column, ""), text)
    return target.getvalue()


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, at: int, cell: Cell, text: object) -> None:
    if isinstance(cell, str):
        page.write_string(row, at, cell, text)
    else:
        page.write(row, at, cell)
