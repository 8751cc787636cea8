"""A clerk of another department: opens a locked workbook, fills it in, and locks it again."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.locking import lock, unlock
from hutong.gateways.exchange.questions import Answer, Question, Receipt
from hutong.gateways.exchange.writing import Office

ON, DUE = date(2026, 11, 28), date(2026, 12, 5)
OFFICE = Office("贺兰县民政局", "李梅 0951-8060000")
PASSWORD = "7K2M-9QXC-T4WD-HN3B"
BY = "贺兰县公安局 王清"


def opened(locked: bytes, password: str = PASSWORD) -> Workbook:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(BytesIO(unlock(locked, password)))


def saved(book: Workbook) -> bytes:
    """The workbook as openpyxl writes it, without a password."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def closed(book: Workbook, password: str = PASSWORD) -> bytes:
    """The workbook locked again."""
    return lock(saved(book), password)


def column(page: Worksheet, header: str) -> int:
    """The column of a header, from 1."""
    return next(cell.column for cell in page[1] if cell.value == header)


def row_of(page: Worksheet, number: str) -> int:
    """The row of a question, from 1."""
    return next(row for row in range(2, page.max_row + 1) if page.cell(row, 1).value == number)


def put(page: Worksheet, number: str, /, **cells: Any) -> None:
    """Types into the cells of a question's row; `outcome`, or a field by its code."""
    titles = {"outcome": layout.OUTCOME, "name": layout.NAME, "id_number": layout.ID_NUMBER, "number": layout.NUMBER}
    row = row_of(page, number)
    for code, value in cells.items():
        page.cell(row, column(page, titles.get(code, code))).value = value


def sign(book: Workbook, on: Any = "2026-11-28", by: str = BY) -> Workbook:
    """Fills in who answers and when."""
    page = book[layout.COVER]
    for cell in page["A"]:
        if cell.value == layout.ANSWERED_BY:
            page.cell(cell.row, 2).value = by
        elif cell.value == layout.ANSWERED_ON:
            page.cell(cell.row, 2).value = on
    return book


def answer_all(
    locked: bytes, receipt: Receipt, answer: Callable[[Question], Answer], password: str = PASSWORD
) -> bytes:
    """Fills in every row as a register answers, and signs on the day it answers."""
    book, day = opened(locked, password), ON
    for page in book.worksheets[1:]:
        for row in range(2, page.max_row + 1):
            question = receipt.by_number[page.cell(row, 1).value]
            said, fields = answer(question), question.topic.by_code
            day = said.answered_on
            typed = {fields[code].title_zh: _typed(fields[code], value) for code, value in said.values.items()}
            put(page, question.number, outcome=layout.OUTCOMES[said.outcome], **typed)
    return closed(sign(book, day.isoformat()), password)


def _typed(field: Any, value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else field.word(value)
