"""An exchange in memory (部门数据交换替身): registers that answer as departments do, late, in part, or not at all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from hutong.gateways.exchange.questions import (
    Answer,
    Problem,
    Question,
    Receipt,
    Returned,
    faults_of,
    receipt_for,
    unanswered,
)
from hutong.law.data_sources import SOURCES, Outcome, Value, topic

Person = tuple[str, str, str, str]


class FakeExchange:
    """Stands in for the departments (替身): what the file exchange does, a contract test has it do too.

    `days`: how long a source takes; `down`: the sources that cannot be asked. A source that is down still says so.
    """

    def __init__(self, *, days: Mapping[str, int] | None = None, down: Collection[str] = ()) -> None:
        self.days, self.down = dict(days or {}), set(down)
        self.asked: list[Receipt] = []
        self._registers: dict[Person, Mapping[str, Value]] = {}

    def record(self, source: str, asks: str, name: str, id_number: str, **values: Value) -> None:
        """Enters somebody in a register; fields not given are empty there. Raises LookupError, ValueError."""
        fields = topic(source, asks).by_code
        if not all(code in fields and fields[code].takes(value) for code, value in values.items()):
            raise ValueError(values)
        self._registers[source, topic(source, asks).title_zh, name, id_number] = values

    def ask(self, questions: Sequence[Question], *, on: date, due_on: date) -> Receipt:
        """Sends questions. Raises RefusedQuestions."""
        receipt = receipt_for(questions, on=on, due_on=due_on)
        self.asked.append(receipt)
        return receipt

    def answers(self, receipt: Receipt, *, on: date) -> Returned:
        """What has come back until a day; an answer that cannot be true is a problem and no answer."""
        answers, problems = [], []
        for question in receipt.questions:
            answered_on = receipt.asked_on + timedelta(self.days.get(question.source, 0))
            if answered_on > on:
                continue
            answer = self.answer_to(question, answered_on)
            if wrong := list(faults_of(question, answer.values, on=answered_on)):
                fields = question.topic.by_code
                problems += [Problem(one.code, question.topic.title_zh, 0, fields[one.field].title_zh) for one in wrong]
            else:
                answers.append(answer)
        return Returned(tuple(answers), tuple(problems), unanswered(receipt.questions, answers))

    def answer_to(self, question: Question, answered_on: date) -> Answer:
        """What a register says to a question (登记答复), as the department would fill it in."""
        key = question.source, question.topic.title_zh, question.name, question.id_number
        values = self._registers.get(key)
        outcome = Outcome.NOT_FOUND if values is None else Outcome.FOUND
        if question.source in self.down:
            outcome, values = Outcome.UNAVAILABLE, None
        return Answer(question.number, outcome, values or {}, answered_on, SOURCES[question.source].title_zh)
