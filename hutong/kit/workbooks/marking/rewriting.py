"""Rewriting (改写): an xlsx as a stream, its marked sheet changed row by row and whatever points there moved along."""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.marking.findings import Findings, MarkWords, free_name
from hutong.kit.workbooks.marking.marked_rows import TOLD_WIDTH, MarkedRows
from hutong.kit.workbooks.marking.markup import TAG, attribute, escaped, number_of, tags, unescaped, with_last
from hutong.kit.workbooks.marking.moving import Moving
from hutong.kit.workbooks.marking.package import OFFICE, OFFICE_STRICT, Package, relations_of
from hutong.kit.workbooks.marking.remarks import EMPTY_BOXES, EMPTY_COMMENTS, Remarks
from hutong.kit.workbooks.marking.sheets import Shape, Strings, is_given_back, read_shape, read_strings
from hutong.kit.workbooks.marking.styles import BARE, Styles

TYPE = "application/vnd.openxmlformats-officedocument."
SHEET_TYPE, STYLES_TYPE = TYPE + "spreadsheetml.worksheet+xml", TYPE + "spreadsheetml.styles+xml"
COMMENTS_TYPE, BOXES_TYPE = TYPE + "spreadsheetml.comments+xml", TYPE + "vmlDrawing"
OWN_PARTS = ("drawing", "table", "threadedComment", "pivotTable", "tableSingleCells")
NAMING_FOLDERS = ("xl/charts/", "xl/drawings/", "xl/tables/", "xl/ctrlProps/", "xl/pivotCache/", "xl/chartsheets/")
AFTER_BOXES = (
    *(b"legacyDrawingHF", b"drawingHF", b"picture", b"oleObjects", b"controls", b"webPublishItems", b"tableParts"),
    *(b"extLst", b"AlternateContent"),
)
RELATION_ID = re.compile(rb"""\s([\w.-]+:id)\s*=\s*["']([^"']*)["']""")
DAMAGED = (BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError, NotImplementedError)


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str
    number: int


def rewritten(content: bytes, *, page: int, header_row: int, findings: Findings, words: MarkWords) -> Iterator[bytes]:
    """The file again with its marks. Raises RefusedFile before it hands out anything."""
    try:
        archive = ZipFile(BytesIO(content))
        if archive.testzip() is not None:
            raise RefusedFile("unreadable")
        made = _Rewriting(Package(archive), page, header_row, findings, words)
        made.prepare()
    except DAMAGED as error:
        raise RefusedFile("unreadable") from error
    return made.chunks()


