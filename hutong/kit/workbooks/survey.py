"""What the sheets of an xlsx say beside their values (表内标记): reach, hidden parts, formulas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from posixpath import normpath
from typing import IO
from zipfile import ZipFile

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.kinds import ZIP_DAMAGES

GRID_LIMIT_CELLS = 12_000_000
FIRST_BYTES, CHUNK_BYTES, ELEMENT_AT_MOST_BYTES = 256 * 1024, 4 * 1024 * 1024, 32 * 1024 * 1024
LETTERS, USUAL_ROWS, USUAL_WIDTHS = 26, 99_999, 4
POSITION = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"'](?:[^>]*[^/>])?>")
UNNUMBERED = re.compile(rb"<(?:\w+:)?c(?=[\s>/])(?![^>]*\br\s*=)[^>]*>")
ROW_BEGINS = re.compile(rb"<(?:\w+:)?row\b(?:[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"'])?")
ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(<(?:\w+:)?v>[^<])?")
ERROR = re.compile(rb"<(?:\w+:)?c\b([^>]*\bt=\"e\"[^>]*)>")
ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
NO_SHEETS = ("xl/sharedstrings.xml", "xl/styles.xml")
TRUE = (b"1", b"true")

Position = tuple[int, int]


@dataclass(frozen=True)
class Survey:
    """One sheet surveyed (工作表查看): rows and columns count from 0; `broken` are error values and formulas whose
    value the file does not hold, `unsaved` the latter alone, `formulas` those with a value."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[Position] = frozenset()
    broken: frozenset[Position] = frozenset()
    unsaved: frozenset[Position] = frozenset()


@dataclass(frozen=True)
class Surveyed:
    """A workbook surveyed (工作簿查看): its sheets in order, whether it holds macros, and from which year it counts."""

    sheets: tuple[Survey, ...]
    has_macros: bool
    counts_from_1904: bool

    def sheet(self, at: int) -> Survey:
        """What was seen of the sheet at a position."""
        return self.sheets[at] if at < len(self.sheets) else Survey()


