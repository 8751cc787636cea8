"""Admitting what was judged, by a second person, and taking it back while nobody has built on it."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import KinOf, kin_of
from hutong.kit.beside import beside
from hutong.kit.cipher import keys, using
from hutong.kit.collecting import collecting_seldom
from hutong.kit.staging import ADMISSIBLE, Problem, State, Verdict, count_verdicts
from hutong.law.division_code import prefix_of
from hutong.registry.actions.answering import enter_answers
from hutong.registry.actions.entering import (
    child_row,
    enter,
    guardian_row,
    lock_admissions,
    new_ids,
    number_of,
)
from hutong.registry.actions.importing import change, holding_rows
from hutong.registry.actions.kinship import families_of, is_family
from hutong.registry.actions.overwriting import overwrite
from hutong.registry.actions.parenting import enter_parents
from hutong.registry.actions.preparing import NOTHING, Preparation, Ready, StagedChild, staged_children
from hutong.registry.actions.staging import circumstances, record_batch
from hutong.registry.intake.judge import Judge, JudgedRow
from hutong.registry.models import CategoryHolding, Child, Guardian, ImportBatch, ImportRow
from hutong.registry.queries import RowsRegister, rows_admitted, rows_left

SLICE = 5000


@dataclass(frozen=True)
class Slice:
    """Slice (分段): how many rows of it came in, and the number of its last row; 0 where there was none left."""

    admitted: int = 0
    last: int = 0


def admit(
    *,
    by: Person,
    batch: ImportBatch,
    on: date,
    only: Collection[str] = (Verdict.NEW,),
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Admit (入库) the rows of a judged batch, slice by slice; how many children came in or were changed.

    Raises NotAllowed (no approver here, or the importer themselves) and Refused (not judged, no such verdict).
    """
    begin_admission(by=by, batch=batch, on=on, only=only)
    return go_on(by=by, batch=batch, on=on, progress=progress)


@collecting_seldom()
def go_on(*, by: Person, batch: ImportBatch, on: date, progress: Callable[[int], None] = lambda done: None) -> int:
    """Go on (继续入库) with an admission that has begun, until no row is left or somebody stops it; how many came in.

    Raises Refused where the batch has been withdrawn meanwhile.
    """
    admitted, admit_next = 0, partial(admit_slice, by=by, batch=batch, on=on)
    with beside(wanted=is_long(batch)) as other, Preparation(batch, slice_of=SLICE, other=other) as ahead:
        done = admit_next(ready=ahead.take())
        while done.last:
            admitted += done.admitted
            progress(admitted)
            done = admit_next(after=done.last, ready=ahead.take())
    finish_admission(by=by, batch=batch, on=on)
    return admitted


def is_long(batch: ImportBatch) -> bool:
    """Whether so many rows are left (大批) that a second process is worth its start."""
    return rows_left(batch).filter(verdict__in=batch.only).count() > 2 * SLICE


@transaction.atomic
def begin_admission(*, by: Person, batch: ImportBatch, on: date, only: Collection[str]) -> None:
    """Begin an admission (开始入库): who answers for it and which verdicts it takes."""
    locked = require_second_person(by, batch, on=on)
    if locked.state not in (State.JUDGED, State.ADMITTING, State.ADMITTED):
        raise Refused(_("This batch is not waiting to be admitted."))
    if not only:
        raise Refused(_("Tick first which rows to admit."))
    if set(only) - set(ADMISSIBLE):
        raise Refused(_("Only rows that are new or changed can be admitted."))
    locked.state, locked.only, locked.admitted_by = State.ADMITTING, sorted(only), by
    locked.admitted_at = locked.phase_began_at = timezone.now()
    locked.save()
    batch.refresh_from_db()


def require_second_person(by: Person, batch: ImportBatch, *, on: date) -> ImportBatch:
    """The batch, locked (第二人办理). Raises NotAllowed where `by` may not admit here, Refused where they sent it."""
    require(by, Permission.ADMIT_CHILDREN, code=batch.division_code, on=on)
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if by.pk == locked.imported_by_id:
        raise Refused(_("Another person than the importer must admit the batch."))
    return locked


@transaction.atomic
def admit_slice(
    *, by: Person, batch: ImportBatch, on: date, after: int = 0, ready: Mapping[int, Ready] = NOTHING
) -> Slice:
    """Admit one slice (分段入库) of at most 5,000 rows after a row's number. Each row is weighed again first.

    `ready` are rows made ready before, by their id.
    """
    lock_admissions()
    if not _is_open(batch):
        return Slice()
    wanted = rows_left(batch).filter(verdict__in=batch.only, number__gt=after).order_by("number")
    staged = staged_children(wanted, SLICE, ready)
    if not staged:
        return Slice()
    with using(keys()):
        children = _weigh_again(staged, batch=batch, on=on)
    _hold_kin(staged, kin_of(by, batch.imported_by, on=on))
    fresh = [one for one in staged if one.judged.verdict == Verdict.NEW and Verdict.NEW in batch.only]
    changed = [one for one in staged if one.judged.verdict == Verdict.CHANGED and Verdict.CHANGED in batch.only]
    _enter(fresh, by=by, batch=batch, on=on)
    admitted = len(fresh) + change(changed, children, by=by, batch=batch, on=on)
    _keep_verdicts([one for one in staged if one.judged.verdict != one.verdict])
    return Slice(admitted, staged[-1].number)


