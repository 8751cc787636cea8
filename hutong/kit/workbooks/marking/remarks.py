"""Remarks (批注): comments on cells and the boxes that show them; those that stand there already stay."""

import re
from collections.abc import Iterable, Mapping

from openpyxl.utils import get_column_letter, range_boundaries

from hutong.kit.workbooks.marking.markup import (
    attribute,
    element,
    escaped,
    number_of,
    unescaped,
    with_attribute,
    with_last,
)
from hutong.kit.workbooks.marking.shifting import shift_range
from hutong.kit.workbooks.marking.styles import MAIN

XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EMPTY_COMMENTS = XML + b'<comments xmlns="' + MAIN + b'"><authors></authors><commentList></commentList></comments>'
EMPTY_BOXES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'
)
BOX_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
BOX = (
    b'<v:shape id="_x0000_s%(id)d" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
    b'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    b'<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    b'</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    b"<x:Anchor>%(left)d, 15, %(top)d, 10, %(right)d, 15, %(bottom)d, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    b"<x:Row>%(row)d</x:Row><x:Column>%(column)d</x:Column></x:ClientData></v:shape>"
)
AUTHORS, AUTHOR = element(b"authors"), element(b"author")
LIST, COMMENT, TEXT, RUN = element(b"commentList"), element(b"comment"), element(b"text"), element(b"r")
WRITTEN = element(b"t")
SHAPE, CLIENT = element(b"shape"), element(b"ClientData")
ROW, COLUMN = re.compile(rb"<x:Row>\s*(\d+)"), re.compile(rb"(<x:Column>\s*)(\d+)")
ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)")
ID_MAP = re.compile(rb"""(<o:idmap\b[^>]*?\sdata=["'])([\d,\s]*)""")
AFTER_RUNS = re.compile(rb"<(?:[\w.-]+:)?(?:rPh|phoneticPr)\b")
IDS_IN_BLOCK = 1024
CHARACTERS_IN_LINE = 14
THREAD = "tc="
"""What an author is called whose comment only stands in for a thread."""
Cell = tuple[int, int]


