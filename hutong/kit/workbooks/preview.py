"""A sheet before its columns are matched (列对应预览): shown with samples, and what each may be."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from hutong.kit.names import mask_id_number
from hutong.kit.workbooks.book import Book, Cell, Page
from hutong.kit.workbooks.columns import Columns
from hutong.kit.workbooks.layout import Layout, find_header, layout_at

ROWS_SEARCHED, ROWS_LOOKED_AT, SAMPLES = 30, 200, 3
LONG_NUMBER = 11
Propose = Callable[[list[Cell], set[str]], str]


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet (表格中的列): its position, header, three samples, and the code it is read as.

    `is_proposed` where the code was only told from what the column holds.
    """

    at: int
    header: str
    samples: tuple[str, ...]
    code: str
    is_proposed: bool = False


@dataclass(frozen=True)
class Preview:
    """A sheet before its columns are matched (列对应预览): rows are numbered as a person counts, 0 is no header."""

    names: tuple[str, ...]
    layout: Layout
    columns: tuple[SheetColumn, ...]
    top: tuple[tuple[int, str], ...]
    rows: int

    def with_codes(self, codes: Mapping[int, str]) -> "Preview":
        """The same with columns read as somebody has said before."""
        said = (
            replace(column, code=codes[column.at], is_proposed=False) if column.at in codes else column
            for column in self.columns
        )
        return replace(self, columns=tuple(said))


def preview(
    book: Book, columns: Columns, propose: Propose, *, page: int | None = None, header_row: int | None = None
) -> Preview:
    """The columns of a sheet; the first that holds anything, by its likeliest header row. `propose` tells from cells
    the code that they read like, among those not taken; what it says is shown, never taken. Raises RefusedFile."""
    at = _first_filled(book) if page is None else page
    sheet = book.page(at)
    layout = layout_at(book, at, _likely_header(sheet, columns) if header_row is None else header_row, columns)
    below = [row for row in sheet.cells[layout.header_row :] if any(map(text_of, row))]
    return Preview(tuple(book.names), layout, tuple(_columns(layout, below, propose)), tuple(_top(sheet)), len(below))


def _first_filled(book: Book) -> int:
    filled = (at for at in book.visible if any(any(map(text_of, row)) for row in book.page(at).cells))
    return next(filled, 0)


def _likely_header(page: Page, columns: Columns) -> int:
    known = find_header(page, columns)
    if known:
        return known
    rows = enumerate(page.cells[:ROWS_SEARCHED], 1)
    return next((number for number, row in rows if _reads_like_headers(row)), 0)


def _reads_like_headers(row: list[Cell]) -> bool:
    texts = [cell for cell in row if cell != ""]
    return len(texts) > 1 and all(isinstance(cell, str) and not any(map(str.isdigit, cell)) for cell in texts)


def _top(page: Page) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(page.cells[:ROWS_SEARCHED], 1):
        texts = [_sample(text) for text in map(text_of, row) if text]
        if texts:
            yield number, " · ".join(texts[:6])


def _columns(layout: Layout, rows: list[list[Cell]], propose: Propose) -> Iterator[SheetColumn]:
    taken = set(layout.codes.values())
    for at in range(max([len(layout.headers), *(len(row) for row in rows[:ROWS_LOOKED_AT])], default=0)):
        if at in layout.ignored:
            continue
        header = layout.headers[at] if at < len(layout.headers) else ""
        held = [row[at] for row in rows[:ROWS_LOOKED_AT] if at < len(row) and text_of(row[at])]
        if not (header or held):
            continue
        samples = tuple(_sample(text_of(cell)) for cell in held[:SAMPLES])
        code = layout.codes.get(at, "")
        proposal = "" if code else propose(held, taken)
        taken.add(proposal)
        yield SheetColumn(at, header, samples, code or proposal, bool(proposal))


def text_of(cell: Cell) -> str:
    """A cell as a person sees it (单元格文字), roughly."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _sample(text: str) -> str:
    """A sample as it may be shown: of long numbers the end alone."""
    digits = sum(character.isdigit() for character in text)
    return mask_id_number(text) if digits >= LONG_NUMBER and " " not in text else text[:40]