def _is_open(batch: ImportBatch) -> bool:
    """Whether the batch, locked now, is still being admitted: somebody may have ended that between two slices."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in (State.ADMITTING, State.ADMITTED):
        raise Refused(_("This batch has been withdrawn meanwhile."))
    return locked.state == State.ADMITTING


def _weigh_again(staged: list[StagedChild], *, batch: ImportBatch, on: date) -> dict[int, Child]:
    """Weighs rows against the register as it is now; the children that it knows already, locked."""
    for one in staged:
        one.judged.verdict = Verdict.NEW
        one.judged.problems = [problem for problem in one.judged.problems if problem.code != "changed"]
    area, register = prefix_of(batch.division_code), RowsRegister(is_locking=True)
    judge = Judge(circumstances(on=on), covers=lambda code: code.startswith(area), register=register)
    judge.compare([one.judged for one in staged])
    return register.children


def _hold_kin(staged: list[StagedChild], kin: KinOf) -> None:
    """Rows about kin of whoever sent or admits them wait for somebody else (回避)."""
    if not (kin.numbers or kin.names):
        return
    theirs = families_of(kin, [one.judged.known.id for one in staged if one.judged.known])
    for one in staged:
        known = one.judged.known and one.judged.known.id in theirs
        if one.judged.verdict in ADMISSIBLE and (known or is_family(one.judged.values, kin)):
            one.judged.verdict = Verdict.POSSIBLE
            one.judged.problems.append(Problem("declared_kin", "name"))


def _keep_verdicts(staged: list[StagedChild]) -> None:
    overwrite([_rejudged(one.pk, one.judged) for one in staged], ["verdict", "problems", "child"])


def _rejudged(pk: int, judged: JudgedRow) -> ImportRow:
    problems = [problem.stored() for problem in judged.problems]
    child_id = judged.known.id if judged.known else None
    return ImportRow(pk=pk, verdict=judged.verdict, problems=problems, child_id=child_id)


def _enter(staged: list[StagedChild], *, by: Person, batch: ImportBatch, on: date) -> None:
    if not staged:
        return
    now, made = timezone.now(), [(at, number_of(at), one) for at, one in zip(new_ids(len(staged)), staged, strict=True)]
    said = [(at, one.judged.values) for at, _number, one in made]
    enter(
        Child,
        (
            child_row(at, number, one.child, responsible_code=one.judged.responsible_code, registered_at=now)
            for at, number, one in made
        ),
    )
    enter(Guardian, (guardian_row(at, one.guardian) for at, _number, one in made if one.guardian))
    enter_parents(said)
    enter_answers(said, batch=batch, on=on)
    enter(CategoryHolding, (row for at, values in said for row in holding_rows(at, values, batch=batch, on=on)))
    _link([(one.pk, at) for at, _number, one in made])
    record_many(
        by=by,
        act="admit_child",
        subject_kind="child",
        subjects=[(number, one.judged.responsible_code) for _at, number, one in made],
        on=on,
        details={"import_batch": batch.pk},
    )


def _link(made: list[tuple[int, int]]) -> None:
    """Rows and the children made of them, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE registry_importrow AS row
                  SET child_id = made.child, admitted_at = statement_timestamp(), revision_after = 1
                 FROM unnest(%s::bigint[], %s::bigint[]) AS made(row, child)
                WHERE row.id = made.row""",
            [*map(list, zip(*made, strict=True))],
        )


@transaction.atomic
def finish_admission(*, by: Person, batch: ImportBatch, on: date) -> None:
    """Finish an admission (入库完成): the task is done, the batch says what stayed."""
    if _is_open(batch):
        end_admission(batch)
        close_tasks(
            by=by,
            subject_kind="import_batch",
            subject_key=str(batch.pk),
            kinds=["admit_batch"],
            outcome="admitted",
        )
        details = {"only": batch.only, "admitted": rows_admitted(batch, since=batch.admitted_at)}
        record_batch("admit_import", by=by, batch=batch, on=on, details=details)
    batch.refresh_from_db()


def end_admission(batch: ImportBatch) -> None:
    """End an admission (结束入库) of a locked batch: it says what has come in and what stayed."""
    verdicts = batch.rows.values_list("verdict").annotate(rows=Count("id")).order_by()
    counts = batch.counts | count_verdicts(Counter(dict(verdicts)))
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.ADMITTED, counts=counts)
