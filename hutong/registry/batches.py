"""Reads of an import batch (导入批次情况): what is wrong, what differs, what stays in the register, who did what.

Whoever calls has the batch from `queries.batches`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)
from django.utils import timezone

from hutong.accounts.models import Person, TrailEntry
from hutong.accounts.queries import entries_about
from hutong.kit.names import mask_id_number, mask_phone
from hutong.kit.staging import Problem, Severity, State, Verdict, read_notes, read_problems
from hutong.law.changes import IMPORTING
from hutong.law.division_code import prefix_of
from hutong.law.form_questions import QUESTIONS
from hutong.registry.intake.known import CATEGORY, PLACE, WHOLE_ROW, KnownChild, changes, following, merged
from hutong.registry.intake.payload import read_payload
from hutong.registry.intake.problems import sentence
from hutong.registry.models import (
    CategoryHolding,
    Change,
    Child,
    Evidence,
    Guardian,
    ImportBatch,
    ImportRow,
    LinkageKey,
    Observation,
    Parent,
)
from hutong.registry.models.facts import SEALED_PART
from hutong.registry.queries import answers_of, batches, known_child, rows_left

FIRST_ROWS = 5
AROUND_A_CHILD = (
    "child__guardians", "child__holdings", "child__parent_set", "child__observations",
    "child__joined_files__holdings", "child__joined_files__observations",
)  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Reason (原因): one problem of one column, in how many rows, and the first of them; no row is the file itself.

    `is_alike` says that the problem's values are the same in all of them.
    """

    problem: Problem
    rows: int = 0
    first: tuple[int, ...] = ()
    is_alike: bool = True


