"""The workbook of a list (名单工作簿) as an officer uploads it: its cover, and its sheets row by row."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.lists import GivenList, Listed, Wrong, faults_of_row, without_repeats
from hutong.gateways.exchange.questions import Problem, RefusedReturn
from hutong.gateways.exchange.returned import Labelled, labelled, open_workbook, said_beside
from hutong.gateways.exchange.sheet import (
    Columns,
    choices_of,
    columns_by,
    date_columns,
    header_at,
    text_of,
    value_of,
    wrong_columns,
)
from hutong.kit.names import clean_name
from hutong.kit.workbooks.book import ERROR_VALUE, Book, Cell, Page
from hutong.kit.workbooks.cells import day_of
from hutong.kit.workbooks.rows import count_from_1900
from hutong.law.data_sources import SOURCES, Topic
from hutong.law.identity import normalise
from hutong.law.leads import LISTED_BY, lists_of


@dataclass(frozen=True)
class UploadedList:
    """A list in a workbook (上传名单); `password` opens it where it is behind one."""

    content: bytes
    password: str = ""

    def given(self, *, on: date) -> GivenList:
        """Reads it (读取名单). Raises RefusedReturn.

        With one of: empty, too_large, too_many_cells, not_xlsx, unreadable, wrong_password, no_list,
        unknown_list_source.
        """
        book = open_workbook(self.content, self.password)
        pages = [book.page(at) for at in book.visible]
        beside = labelled(pages, layout.LIST_SOURCE, otherwise="no_list")
        source = _source(beside)
        given_by, given_on, problems = _cover(beside, on)
        rows: list[Listed] = []
        total = 0
        for page in pages:
            topic = next((one for one in lists_of(source) if one.title_zh == page.name.strip()), None)
            if topic is not None:
                read = _read_sheet(book, page, topic, on=on)
                rows += read.rows
                total += read.total
                problems += read.problems
            elif page.name.strip() != layout.COVER and page.cells:
                problems.append(Problem("unknown_sheet", page.name))
        kept, repeated, more = without_repeats(rows)
        digest = hashlib.sha256(self.content).hexdigest()
        return GivenList(source, given_by, given_on, tuple(kept), (*problems, *more), total, repeated, digest)


def _source(beside: Labelled) -> str:
    """The source whose list it is. Raises RefusedReturn."""
    title = text_of(said_beside(beside, layout.LIST_SOURCE)[0])
    found = next((code for code in LISTED_BY if SOURCES[code].title_zh == title), None)
    if found is None:
        raise RefusedReturn("unknown_list_source")
    return found


def _cover(beside: Labelled, on: date) -> tuple[str, date, list[Problem]]:
    """Who gave it and when; where that cannot be read, the day on which the file came."""
    problems: list[Problem] = []
    who, row = said_beside(beside, layout.GIVEN_BY)
    if not text_of(who):
        problems.append(Problem("given_by_missing", layout.COVER, row, layout.GIVEN_BY, stops_row=False))
    said, row = said_beside(beside, layout.GIVEN_ON)
    read = day_of(said, text_of(said)) if said != "" else "given_on_missing"
    if isinstance(read, date) and read > on:
        read = "given_on_wrong"
    if isinstance(read, str):
        problems.append(Problem(read, layout.COVER, row, layout.GIVEN_ON, stops_row=False))
    return text_of(who), read if isinstance(read, date) else on, problems


@dataclass(frozen=True)
class _Read:
    rows: list[Listed]
    problems: list[Problem]
    total: int


def _read_sheet(book: Book, page: Page, topic: Topic, *, on: date) -> _Read:
    at, headers = header_at(page), layout.list_headers(topic)
    if at is None:
        return _Read([], [Problem("no_header", page.name)] if page.cells else [], 0)
    columns = columns_by(page.cells[at], headers)
    problems = [
        Problem(code, page.name, at + 1, header) for code, header in wrong_columns(page.cells[at], columns, headers)
    ]
    if any(problem.code == "missing_column" for problem in problems):
        return _Read([], problems, 0)
    rows = list(enumerate(page.cells[at + 1 :], start=at + 2))
    if book.counts_from_1904:
        count_from_1900(rows, date_columns(topic, columns))
    return _read_rows(page, topic, columns, rows, problems, on=on)


def _read_rows(
    page: Page, topic: Topic, columns: Columns, rows: list[tuple[int, list[Cell]]], problems: list[Problem], *, on: date
) -> _Read:
    found, total = [], 0
    for number, cells in rows:
        by_header = {header: cells[at] if at < len(cells) else "" for header, at in columns.items()}
        if any(cell != "" and str(cell).strip() for cell in by_header.values()):
            total += 1
            listed, wrong = _row(page, topic, columns, number, by_header, on=on)
            problems += [
                Problem(one.code, page.name, number, one.header, choices_of(topic, one.header)) for one in wrong
            ]
            found += [] if wrong else [listed]
    return _Read(found, problems, total)


def _row(
    page: Page, topic: Topic, columns: Columns, number: int, cells: Mapping[str, Cell], *, on: date
) -> tuple[Listed, list[Wrong]]:
    read = {one: value_of(one, cells[one.title_zh]) for one in topic.fields if str(cells[one.title_zh]).strip()}
    wrong = [*_formulas(page, columns, number, cells)]
    wrong += [Wrong(str(value), one.title_zh) for one, value in read.items() if not one.takes(value)]
    values = {one.code: value for one, value in read.items() if one.takes(value)}
    who = normalise(text_of(cells[layout.ID_NUMBER]))
    listed = Listed(topic, number, clean_name(text_of(cells[layout.NAME])), who, values)
    if isinstance(cells[layout.ID_NUMBER], int | float):
        return listed, [Wrong("id_numeric", layout.ID_NUMBER), *wrong]
    return listed, wrong or [*faults_of_row(listed, on=on)]


def _formulas(page: Page, columns: Columns, number: int, cells: Mapping[str, Cell]) -> Iterator[Wrong]:
    for header, at in columns.items():
        if (number - 1, at) in page.formulas or cells[header] == ERROR_VALUE:
            yield Wrong("formula_cell", header)
