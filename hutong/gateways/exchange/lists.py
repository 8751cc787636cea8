"""Lists that departments give unasked (部门推送名单), whichever way they come.

A list holds who it is about and what its topic asks, nothing else. A row is read or it is a problem; none is lost.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.questions import Problem
from hutong.law.data_checks import faults
from hutong.law.data_sources import Topic, Value
from hutong.law.identity import judge_id_number


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list (名单行): what is said of whom; `values` by the topic's field codes, empty ones left out."""

    topic: Topic
    row: int
    name: str
    id_number: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class GivenList:
    """A list as it came (收到的名单): its rows, what is wrong, and how many rows only say again what another said.

    `rows_total` counts every row that holds something; `digest` is the same for the same list.
    """

    source: str
    given_by: str
    given_on: date
    rows: tuple[Listed, ...]
    problems: tuple[Problem, ...]
    rows_total: int
    repeated: int
    digest: str


class Lists(Protocol):
    """A way by which lists come (名单接收通道)."""

    def given(self, *, on: date) -> GivenList:
        """The list that has come until a day. Raises RefusedReturn."""


class Wrong(NamedTuple):
    """What is wrong with a row (行错误): the code of a problem, and the header it stands under."""

    code: str
    header: str


def faults_of_row(row: Listed, *, on: date) -> Iterator[Wrong]:
    """What cannot be true in a row of a list that came on a day (行校验): the person first, then what is said."""
    judged = judge_id_number(row.id_number, on=on, tests_allowed=True)
    if judged.fault:
        yield Wrong(f"id_{judged.fault}", layout.ID_NUMBER)
    if not row.name:
        yield Wrong("name_missing", layout.NAME)
    for one in faults(row.topic, row.values, on, born_on=judged.birth_date):
        yield Wrong(one.code, row.topic.by_code[one.field].title_zh)


def without_repeats(rows: Sequence[Listed]) -> tuple[list[Listed], int, list[Problem]]:
    """Each person once a topic (去重): the rows, how many said the same again, and those that do not agree."""
    found: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    for row in rows:
        found[row.topic.title_zh, row.id_number].append(row)
    kept, repeated, problems = [], 0, []
    for said in found.values():
        if all((one.name, one.values) == (said[0].name, said[0].values) for one in said):
            kept.append(said[0])
            repeated += len(said) - 1
        else:
            problems += _disagreeing(said)
    return kept, repeated, problems


def _disagreeing(said: Sequence[Listed]) -> list[Problem]:
    numbers = "、".join(str(one.row) for one in said)
    return [Problem("listed_twice", one.topic.title_zh, one.row, layout.ID_NUMBER, {"rows": numbers}) for one in said]


def digest_of(parts: Iterable[object]) -> str:
    """The same for the same rows (名单摘要)."""
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()
