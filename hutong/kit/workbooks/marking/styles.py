"""Styles (单元格样式) of a workbook: a cell's own, once more in another colour or never a formula."""

from hutong.kit.workbooks.marking.findings import COLOUR
from hutong.kit.workbooks.marking.markup import attribute, element, with_attribute

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BARE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="' + MAIN + b'">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    b'</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
    b'borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
FILLS, FILL, FORMATS, FORMAT = element(b"fills"), element(b"fill"), element(b"cellXfs"), element(b"xf")


class Styles:
    """The formats of cells in the order in which cells name them; new ones come behind."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        fills, formats = FILLS.search(part), FORMATS.search(part)
        self._fills = [found[0] for found in FILL.finditer(fills[3] or b"")] if fills else []
        self._formats = [found[0] for found in FORMAT.finditer(formats[3] or b"")] if formats else []
        self._prefix = formats[1] if formats else b""
        self._made: dict[tuple[int, bytes, bytes], int] = {}
        self._told: dict[bool, int] = {}
        ours = [at for at, fill in enumerate(self._fills) if COLOUR.encode() in fill.upper()]
        self._fill = ours[0] if ours else self._add_fill()
        self._ours = {at for at, one in enumerate(self._formats) if (attribute(one, b"fillId") or b"0") in _texts(ours)}

    @property
    def is_usable(self) -> bool:
        """Whether the part says what a cell looks like at all."""
        return bool(self._formats) and len(self._fills) > 1

    def bad(self, style: int) -> int:
        """The same in the colour of bad cells."""
        return style if style in self._ours else self._variant(style, b"fillId", b"%d" % self._fill, b"applyFill")

    def good(self, style: int) -> int:
        """The same without the colour of bad cells."""
        return self._variant(style, b"fillId", b"0", b"applyFill") if style in self._ours else style

    def quoted(self, style: int) -> int:
        """The same for a text that must never become a formula."""
        return self._variant(style, b"quotePrefix", b"1", b"quotePrefix")

    def told(self, *, quoted: bool) -> int:
        """What the sentences of a row look like."""
        if quoted not in self._told:
            self._told[quoted] = self._add(
                b'<%(p)sxf numFmtId="0" fontId="0" fillId="%(fill)d" borderId="0" xfId="0" applyFill="1" '
                b'applyAlignment="1"%(quoted)s><%(p)salignment vertical="top" wrapText="1"/></%(p)sxf>'
                % {b"p": self._prefix, b"fill": self._fill, b"quoted": b' quotePrefix="1"' if quoted else b""}
            )
        return self._told[quoted]

    def part(self) -> bytes:
        """The part with all that was added."""
        part = FILLS.sub(lambda found: self._list(b"fills", self._fills), self._part, count=1)
        return FORMATS.sub(lambda found: self._list(b"cellXfs", self._formats), part, count=1)

    def _list(self, name: bytes, held: list[bytes]) -> bytes:
        name = self._prefix + name
        return b'<%s count="%d">%s</%s>' % (name, len(held), b"".join(held), name)

    def _add_fill(self) -> int:
        self._fills.append(
            b'<%(p)sfill><%(p)spatternFill patternType="solid"><%(p)sfgColor rgb="FF%(colour)s"/>'
            b'<%(p)sbgColor indexed="64"/></%(p)spatternFill></%(p)sfill>'
            % {b"p": self._prefix, b"colour": COLOUR.encode()}
        )
        return len(self._fills) - 1

    def _variant(self, style: int, name: bytes, value: bytes, applied: bytes) -> int:
        key = (style, name, value)
        if key not in self._made:
            held = FORMAT.fullmatch(self._formats[style] if style < len(self._formats) else self._formats[0])
            assert held  # it was found by this pattern
            attributes = with_attribute(with_attribute(held[2], name, value), applied, b"1")
            inner = b"/>" if held[3] is None else b">" + held[3] + b"</" + held[1] + b"xf>"
            self._made[key] = self._add(b"<" + held[1] + b"xf" + attributes + inner)
        return self._made[key]

    def _add(self, made: bytes) -> int:
        self._formats.append(made)
        return len(self._formats) - 1


def _texts(numbers: list[int]) -> set[bytes]:
    return {b"%d" % number for number in numbers}
