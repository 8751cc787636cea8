"""Moving (随移): everything in a workbook that points into the sheet follows when its columns move by one."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hutong.kit.workbooks.marking.markup import (
    ATTRIBUTES,
    attribute,
    element,
    escaped,
    number_of,
    pieces,
    unescaped,
    with_attribute,
)
from hutong.kit.workbooks.marking.shifting import LAST_COLUMN, shift_formula, shift_list

PLACES = {
    b"selection": (b"activeCell", b"sqref"), b"mergeCell": (b"ref",), b"autoFilter": (b"ref",),
    b"sortState": (b"ref",), b"sortCondition": (b"ref",), b"dataValidation": (b"sqref",),
    b"conditionalFormatting": (b"sqref",), b"hyperlink": (b"ref",), b"ignoredError": (b"sqref",),
    b"protectedRange": (b"sqref",), b"inputCells": (b"r",), b"cellWatch": (b"r",), b"cellSmartTags": (b"r",),
    b"f": (b"ref", b"r1", b"r2"), b"table": (b"ref",), b"location": (b"ref",), b"threadedComment": (b"ref",),
    b"singleXmlCell": (b"r",),
}  # fmt: skip
"""Attributes that name cells of the sheet that they stand in."""
FORMULAS = {
    b"hyperlink": (b"location",), b"sp": (b"textlink",), b"cfvo": (b"val",),
    b"formControlPr": (b"fmlaLink", b"fmlaRange", b"fmlaTxbx"), b"controlPr": (b"linkedCell", b"listFillRange"),
}  # fmt: skip
"""Attributes that hold a formula."""
NAMED = (b"worksheetSource", b"dataRef")
"""What names the sheet in one attribute and its cells in another."""
TEXTS = (
    *(b"f", b"formula", b"formula1", b"formula2", b"definedName", b"calculatedColumnFormula", b"totalsRowFormula"),
    *(b"FmlaLink", b"FmlaRange", b"FmlaTxbx"),
)


def _tags(*names: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<((?:[\w.-]+:)?)(" + b"|".join(set(names)) + rb")(" + ATTRIBUTES + rb")(\s*/?>)")


def _texts(*names: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(<(?:[\w.-]+:)?(?:" + b"|".join(names) + rb")" + ATTRIBUTES + rb"\s*>)([^<]+)(?=</)")


OWN_TAGS = _tags(*PLACES, *FORMULAS, *NAMED, b"sheetView", b"pane")
OTHER_TAGS = _tags(*FORMULAS, *NAMED)
FORMULA_TEXTS, PLACE_TEXTS, MARGIN_TEXTS = _texts(*TEXTS), _texts(b"sqref"), _texts(b"col")
COLUMN_BREAKS, BREAK = element(b"colBreaks"), _tags(b"brk")
COLUMNS, COLUMN, DIMENSION = element(b"cols"), element(b"col"), _tags(b"dimension")
RELATIONS = _tags(b"Relationship")
FIRST_COLUMN = re.compile(rb"\$?A\$?[0-9]+")
SPLITS = (b"frozen", b"frozenSplit")


@dataclass(frozen=True)
class Moving:
    """What follows (随移), for the sheet of this name."""

    sheet: str

    def other(self, part: bytes) -> bytes:
        """A part, or a piece of one, that belongs to another sheet or to none."""
        part = OTHER_TAGS.sub(lambda found: self._tag(found, inside=False), part)
        return FORMULA_TEXTS.sub(lambda found: found[1] + self._formula(found[2], inside=False), part)

    def own(self, part: bytes) -> bytes:
        """A part that belongs to the sheet: its tail, a table, a drawing."""
        part = OWN_TAGS.sub(lambda found: self._tag(found, inside=True), part)
        part = FORMULA_TEXTS.sub(lambda found: found[1] + self._formula(found[2], inside=True), part)
        part = PLACE_TEXTS.sub(lambda found: found[1] + _places(found[2]), part)
        part = MARGIN_TEXTS.sub(lambda found: found[1] + b"%d" % (int(found[2]) + 1), part)
        return COLUMN_BREAKS.sub(lambda found: BREAK.sub(_break, found[0]), part)

    def links(self, part: bytes, *, inside: bool) -> bytes:
        """The relations of a sheet: some links to places in the workbook are held there, behind a #."""
        return RELATIONS.sub(lambda found: self._link(found, inside=inside), part)

    def _link(self, found: re.Match[bytes], *, inside: bool) -> bytes:
        def changed(way: bytes) -> bytes:
            return b"#" + self._formula(way[1:], inside=inside) if way.startswith(b"#") else way

        return b"<" + found[1] + found[2] + _changed(found[3], b"Target", changed) + found[4]

    def head(self, part: bytes, *, width: int, prefix: bytes) -> bytes:
        """What stands above the rows, with a width for the new column."""
        part = OWN_TAGS.sub(lambda found: self._tag(found, inside=True), part)
        part = DIMENSION.sub(_dimension, part, count=1)
        new = b'<%scol min="1" max="1" width="%d" customWidth="1"/>' % (prefix, width)
        columns = COLUMNS.search(part)
        moved = COLUMN.sub(_column, columns[3] or b"") if columns else b""
        made = b"<%scols>%s%s</%scols>" % (prefix, new, moved, prefix)
        return part[: columns.start()] + made + part[columns.end() :] if columns else part + made

    def concerns(self, chunks: Iterable[bytes]) -> bool:
        """Whether a part that belongs to another sheet names this one."""
        return any(self.other(piece) != piece for piece in pieces(chunks, _before_last_tag))

    def elsewhere(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """A part of any length that belongs to another sheet."""
        return map(self.other, pieces(chunks, _before_last_tag))

    def formula(self, tag: bytes) -> bytes:
        """The formula of one of the sheet's cells, with its tag."""
        return FORMULA_TEXTS.sub(
            lambda found: found[1] + self._formula(found[2], inside=True),
            OWN_TAGS.sub(lambda found: self._tag(found, inside=True), tag),
        )

    def _formula(self, text: bytes, *, inside: bool) -> bytes:
        before = unescaped(text)
        after = shift_formula(before, sheet=self.sheet, inside=inside)
        return text if after == before else escaped(after)

    def _tag(self, found: re.Match[bytes], *, inside: bool) -> bytes:
        name, attributes = found[2], found[3]
        for at in PLACES.get(name, ()) if inside else ():
            attributes = _changed(attributes, at, _places)
        for at in FORMULAS.get(name, ()):
            attributes = _changed(attributes, at, lambda value: self._formula(value, inside=inside))
        if name in NAMED and unescaped(attribute(attributes, b"sheet") or b"").casefold() == self.sheet.casefold():
            attributes = _changed(attributes, b"ref", _places)
        if name in (b"sheetView", b"pane"):
            attributes = _view(name, attributes)
        return b"<" + found[1] + name + attributes + found[4]


def _changed(attributes: bytes, name: bytes, change: Callable[[bytes], bytes]) -> bytes:
    before = attribute(attributes, name)
    after = None if before is None else change(before)
    return attributes if after is None or after == before else with_attribute(attributes, name, after)


def _places(text: bytes) -> bytes:
    return shift_list(text.decode()).encode()


def _view(name: bytes, attributes: bytes) -> bytes:
    """Frozen columns are one more; what is not scrolled to the right shows the new column."""
    top = attribute(attributes, b"topLeftCell")
    if top is not None and not FIRST_COLUMN.fullmatch(top):
        attributes = with_attribute(attributes, b"topLeftCell", _places(top))
    frozen = attribute(attributes, b"xSplit") if attribute(attributes, b"state") in SPLITS else None
    if name == b"pane" and frozen is not None and float(frozen) > 0:
        attributes = with_attribute(attributes, b"xSplit", b"%d" % (float(frozen) + 1))
    return attributes


def _dimension(found: re.Match[bytes]) -> bytes:
    first, _colon, last = (attribute(found[3], b"ref") or b"A1").partition(b":")
    ref = re.sub(rb"[A-Z]+", b"A", first) + b":" + _places(last or first)
    return b"<" + found[1] + found[2] + with_attribute(found[3], b"ref", ref) + found[4]


def _column(found: re.Match[bytes]) -> bytes:
    first, last = number_of(found[2], b"min", 1), number_of(found[2], b"max", 1)
    if first >= LAST_COLUMN:
        return b""
    attributes = with_attribute(found[2], b"min", b"%d" % (first + 1))
    attributes = with_attribute(attributes, b"max", b"%d" % min(last + 1, LAST_COLUMN))
    return b"<" + found[1] + b"col" + attributes + b"/>"


def _break(found: re.Match[bytes]) -> bytes:
    after = b"%d" % (number_of(found[3], b"id") + 1)
    return b"<" + found[1] + found[2] + with_attribute(found[3], b"id", after) + found[4]


def _before_last_tag(text: bytes) -> int:
    at = len(text)
    while (at := text.rfind(b"<", 0, at)) > 0 and text[at + 1 : at + 2] == b"/":
        pass
    return max(at, 0)
