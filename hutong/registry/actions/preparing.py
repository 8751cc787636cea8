"""Preparing staged rows ahead of their admission: opened, spelled, sealed and indexed; nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from types import MappingProxyType
from typing import NamedTuple, Self

from django.db import connection
from django.db.models import QuerySet

from hutong.kit.beside import Other, shared
from hutong.kit.cipher import Keys, keys, using
from hutong.kit.staging import Verdict, read_problems
from hutong.registry.actions.entering import ChildColumns, GuardianColumns, child_columns, guardian_columns
from hutong.registry.intake.judge import JudgedRow
from hutong.registry.intake.payload import open_payload
from hutong.registry.models import ImportBatch, ImportRow
from hutong.registry.models.batch import RowAnswer
from hutong.registry.queries import rows_left

PART = 1000
Token = tuple[int, str, bytes]
"""A staged row's id, verdict and sealed payload."""
Noted = tuple[Sequence[Mapping[str, object]], Sequence[str]]
NOTHING_NOTED: Noted = (), ()


class Ready(NamedTuple):
    """A staged row made ready (备好行): opened, and the columns it brings where its child is new."""

    pk: int
    responsible_code: str
    values: dict[str, str]
    child: ChildColumns | None
    guardian: GuardianColumns | None


@dataclass(frozen=True, slots=True)
class StagedChild:
    """A staged row opened (暂存儿童), ready to be weighed again and admitted; `verdict` is what it was before."""

    pk: int
    number: int
    verdict: str
    left_out: Sequence[str]
    judged: JudgedRow
    ready: Ready

    @property
    def child(self) -> ChildColumns:
        """The child's columns."""
        return self.ready.child or child_columns(self.judged.values)

    @property
    def guardian(self) -> GuardianColumns | None:
        """The guardian's columns; None where nobody is named."""
        said = self.judged.values
        return self.ready.guardian or (guardian_columns(said) if "guardian_name" in said else None)


class Preparation:
    """Rows of a batch made ready ahead of their admission (备行), in the order of the sheet; `other` helps.

    While a slice is written, a thread makes the next one ready, over a connection of its own.
    """

    def __init__(self, batch: ImportBatch, *, slice_of: int, other: Other | None) -> None:
        self._held, self._slice_of = keys(), slice_of
        self._rows = chain.from_iterable(shared(partial(_make_ready, self._held), _parts(batch), other=other))
        self._thread = ThreadPoolExecutor(1)
        self._coming = self._thread.submit(self._make) if other else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._coming is not None:
            self._thread.submit(lambda: connection.close())  # the thread's own
        self._thread.shutdown()

    def take(self) -> Mapping[int, Ready]:
        """The rows of the next slice by their id; none once other keys are in force: what was sealed under the old ones
        must not come in any more."""
        if self._coming is None or keys() != self._held:
            return NOTHING
        ready, self._coming = self._coming.result(), self._thread.submit(self._make)
        return ready

    def _make(self) -> dict[int, Ready]:
        return {one.pk: one for one in islice(self._rows, self._slice_of)}


NOTHING: Mapping[int, Ready] = MappingProxyType({})


def _parts(batch: ImportBatch) -> Iterator[list[Token]]:
    wanted, last = rows_left(batch).filter(verdict__in=batch.only).order_by("number"), 0
    while rows := list(wanted.filter(number__gt=last).values_list("pk", "verdict", "payload", "number")[:PART]):
        last = rows[-1][3]
        yield [(pk, verdict, payload.token) for pk, verdict, payload, _number in rows]


def _make_ready(held: Keys, rows: list[Token]) -> list[Ready]:
    with using(held):
        return [_ready(*row) for row in rows]


def _ready(pk: int, verdict: str, payload: bytes) -> Ready:
    responsible_code, values = open_payload(payload)
    if verdict != Verdict.NEW:
        return Ready(pk, responsible_code, values, None, None)
    guardian = guardian_columns(values) if "guardian_name" in values else None
    return Ready(pk, responsible_code, values, child_columns(values), guardian)


def staged_children(rows: QuerySet[ImportRow], count: int, ready: Mapping[int, Ready]) -> list[StagedChild]:
    """The first so many of rows, with what was made ready of them; what was not is made ready now."""
    found = list(rows.values_list("pk", "number", "verdict", "answer", "child")[:count])
    noted = _noted(rows.filter(number__lte=found[-1][1])) if found else {}
    known = {**ready, **_ready_now([pk for pk, *_ in found if pk not in ready])}
    return [_staged(*row, *noted.get(row[0], NOTHING_NOTED), known[row[0]]) for row in found]


def _noted(rows: QuerySet[ImportRow]) -> dict[int, Noted]:
    """Of the few rows that have any: their problems, and what of them is left out."""
    told = rows.exclude(problems=[], left_out=[]).values_list("pk", "problems", "left_out")
    return {pk: (problems, left_out) for pk, problems, left_out in told}


def _ready_now(left: list[int]) -> dict[int, Ready]:
    tokens = ImportRow.objects.filter(pk__in=left).values_list("pk", "verdict", "payload") if left else ()
    return {one.pk: one for one in _make_ready(keys(), [(pk, said, payload.token) for pk, said, payload in tokens])}


def _staged(
    pk: int,
    number: int,
    verdict: str,
    answer: str,
    child: int | None,
    problems: Sequence[Mapping[str, object]],
    left_out: Sequence[str],
    ready: Ready,
) -> StagedChild:
    judged = JudgedRow(
        number,
        Verdict(verdict),
        ready.values,
        list(read_problems(problems)),
        ready.responsible_code,
        same_as=child if answer == RowAnswer.SAME else None,
        is_another=answer == RowAnswer.ANOTHER,
    )
    return StagedChild(pk, number, verdict, left_out, judged, ready)
