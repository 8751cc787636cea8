"""A workbook as it was typed (电子表格): its sheets with every cell's own type, whatever the file's form.

Cells keep the type they have in the file: an ID number that arrives as a number has lost its last digits, and only
the type tells.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from hutong.kit.uploads import RefusedFile, kind_of_workbook

Cell = str | float | int | bool | time | date | datetime | timedelta


@dataclass(frozen=True)
class Span:
    """A block of merged cells (合并单元格): first and last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Page:
    """One sheet (工作表): its cells from A1 on; rows and columns count from 0."""

    name: str
    cells: list[list[Cell]]
    merged: tuple[Span, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Book:
    """A workbook (工作簿): the names of its sheets in order, and each read when it is asked for."""

    kind: str
    names: list[str]
    read: Callable[[int], Page]

    @cached_property
    def _pages(self) -> dict[int, Page]:
        return {}

    def page(self, at: int) -> Page:
        """The sheet at a position. Raises RefusedFile where it is damaged."""
        if at not in self._pages:
            self._pages[at] = self.read(at)
        return self._pages[at]


def read_book(content: bytes, *, name: str) -> Book:
    """Opens a workbook by its content. Raises RefusedFile (unreadable, password, …)."""
    kind = kind_of_workbook(content, name=name)
    if kind == "csv":
        page = Page("", _read_csv(content))
        return Book(kind, [page.name], lambda at: page)
    return _open_workbook(content, kind)


def _open_workbook(content: bytes, kind: str) -> Book:
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        return Book(kind, workbook.sheet_names, lambda at: _read_page(workbook, at))
    except PasswordError as error:
        raise RefusedFile("password") from error
    except (CalamineError, ZipError, OSError, ValueError, IndexError) as error:
        raise RefusedFile("unreadable") from error


def _read_page(workbook: CalamineWorkbook, at: int) -> Page:
    try:
        sheet = workbook.get_sheet_by_index(at)
        return Page(sheet.name, sheet.to_python(skip_empty_area=False))
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
