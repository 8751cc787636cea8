"""The list that the national system gives (全国系统导出表): its rows as it says them, and what cannot be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.book import Cell, read_book
from hutong.kit.workbooks.cells import cleaned, day_of
from hutong.kit.workbooks.columns import Column, Columns
from hutong.kit.workbooks.layout import NoHeader, Sheet, find_layout, sheet_of
from hutong.law.identity import judge_id_number
from hutong.law.national_system import COLUMNS, read_number

ROWS_AT_MOST = 20_000
NUMBER, ENTERED_ON = "number", "entered_on"
DATES = frozenset({"birth_date", "decided_on", ENTERED_ON})
WORKBOOK = Columns(
    (
        Column(NUMBER, "系统编号", required=True, also=("儿童编号", "全国系统编号", "登记编号", "编号")),
        Column(ENTERED_ON, "录入日期", also=("登记日期", "入库日期")),
        *(
            Column(one.code, one.title_zh, required=one.code in ("name", "id_number"), also=one.also)
            for one in COLUMNS.values()
        ),
    ),
    ignored=("序号",),
)
"""The columns in which it is read; what else stands in it is left alone."""

PROBLEMS = {
    "required": _("Nothing stands here. Without it nobody can be found."),
    "numeric_id": _("The number has become a figure and has lost its last digits. Export it anew as text."),
    "id_wrong": _("The ID number is not valid. Compare it with the household book, there and here."),
    "number_form": _("The number in the national system has 6 to 32 digits and letters. Copy it from there."),
    "date_unreadable": _("The day cannot be read. Write it as 2026-06-18."),
    "repeated": _("The same child stands in an earlier row too. Only that one was compared."),
}
REFUSALS = {
    "no_header": _("No row with headers was found. The first rows need at least 系统编号, 姓名 and 公民身份号码."),
    "missing_column": _("One of these columns is missing: 系统编号, 姓名, 公民身份号码."),
    "too_many_rows": _("The file has more than 20,000 rows. Compare it in parts."),
    "password": _("The file is behind a password. Save it without one."),
    "too_large": _("The file is too large."),
}
UNREADABLE = _("The file cannot be read. Save it as a new .xlsx in Excel or WPS and send that one.")


@dataclass(frozen=True)
class FileProblem:
    """What is wrong in a row (行内问题): its number as a person sees it, the column's header, a code of PROBLEMS."""

    row: int
    column: str
    code: str


@dataclass(frozen=True)
class FileRow:
    """One row of the list (导出表行): the number there, and what stands in its columns as it says it."""

    row: int
    number: str
    id_number: str
    columns: Mapping[str, str]
    entered_on: date | None = None

    @property
    def name(self) -> str:
        """The name it says."""
        return self.columns.get("name", "")


@dataclass(frozen=True)
class TheirList:
    """The list as it was read (导出表内容): rows that can be compared, and what cannot be, by row and column."""

    rows: tuple[FileRow, ...]
    problems: tuple[FileProblem, ...] = ()


@dataclass
class _Reading:
    """One row on its way."""

    row: int
    said: dict[str, str] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)

    def mark(self, code: str, column: str) -> None:
        self.problems.append(FileProblem(self.row, WORKBOOK.header_of(column), code))


def read_their_list(content: bytes, *, name: str, on: date) -> TheirList:
    """Reads the list (读取导出表). Raises RefusedFile with a code of REFUSALS, or of the reader of workbooks."""
    sheet = _sheet(content, name)
    rows: dict[str, FileRow] = {}
    problems: list[FileProblem] = []
    for number, cells in sheet.rows:
        reading = _read(number, _by_code(sheet, cells), on)
        if not reading.problems and reading.said["id_number"] in rows:
            reading.mark("repeated", "id_number")
        if reading.problems:
            problems += reading.problems
        else:
            rows[reading.said["id_number"]] = _row(reading)
    return TheirList(tuple(rows.values()), tuple(problems))


def _sheet(content: bytes, name: str) -> Sheet:
    book = read_book(content, name=name)
    try:
        layout = find_layout(book, WORKBOOK)
    except NoHeader as error:
        raise RefusedFile("no_header") from error
    if WORKBOOK.missing(layout.present):
        raise RefusedFile("missing_column")
    sheet = sheet_of(book, layout)
    if len(sheet.rows) > ROWS_AT_MOST:
        raise RefusedFile("too_many_rows")
    return sheet


def _by_code(sheet: Sheet, cells: list[Cell]) -> dict[str, Cell]:
    return {code: cells[at] if at < len(cells) else "" for at, code in sheet.layout.codes.items()}


def _read(row: int, cells: Mapping[str, Cell], on: date) -> _Reading:
    reading = _Reading(row)
    for code, cell in cells.items():
        reading.said[code] = _text(reading, code, cell)
    marked = {problem.column for problem in reading.problems}
    for code in (NUMBER, "name", "id_number"):
        if not reading.said[code] and WORKBOOK.header_of(code) not in marked:
            reading.mark("required", code)
    number, typed = read_number(reading.said[NUMBER]), reading.said["id_number"]
    if reading.said[NUMBER] and number is None:
        reading.mark("number_form", NUMBER)
    if typed:
        judged = judge_id_number(typed, on=on, tests_allowed=not settings.PRODUCTION)
        if judged.fault:
            reading.mark("id_wrong", "id_number")
        reading.said["id_number"] = judged.normalised or typed
    reading.said[NUMBER] = number or ""
    return reading


def _text(reading: _Reading, code: str, cell: Cell) -> str:
    if code in DATES:
        return _day(reading, code, cell)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if code.endswith("id_number"):
            reading.mark("numeric_id", code)
            return ""
        return f"{cell:.0f}" if cell == int(cell) else str(cell)
    return cleaned(str(cell))


def _day(reading: _Reading, code: str, cell: Cell) -> str:
    text = cleaned(cell) if isinstance(cell, str) else str(cell)
    if not text:
        return ""
    read = day_of(cell, text)
    if isinstance(read, date):
        return read.isoformat()
    reading.mark("date_unreadable", code)
    return ""


def _row(reading: _Reading) -> FileRow:
    said = reading.said
    entered_on = date.fromisoformat(said[ENTERED_ON]) if said.get(ENTERED_ON) else None
    columns = {code: text for code, text in said.items() if code in COLUMNS}
    return FileRow(reading.row, said[NUMBER], said["id_number"], columns, entered_on)


def problems_in_words(problems: tuple[FileProblem, ...]) -> Iterator[tuple[int, str, str]]:
    """Row, column and sentence of each problem (问题说明)."""
    for problem in problems:
        yield problem.row, problem.column, str(PROBLEMS[problem.code])


def refusal_words(refused: RefusedFile) -> str:
    """Why a file was not read (拒收说明)."""
    return str(REFUSALS.get(refused.code, UNREADABLE))