def reasons(batch: ImportBatch) -> list[Reason]:
    """All that is wrong with a batch by code and column (问题汇总), of the file first, then the most frequent."""
    of_the_file = [Reason(problem) for problem in read_problems(batch.counts.get("problems", []))]
    of_the_file += [
        Reason(note.problem, int(note.row is not None), (note.row,) if note.row else ())
        for note in read_notes(batch.counts.get("notes", []))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT said.code, said."column", said.severity, min(said."values"), count(DISTINCT said."values"),
                      count(DISTINCT row.number) AS rows, (array_agg(DISTINCT row.number ORDER BY row.number))[1:%s]
                 FROM registry_importrow AS row, jsonb_to_recordset(row.problems)
                   AS said(code text, "column" text, severity text, "values" text)
                WHERE row.batch_id = %s AND said.code <> 'changed'
                GROUP BY said.code, said."column", said.severity
                ORDER BY rows DESC, said.code, said."column" """,
            [FIRST_ROWS, batch.pk],
        )
        found = cursor.fetchall()
    return of_the_file + [
        Reason(Problem(code, column, Severity(severity), json.loads(values)), rows, tuple(first), alike == 1)
        for code, column, severity, values, alike, rows, first in found
    ]


def differing(batch: ImportBatch) -> list[tuple[str, int]]:
    """The columns in which rows that wait would change the register (变更项汇总), the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT code, count(*) FROM registry_importrow AS row, jsonb_array_elements(row.problems) AS said,
                      string_to_table(said -> 'values' ->> 'codes', ' ') AS code
                WHERE row.batch_id = %s AND row.verdict = %s AND row.admitted_at IS NULL AND said ->> 'code' = 'changed'
                GROUP BY code ORDER BY count(*) DESC, code""",
            [batch.pk, Verdict.CHANGED],
        )
        return [(code, rows) for code, rows in cursor.fetchall()]


def rows_left_out(batch: ImportBatch) -> int:
    """How many changed rows that wait are left out as a whole (整行不采纳)."""
    return rows_left(batch).filter(verdict=Verdict.CHANGED, left_out__contains=[WHOLE_ROW]).count()


def problem_rows(batch: ImportBatch, verdict: str = "") -> QuerySet[ImportRow]:
    """The rows of which something is said (有问题的行), in their order: of one verdict, or of all but changed."""
    rows = batch.rows.exclude(problems=[]).order_by("number")
    return rows.filter(verdict=verdict) if verdict else rows.exclude(verdict=Verdict.CHANGED)


def asks_who(row: ImportRow) -> bool:
    """Whether a person is asked who this row is (待判明): it looks like a child of the register."""
    held = row.verdict == Verdict.POSSIBLE and row.admitted_at is None
    return held and any(problem.code == "possible_match" for problem in read_problems(row.problems))


def page_of(batch: ImportBatch, row: ImportRow, *, size: int, only_problems: bool) -> int:
    """On which page of the rows of its verdict a row stands (所在页)."""
    rows = problem_rows(batch, row.verdict) if only_problems else batch.rows.filter(verdict=row.verdict)
    return 1 + rows.filter(number__lt=row.number).count() // size


def row_in(batch: ImportBatch, number: int) -> ImportRow | None:
    """One row of a batch, by its number in the sheet."""
    return batch.rows.filter(number=number).first()


@dataclass(frozen=True)
class Difference:
    """What a row would change (变更对照): a column, what the register says, what the row says, whether it is taken."""

    column: str
    before: str
    after: str
    is_taken: bool


@dataclass(frozen=True)
class StagedLine:
    """A staged row as the second person looks at it (待入库行); sealed values are masked. `file_number` is its child's
    once it has come in, `asked` the registered child that it may be, `messages` why a row waits for a person."""

    number: int
    file_number: str
    name: str
    sex: str
    birth_date: date
    place: str
    guardian: str
    relation: str
    categories: list[str]
    changes: list[Difference]
    is_admitted: bool
    is_left_out: bool
    asked: Child | None
    messages: list[str]


def staged_lines(batch: ImportBatch, rows: Iterable[ImportRow]) -> list[StagedLine]:
    """Staged rows of a batch opened for a look. Whoever calls records the look."""
    opened = list(rows)
    prefetch_related_objects(opened, *AROUND_A_CHILD)
    return [_staged_line(batch, row) for row in opened]


def _staged_line(batch: ImportBatch, row: ImportRow) -> StagedLine:
    judged = read_payload(row)
    said = judged.values
    return StagedLine(
        number=row.number,
        file_number=row.child.file_number if row.child and row.admitted_at else "",
        name=said["name"],
        sex=said["sex"],
        birth_date=date.fromisoformat(said["birth_date"]),
        place=judged.responsible_code,
        guardian=said.get("guardian_name", ""),
        relation=said.get("guardian_relation", ""),
        categories=said.get(CATEGORY, "").split(),
        changes=_differences(batch, row, said) if row.verdict == Verdict.CHANGED else [],
        is_admitted=row.admitted_at is not None,
        is_left_out=WHOLE_ROW in row.left_out,
        asked=row.child if asks_who(row) else None,
        messages=[sentence(one) for one in read_problems(row.problems)] if row.verdict == Verdict.POSSIBLE else [],
    )


def _differences(batch: ImportBatch, row: ImportRow, said: dict[str, str]) -> list[Difference]:
    known = _known_then(batch, row)
    if known is None:
        return []
    area = prefix_of(batch.division_code)
    place = following(said, known, province=settings.PROVINCE, covers=lambda code: code.startswith(area))
    then = merged(known.values, said) | {PLACE: place, CATEGORY: " ".join(said_categories(said, known))}
    answered = {code: known.answered(code, by=said.get("filled_on", "")) for code in QUESTIONS}
    now = known.values | answered | {CATEGORY: " ".join(sorted(known.categories))}
    return [
        Difference(
            column,
            _masked(column, now.get(column, "")),
            _masked(column, then[column]),
            column not in row.left_out,
        )
        for column in changes(said, known, place=place)
    ]


def said_categories(said: dict[str, str], known: KnownChild) -> list[str]:
    """The categories of a child once a row is taken in (采纳后类别)."""
    return sorted(known.categories | frozenset(said.get(CATEGORY, "").split()))


def _known_then(batch: ImportBatch, row: ImportRow) -> KnownChild | None:
    """The child as the row meets it, and as it met it where it has been admitted already."""
    if row.child is None:
        return None
    known = known_child(row.child)
    if not row.before:
        return known
    said = json.loads(row.before.open())
    held = [one for one in row.child.holdings.all() if one.until_on is None and one.basis != basis_of(batch)]
    return replace(
        known,
        values=said,
        responsible_code=said[PLACE],
        categories=frozenset(one.category for one in held),
        answers=answers_of(row.child, beside=batch),
    )


def basis_of(batch: ImportBatch) -> str:
    """What a holding says it rests on that came by a batch (类别依据)."""
    return f"import:{batch.pk}"


def _masked(column: str, value: str) -> str:
    if column.endswith("id_number"):
        return mask_id_number(value)
    return mask_phone(value) if column.endswith("phone") else value


COMES_WITH_A_ROW = (Guardian, Parent, Observation, CategoryHolding, ImportRow, LinkageKey)
"""What an admission itself makes of a child, or the house makes of it by itself (入库自带)."""
OWN = tuple(
    relation.related_model
    for relation in Child._meta.related_objects
    if relation.related_model._meta.app_label == Child._meta.app_label
)
"""What a revision tells of (本房间事项): a child that was there before may have any of it."""
JOINED, CHANGED_SINCE, PAPERS, ATTACHED = "joined", "changed_since", "papers", "attached"
"""Why a row stays (保留原因): its file is joined to another, somebody changed the child since, added papers, or
recorded something else about it."""


def standing(batch: ImportBatch) -> QuerySet[Any]:
    """The rows that stand in the register, each with `built_on` (后续事项): why it stays, or nothing."""
    rows = batch.rows.filter(admitted_at__isnull=False, child__isnull=False)
    is_made, kinds = Q(verdict=Verdict.NEW), _attachments()
    own = reduce(or_, (Exists(rows) for model, rows in kinds if model in OWN))
    above = reduce(or_, (Exists(rows) for model, rows in kinds if model not in OWN), Q(pk__in=[]))
    papers = Exists(Evidence.objects.filter(child=OuterRef("child"), is_sealed=False))
    whens = (
        When(child__canonical__isnull=False, then=Value(JOINED)),
        When(~Q(child__revision=F("revision_after")), then=Value(CHANGED_SINCE)),
        When(is_made & papers, then=Value(PAPERS)),
        When(is_made & own | above, then=Value(ATTACHED)),
    )
    return rows.annotate(built_on=Case(*whens, default=Value(""), output_field=CharField()))


def _attachments() -> list[tuple[type[Model], QuerySet[Model]]]:
    """What may hang on a row's child, but for what an admission makes itself and what it has told and taken back."""
    found = []
    for relation in Child._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("child")})
        if relation.related_model not in COMES_WITH_A_ROW:
            is_change = relation.related_model is Change
            found.append((relation.related_model, rows.exclude(reason__in=IMPORTING) if is_change else rows))
    return found


