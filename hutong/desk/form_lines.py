"""What forms say of a child, day by day (登记表所填), in words; sensitive words of one's own are closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from hutong.desk.file_lines import Particular, Shown, file_of
from hutong.desk.titles import day
from hutong.desk.words import answer_words, speaks_chinese
from hutong.law.form_questions import QUESTIONS, answer_titles
from hutong.registry.models import Child, Observation


@dataclass(frozen=True)
class FormLines:
    """One day's form (一次填表): what it said that was not said before; `file` is the joined file it stands in."""

    day: str
    lines: list[Particular]
    file: str


def form_lines(child: Child, observations: Iterable[Observation], shown: frozenset[str]) -> list[FormLines]:
    """The answers by day, as they come."""
    closed = Shown(child, shown)
    days = [list(said) for _on, said in groupby(observations, key=lambda one: (one.observed_on, one.child_id))]
    return [
        FormLines(day(said[0].observed_on), [_line(one, closed) for one in said], file_of(child, said[0]))
        for said in days
    ]


def _line(one: Observation, closed: Shown) -> Particular:
    question, kept = QUESTIONS[one.question], one.answer.open()
    label = question.zh if speaks_chinese() else question.en
    if question.is_sensitive and answer_titles(one.question, kept) == [(kept, kept)]:
        return Particular(label, "", closed("observation-answer", one.pk, label, "******"))
    return Particular(label, answer_words(one.question, kept))
