"""One sheet that came back (返回工作表): its rows in whatever order they are in now.

Whatever is wrong is named by sheet, row and column; the other rows are kept. A row is refused whole where its name or
ID number was changed, for its answer would be about somebody else.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import NamedTuple

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.questions import Answer, Problem, Receipt, faults_of
from hutong.kit.names import clean_name
from hutong.kit.workbooks.book import ERROR_VALUE, Cell, Page
from hutong.kit.workbooks.cells import cleaned, day_of
from hutong.kit.workbooks.columns import clean_header
from hutong.kit.workbooks.rows import count_from_1900
from hutong.law.data_sources import Field, Outcome, Topic, Value
from hutong.law.identity import normalise

HEADER_WITHIN_ROWS = 10
NEEDED = (layout.NUMBER, layout.NAME, layout.ID_NUMBER, layout.OUTCOME)
"""Columns without which no row of a sheet can be read."""
OUTCOME_OF = {word: outcome for outcome, word in layout.OUTCOMES.items()}


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first sheet says for all rows (首页信息): the source, who answered and when."""

    source: str
    answered_by: str
    answered_on: date


@dataclass(slots=True)
class ReadSheet:
    """What a sheet says (读表结果)."""

    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


Columns = Mapping[str, int]
"""Where each of our headers stands."""
Wrong = tuple[str, str]
"""What is wrong with a row: the code of a problem, and the header it stands under."""


def read_sheet(page: Page, topic: Topic, receipt: Receipt, cover: Cover, *, counts_from_1904: bool) -> ReadSheet:
    """Reads a sheet of a topic (读工作表)."""
    read = ReadSheet()
    at = header_at(page)
    if at is None:
        read.problems.append(Problem("no_header", page.name))
        return read
    columns = columns_by(page.cells[at], layout.headers(topic))
    for code, header in wrong_columns(page.cells[at], columns, layout.headers(topic)):
        read.problems.append(Problem(code, page.name, at + 1, header))
    if all(header in columns for header in NEEDED):
        rows = list(enumerate(page.cells[at + 1 :], start=at + 2))
        if counts_from_1904:
            count_from_1900(rows, date_columns(topic, columns))
        _Reader(page, topic, receipt, cover, columns).read(rows, read)
    return read


def text_of(cell: Cell) -> str:
    """The text of a cell, cleaned (单元格文字); a day is none."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return str(int(cell)) if isfinite(cell) and cell == int(cell) else str(cell)
    return cleaned(cell) if isinstance(cell, str) else ""


def header_at(page: Page) -> int | None:
    """The row of the headers (表头行), from 0."""
    wanted = clean_header(layout.ID_NUMBER)
    rows = enumerate(page.cells[:HEADER_WITHIN_ROWS])
    return next((at for at, cells in rows if wanted in map(clean_header, cells)), None)


def columns_by(cells: list[Cell], headers: Sequence[str]) -> Columns:
    """Where each of our headers stands (各列位置)."""
    known = {clean_header(header): header for header in headers}
    found = [(known[said], at) for at, cell in enumerate(cells) if (said := clean_header(cell)) in known]
    return dict(reversed(found))


def wrong_columns(cells: list[Cell], columns: Columns, headers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The columns that are missing, or stand there twice (列问题)."""
    said = [clean_header(cell) for cell in cells]
    for header in headers:
        if header not in columns and header != layout.AS_OF:
            yield "missing_column", header
        elif said.count(clean_header(header)) > 1:
            yield "same_column", header


def date_columns(topic: Topic, columns: Columns) -> list[int]:
    """The columns that hold days (日期列)."""
    return [columns[one.title_zh] for one in topic.fields if not one.choices and one.title_zh in columns]


