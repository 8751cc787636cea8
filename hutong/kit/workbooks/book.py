"""A workbook as it was typed (电子表格): its sheets with every cell's own type, whatever the file's form.

Cells keep the type they have in the file: an ID number that arrives as a number has lost its last digits, and only
the type tells.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, ZipError

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.kinds import is_locked, kind_of_workbook
from hutong.kit.workbooks.survey import GRID_LIMIT_CELLS, Position, Survey, Surveyed, survey
from hutong.kit.workbooks.text import read_text

Cell = str | float | int | bool | time | date | datetime | timedelta
ERROR_VALUE = "#VALUE!"
MACROS = "_VBA_PROJECT".encode("utf-16-le")
DAMAGES = (CalamineError, ZipError, OSError, ValueError, IndexError)


@dataclass(frozen=True)
class Span:
    """A block of merged cells (合并单元格): first and last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Page:
    """One sheet (工作表): its cells from A1 on; rows and columns count from 0.

    An error value, and a formula whose value the file does not hold (`has_unsaved`), read `#VALUE!`.
    """

    name: str
    cells: list[list[Cell]]
    merged: tuple[Span, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[Position] = frozenset()
    has_unsaved: bool = False
    is_text: bool = False
    is_parted_by_spaces: bool = False


@dataclass(frozen=True)
class Book:
    """A workbook (工作簿): the names of its sheets in order, those that can be seen, and each read when asked for."""

    kind: str
    names: list[str]
    read: Callable[[int], Page]
    visible: tuple[int, ...] = (0,)
    has_macros: bool = False
    counts_from_1904: bool = False

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
        rows, by_spaces = read_text(content)
        page = Page("", [list(row) for row in rows], is_text=True, is_parted_by_spaces=by_spaces)
        return Book(kind, [page.name], lambda at: page)
    seen = survey(content) if kind == "xlsx" else Surveyed((), MACROS in content, False)
    return _open_workbook(content, kind, seen)


def _open_workbook(content: bytes, kind: str, seen: Surveyed) -> Book:
    with _refusing("password" if kind == "xls" and is_locked(content) else "unreadable"):
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    visible = tuple(
        at
        for at, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    )
    return Book(
        kind,
        workbook.sheet_names,
        lambda at: _read_page(workbook, at, seen.sheet(at)),
        visible,
        seen.has_macros,
        seen.counts_from_1904,
    )


@contextmanager
def _refusing(code: str) -> Iterator[None]:
    """The reader's own panic is no Exception: damage must never stop more than one file."""
    try:
        yield
    except DAMAGES as error:
        raise RefusedFile(code) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedFile(code) from error


def _cells_of(sheet: CalamineSheet) -> list[list[Cell]]:
    """All cells from A1 on; a text that stands in many of them is held once."""
    if sheet.start is None:
        return []
    left: list[Cell] = [""] * sheet.start[1]
    texts: dict[str, str] = {}
    once = texts.setdefault
    return [left + [once(cell, cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.iter_rows()]


def _read_page(workbook: CalamineWorkbook, at: int, seen: Survey) -> Page:
    with _refusing("unreadable"):
        sheet = workbook.get_sheet_by_index(at)
        if sheet.total_height * sheet.total_width > GRID_LIMIT_CELLS:
            raise RefusedFile("too_many_cells")
        cells = _cells_of(sheet)
        spans = tuple(Span(*first, *last) for first, last in sheet.merged_cell_ranges or ())
    for row, column in seen.broken:
        if row < len(cells) and column < len(cells[row]):
            cells[row][column] = ERROR_VALUE
    return Page(
        sheet.name, cells, spans, seen.hidden_rows, seen.hidden_columns, seen.formulas, has_unsaved=bool(seen.unsaved)
    )
