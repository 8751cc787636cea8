"""The workbooks that come back (返回核对表): what the file as a whole says, and its sheets one after another."""

from collections.abc import Iterator, Mapping
from datetime import date

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.locking import is_locked, unlock
from hutong.gateways.exchange.questions import Answer, Problem, Receipt, RefusedReturn, Returned, unanswered
from hutong.gateways.exchange.sheet import Cover, read_sheet, text_of
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.book import Book, Cell, Page, read_book
from hutong.kit.workbooks.cells import day_of
from hutong.kit.workbooks.columns import clean_header
from hutong.law.copies import read_copy_number
from hutong.law.data_sources import SOURCES, TOPICS, Topic

XLSX_NAME = "returned.xlsx"
NO_XLSX = ("not_a_workbook", "other_workbook", "html_table", "password")


def read_returned(content: bytes, receipt: Receipt, *, password: str, on: date) -> Returned:
    """Reads a workbook that came back on a day (读回核对表); `waiting` are the open questions of its source.

    Raises RefusedReturn with one of: empty, too_large, too_many_cells, not_xlsx, unreadable, wrong_password, not_ours,
    mistyped_batch, another_batch, unknown_source.
    """
    book = open_workbook(content, password)
    pages = [book.page(at) for at in book.visible]
    beside = labelled(pages, layout.BATCH, otherwise="not_ours")
    source = _source(beside, receipt)
    cover, problems = _cover(source, beside, receipt, on)
    if not is_locked(content):
        problems.append(Problem("unprotected", layout.COVER, stops_row=False))
    answers: list[Answer] = []
    for page in pages:
        topic = _topic(page.name, source)
        if topic is not None:
            read = read_sheet(page, topic, receipt, cover, counts_from_1904=book.counts_from_1904)
            answers += read.answers
            problems += read.problems
        elif page.name.strip() != layout.COVER and page.cells:
            problems.append(Problem("unknown_sheet", page.name))
    asked = [question for question in receipt.questions if question.source == source]
    return Returned(tuple(answers), tuple(problems), unanswered(asked, answers))


def open_workbook(content: bytes, password: str) -> Book:
    """The xlsx that came, unlocked where it is behind a password (打开工作簿). Raises RefusedReturn."""
    try:
        book = read_book(unlock(content, password) if is_locked(content) else content, name=XLSX_NAME)
    except RefusedReturn:
        raise
    except RefusedFile as error:
        raise RefusedReturn("not_xlsx" if error.code in NO_XLSX else error.code) from error
    if book.kind != "xlsx":
        raise RefusedReturn("not_xlsx")
    return book


Labelled = Mapping[str, tuple[Cell, int]]
"""What stands beside the labels of the first sheet, and in which row."""


def labelled(pages: list[Page], label: str, *, otherwise: str) -> Labelled:
    """Of the sheet that has a label, wherever it stands now (首页内容). Raises RefusedReturn with `otherwise`."""
    for page in pages:
        beside = {clean_header(said): (value, row) for said, value, row in _pairs(page)}
        if clean_header(label) in beside:
            return beside
    raise RefusedReturn(otherwise)


def _pairs(page: Page) -> Iterator[tuple[Cell, Cell, int]]:
    for row, cells in enumerate(page.cells, start=1):
        if len(cells) > 1:
            yield cells[0], cells[1], row


def said_beside(beside: Labelled, label: str) -> tuple[Cell, int]:
    """What stands beside a label, and in which row."""
    return beside.get(clean_header(label), ("", 0))


def _source(beside: Labelled, receipt: Receipt) -> str:
    """The source that a file of this batch is about. Raises RefusedReturn."""
    batch = read_copy_number(text_of(said_beside(beside, layout.BATCH)[0]))
    if batch is None:
        raise RefusedReturn("mistyped_batch", batch=receipt.batch)
    if batch != receipt.batch:
        raise RefusedReturn("another_batch", found=batch, batch=receipt.batch)
    title = text_of(said_beside(beside, layout.SOURCE)[0])
    found = next((source.code for source in SOURCES.values() if source.title_zh == title), "")
    if found not in {question.source for question in receipt.questions}:
        raise RefusedReturn("unknown_source", batch=receipt.batch)
    return found


def _cover(source: str, beside: Labelled, receipt: Receipt, on: date) -> tuple[Cover, list[Problem]]:
    """Who answered and when; where that cannot be read, the day on which the file came."""
    problems: list[Problem] = []
    who, row = said_beside(beside, layout.ANSWERED_BY)
    if not text_of(who):
        problems.append(Problem("answered_by_missing", layout.COVER, row, layout.ANSWERED_BY, stops_row=False))
    said, row = said_beside(beside, layout.ANSWERED_ON)
    read = day_of(said, text_of(said)) if said != "" else "answered_on_missing"
    if isinstance(read, date) and not receipt.asked_on <= read <= on:
        read = "answered_on_wrong"
    if isinstance(read, str):
        problems.append(Problem(read, layout.COVER, row, layout.ANSWERED_ON, stops_row=False))
    return Cover(source, text_of(who), read if isinstance(read, date) else on), problems


def _topic(sheet: str, source: str) -> Topic | None:
    name = sheet.strip()
    return next((topic for topic in TOPICS if topic.source == source and topic.title_zh == name), None)