class Remarks:
    """The comments of one sheet (批注): `cells` by row and column, where they will stand."""

    def __init__(self, cells: Mapping[Cell, str], *, author: str, shift: bool) -> None:
        self._cells = dict(cells)
        self._author = author
        self._shift = shift
        self._new = dict(cells)
        self._gone: set[Cell] = set()

    def comments(self, part: bytes) -> bytes:
        """The comments with ours: those of an earlier round are gone."""
        authors = AUTHORS.search(part)
        held = list(AUTHOR.finditer(authors[3] or b"")) if authors else []
        names = [unescaped(one[3] or b"") for one in held]
        if self._author not in names:
            part = with_last(part, b"authors", lambda prefix: _wrapped(prefix, b"author", escaped(self._author)))
        numbers = [*names, self._author]
        ours = numbers.index(self._author)
        part = COMMENT.sub(lambda found: self._comment(found, numbers, ours), part)
        return with_last(part, b"commentList", lambda prefix: self._made(prefix, ours))

    def _comment(self, found: re.Match[bytes], names: list[str], ours: int) -> bytes:
        by = number_of(found[2], b"authorId")
        ref = (attribute(found[2], b"ref") or b"A1").decode()
        if by == ours:
            self._gone.add(_cell(ref))
            return b""
        ref = shift_range(ref) if self._shift else ref
        attributes, inner = with_attribute(found[2], b"ref", ref.encode()), found[3] or b""
        if by < len(names) and not names[by].startswith(THREAD):
            inner = TEXT.sub(lambda text: self._text(text, self._cells.get(_cell(ref))), inner, count=1)
        self._new.pop(_cell(ref), None)
        return _wrapped(found[1], b"comment", inner, attributes)

    def _text(self, found: re.Match[bytes], said: str | None) -> bytes:
        """A person's own comment, ours behind it and no longer the one of an earlier round."""
        start = f"\n{self._author}：\n"
        inner = RUN.sub(lambda run: b"" if _said(run).startswith(start) else run[0], found[3] or b"")
        if said is not None:
            after = AFTER_RUNS.search(inner)
            at = after.start() if after else len(inner)
            inner = inner[:at] + _wrapped(found[1], b"r", _written(found[1], start + said)) + inner[at:]
        return _wrapped(found[1], b"text", inner, found[2])

    def _made(self, prefix: bytes, by: int) -> bytes:
        return b"".join(
            _wrapped(prefix, b"comment", _wrapped(prefix, b"text", _written(prefix, said)), _placed(cell, by))
            for cell, said in self._new.items()
        )

    def boxes(self, part: bytes, *, others: Iterable[bytes]) -> bytes:
        """The boxes with ours; to be asked after `comments`. `others` are the workbook's other parts of this kind."""
        part = SHAPE.sub(self._box, part)
        taken = [found[2] for one in (part, *others) for found in ID_MAP.finditer(one)]
        first = max((int(one) for one in b",".join(taken).split(b",") if one.strip()), default=0) + 1
        blocks = range(first, first + (len(self._new) + IDS_IN_BLOCK - 1) // IDS_IN_BLOCK)
        made = b"".join(
            _box(cell, said, first * IDS_IN_BLOCK + 1 + at) for at, (cell, said) in enumerate(self._new.items())
        )
        numbers = b",".join(b"%d" % block for block in blocks)
        part = ID_MAP.sub(lambda found: found[1] + b",".join(filter(None, (found[2].strip(), numbers))), part, count=1)
        kind = b"" if b'"_x0000_t202"' in part else BOX_TYPE
        at = part.rfind(b"</xml")
        return part[:at] + kind + made + part[at:]

    def _box(self, found: re.Match[bytes]) -> bytes:
        row, column = ROW.search(found[0]), COLUMN.search(found[0])
        is_note = b'"Note"' in found[0] and row is not None and column is not None
        if is_note and row and column and (int(row[1]) + 1, int(column[2])) in self._gone:
            return b""
        return _moved(found[0]) if self._shift else found[0]


def _moved(shape: bytes) -> bytes:
    shape = COLUMN.sub(lambda found: found[1] + b"%d" % (int(found[2]) + 1), shape)
    return ANCHOR.sub(lambda found: found[1] + _anchor(found[2]), shape)


def _anchor(text: bytes) -> bytes:
    numbers = text.split(b",")
    if len(numbers) != 8:
        return text
    return b",".join(b" %d" % (int(one) + 1) if at in (0, 4) else one for at, one in enumerate(numbers))


def _box(cell: Cell, said: str, number: int) -> bytes:
    row, column = cell[0] - 1, cell[1]
    top, lines = max(row - 1, 0), sum(1 + len(line) // CHARACTERS_IN_LINE for line in said.split("\n"))
    place = {b"left": column + 1, b"top": top, b"right": column + 4, b"bottom": top + 2 + lines}
    return BOX % {b"id": number, b"row": row, b"column": column, **place}


def _placed(cell: Cell, by: int) -> bytes:
    return b' ref="%s%d" authorId="%d"' % (get_column_letter(cell[1] + 1).encode(), cell[0], by)


def _cell(ref: str) -> Cell:
    left, top, _right, _bottom = range_boundaries(ref)
    return top, left - 1


def _written(prefix: bytes, text: str) -> bytes:
    return _wrapped(prefix, b"t", escaped(text), b' xml:space="preserve"')


def _wrapped(prefix: bytes, name: bytes, inner: bytes, attributes: bytes = b"") -> bytes:
    return b"<%s%s%s>%s</%s%s>" % (prefix, name, attributes, inner, prefix, name)


def _said(run: re.Match[bytes]) -> str:
    return "".join(unescaped(found[3] or b"") for found in WRITTEN.finditer(run[3] or b""))
