"""Questions to other departments (部门查询) and their answers, whichever way they go.

A question holds what a register needs to find somebody and nothing else: neither why nor about which child.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol

from hutong.kit.uploads import RefusedFile
from hutong.law.copies import SERIAL_CHARACTERS, SERIAL_LENGTH, copy_number
from hutong.law.data_checks import Fault, SourceAnswer, faults
from hutong.law.data_sources import Outcome, Topic, Value, topic
from hutong.law.identity import judge_id_number


@dataclass(frozen=True, slots=True)
class Question:
    """Question (查询): what a source is asked about somebody, as of a day. The number tells nothing of anybody."""

    number: str
    source: str
    asks: str
    name: str
    id_number: str
    as_of: date

    @property
    def topic(self) -> Topic:
        """What the source answers to it. Raises LookupError."""
        return topic(self.source, self.asks)


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer (答复): `values` by the field codes of the question's topic, without those left empty."""

    number: str
    outcome: Outcome
    values: Mapping[str, Value]
    answered_on: date
    answered_by: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem (问题) of a returned file: a code, where it stands as a person counts, and what its sentence names.

    `sheet` names the file where that as a whole is meant; row 0 is no row. `stops_row`: the row was not taken.
    """

    code: str
    sheet: str
    row: int = 0
    column: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    stops_row: bool = True


@dataclass(frozen=True)
class Receipt:
    """Receipt (发出回执): the questions that went out together under one number, and until when answers are wanted."""

    batch: str
    questions: tuple[Question, ...]
    asked_on: date
    due_on: date

    @cached_property
    def by_number(self) -> Mapping[str, Question]:
        """The questions by number."""
        return {question.number: question for question in self.questions}

    def said(self, answer: Answer) -> SourceAnswer:
        """An answer as the law compares it. Raises KeyError for one of another batch."""
        source = self.by_number[answer.number].source
        return SourceAnswer(source, answer.outcome, answer.values, answer.answered_on)


@dataclass(frozen=True, slots=True)
class Returned:
    """What has come back (返回情况): answers, what was wrong, and the numbers still without an answer."""

    answers: tuple[Answer, ...]
    problems: tuple[Problem, ...] = ()
    waiting: tuple[str, ...] = ()


class Exchange(Protocol):
    """A way to other departments (数据交换通道): asks now, and has the answers when they have come."""

    def ask(self, questions: Sequence[Question], *, on: date, due_on: date) -> Receipt:
        """Sends questions. Raises RefusedQuestions."""

    def answers(self, receipt: Receipt, *, on: date) -> Returned:
        """What has come back until a day; the same again when asked again."""


class RefusedQuestions(Exception):
    """Questions that are not sent; `code` is one of: no_questions, same_number, not_askable, not_a_person, due."""

    def __init__(self, code: str, number: str = "") -> None:
        super().__init__(code)
        self.code, self.number = code, number


class RefusedReturn(RefusedFile):
    """A returned file that is not read (拒收文件); `values` are what its sentence names."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.values = values


def receipt_for(questions: Sequence[Question], *, on: date, due_on: date) -> Receipt:
    """A new batch of questions that can be asked. Raises RefusedQuestions."""
    if not questions:
        raise RefusedQuestions("no_questions")
    if due_on < on:
        raise RefusedQuestions("due")
    seen: set[str] = set()
    for question in questions:
        _check(question, seen)
        seen.add(question.number)
    return Receipt(_batch_number(), tuple(questions), on, due_on)


def faults_of(question: Question, values: Mapping[str, Value], *, on: date) -> Iterable[Fault]:
    """What cannot be true in an answer of a day to a question (答复错误), birth by the ID number included."""
    born_on = judge_id_number(question.id_number, on=on, tests_allowed=True).birth_date
    return faults(question.topic, values, on, born_on=born_on)


def unanswered(questions: Iterable[Question], answers: Iterable[Answer]) -> tuple[str, ...]:
    """The numbers of questions without an answer (未答复)."""
    answered = {answer.number for answer in answers}
    return tuple(question.number for question in questions if question.number not in answered)


def _check(question: Question, seen: set[str]) -> None:
    if question.number in seen:
        raise RefusedQuestions("same_number", question.number)
    if not (question.number.strip() and question.name.strip() and question.id_number.strip()):
        raise RefusedQuestions("not_a_person", question.number)
    try:
        topic(question.source, question.asks)
    except LookupError as error:
        raise RefusedQuestions("not_askable", question.number) from error


def _batch_number() -> str:
    """`7K2M-9QXC-T`: eight characters and one that checks them, as copies have."""
    return copy_number("".join(secrets.choice(SERIAL_CHARACTERS) for _at in range(SERIAL_LENGTH)))
