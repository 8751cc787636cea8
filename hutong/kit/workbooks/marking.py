"""Marking (标注): the user's own file back, with what is wrong where it is wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from hutong.kit.uploads import RefusedFile

MARK = PatternFill("solid", fgColor="FBEAE7")


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
