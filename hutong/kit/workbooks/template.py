"""Templates (模板): an empty workbook with text columns, help on each header, and choices to pick from."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from hutong.kit.workbooks.columns import Columns

ROWS_WITH_CHOICES = 5000
LONGEST_LIST = 255  # Excel takes no longer list of choices


def write_template(
    target: str | BinaryIO,
    columns: Columns,
    *,
    sheet: str,
    filled: Mapping[str, str],
    lists: Mapping[str, Sequence[Sequence[str]]],
    offered: Mapping[str, str] | None = None,
) -> None:
    """Writes an empty workbook; `filled` (by column code) in the first row, and one more sheet for each of `lists`.

    `offered` names, by column code, the sheet whose last column is offered to pick from; anything else may be typed.
    """
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        text = book.add_format({"num_format": "@"})
        look = {"bold": True, "border": 1, "border_color": "#DBE3E1", "text_wrap": True, "valign": "vcenter"}
        must = book.add_format(look | {"bg_color": "#0E6B5C", "font_color": "#FFFFFF"})
        may = book.add_format(look | {"bg_color": "#E3F1EE", "font_color": "#1B2A2F"})
        for at, column in enumerate(column for column in columns.columns if column.in_template):
            page.set_column(at, at, column.width, text)
            page.write_string(0, at, column.header, must if column.required else may)
            page.write_comment(0, at, column.help, {"x_scale": 1.6})
            if column.choices and sum(len(choice) + 1 for choice in column.choices) <= LONGEST_LIST:
                choices = {"validate": "list", "source": list(column.choices), "ignore_blank": True}
                page.data_validation(1, at, ROWS_WITH_CHOICES, at, choices)
            if title := (offered or {}).get(column.code):
                picked = {"validate": "list", "source": f"={title}", "ignore_blank": True, "show_error": False}
                page.data_validation(1, at, ROWS_WITH_CHOICES, at, picked)
            if column.code in filled:
                page.write_string(1, at, filled[column.code], text)
        page.freeze_panes(1, 1)
        page.set_row(0, 32)
        for title, rows in lists.items():
            extra = book.add_worksheet(title)
            extra.set_column(0, 5, 20, text)
            for at, row in enumerate(rows):
                for column_at, value in enumerate(row):
                    extra.write_string(at, column_at, value, must if at == 0 else text)
            extra.freeze_panes(1, 0)
            last = len(rows[0]) - 1
            book.define_name(title, f"='{title}'!{xl_range_abs(1, last, max(len(rows) - 1, 1), last)}")
