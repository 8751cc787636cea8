"""Writing (重写): a file that is no xlsx comes back as one, with its values as they were read and the same marks."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.book import Cell, Page, read_book
from hutong.kit.workbooks.marking.findings import COLOUR, LONGEST_TEXT, RISKY, Findings, MarkWords, free_name

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
YIELDED_BYTES = 256 * 1024
TOLD_WIDTH, NUMBER_WIDTH, WIDTH = 46, 9, 14
DATE, MOMENT, TIME, SPAN = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"
WRAPPED = "wrapped"
UNNAMED = "Sheet1"
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
FIRST_YEAR = 1900


def written(content: bytes, *, page: int, header_row: int, findings: Findings, words: MarkWords) -> Iterator[bytes]:
    """The file as an xlsx with its marks. Raises RefusedFile before it hands out anything."""
    book = read_book(content, name="a.csv")
    if not 0 <= page < len(book.names):
        raise RefusedFile("unreadable")
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as made:
        writer = _Writer(made, findings, words, header_row)
        for at in range(len(book.names)):
            writer.write_page(book.page(at), is_marked=at == page)
        writer.write_bad_rows(book.page(page))
    return _parted(target)


def _parted(target: BytesIO) -> Iterator[bytes]:
    target.seek(0)
    return iter(lambda: target.read(YIELDED_BYTES), b"")


class _Writer:
    """Writes pages; the marked one with its new first column."""

    def __init__(self, book: xlsxwriter.Workbook, findings: Findings, words: MarkWords, header_row: int) -> None:
        self._book, self._findings, self._words, self._header_row = book, findings, words, header_row
        self._formats: dict[tuple[str, bool, bool], Format] = {}
        self._names: list[str] = []
        self._comments = findings.comments()

    def write_page(self, page: Page, *, is_marked: bool) -> None:
        """One page as it was read."""
        sheet, shift = self._sheet(page.name or UNNAMED), int(is_marked)
        for at, row in enumerate(page.cells):
            for column, value in enumerate(row):
                is_bad = is_marked and (at + 1, column) in self._findings.cells
                self._put(sheet, at, column + shift, value, is_bad=is_bad)
        if is_marked:
            self._mark(sheet)

    def _mark(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, TOLD_WIDTH)
        if self._header_row:
            self._put(sheet, self._header_row - 1, 0, self._words.column)
        for row in self._findings.rows:
            self._tell(sheet, row - 1, row)
        for (row, column), said in self._comments.items():
            sheet.write_comment(row - 1, column + 1, said, {"author": self._words.author, "x_scale": 2})

    def _tell(self, sheet: Worksheet, at: int, row: int) -> None:
        said = self._findings.sentences(row)
        if said:
            sheet.write_string(at, 0, said, self._told(is_quoted=said.startswith(RISKY)))

    def write_bad_rows(self, page: Page) -> None:
        """The rows to mend on a sheet of their own, each with its number."""
        sheet = self._sheet(self._words.sheet)
        sheet.set_column(0, 0, TOLD_WIDTH)
        sheet.set_column(1, 1, NUMBER_WIDTH)
        sheet.freeze_panes(1, 2)
        wanted = ({self._header_row} if self._header_row else set()) | self._findings.bad_rows
        for at, row in enumerate(sorted(wanted)):
            if row == self._header_row:
                self._put(sheet, at, 0, self._words.column)
                self._put(sheet, at, 1, self._words.row_number)
            else:
                self._tell(sheet, at, row)
                sheet.write_number(at, 1, row)
            is_header = row == self._header_row
            below = page.cells[row - 1] if row <= len(page.cells) else []
            for column, value in enumerate(self._words.headers if is_header else below):
                self._put(sheet, at, column + 2, value)

    def _sheet(self, name: str) -> Worksheet:
        made = free_name(NOT_IN_NAMES.sub(" ", name).strip("'") or UNNAMED, self._names)
        self._names.append(made)
        return self._book.add_worksheet(made)

    def _put(self, sheet: Worksheet, row: int, column: int, value: Cell, *, is_bad: bool = False) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self._format("", is_bad=is_bad))
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, self._format("", is_bad=is_bad))
        elif isinstance(value, str):
            self._put_text(sheet, row, column, value, is_bad=is_bad)
        elif isinstance(value, date) and value.year < FIRST_YEAR:
            self._put_text(sheet, row, column, value.isoformat(), is_bad=is_bad)
        else:
            sheet.write_datetime(row, column, value, self._format(_shown(value), is_bad=is_bad))

    def _put_text(self, sheet: Worksheet, row: int, column: int, value: str, *, is_bad: bool) -> None:
        if value or is_bad:
            look = self._format("", is_bad=is_bad, is_quoted=value.startswith(RISKY))
            write = sheet.write_string if value else sheet.write_blank
            write(row, column, value[:LONGEST_TEXT], look)

    def _told(self, *, is_quoted: bool) -> Format | None:
        return self._format(WRAPPED, is_bad=True, is_quoted=is_quoted)

    def _format(self, shown: str, *, is_bad: bool, is_quoted: bool = False) -> Format | None:
        key = (shown, is_bad, is_quoted)
        if not any(key):
            return None
        if key not in self._formats:
            look: dict[str, object] = {"bg_color": f"#{COLOUR}"} if is_bad else {}
            look |= {"quote_prefix": True} if is_quoted else {}
            look |= {"text_wrap": True, "valign": "top"} if shown == WRAPPED else {"num_format": shown or "General"}
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]


def _shown(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return MOMENT
    return DATE if isinstance(value, date) else TIME if isinstance(value, time) else SPAN
