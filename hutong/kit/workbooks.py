"""Workbooks (电子表格): reading the first sheet as it was typed, writing templates, marking the user's own file.

Cells keep the type they have in the file: an ID number that arrives as a number has lost its last digits, and only
the type tells.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any, BinaryIO

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from hutong.kit.uploads import RefusedFile, kind_of_workbook

Cell = str | float | int | bool | time | date | datetime | timedelta
HEADER_SEARCH_ROWS = 30
MARK = PatternFill("solid", fgColor="FBEAE7")


@dataclass(frozen=True)
class Sheet:
    """One sheet (工作表): headers by position, data rows with the row number a person sees in the spreadsheet."""

    headers: list[str]
    header_row: int
    rows: list[tuple[int, list[Cell]]]

    def column_of(self, header: str) -> int | None:
        """The position of a header, or None."""
        return self.headers.index(header) if header in self.headers else None


class NoHeader(Exception):
    """No row among the first thirty holds the headers that were looked for."""


def clean_header(value: object) -> str:
    """A header in one form: no spaces, line breaks, stars or bracketed remarks."""
    text = unicodedata.normalize("NFKC", str(value))
    return "".join(text.split()).split("(")[0].strip("*:")


def read_sheet(content: bytes, *, name: str, known: Iterable[str], required: Iterable[str]) -> Sheet:
    """Reads the first sheet; the header row is the first that holds all `required` headers, else most `known` ones.

    Raises RefusedFile (unreadable, password, …) and NoHeader.
    """
    cells = _read_csv(content) if kind_of_workbook(content, name=name) == "csv" else _read_workbook(content)
    at = _find_header(cells, known=frozenset(known), required=frozenset(required))
    headers = [clean_header(cell) for cell in cells[at]]
    rows = [(number, row) for number, row in enumerate(cells[at + 1 :], at + 2) if _holds_something(row)]
    return Sheet(headers, at + 1, rows)


def _read_workbook(content: bytes) -> list[list[Cell]]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            return sheet.to_python(skip_empty_area=False)
    except PasswordError as error:
        raise RefusedFile("password") from error
    except (CalamineError, ZipError, OSError, ValueError, IndexError) as error:
        raise RefusedFile("unreadable") from error


def _read_csv(content: bytes) -> list[list[Cell]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(row) for row in csv.reader(StringIO(content.decode(encoding), newline=""))]
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise RefusedFile("unreadable") from error
    raise RefusedFile("unreadable")


def _find_header(cells: list[list[Cell]], *, known: frozenset[str], required: frozenset[str]) -> int:
    best, best_count = None, 1
    for at, row in enumerate(cells[:HEADER_SEARCH_ROWS]):
        headers = {clean_header(cell) for cell in row}
        if required <= headers:
            return at
        if len(headers & known) > best_count:
            best, best_count = at, len(headers & known)
    if best is None:
        raise NoHeader
    return best


def _holds_something(row: list[Cell]) -> bool:
    return any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row)


@dataclass(frozen=True)
class TemplateColumn:
    """One column of a template (模板列): header, a word of help, whether it must be filled, the choices if few."""

    header: str
    help: str
    required: bool = False
    choices: Sequence[str] = ()
    width: int = 16


def write_template(
    target: str | BinaryIO,
    columns: Sequence[TemplateColumn],
    *,
    sheet: str,
    filled: Mapping[str, str],
    lists: Mapping[str, Sequence[Sequence[str]]],
) -> None:
    """Writes an empty workbook: text columns, help on each header, choices to pick from, `filled` in the first row,
    and one more sheet for each of `lists` (for example the villages with their codes)."""
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        text = book.add_format({"num_format": "@"})
        look = {"bold": True, "border": 1, "border_color": "#DBE3E1", "text_wrap": True, "valign": "vcenter"}
        must = book.add_format(look | {"bg_color": "#0E6B5C", "font_color": "#FFFFFF"})
        may = book.add_format(look | {"bg_color": "#E3F1EE", "font_color": "#1B2A2F"})
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width, text)
            page.write_string(0, at, column.header, must if column.required else may)
            page.write_comment(0, at, column.help, {"x_scale": 1.6})
            if column.choices:
                page.data_validation(
                    1,
                    at,
                    5000,
                    at,
                    {"validate": "list", "source": list(column.choices), "ignore_blank": True},
                )
            if column.header in filled:
                page.write_string(1, at, filled[column.header], text)
        page.freeze_panes(1, 1)
        page.set_row(0, 32)
        for title, rows in lists.items():
            extra = book.add_worksheet(title)
            extra.set_column(0, 5, 20, text)
            for at, row in enumerate(rows):
                for column_at, value in enumerate(row):
                    extra.write_string(at, column_at, value, must if at == 0 else text)
            extra.freeze_panes(1, 0)


@dataclass(frozen=True)
class Mark:
    """One cell to mark (标注): row as a person counts, column position from 0 or None for the row, and the sentence."""

    row: int
    column: int | None
    message: str


def mark_workbook(source: bytes, target: str | BinaryIO, marks: Iterable[Mark], *, author: str) -> None:
    """Writes the user's own xlsx back with the bad cells coloured and commented. Raises RefusedFile."""
    try:
        book = load_workbook(BytesIO(source))
    except Exception as error:  # openpyxl raises whatever the file makes it stumble over
        raise RefusedFile("unreadable") from error
    page = book.worksheets[0]
    for (row, column), messages in _grouped(marks):
        cell = _writable(page, row, (column or 0) + 1)
        cell.fill = MARK
        cell.comment = Comment("\n".join(messages), author, width=320, height=40 + 40 * len(messages))
    book.save(target)


def _writable(page: Worksheet, row: int, column: int) -> Any:
    """The cell itself, or the first one of the merged cells it lies in: the others take no mark."""
    for merged in page.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return page.cell(merged.min_row, merged.min_col)
    return page.cell(row, column)


def _grouped(marks: Iterable[Mark]) -> Iterator[tuple[tuple[int, int | None], list[str]]]:
    cells: dict[tuple[int, int | None], list[str]] = {}
    for mark in marks:
        cells.setdefault((mark.row, mark.column), []).append(mark.message)
    yield from cells.items()
