"""How the strange workbooks are made, and what is expected of each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from hutong.law.identity import Sex
from tests.factories import BORN, VILLAGE, id_number

FILES = Path(__file__).parent / "files"
HEAD = ["姓名", "性别", "出生日期", "证件号码", "现居住地行政区划代码", "监护人姓名", "监护人电话"]
NAME, SEX, BIRTH, NUMBER, PLACE, GUARDIAN, PHONE = range(7)
SHEET = "xl/worksheets/sheet1.xml"
Told = tuple[int | None, str | None, str]


@dataclass(frozen=True)
class Case:
    """One workbook: a line that says what is strange about it, its bytes, and all that must come of it.

    `told` are row, column and code of everything that is said; `values` what single rows must have been read as.
    """

    line: str
    make: Callable[[], bytes]
    rows: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    told: Sequence[Told] = ()
    name: str = "children.xlsx"
    values: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def refused(line: str, make: Callable[[], bytes], code: str, *, name: str = "children.xlsx") -> Case:
    """A case of a file that cannot be read."""
    return Case(line, make, told=[(None, None, code)], name=name)


def read(
    line: str, make: Callable[[], bytes], new: int = 2, *told: Told, name: str = "children.xlsx", **more: Any
) -> Case:
    """A case in which so many rows are new and all others, each with something told, are as said."""
    verdicts = {"new": new} | more.pop("verdicts", {})
    return Case(line, make, sum(verdicts.values()), verdicts, told, name, **more)


def one(at: int, **cells: object) -> list[object]:
    """A girl's row without fault, by number; cells are replaced by position: `_3="…"`."""
    row: list[object] = [
        f"柳{'安宁和清月星云禾'[at % 8]}", "女", BORN.isoformat(), id_number(BORN, Sex.FEMALE, at), VILLAGE, "柳桂兰",
        f"1390000{at:04d}",
    ]  # fmt: skip
    for place, cell in cells.items():
        row[int(place[1:])] = cell
    return row


def two() -> list[list[object]]:
    """Two rows without fault."""
    return [one(1), one(2)]


def book(draw: Callable[[Any, Any], None], **options: Any) -> bytes:
    """A workbook of which somebody draws the first sheet: `draw(workbook, sheet)`."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"} | options) as made:
        draw(made, made.add_worksheet())
    return target.getvalue()


def fill(page: Any, rows: Sequence[Sequence[object]], first: int = 0) -> None:
    """Writes rows as they are typed; None leaves a cell alone."""
    for row, cells in enumerate(rows, first):
        for column, cell in enumerate(cells):
            if isinstance(cell, date | datetime):
                page.write_datetime(row, column, cell)
            elif isinstance(cell, bool):
                page.write_boolean(row, column, cell)
            elif isinstance(cell, int | float):
                page.write_number(row, column, cell)
            elif cell is not None:
                page.write_string(row, column, cell)


def rows(*lines: Sequence[object], **options: Any) -> bytes:
    """A workbook of these rows."""
    return book(lambda made, page: fill(page, lines), **options)


def below(*lines: Sequence[object]) -> Callable[[], bytes]:
    """A workbook of these rows below the usual header."""
    return lambda: rows(HEAD, *lines)


def text(lines: Sequence[Sequence[object]], mark: str = ",", encoding: str = "utf-8") -> bytes:
    """The same as a text."""
    return "\r\n".join(mark.join(map(str, line)) for line in lines).encode(encoding)


def changed(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A zip of which every member goes through a change; None takes it away."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(target, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            if (member := change(name, before.read(name))) is not None:
                after.writestr(name, member)
    return target.getvalue()


def member(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A zip of which one member is changed."""
    return changed(content, lambda found, data: change(data) if found == name else data)


def added(content: bytes, name: str, data: bytes) -> bytes:
    """A zip with one more member."""
    target = BytesIO(content)
    with ZipFile(target, "a", ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def inline(lines: Sequence[Sequence[object]], cell: Callable[[str, str], str]) -> bytes:
    """The sheet's XML of these rows, each cell written by `cell(reference, text)`."""
    said = "".join(
        f'<row r="{row}">' + "".join(cell(f"{chr(65 + at)}{row}", str(one)) for at, one in enumerate(line)) + "</row>"
        for row, line in enumerate(lines, 1)
    )
    return sheet_xml(said)


def sheet_xml(said: str, *, before: str = "", after: str = "") -> bytes:
    """A sheet's XML of these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{space}">{before}<sheetData>{said}</sheetData>{after}'
        "</worksheet>"
    ).encode()


def with_xml(xml: bytes, content: bytes | None = None) -> bytes:
    """A workbook whose first sheet is this XML."""
    return member(content or rows(HEAD), SHEET, lambda _: xml)


def plain(reference: str, said: str) -> str:
    """An inline string."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{said}</t></is></c>'


def without_references(xml: bytes) -> bytes:
    """Rows and cells that do not say where they stand."""
    return re.sub(rb'(<(?:row|c)\b[^>]*?) r="[A-Z]*\d+"', rb"\1", xml)
