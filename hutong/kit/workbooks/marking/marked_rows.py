"""Rows (数据行) of a marked sheet: each as it came, one column further on, with what is wrong in front of it."""

import gzip
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from io import BytesIO

from openpyxl.utils import range_boundaries

from hutong.kit.workbooks.marking.findings import RISKY, Findings, MarkWords
from hutong.kit.workbooks.marking.markup import attribute, element, number_of, tags, with_attribute, without_attribute
from hutong.kit.workbooks.marking.moving import Moving
from hutong.kit.workbooks.marking.sheets import (
    Cell,
    Row,
    Shape,
    Strings,
    cells_of,
    inline,
    is_risky,
    letters_after,
    letters_of,
    rows_of,
)
from hutong.kit.workbooks.marking.shifting import LAST_COLUMN
from hutong.kit.workbooks.marking.styles import Styles

XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TRUE = (b"1", b"true")
TOLD_WIDTH, NUMBER_WIDTH = 46, 9
LINE_HEIGHT, FIRST_WIDE = 15, "\u2e80"
FORMULA, COLUMN = element(b"f"), element(b"col")
FORMULA_OPENS = (b"f>", b"f ", b"f/")
Place = tuple[int, int]


class MarkedRows:
    """Writes the rows; the bad ones once more for the sheet at the end."""

    def __init__(
        self,
        shape: Shape,
        findings: Findings,
        *,
        styles: Styles,
        strings: Strings,
        words: MarkWords,
        header_row: int,
        moving: Moving,
        is_given_back: bool,
    ) -> None:
        self._shape, self._findings, self._styles, self._strings = shape, findings, styles, strings
        self._words, self._header_row, self._moving = words, header_row, moving
        self._is_given_back = is_given_back
        self._columns = list(_column_styles(shape.head))
        self.cells = _unmerged(findings.cells, shape.tail)
        self._bad: dict[int, list[int]] = {}
        for row, column in sorted(self.cells):
            self._bad.setdefault(row, []).append(column)
        self._missing = sorted({*findings.rows, *self._bad}, reverse=True)
        self._placed = re.compile(b"<" + re.escape(shape.prefix) + rb'c r="([A-Z]{1,3})')
        self._held = BytesIO()
        self._packed = gzip.GzipFile(fileobj=self._held, mode="wb", compresslevel=1)
        self._copied = 0

    @property
    def shift(self) -> int:
        """By how much every column moves: not at all where the file was given back before."""
        return 0 if self._is_given_back else 1

    def comments(self) -> dict[Place, str]:
        """What the comments say, by row and column where they will stand."""
        found = Findings(cells=self.cells).comments()
        return {(row, column + self.shift): said for (row, column), said in found.items()}

    def chunks(self, source: Iterable[bytes]) -> Iterator[bytes]:
        """The rows again, in order; marked ones that the sheet did not hold are made."""
        for row in rows_of(self._shape, source):
            while self._missing and self._missing[-1] < row.number:
                yield self._row(_empty(self._missing[-1]))
            yield self._row(row)
        while self._missing:
            yield self._row(_empty(self._missing[-1]))

    def _row(self, row: Row) -> bytes:
        if self._missing and self._missing[-1] == row.number:
            self._missing.pop()
        attributes = with_attribute(without_attribute(row.attributes, b"spans"), b"r", b"%d" % row.number)
        if row.number in self._findings.rows and attribute(attributes, b"customHeight") not in TRUE:
            attributes = _heightened(attributes, self._findings.sentences(row.number))
        name = self._shape.prefix + b"row"
        if self._is_plain(row.number) and (inner := self._moved(row.inner)) is not None:
            return b"<%s%s>%s</%s>" % (name, attributes, inner, name)
        cells = list(cells_of(row.inner))
        if row.number in self._findings.bad_rows or row.number == self._header_row:
            self._copy(row.number, cells)
        inner = self._first(row, cells) + b"".join(self._cells(row, cells))
        return b"<%s%s>%s</%s>" % (name, attributes, inner, name)

    def _is_plain(self, number: int) -> bool:
        known = number == self._header_row or number in self._findings.rows or number in self._bad
        return not self._is_given_back and not known

    def _moved(self, inner: bytes) -> bytes | None:
        """All cells of a row with nothing to it one column on; None where they have to be taken one by one."""
        opened = b"<" + self._shape.prefix
        if b"XFD" in inner or any(opened + one in inner for one in FORMULA_OPENS):
            return None
        placed = opened + b'c r="'
        moved, count = self._placed.subn(lambda found: placed + letters_after(found[1]), inner)
        return moved if count == inner.count(opened + b"c") else None

    def _first(self, row: Row, cells: list[Cell]) -> bytes:
        """The cell that says what is wrong with the row, or what the column is called."""
        if row.number == self._header_row and not self._is_given_back:
            style = cells[0].style if cells else 0
            return inline(self._shape.prefix, 0, row.number, style, self._words.column)
        return self._told(row.number, row.number)

    def _told(self, row: int, at: int) -> bytes:
        said = self._findings.sentences(row)
        if not said:
            return b""
        return inline(self._shape.prefix, 0, at, self._styles.told(quoted=said.startswith(RISKY)), said)

    def _cells(self, row: Row, cells: list[Cell]) -> Iterator[bytes]:
        wanted = self._bad.get(row.number, [])
        missing = sorted(set(wanted).difference(cell.column for cell in cells), reverse=True)
        for cell in cells:
            while missing and missing[-1] < cell.column:
                yield self._made(row, missing.pop())
            if not self._is_replaced(row, cell):
                yield self._cell(row, cell, is_bad=cell.column in wanted)
        while missing:
            yield self._made(row, missing.pop())

    def _is_replaced(self, row: Row, cell: Cell) -> bool:
        return self._is_given_back and cell.column == 0 and row.number > self._header_row

    def _cell(self, row: Row, cell: Cell, *, is_bad: bool) -> bytes:
        column = cell.column + self.shift
        if column >= LAST_COLUMN:
            return b""
        attributes = with_attribute(cell.attributes, b"r", b"%s%d" % (letters_of(column), row.number))
        if is_bad or self._is_given_back:
            style = self._styles.bad(cell.style) if is_bad else self._styles.good(cell.style)
            attributes = with_attribute(attributes, b"s", b"%d" % style) if style != cell.style else attributes
        name, inner = self._shape.prefix + b"c", cell.inner
        if inner is None:
            return b"<%s%s/>" % (name, attributes)
        if self.shift and (b"<f" in inner or b":f" in inner):
            inner = FORMULA.sub(lambda found: self._moving.formula(found[0]), inner)
        return b"<%s%s>%s</%s>" % (name, attributes, inner, name)

    def _made(self, row: Row, column: int) -> bytes:
        """A bad cell that the sheet did not hold: it looks like its row or its column."""
        style = next((style for first, last, style in self._columns if first <= column <= last), 0)
        if attribute(row.attributes, b"customFormat") in TRUE:
            style = number_of(row.attributes, b"s", style)
        ref = b"%s%d" % (letters_of(column + self.shift), row.number)
        return b'<%sc r="%s" s="%d"/>' % (self._shape.prefix, ref, self._styles.bad(style))

    def _copy(self, number: int, cells: list[Cell]) -> None:
        self._copied += 1
        at, prefix, is_header = self._copied, self._shape.prefix, number == self._header_row
        style = cells[0].style if is_header and cells else 0
        first = inline(prefix, 0, at, style, self._words.column) if is_header else self._told(number, at)
        second = b'<%sc r="B%d" s="0"><%sv>%d</%sv></%sc>' % (prefix, at, prefix, number, prefix, prefix)
        if is_header:
            second = inline(prefix, 1, at, style, self._words.row_number)
        own = [cell for cell in cells if cell.column or not self._is_given_back]
        copied = self._headers(own, at) if is_header else (self._copied_cell(cell, at) for cell in own)
        inner = first + second + b"".join(copied)
        attributes = _heightened(b' r="%d"' % at, "" if is_header else self._findings.sentences(number))
        self._packed.write(b"<%srow%s>%s</%srow>" % (prefix, attributes, inner, prefix))

    def _headers(self, cells: list[Cell], row: int) -> Iterator[bytes]:
        """What stands over each column, of however many storeys, in one row."""
        styles = {cell.column: self._styles.good(cell.style) for cell in cells}
        for column, text in enumerate(self._words.headers):
            if text and (column or not self._is_given_back):
                yield inline(self._shape.prefix, column + 1 + self.shift, row, styles.get(column, 0), text)

    def _copied_cell(self, cell: Cell, row: int) -> bytes:
        """The cell with the value that it shows, no formula behind it."""
        column = cell.column + 1 + self.shift
        if column >= LAST_COLUMN:
            return b""
        style = self._styles.good(cell.style)
        style = self._styles.quoted(style) if is_risky(cell, self._strings) else style
        name, kind = self._shape.prefix + b"c", attribute(cell.attributes, b"t") or b"n"
        opened = b'<%s r="%s%d" s="%d" t="%s">' % (name, letters_of(column), row, style, kind)
        return opened + FORMULA.sub(b"", cell.inner or b"") + b"</%s>" % name

    def bad_sheet(self) -> Iterator[bytes]:
        """The sheet of the bad rows (需修改的行); to be asked when all rows are written."""
        self._packed.close()
        self._held.seek(0)
        names = {b"p": self._shape.prefix, b"names": self._shape.names, b"columns": self._copied_columns()}
        yield XML + (
            b'<%(p)sworksheet%(names)s><%(p)ssheetViews><%(p)ssheetView workbookViewId="0"><%(p)spane xSplit="2" '
            b'ySplit="1" topLeftCell="C2" activePane="bottomRight" state="frozen"/></%(p)ssheetView></%(p)ssheetViews>'
            b"<%(p)scols>%(columns)s</%(p)scols><%(p)ssheetData>" % names
        )
        with gzip.GzipFile(fileobj=self._held, mode="rb") as packed:
            yield from iter(lambda: packed.read(256 * 1024), b"")
        yield b"</%(p)ssheetData></%(p)sworksheet>" % names

    def _copied_columns(self) -> bytes:
        """The widths of the sheet, behind those of the two new columns; nothing is hidden."""
        made = [
            _column(self._shape.prefix, at, at, b"%d" % width) for at, width in ((1, TOLD_WIDTH), (2, NUMBER_WIDTH))
        ]
        for attributes in tags(self._shape.head, b"col"):
            first = number_of(attributes, b"min", 1) + 1 + self.shift
            last = min(number_of(attributes, b"max", 1) + 1 + self.shift, LAST_COLUMN)
            width = attribute(attributes, b"width")
            if width and float(width) and last > 2 and first <= LAST_COLUMN:
                made.append(_column(self._shape.prefix, max(first, 3), last, width))
        return b"".join(made)


