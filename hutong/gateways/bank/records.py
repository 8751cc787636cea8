"""The records of a returned file (返回文件记录), as they stand there: cells are text, nothing is judged yet."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from hutong.gateways.bank.layouts import (
    DETAIL,
    HEADER,
    LAYOUTS,
    TOTAL,
    TOTALS,
    TRAILER,
    Field,
    Layout,
)
from hutong.gateways.bank.text import DAMAGED, lines_of
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.columns import clean_header

FIXED_BEGINS = re.compile(HEADER + "[0-9A-Z ]{20}")
SEPARATORS = ",\t;|，"
READ = ("file", "number", "amount", "code", "on", "words")

Line = tuple[int, str]


class Detail(NamedTuple):
    """Result record (结果记录): what a line says of one order; the file is empty where the header says it for all."""

    line: int
    file: str
    number: str
    amount: str
    code: str
    on: str
    words: str


class Head(NamedTuple):
    """Header record (首记录), with the number of the file."""

    line: int
    file: str


class Totals(NamedTuple):
    """Trailer record (汇总记录): how many orders the file holds and what they come to, and those that were paid."""

    line: int
    file: str
    orders: str
    amount: str
    paid_count: str
    paid_amount: str


class Broken(NamedTuple):
    """Line that cannot be taken apart (无法读取的行)."""

    line: int
    code: str


Record = Detail | Head | Totals | Broken


class RefusedReturn(RefusedFile):
    """A return that is not read (拒收返回文件); `values` are what its sentence names."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.values = values


def records_of(layout: Layout, content: bytes) -> Iterator[Record]:
    """The records of a return, line by line (逐条读取). Raises RefusedFile."""
    lines = lines_of(content)
    first = next(lines)
    _refuse_another_layout(layout, first[1])
    if layout.separator:
        yield from _table(layout, first, lines)
    else:
        yield from _fixed(layout, chain([first], lines))


def _refuse_another_layout(layout: Layout, line: str) -> None:
    found = next((one.code for one in LAYOUTS.values() if _begins(one, line)), "")
    if not found:
        raise RefusedReturn("no_header", layout=layout.code)
    if found != layout.code:
        raise RefusedReturn("wrong_layout", layout=layout.code, found_layout=found)


def _begins(layout: Layout, line: str) -> bool:
    """Whether a first line is this layout's: the header record, or headers of which the card's is its own."""
    if not layout.separator:
        return FIXED_BEGINS.match(line) is not None
    return clean_header(layout.titles["card"]) in _headers(line)


def _headers(line: str) -> list[str]:
    return [clean_header(cell) for cell in _cells(line, _separator(line)) or ()]


def _separator(line: str) -> str:
    return max(SEPARATORS, key=line.count)


def _cells(line: str, separator: str) -> list[str] | None:
    """None where quotes do not close."""
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return None


def _table(layout: Layout, first: Line, lines: Iterator[Line]) -> Iterator[Record]:
    separator, headers = _separator(first[1]), _headers(first[1])
    at = _positions(layout, headers)
    needed = 1 + max(at[code] for code in READ if code != "words")
    for number, line in lines:
        cells = _cells(line, separator)
        if DAMAGED in line or cells is None:
            yield Broken(number, "damaged")
        elif any(cell.strip() for cell in cells[len(headers) :]):
            yield Broken(number, "too_many_cells")
        elif [clean_header(cell) for cell in cells[at["at"] : at["at"] + 1]] == [TOTAL]:
            yield _totals(number, cells, at)
        elif len(cells) < needed:
            yield Broken(number, "cut_off")
        elif cells[at["at"]] == headers[at["at"]]:
            yield Broken(number, "second_file")
        else:
            yield _detail(number, cells, at)


def _detail(line: int, cells: Sequence[str], at: Mapping[str, int]) -> Detail:
    words = cells[at["words"]] if at["words"] < len(cells) else ""
    return Detail._make((line, *(cells[at[code]].strip() for code in READ[:-1]), words.strip()))


def _totals(line: int, cells: Sequence[str], at: Mapping[str, int]) -> Totals:
    said = {total: cells[at[column]] if at[column] < len(cells) else "" for column, total in TOTALS.items()}
    return Totals(line, said["file"], said["orders"], said["amount"], said["paid_count"], said["paid_amount"])


def _positions(layout: Layout, headers: Sequence[str]) -> Mapping[str, int]:
    """Where each field stands, in whatever order. Raises RefusedReturn."""
    titles = {code: clean_header(title) for code, title in layout.titles.items()}
    if not any(titles[one.code] in headers for one in layout.result):
        raise RefusedReturn("not_answered")
    missing = [layout.titles[code] for code in ("at", *READ) if headers.count(titles[code]) != 1]
    if missing:
        raise RefusedReturn("columns", columns="、".join(missing))
    return {code: headers.index(title) for code, title in titles.items() if title in headers}


def _fixed(layout: Layout, lines: Iterator[Line]) -> Iterator[Record]:
    sent = layout.width(layout.detail)
    details, heads, trailers = _spans(*layout.detail, *layout.result), _spans(*layout.header), _trailer_spans(layout)
    least = details["on"].stop
    is_answered = False
    for number, line in lines:
        record = line.encode("gb18030", "replace")
        mark = line[:1]
        if DAMAGED in line:
            yield Broken(number, "damaged")
        elif mark == HEADER:
            yield Head(number, _cut(record, heads["file"]))
        elif mark == TRAILER:
            yield Totals(number, *(_cut(record, trailers[code]) for code in trailers))
        elif mark != DETAIL:
            yield Broken(number, "unknown_record")
        elif len(record) < least:
            if not is_answered and details["amount"].stop <= len(record) <= sent:
                raise RefusedReturn("not_answered")
            yield Broken(number, "cut_off")
        else:
            is_answered = True
            yield Detail._make((number, "", *(_cut(record, details[code]) for code in READ[1:])))


def _trailer_spans(layout: Layout) -> Mapping[str, slice]:
    spans = _spans(*layout.trailer, *layout.paid)
    return {code: spans[code] for code in Totals._fields[1:]}


def _spans(*fields: Field) -> dict[str, slice]:
    ends = list(accumulate(field.width for field in fields))
    return {field.code: slice(end - field.width, end) for field, end in zip(fields, ends, strict=True)}


def _cut(record: bytes, span: slice) -> str:
    return record[span].decode("gb18030", "replace").strip()