def survey(content: bytes) -> Surveyed:
    """Looks through all sheets of an xlsx. Raises RefusedFile (too_many_cells, unreadable)."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = {name.lower(): name for name in archive.namelist()}
            seen = {name: _survey_member(archive, names[name]) for name in names if _may_be_sheet(name)}
            _unpack(archive, [names[name] for name in NO_SHEETS if name in names])
            book = _member(archive, names, "xl/workbook.xml")
            relations = _member(archive, names, "xl/_rels/workbook.xml.rels")
    except ZIP_DAMAGES as error:
        raise RefusedFile("unreadable") from error
    paths = _paths(book, relations)
    if any(path in NO_SHEETS for path in paths):
        raise RefusedFile("unreadable")
    return Surveyed(
        tuple(seen.get(path, Survey()) for path in paths),
        any(name.endswith("vbaproject.bin") for name in names),
        re.search(rb"\bdate1904\s*=\s*[\"'](?:1|true)", book) is not None,
    )


def _may_be_sheet(name: str) -> bool:
    return name.endswith(".xml") and name not in NO_SHEETS


def _unpack(archive: ZipFile, names: list[str]) -> None:
    """A member that is longer than it says shows it here, before a reader takes it whole into memory."""
    for name in names:
        with archive.open(name) as member:
            while member.read(CHUNK_BYTES):
                pass


def _member(archive: ZipFile, names: dict[str, str], name: str) -> bytes:
    return archive.read(names[name]) if name in names else b""


def _paths(book: bytes, relations: bytes) -> list[str]:
    """The members that hold the sheets, in the order of the workbook, in small letters."""
    targets = {}
    for found in RELATION.findall(relations):
        said = _attributes(found)
        targets[said.get(b"Id", b"")] = said.get(b"Target", b"").decode("utf-8", "replace").lower()
    paths = []
    for found in SHEET.findall(book):
        target = targets.get(
            next((value for key, value in _attributes(found).items() if key.endswith(b":id")), b""), ""
        )
        paths.append(normpath(target[1:] if target.startswith("/") else f"xl/{target}"))
    return paths


def _attributes(found: bytes) -> dict[bytes, bytes]:
    return dict(ATTRIBUTE.findall(found))


def _survey_member(archive: ZipFile, name: str) -> Survey:
    with archive.open(name) as sheet:
        return _Surveyor().survey(sheet)


class _Surveyor:
    """A reader fills the whole rectangle up to the last value: one stray cell far out would take all memory."""

    def __init__(self) -> None:
        self._rows, self._columns = 1, 1
        self._row, self._cells = 0, 0
        self._unusual: re.Pattern[bytes] | None = None
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._formulas: set[Position] = set()
        self._unsaved: set[Position] = set()
        self._errors: set[Position] = set()

    def survey(self, sheet: IO[bytes]) -> Survey:
        for text in _by_rows(sheet):
            self._measure(text)
            if b"hidden" in text:
                self._look_for_hidden(text)
            if b"<f" in text or b":f" in text:
                self._look_for_formulas(text)
            if b't="e"' in text:
                self._errors.update(_positions(ERROR.findall(text)))
        return Survey(
            frozenset(self._hidden_rows),
            frozenset(self._hidden_columns),
            frozenset(self._formulas - self._unsaved),
            frozenset(self._errors | self._unsaved),
            frozenset(self._unsaved),
        )

    def _measure(self, text: bytes) -> None:
        """Exactly where the sheet begins or a cell stands far out; elsewhere it is enough that none does."""
        if self._unusual is None or self._unusual.search(text):
            self._measure_exactly(text)
        if self._unusual is None:
            self._expect(-(-self._columns // LETTERS))
        if self._rows * self._columns > GRID_LIMIT_CELLS:
            raise RefusedFile("too_many_cells")

    def _measure_exactly(self, text: bytes) -> None:
        widest = 0
        for letters, row in set(POSITION.findall(text)):
            self._rows = max(self._rows, int(row))
            widest = max(widest, _column_number(letters))
        self._columns = max(self._columns, widest)
        if UNNUMBERED.search(text):
            self._count_cells(text, beside=widest)

    def _count_cells(self, text: bytes, *, beside: int) -> None:
        """Cells that do not say where they stand; the first of a piece go on with the row before."""
        begins = [0]
        for found in ROW_BEGINS.finditer(text):
            self._count_row(text, begins[-1], found.start(), beside)
            self._row, self._cells = max(self._row + 1, int(found[1] or 0)), 0
            begins.append(found.end())
        self._count_row(text, begins[-1], len(text), beside)

    def _count_row(self, text: bytes, first: int, end: int, beside: int) -> None:
        cells = len(UNNUMBERED.findall(text, first, end))
        if cells:
            self._cells += cells
            self._rows = max(self._rows, self._row)
            self._columns = max(self._columns, beside + self._cells)

    def _expect(self, widths: int) -> None:
        """From here on a cell is usual within so many times 26 columns and 99,999 rows."""
        if widths > USUAL_WIDTHS:
            self._unusual = re.compile(b"")
            return
        first = b"" if widths == 1 else b"[A-%c]?" % (63 + widths)
        self._unusual = re.compile(rb"(?s)c(?! r=\"" + first + rb"[A-Z]\d{1,5}\")[\s>](?<=[<:]c.)")
        self._rows, self._columns = max(self._rows, USUAL_ROWS), widths * LETTERS

    def _look_for_hidden(self, text: bytes) -> None:
        for found in ROW.findall(text):
            if b"hidden" in found:
                said = _attributes(found)
                if said.get(b"hidden") in TRUE and said.get(b"r", b"").isdigit():
                    self._hidden_rows.add(int(said[b"r"]) - 1)
        for found in COLUMN.findall(text):
            said = _attributes(found)
            first, last = said.get(b"min", b""), said.get(b"max", b"")
            if said.get(b"hidden") in TRUE and first.isdigit() and last.isdigit():
                self._hidden_columns.update(range(int(first) - 1, min(int(last), 16384)))

    def _look_for_formulas(self, text: bytes) -> None:
        for found, value in FORMULA.findall(text):
            at = set(_positions([found]))
            self._formulas |= at
            if not value and _attributes(found).get(b"t") != b"str":
                self._unsaved |= at


def _by_rows(sheet: IO[bytes]) -> Iterator[bytes]:
    """The text in pieces that end where a row begins, or at least an element."""
    rest, size = b"", FIRST_BYTES
    while chunk := sheet.read(size):
        text, size = rest + chunk, CHUNK_BYTES
        cut = max(text.rfind(b"<row"), 0) or max(text.rfind(b"<"), 0)
        if not cut and len(text) > ELEMENT_AT_MOST_BYTES:
            raise RefusedFile("unreadable")
        if cut:
            yield text[:cut]
        rest = text[cut:]
    yield rest


def _positions(found: list[bytes]) -> Iterator[Position]:
    for one in found:
        at = re.fullmatch(rb"([A-Za-z]{1,3})(\d{1,7})", _attributes(one).get(b"r", b""))
        if at:
            yield int(at[2]) - 1, _column_number(at[1]) - 1


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