@dataclass(frozen=True)
class Staying:
    """A row that stays when its batch is withdrawn (保留行): whose it is, why, and who changed it when."""

    row: int
    verdict: str
    file_number: str
    why: str
    by: str
    at: datetime | None


def staying(batch: ImportBatch) -> QuerySet[Any]:
    """The rows that stay when a batch is withdrawn, in the order of the sheet."""
    return standing(batch).exclude(built_on="").select_related("child").order_by("number")


def staying_lines(rows: Iterable[Any]) -> list[Staying]:
    """Rows of `staying` with the last change of each child since."""
    kept = list(rows)
    seen = Change.objects.exclude(columns__contains=[SEALED_PART])
    last = seen.filter(child__in=[row.child_id for row in kept]).order_by("child_id", "-id").distinct("child_id")
    changes = {change.child_id: change for change in last.select_related("by")}
    return [_staying(row, changes.get(row.child_id)) for row in kept]


def _staying(row: Any, last: Change | None) -> Staying:
    since = last if last and row.built_on == CHANGED_SINCE and last.at > row.admitted_at else None
    who, at = (since.by.name, since.at) if since else ("", None)
    return Staying(row.number, row.verdict, row.child.file_number, row.built_on, who, at)


@dataclass(frozen=True)
class Progress:
    """Progress (进度) of a batch that is being checked or admitted; `left` is None while nothing is known yet."""

    batch: ImportBatch
    done: int
    total: int
    left: timedelta | None

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 * self.done // self.total if self.total else 0


RUNNING = (State.RECEIVED, State.ADMITTING)


def progress_of(batch: ImportBatch) -> Progress:
    """How far a running batch is, and the time left by how long it took so far."""
    done, total = batch.rows_done, batch.rows_total
    if batch.state == State.ADMITTING:
        wanted = batch.rows.filter(verdict__in=batch.only)
        done = wanted.filter(admitted_at__gte=batch.phase_began_at).count()
        total = done + wanted.filter(admitted_at__isnull=True).count()
    elapsed = timezone.now() - batch.phase_began_at if batch.phase_began_at else None
    return Progress(batch, done, total, elapsed * (total - done) / done if elapsed and done else None)


def running_batches(user: Person, *, on: date) -> list[Progress]:
    """The batches of a person's places that are being checked or admitted now (进行中的批次)."""
    return [progress_of(batch) for batch in batches(user, on=on).filter(state__in=RUNNING)]


ACTS = (
    "receive_import", "match_columns", "judge_import", "choose_import", "admit_import", "cancel_import",
    "withdraw_import",
)  # fmt: skip


def history(batch: ImportBatch) -> list[TrailEntry]:
    """Who did what with a batch (批次经过), the latest first."""
    return list(entries_about("import_batch", str(batch.pk), acts=ACTS))
