"""The rows below the headers (数据行): which are data, and which only look so."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from operator import itemgetter

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.book import Cell, Page, Span
from hutong.kit.workbooks.columns import clean_header

FOOT = re.compile(r"(?:合计|总计|小计|共计|填表|审核|复核|负责人|单位负责人|制表|填报|经办|备注[:：]|注[:：\d]|说明)")
FOOT_CELLS_AT_MOST = 2
DAYS_FROM_1900_TO_1904, FIRST_FIGURE, LAST_FIGURE = 1462, 5_000, 60_000
Row = tuple[int, list[Cell]]


def data_rows(page: Page, header_row: int) -> tuple[list[Row], list[int]]:
    """The rows that hold data, with the number a person sees, and the numbers of feet and of headers said again."""
    heads = [_said(row) for row in page.cells[:header_row]]
    begins = {first.strip() for row in page.cells[:header_row] if isinstance(first := _first(row), str)}
    rows: list[Row] = []
    others: list[int] = []
    for number, row in enumerate(page.cells[header_row:], header_row + 1):
        first = _first(row)
        if first == "":
            continue
        if isinstance(first, str) and (_begins_a_foot(first) or first.strip() in begins) and _is_other(row, heads):
            others.append(number)
        else:
            rows.append((number, row))
    return rows, others


def _first(row: list[Cell]) -> Cell:
    if row and row[0] != "" and str(row[0]).strip():
        return row[0]
    return next((cell for cell in row if cell != "" and (not isinstance(cell, str) or cell.strip())), "")


def _begins_a_foot(first: str) -> bool:
    return FOOT.match("".join(first.split())) is not None


def _said(row: list[Cell]) -> list[str]:
    return [text for cell in row if (text := clean_header(cell))]


def _is_other(row: list[Cell], heads: list[list[str]]) -> bool:
    """A foot is short, or a sum of mere figures, or begins `填表人：`; a header again says what a header row says."""
    said = [str(cell) for cell in row if str(cell).strip()]
    if _said(row) in heads:
        return True
    if not _begins_a_foot(said[0]):
        return False
    figures = all(not text or text.isascii() for text in said[1:])
    return len(said) <= FOOT_CELLS_AT_MOST or figures or said[0].strip()[-1:] in ":："


def fill_merged(rows: list[Row], page: Page, header_row: int, columns: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Reads cells merged downwards for each of their rows; which (row number, column) were filled so."""
    wanted = set(columns)
    spans = [s for s in page.merged if s.bottom > s.top >= header_row and s.left in wanted]
    if not spans:
        return frozenset()
    by_number = {number: at for at, (number, _) in enumerate(rows)}
    filled: set[tuple[int, int]] = set()
    left = len(page.cells) * len(wanted)
    for span in spans:
        left -= min(span.bottom, len(page.cells)) - span.top
        if left < 0:
            raise RefusedFile("unreadable")
        _fill(rows, by_number, page, span, filled)
    return frozenset(filled)


def _fill(rows: list[Row], by_number: Mapping[int, int], page: Page, span: Span, filled: set[tuple[int, int]]) -> None:
    value = page.cells[span.top][span.left] if span.top < len(page.cells) else ""
    if value == "":
        return
    for number in range(span.top + 2, min(span.bottom + 1, len(page.cells)) + 1):
        at = by_number.get(number)
        if at is not None and rows[at][1][span.left] == "":
            cells = [*rows[at][1]]
            cells[span.left] = value
            rows[at] = number, cells
            filled.add((number, span.left))


def uneven_rows(rows: list[Row], page: Page, headers: int) -> frozenset[int]:
    """Rows of a text that do not line up with its headers, or where there are none with most rows: their values may
    stand in a wrong column."""
    if not page.is_text:
        return frozenset()
    width = headers or max(Counter(len(row) for _, row in rows).items(), key=itemgetter(1), default=(0, 0))[0]
    return frozenset(
        number
        for number, row in rows
        if (page.is_parted_by_spaces and len(row) != width) or any(str(cell).strip() for cell in row[width:])
    )


def count_from_1900(rows: list[Row], columns: Iterable[int]) -> None:
    """Dates that a workbook keeps as mere figures from 1904 on, as if counted from 1900."""
    dates = list(columns)
    for at, (number, row) in enumerate(rows):
        cells = [*row]
        for column in dates:
            figure = cells[column]
            if isinstance(figure, float) and FIRST_FIGURE <= figure <= LAST_FIGURE:
                cells[column] = figure + DAYS_FROM_1900_TO_1904
        rows[at] = number, cells
