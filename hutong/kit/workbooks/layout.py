"""How a sheet is laid out (表格版式): where its headers stand, and which column says what."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from hutong.kit.workbooks.book import Book, Cell, Page
from hutong.kit.workbooks.columns import Columns, clean_header

HEADER_SEARCH_ROWS = 30


@dataclass(frozen=True)
class Layout:
    """A layout (版式): the sheet by its position, the last header row as a person counts (0: there is none), the
    headers by position, the column codes by position, and what holds for every row that does not say it (by code)."""

    page: int
    header_row: int
    headers: tuple[str, ...]
    codes: Mapping[int, str]
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def present(self) -> set[str]:
        """The codes about which the sheet says something."""
        return {*self.codes.values(), *self.fixed}

    @property
    def fingerprint(self) -> str:
        """The same for every sheet with these headers in this order (版式指纹)."""
        return sha256("\x1f".join(self.headers).encode()).hexdigest()

    @property
    def unknown(self) -> list[str]:
        """The headers that say nothing to us."""
        return [header for at, header in enumerate(self.headers) if header and at not in self.codes]

    @property
    def twice(self) -> list[str]:
        """The codes that two columns claim."""
        return [code for code, columns in Counter(self.codes.values()).items() if columns > 1]


@dataclass(frozen=True)
class Sheet:
    """The data rows of a laid-out sheet (数据行), each with the row number a person sees in the spreadsheet."""

    layout: Layout
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()


class NoHeader(Exception):
    """No row among the first thirty of any sheet holds headers that we know."""


def find_layout(book: Book, columns: Columns) -> Layout:
    """The layout of a workbook by its headers; of the first sheet that has any. Raises NoHeader, RefusedFile."""
    for at in range(len(book.names)):
        header_row = find_header(book.page(at), columns)
        if header_row:
            return layout_at(book, at, header_row, columns)
    raise NoHeader


def find_header(page: Page, columns: Columns) -> int:
    """The header row as a person counts: the first that holds all required headers, else most known ones; 0: none."""
    best, best_count = 0, 1
    for at, row in enumerate(page.cells[:HEADER_SEARCH_ROWS], 1):
        known = {code for cell in row if (code := columns.code_of(clean_header(cell)))}
        if not columns.missing(known):
            return at
        if len(known) > best_count:
            best, best_count = at, len(known)
    return best


def layout_at(book: Book, page: int, header_row: int, columns: Columns) -> Layout:
    """The layout of one sheet whose header row is known; where that is 0, no column says what it is."""
    cells = book.page(page).cells
    headers = tuple(clean_header(cell) for cell in cells[header_row - 1]) if header_row else ()
    codes = {at: code for at, header in enumerate(headers) if (code := columns.code_of(header))}
    return Layout(page, header_row, headers, codes)


def sheet_of(book: Book, layout: Layout) -> Sheet:
    """The data rows below the headers that hold at least one value."""
    page = book.page(layout.page)
    below = enumerate(page.cells[layout.header_row :], layout.header_row + 1)
    rows = [(number, row) for number, row in below if _holds_something(row)]
    return Sheet(layout, rows, frozenset(row + 1 for row in page.hidden_rows))


def _holds_something(row: list[Cell]) -> bool:
    return any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row)