class _Rewriting:
    """One file on its way: everything that can be refused is looked at first."""

    def __init__(self, package: Package, page: int, header_row: int, findings: Findings, words: MarkWords) -> None:
        self._package, self._words = package, words
        self._workbook = _target(package, "", "officeDocument")
        self._sheets = list(_sheets(package, self._workbook))
        if not 0 <= page < len(self._sheets):
            raise RefusedFile("unreadable")
        self._sheet = self._sheets[page]
        self._strings = self._read_strings()
        self._shape = self._read_shape()
        self._moving = Moving(self._sheet.name)
        self._styles_part, self._styles = self._read_styles()
        self._rows = MarkedRows(
            self._shape,
            findings,
            styles=self._styles,
            strings=self._strings,
            words=words,
            header_row=header_row,
            moving=self._moving,
            is_given_back=is_given_back(
                self._shape, self._source(), self._strings, header_row=header_row, title=words.column
            ),
        )
        self._head, self._tail = self._shape.head, self._shape.tail
        self._streamed: dict[str, Iterable[bytes]] = {}

    def _source(self) -> Iterator[bytes]:
        return self._package.utf8(self._sheet.part)

    def _read_strings(self) -> Strings:
        part = _found(self._package, self._workbook, "sharedStrings")
        if part is None:
            return Strings()
        self._package.require_xml(part)
        return read_strings(self._package.utf8(part), title=self._words.column)

    def _read_shape(self) -> Shape:
        self._package.require_xml(self._sheet.part)
        shape = read_shape(self._source())
        for _ in shape.rows(self._source()):
            pass
        return shape

    def _read_styles(self) -> tuple[str, Styles]:
        part = _found(self._package, self._workbook, "styles")
        if part is None:
            part = self._package.add("xl/styles%d.xml", BARE, STYLES_TYPE)
            self._package.relate(self._workbook, "styles", part)
        else:
            self._package.require_xml(part)
        styles = Styles(self._package.text(part))
        if not styles.is_usable:
            raise RefusedFile("unreadable")
        return part, styles

    def prepare(self) -> None:
        """Everything but the rows."""
        if self._rows.shift:
            self._head = self._moving.head(self._head, width=TOLD_WIDTH, prefix=self._shape.prefix)
            self._tail = self._moving.own(self._tail)
            self._move_parts()
        self._comment()
        self._bad_sheet = self._add_sheet()
        self._leave_calculations_out()

    def _move_parts(self) -> None:
        own = {one.target for one in self._package.relations(self._sheet.part) if one.kind in OWN_PARTS}
        for part in filter(self._package.has, own):
            self._change(part, self._moving.own(self._package.text(part)))
        for part in self._package.parts():
            if part not in own and part.startswith(NAMING_FOLDERS) and part.endswith(".xml"):
                self._change(part, self._moving.other(self._package.text(part)))
        self._change(self._workbook, self._moving.other(self._package.text(self._workbook)))
        for sheet in self._sheets:
            relations = relations_of(sheet.part)
            if self._package.has(relations):
                inside = sheet.part == self._sheet.part
                self._change(relations, self._moving.links(self._package.text(relations), inside=inside))
            if sheet.part != self._sheet.part and self._moving.concerns(self._package.utf8(sheet.part)):
                name = self._package.name_of(sheet.part)
                self._streamed[name] = self._moving.elsewhere(self._package.utf8(sheet.part))

    def _change(self, part: str, text: bytes) -> None:
        if text != self._package.text(part):
            self._package.change(part, text)

    def _comment(self) -> None:
        comments = self._rows.comments()
        held = _found(self._package, self._sheet.part, "comments")
        if not comments and held is None:
            return
        remarks = Remarks(comments, author=self._words.author, shift=bool(self._rows.shift))
        if held is None:
            held = self._package.add("xl/comments%d.xml", EMPTY_COMMENTS, COMMENTS_TYPE)
            self._package.relate(self._sheet.part, "comments", held)
        self._package.put(held, remarks.comments(self._package.text(held)))
        boxes = self._boxes()
        others = [self._package.text(part) for part in self._package.parts() if part.endswith(".vml") and part != boxes]
        self._package.put(boxes, remarks.boxes(self._package.text(boxes), others=others))

    def _boxes(self) -> str:
        """The part that shows the comments; a new one where the sheet has none."""
        number = next((_relation_id(one) for one in tags(self._tail, b"legacyDrawing")), None)
        for relation in self._package.relations(self._sheet.part):
            if relation.id == number and self._package.has(relation.target):
                return relation.target
        self._package.declare_ending(b"vml", BOXES_TYPE.encode())
        part = self._package.add("xl/drawings/vmlDrawing%d.vml", EMPTY_BOXES)
        made = b'legacyDrawing xmlns:r="%s" r:id="%s"/>' % (
            (OFFICE_STRICT if OFFICE_STRICT.encode() in self._head else OFFICE).encode(),
            self._package.relate(self._sheet.part, "vmlDrawing", part).encode(),
        )
        at = _place_of_boxes(self._tail)
        self._tail = self._tail[:at] + b"<" + self._shape.prefix + made + self._tail[at:]
        return part

    def _add_sheet(self) -> str:
        """The part of the sheet with the bad rows: a new one, or the one of an earlier round, which is written anew."""
        earlier = [sheet.part for sheet in self._sheets if sheet.name == self._words.sheet]
        if not self._rows.shift and earlier and earlier[0] != self._sheet.part:
            return self._package.name_of(earlier[0])
        part = self._package.add("xl/worksheets/sheet%d.xml", b"", SHEET_TYPE)
        number = self._package.relate(self._workbook, "worksheet", part)
        text = self._package.text(self._workbook)
        prefix = RELATION_ID.search(next(tags(text, b"sheet")))
        said = b'sheet name="%s" sheetId="%d" %s="%s"/>' % (
            escaped(free_name(self._words.sheet, (sheet.name for sheet in self._sheets))),
            max(sheet.number for sheet in self._sheets) + 1,
            prefix[1] if prefix else b"r:id",
            number.encode(),
        )
        self._package.change(self._workbook, with_last(text, b"sheets", lambda prefix: b"<" + prefix + said))
        return part

    def _leave_calculations_out(self) -> None:
        for relation in self._package.relations(self._workbook):
            if relation.kind == "calcChain":
                self._package.unrelate(self._workbook, relation)
                if self._package.has(relation.target):
                    self._package.drop(relation.target)

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the zip."""
        self._streamed[self._package.name_of(self._sheet.part)] = self._marked()
        last = {self._bad_sheet: self._rows.bad_sheet(), self._package.name_of(self._styles_part): self._styled()}
        return self._package.written(self._streamed, last)

    def _marked(self) -> Iterator[bytes]:
        name = self._shape.prefix + b"sheetData>"
        yield self._head + b"<" + name
        yield from self._rows.chunks(self._source())
        yield b"</" + name + self._tail

    def _styled(self) -> Iterator[bytes]:
        yield self._styles.part()


def _target(package: Package, part: str, kind: str) -> str:
    found = _found(package, part, kind)
    if found is None:
        raise RefusedFile("unreadable")
    return found


def _found(package: Package, part: str, kind: str) -> str | None:
    targets = (one.target for one in package.relations(part) if one.kind == kind)
    return next(filter(package.has, targets), None)


def _sheets(package: Package, workbook: str) -> Iterator[_Sheet]:
    parts = {relation.id: relation.target for relation in package.relations(workbook)}
    for one in tags(package.text(workbook), b"sheet"):
        number = _relation_id(one)
        if number in parts:
            name = unescaped(attribute(one, b"name") or b"")
            yield _Sheet(name, parts[number], number_of(one, b"sheetId"))


def _relation_id(attributes: bytes) -> str | None:
    found = RELATION_ID.search(attributes)
    return unescaped(found[2]) if found else None


def _place_of_boxes(tail: bytes) -> int:
    """Where in a sheet's tail the relation to its boxes stands: the order is fixed."""
    depth = 0
    for found in TAG.finditer(tail):
        if depth == 0 and (found[1] or found[3] in AFTER_BOXES):
            return found.start()
        depth += -1 if found[1] else 0 if found[5] else 1
    return len(tail)
