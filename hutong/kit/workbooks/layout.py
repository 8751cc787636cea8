"""How a sheet is laid out (表格版式): where its headers stand, and which column says what."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from hutong.kit.workbooks.book import Book, Cell, Page
from hutong.kit.workbooks.columns import Columns, is_date_column
from hutong.kit.workbooks.headers import HEADER_SEARCH_ROWS, Head
from hutong.kit.workbooks.rows import count_from_1900, data_rows, fill_merged, uneven_rows


@dataclass(frozen=True)
class Layout:
    """A layout (版式): the sheet by its position, the last header row as a person counts (0: there is none), the
    headers by position, the column codes by position, and what holds for every row that does not say it (by code)."""

    page: int
    header_row: int
    headers: tuple[str, ...]
    codes: Mapping[int, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[int] = frozenset()

    @property
    def present(self) -> set[str]:
        """The codes about which the sheet says something."""
        return {*self.codes.values(), *self.fixed}

    @property
    def fingerprint(self) -> str:
        """The same for every sheet with these headers in this order (版式指纹), given back by us or not."""
        return sha256("\x1f".join(self.headers[at] for at in self.own).encode()).hexdigest()

    @property
    def own(self) -> list[int]:
        """The positions of the sender's own columns, without those that we add to a file we give back."""
        return [at for at in range(len(self.headers)) if at not in self.ignored]

    @property
    def unknown(self) -> list[str]:
        """The headers that say nothing to us."""
        known = self.ignored | self.codes.keys()
        return [header for at, header in enumerate(self.headers) if header and at not in known]

    @property
    def twice(self) -> list[str]:
        """The codes that two columns claim."""
        return [code for code, columns in Counter(self.codes.values()).items() if columns > 1]


@dataclass(frozen=True)
class Sheet:
    """The data rows of a laid-out sheet (数据行), each with the row number a person sees in the spreadsheet.

    All other rows are named by that number too, and cells by it and the position of their column: `shared` were read
    from a merged cell above, `formulas` are computed; `others` are feet and headers that stand there again, `uneven`
    do not line up with the headers.
    """

    layout: Layout
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    shared: frozenset[tuple[int, int]] = frozenset()
    formulas: frozenset[tuple[int, int]] = frozenset()
    others: tuple[int, ...] = ()
    uneven: frozenset[int] = frozenset()
    has_unsaved: bool = False


class NoHeader(Exception):
    """No row among the first thirty of any sheet holds headers that we know."""


def find_layout(book: Book, columns: Columns) -> Layout:
    """The layout by the headers of the first visible sheet that has any. Raises NoHeader, RefusedFile."""
    for at in book.visible:
        header_row = find_header(book.page(at), columns)
        if header_row:
            return layout_at(book, at, header_row, columns)
    raise NoHeader


def holds_something(book: Book) -> bool:
    """Whether any visible sheet holds a value (有内容). Raises RefusedFile."""
    pages = map(book.page, book.visible)
    return any(str(cell).strip() for page in pages for row in page.cells for cell in row)


def other_sheets(book: Book, layout: Layout, columns: Columns) -> Iterator[tuple[int, int]]:
    """The positions of other visible sheets that could be read just as well, each with how many data rows it holds."""
    for at in book.visible:
        header_row = find_header(book.page(at), columns) if at != layout.page else 0
        if not header_row or columns.missing(set(layout_at(book, at, header_row, columns).codes.values())):
            continue
        rows, _ = data_rows(book.page(at), header_row)
        if rows:
            yield at, len(rows)


def says_otherwise(book: Book, at: int, sheet: Sheet, columns: Columns) -> bool:
    """Whether another sheet has a row whose known columns say what none of this sheet's rows says."""
    header_row = find_header(book.page(at), columns)
    layout = layout_at(book, at, header_row, columns)
    rows, _ = data_rows(book.page(at), header_row)
    return not set(_said(rows, layout, sheet.layout)) <= set(_said(sheet.rows, sheet.layout, layout))


def _said(rows: list[tuple[int, list[Cell]]], layout: Layout, beside: Layout) -> Iterator[tuple[str, ...]]:
    """What rows say in the columns that both layouts know."""
    wanted = sorted((code, at) for at, code in layout.codes.items() if code in beside.present)
    for _number, row in rows:
        yield tuple(str(row[at]).strip() if at < len(row) else "" for _code, at in wanted)


def find_header(page: Page, columns: Columns) -> int:
    """The last header row as a person counts: of the first header that holds all required columns, else of the one
    that holds most known ones; 0: none."""
    head = Head(page)
    best, best_count = 0, 1
    for at in range(min(HEADER_SEARCH_ROWS, len(page.cells))):
        known = {heading.code for heading in head.headings(at, columns) if heading.code}
        if not columns.missing(known):
            return head.last_storey(at, columns) + 1
        if len(known) > best_count:
            best, best_count = at + 1, len(known)
    return head.last_storey(best - 1, columns) + 1 if best else 0


def layout_at(book: Book, page: int, header_row: int, columns: Columns) -> Layout:
    """The layout of one sheet whose last header row is known; where that is 0, no column says what it is."""
    headings = Head(book.page(page)).headings(header_row - 1, columns) if header_row else []
    headers = tuple(heading.text for heading in headings)
    codes = {at: heading.code for at, heading in enumerate(headings) if heading.code}
    ignored = frozenset(at for at, header in enumerate(headers) if header in columns.ignored)
    return Layout(page, header_row, headers, codes, ignored=ignored)


def sheet_of(book: Book, layout: Layout) -> Sheet:
    """The data rows below the headers that hold at least one value. Raises RefusedFile."""
    page = book.page(layout.page)
    rows, others = data_rows(page, layout.header_row)
    if book.counts_from_1904:
        count_from_1900(rows, [at for at, code in layout.codes.items() if is_date_column(code)])
    return Sheet(
        layout,
        rows,
        hidden_rows=frozenset(row + 1 for row in page.hidden_rows),
        hidden_columns=page.hidden_columns,
        shared=fill_merged(rows, page, layout.header_row, layout.codes),
        formulas=frozenset((row + 1, column) for row, column in page.formulas),
        others=tuple(others),
        uneven=uneven_rows(rows, page, len(layout.headers)),
        has_unsaved=page.has_unsaved,
    )