def _column(prefix: bytes, first: int, last: int, width: bytes) -> bytes:
    return b'<%scol min="%d" max="%d" width="%s" customWidth="1"/>' % (prefix, first, last, width)


def _heightened(attributes: bytes, said: str) -> bytes:
    """A row high enough for what is said in it."""
    lines = sum(1 + _width(line) // (TOLD_WIDTH - 1) for line in said.split("\n"))
    wanted = lines * LINE_HEIGHT
    held = (attribute(attributes, b"ht") or b"").partition(b".")[0]
    if lines == 1 or (held.isdigit() and int(held) >= wanted):
        return attributes
    return with_attribute(attributes, b"ht", b"%d" % wanted)


def _width(line: str) -> int:
    return sum(2 if character >= FIRST_WIDE else 1 for character in line)


def _empty(number: int) -> Row:
    return Row(number, b"", b"")


def _column_styles(head: bytes) -> Iterator[tuple[int, int, int]]:
    for one in tags(head, b"col"):
        yield number_of(one, b"min", 1) - 1, number_of(one, b"max", 1) - 1, number_of(one, b"style")


def _unmerged(cells: dict[Place, list[str]], tail: bytes) -> dict[Place, list[str]]:
    """The same, what is said of merged cells on the first of them."""
    rows = sorted({row for row, _ in cells})
    columns: dict[int, list[int]] = {}
    for row, column in cells:
        columns.setdefault(row, []).append(column)
    first_of: dict[Place, Place] = {}
    for top, left, bottom, right in _merged(tail):
        for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
            first_of |= {(row, column): (top, left) for column in columns[row] if left <= column <= right}
    found: dict[Place, list[str]] = {}
    for place, said in cells.items():
        found.setdefault(first_of.get(place, place), []).extend(said)
    return found


def _merged(tail: bytes) -> Iterator[tuple[int, int, int, int]]:
    for one in tags(tail, b"mergeCell"):
        ref = attribute(one, b"ref")
        if ref:
            left, top, right, bottom = range_boundaries(ref.decode())
            yield top, left - 1, bottom, right - 1
