"""Sheets (工作表) as a stream: what stands around the rows, and the rows and cells one after the other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from openpyxl.utils import column_index_from_string, get_column_letter

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.marking.findings import RISKY
from hutong.kit.workbooks.marking.markup import (
    ATTRIBUTES,
    HELD_AT_MOST_BYTES,
    attribute,
    element,
    escaped,
    number_of,
    pieces,
    unescaped,
)
from hutong.kit.workbooks.marking.shifting import next_column

ROW, CELL, VALUE = element(b"row"), element(b"c"), element(b"v")
STRING, WRITTEN, SOUNDS = element(b"si"), element(b"t"), element(b"rPh")
REF = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]{1,3})\$?[0-9]+["']""")
FAR_CELL = re.compile(rb"""\sr\s*=\s*["']XFD[0-9]+["'](?:[^<>]*[^/<>])?>""")
ROOT = re.compile(rb"<(?:[\w.-]+:)?worksheet(" + ATTRIBUTES + rb")\s*>")
DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?:\s[^<>]*)?(/?)>")
DATA_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")


@dataclass(frozen=True)
class Strings:
    """What has to be known of the texts that cells share: which say a title, which begin like a formula."""

    titles: frozenset[bytes] = frozenset()
    risky: frozenset[bytes] = frozenset()


def read_strings(chunks: Iterable[bytes], *, title: str) -> Strings:
    """Goes through the shared texts once."""
    titles, risky, at = set(), set(), 0
    for piece in pieces(chunks, lambda text: text.rfind(b"si>") + 3 if b"si>" in text else 0):
        for found in STRING.finditer(piece):
            text = text_of(found[3] or b"")
            if text.startswith(RISKY):
                risky.add(b"%d" % at)
            elif text.strip() == title:
                titles.add(b"%d" % at)
            at += 1
    return Strings(frozenset(titles), frozenset(risky))


def text_of(inner: bytes) -> str:
    """What the pieces of a text say together."""
    inner = SOUNDS.sub(b"", inner) if b"rPh" in inner else inner
    return unescaped(b"".join(found[3] or b"" for found in WRITTEN.finditer(inner)))


@dataclass(frozen=True)
class Shape:
    """A sheet around its rows (表身): what stands above and below them, and where they begin and end."""

    head: bytes
    tail: bytes
    prefix: bytes
    start: int
    end: int

    @property
    def names(self) -> bytes:
        """The namespaces that the sheet has declared."""
        root = ROOT.search(self.head)
        return root[1] if root else b""

    def rows(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes between, parted between rows."""
        yield from pieces(_part_of(chunks, self.start, self.end), self._before_last_row)

    def _before_last_row(self, text: bytes) -> int:
        return max(text.rfind(b"<" + self.prefix + b"row"), 0)


def _part_of(chunks: Iterable[bytes], start: int, end: int) -> Iterator[bytes]:
    at = 0
    for chunk in chunks:
        yield chunk[max(start - at, 0) : max(end - at, 0)]
        at += len(chunk)


def read_shape(chunks: Iterable[bytes]) -> Shape:
    """Finds the rows of a sheet. Raises RefusedFile."""
    head, tail, at = b"", b"", 0
    start = end = -1
    prefix, rest = b"", b""
    for chunk in chunks:
        if start < 0:
            head += chunk
            found = DATA.search(head)
            if found is None:
                continue
            start, prefix, chunk = found.end(), found[1], head[found.end() :]
            at = start
            end = start if found[2] else -1
            head = head[: found.start()]
        if end >= 0:
            tail += chunk
        elif b"XFD" in rest + chunk and FAR_CELL.search(rest + chunk):
            raise RefusedFile("too_many_cells")
        elif found := DATA_END.search(rest + chunk):
            end = at - len(rest) + found.start()
            tail = (rest + chunk)[found.end() :]
        at, rest = at + len(chunk), chunk[-200:]
        if len(head) + len(tail) > HELD_AT_MOST_BYTES:
            raise RefusedFile("unreadable")
    if end < 0:
        raise RefusedFile("unreadable")
    return Shape(head, tail, prefix, start, end)


@cache
def _column_of(letters: bytes) -> int:
    return int(column_index_from_string(letters.decode().upper())) - 1


@cache
def letters_of(column: int) -> bytes:
    """The letters of a column that counts from 0."""
    return str(get_column_letter(column + 1)).encode()


@cache
def letters_after(letters: bytes) -> bytes:
    """The column to the right."""
    return next_column(letters.decode()).encode()


@dataclass(frozen=True)
class Cell:
    """A cell (单元格) as it stands between its tags; None: it holds nothing."""

    column: int
    attributes: bytes
    inner: bytes | None

    @property
    def style(self) -> int:
        """The number of its format."""
        return number_of(self.attributes, b"s")


def cells_of(inner: bytes) -> Iterator[Cell]:
    """The cells of a row, each with its column from 0."""
    at = -1
    for found in CELL.finditer(inner):
        ref = REF.search(found[2])
        at = _column_of(ref[1]) if ref else at + 1
        yield Cell(at, found[2], found[3])


@dataclass(frozen=True)
class Row:
    """A row (行) as it stands between its tags."""

    number: int
    attributes: bytes
    inner: bytes


def rows_of(shape: Shape, chunks: Iterable[bytes]) -> Iterator[Row]:
    """The rows of a sheet, each with its number as a person counts."""
    at = 0
    for piece in shape.rows(chunks):
        for found in ROW.finditer(piece):
            at = number_of(found[2], b"r", at + 1)
            yield Row(at, found[2], found[3] or b"")


def is_given_back(shape: Shape, chunks: Iterable[bytes], strings: Strings, *, header_row: int, title: str) -> bool:
    """Whether the first column is the one that we put there in an earlier round."""
    for row in rows_of(shape, chunks):
        if row.number >= header_row:
            first = next(cells_of(row.inner), None) if row.number == header_row else None
            return first is not None and first.column == 0 and _says(first, strings, title)
    return False


def _says(cell: Cell, strings: Strings, title: str) -> bool:
    if attribute(cell.attributes, b"t") == b"s":
        value = VALUE.search(cell.inner or b"")
        return value is not None and (value[3] or b"").strip() in strings.titles
    return text_of(cell.inner or b"").strip() == title


def is_risky(cell: Cell, strings: Strings) -> bool:
    """Whether a text cell begins like a formula."""
    kind, inner = attribute(cell.attributes, b"t"), cell.inner or b""
    value = VALUE.search(inner)
    said = (value[3] or b"") if value else b""
    if kind == b"s":
        return said.strip() in strings.risky
    return kind in (b"str", b"inlineStr") and (unescaped(said) or text_of(inner)).startswith(RISKY)


def inline(prefix: bytes, column: int, row: int, style: int, text: str) -> bytes:
    """A cell that holds a text of ours."""
    ref = b"%s%d" % (letters_of(column), row)
    names = {b"p": prefix, b"ref": ref, b"style": style, b"text": escaped(text)}
    return (
        b'<%(p)sc r="%(ref)s" s="%(style)d" t="inlineStr"><%(p)sis><%(p)st xml:space="preserve">%(text)s</%(p)st>'
        b"</%(p)sis></%(p)sc>" % names
    )