class _Reader:
    """Reads the rows of one sheet."""

    def __init__(self, page: Page, topic: Topic, receipt: Receipt, cover: Cover, columns: Columns) -> None:
        self._page, self._topic, self._receipt, self._cover, self._columns = page, topic, receipt, cover, columns

    def read(self, rows: list[tuple[int, list[Cell]]], into: ReadSheet) -> None:
        """Reads all rows; a number whose rows do not agree has no answer."""
        found: dict[str, list[tuple[int, Answer | None]]] = defaultdict(list)
        for row, cells in rows:
            by_header = {header: cells[at] if at < len(cells) else "" for header, at in self._columns.items()}
            if any(str(cell).strip() for cell in by_header.values()):
                number = text_of(by_header[layout.NUMBER])
                answer, problems = self._row(row, number, by_header)
                into.problems += problems
                if answer or problems:
                    found[number].append((row, answer))
        for said in found.values():
            into.answers += self._agreed(said, into.problems)

    def _agreed(self, said: list[tuple[int, Answer | None]], problems: list[Problem]) -> list[Answer]:
        """The one answer that all rows of a number give; none where a row is wrong, or where two differ."""
        answers = [answer for _row, answer in said if answer is not None]
        if len(answers) < len(said):
            return []
        if all(answer == answers[0] for answer in answers):
            return answers[:1]
        numbers = "、".join(str(row) for row, _answer in said)
        problems.append(Problem("answered_twice", self._page.name, said[-1][0], layout.OUTCOME, {"rows": numbers}))
        return []

    def _row(self, row: int, number: str, cells: Mapping[str, Cell]) -> tuple[Answer | None, list[Problem]]:
        """The answer of a row, none where it is empty or anything is wrong with it; and what is."""
        wrong = [*self._formulas(row, cells)] or [*self._about_whom(number, cells)]
        said = _Said(None, {}, wrong) if wrong else _said(self._topic, cells)
        wrong = said.wrong or [*self._impossible(number, said.values)]
        problems = [
            Problem(code, self._page.name, row, header, choices_of(self._topic, header)) for code, header in wrong
        ]
        if problems or said.outcome is None:
            return None, problems
        return Answer(number, said.outcome, said.values, self._cover.answered_on, self._cover.answered_by), []

    def _formulas(self, row: int, cells: Mapping[str, Cell]) -> Iterator[Wrong]:
        for header, at in self._columns.items():
            if (row - 1, at) in self._page.formulas or cells[header] == ERROR_VALUE:
                yield "formula_cell", header

    def _about_whom(self, number: str, cells: Mapping[str, Cell]) -> Iterator[Wrong]:
        """Whether a row is about somebody else than its question."""
        question = self._receipt.by_number.get(number)
        if question is None or question.source != self._cover.source:
            yield "unknown_number" if number else "number_missing", layout.NUMBER
            return
        if question.topic is not self._topic:
            yield "other_sheet", layout.NUMBER
        if clean_name(text_of(cells[layout.NAME])) != clean_name(question.name):
            yield "name_changed", layout.NAME
        if normalise(text_of(cells[layout.ID_NUMBER])) != normalise(question.id_number):
            yield "id_changed", layout.ID_NUMBER

    def _impossible(self, number: str, values: Mapping[str, Value]) -> Iterator[Wrong]:
        if values:
            for one in faults_of(self._receipt.by_number[number], values, on=self._cover.answered_on):
                yield one.code, self._topic.by_code[one.field].title_zh


class _Said(NamedTuple):
    """What the answer cells of a row say."""

    outcome: Outcome | None
    values: dict[str, Value]
    wrong: list[Wrong]


def _said(topic: Topic, cells: Mapping[str, Cell]) -> _Said:
    """The outcome, none where the row is not filled in, and the fields of who was found."""
    word = text_of(cells[layout.OUTCOME])
    filled = [one for one in topic.fields if str(cells.get(one.title_zh, "")).strip()]
    outcome = OUTCOME_OF.get(word)
    if outcome is None and (str(cells[layout.OUTCOME]).strip() or filled):
        return _Said(None, {}, [("outcome_unknown" if word else "outcome_missing", layout.OUTCOME)])
    if outcome is not Outcome.FOUND:
        return _Said(outcome, {}, [("values_without_record", one.title_zh) for one in filled])
    read = [(one, value_of(one, cells[one.title_zh])) for one in filled]
    wrong = [(str(value), one.title_zh) for one, value in read if not one.takes(value)]
    return _Said(outcome, {one.code: value for one, value in read if one.takes(value)}, wrong)


def value_of(one: Field, cell: Cell) -> Value:
    """What a cell says, or the code of a problem."""
    return layout.choice(one, text_of(cell)) if one.choices else day_of(cell, text_of(cell))


def choices_of(topic: Topic, header: str) -> Mapping[str, str]:
    """What the sentence of a problem names: the choices of a column."""
    if header == layout.OUTCOME:
        return {"choices": "、".join(OUTCOME_OF)}
    words = next(([zh for _value, zh, _en in one.choices] for one in topic.fields if one.title_zh == header), [])
    return {"choices": "、".join(words)} if words else {}
