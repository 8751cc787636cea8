"""Admitting what was judged, by a second person, and taking it back while nobody has built on it."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.staging import ADMISSIBLE, State, Verdict, count_verdicts
from hutong.law.division_code import prefix_of, responsible
from hutong.registry.actions.changing import merged, put_guardian, write_values
from hutong.registry.actions.entering import (
    Row,
    child_row,
    enter,
    guardian_row,
    holding_row,
    lock_admissions,
    new_ids,
    number_of,
)
from hutong.registry.actions.staging import circumstances, record_batch
from hutong.registry.intake.judge import Judge, JudgedRow
from hutong.registry.intake.payload import StagedChild, read_payload
from hutong.registry.models import CategoryHolding, Child, Guardian, ImportBatch, ImportRow
from hutong.registry.queries import RowsRegister, rows_left, said_of

SLICE = 5000
CHANGED_COLUMNS = [
    "name", "pinyin", "initials", "sorting", "sex", "birth_date", "ethnic_group", "registered_code", "living_code",
    "responsible_code", "address", "matching_index", "revision",
]  # fmt: skip


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
    admitted = 0
    while count := admit_slice(by=by, batch=batch, on=on):
        admitted += count
        progress(admitted)
    finish_admission(by=by, batch=batch, on=on)
    return admitted


@transaction.atomic
def begin_admission(*, by: Person, batch: ImportBatch, on: date, only: Collection[str]) -> None:
    """Begin an admission (开始入库): who answers for it and which verdicts it takes."""
    require(by, Permission.ADMIT_CHILDREN, code=batch.division_code, on=on)
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if by.pk == locked.imported_by_id:
        raise Refused(_("Another person than the importer must admit the batch."))
    if locked.state not in (State.JUDGED, State.ADMITTING, State.ADMITTED):
        raise Refused(_("This batch is not waiting to be admitted."))
    if not only or set(only) - set(ADMISSIBLE):
        raise Refused(_("Only rows that are new or changed can be admitted."))
    locked.state, locked.only, locked.admitted_by = State.ADMITTING, sorted(only), by
    locked.admitted_at = timezone.now()
    locked.save()
    batch.refresh_from_db()


@transaction.atomic
def admit_slice(*, by: Person, batch: ImportBatch, on: date) -> int:
    """Admit one slice (分段入库) of at most 5,000 rows; 0 when none is left. Each row is weighed again first."""
    lock_admissions()
    _require_open(batch)
    staged = [read_payload(row) for row in rows_left(batch).filter(verdict__in=batch.only)[:SLICE]]
    if not staged:
        return 0
    _weigh_again(staged, batch=batch, on=on)
    fresh = [one for one in staged if one.judged.verdict == Verdict.NEW and Verdict.NEW in batch.only]
    changed = [one for one in staged if one.judged.verdict == Verdict.CHANGED and Verdict.CHANGED in batch.only]
    _enter(fresh, by=by, batch=batch, on=on)
    _change(changed, by=by, batch=batch, on=on)
    _keep_verdicts([one for one in staged if one.judged.verdict != one.row.verdict])
    return len(fresh) + len(changed) or admit_slice(by=by, batch=batch, on=on)


def _require_open(batch: ImportBatch) -> ImportBatch:
    """The batch, locked, while its admission goes on: somebody may have withdrawn it between two slices."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != State.ADMITTING:
        raise Refused(_("This batch is not waiting to be admitted."))
    return locked


def _weigh_again(staged: list[StagedChild], *, batch: ImportBatch, on: date) -> None:
    for one in staged:
        one.judged.verdict = Verdict.NEW
        one.judged.problems = [problem for problem in one.judged.problems if problem.code != "changed"]
    area = prefix_of(batch.division_code)
    judge = Judge(circumstances(on=on), covers=lambda code: code.startswith(area), register=RowsRegister())
    judge.compare([one.judged for one in staged])


def _keep_verdicts(staged: list[StagedChild]) -> None:
    for one in staged:
        one.row.verdict = one.judged.verdict
        one.row.problems = [problem.stored() for problem in one.judged.problems]
        one.row.child_id = one.judged.known.id if one.judged.known else None
    ImportRow.objects.bulk_update([one.row for one in staged], ["verdict", "problems", "child"], batch_size=1000)


def _enter(staged: list[StagedChild], *, by: Person, batch: ImportBatch, on: date) -> None:
    if not staged:
        return
    ids, rows, now = new_ids(len(staged)), [one.judged for one in staged], timezone.now()
    made = list(zip(ids, rows, strict=True))
    enter(
        Child,
        (child_row(at, row.values, responsible_code=row.responsible_code, registered_at=now) for at, row in made),
    )
    enter(Guardian, (guardian_row(at, row.values) for at, row in made if "guardian_name" in row.values))
    enter(CategoryHolding, (holding for at, row in made for holding in _holding_rows(at, row, batch=batch, on=on)))
    _link(staged, ids)
    record_many(
        by=by,
        act="admit_child",
        subject_kind="child",
        subjects=[(number_of(at), row.responsible_code) for at, row in made],
        on=on,
        details={"import_batch": batch.pk},
    )


def _holding_rows(
    child_id: int, row: JudgedRow, *, batch: ImportBatch, on: date, held: Collection[str] = ()
) -> Iterator[Row]:
    begun, decision = row.values.get("category_from") or on.isoformat(), row.values.get("decision_number", "")
    for category in row.values.get("category", "").split():
        if category not in held:
            yield holding_row(child_id, category, from_on=begun, basis=f"import:{batch.pk}", decision_number=decision)


def _link(staged: list[StagedChild], ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE registry_importrow AS row
                  SET child_id = made.child, admitted_at = now(), revision_after = 1
                 FROM unnest(%s::bigint[], %s::bigint[]) AS made(row, child)
                WHERE row.id = made.row""",
            [[one.row.pk for one in staged], ids],
        )


def _change(staged: list[StagedChild], *, by: Person, batch: ImportBatch, on: date) -> None:
    ids = [one.judged.known.id for one in staged if one.judged.known]
    children = Child.objects.select_for_update().prefetch_related("guardians", "holdings").in_bulk(ids)
    pairs = [(one, children[one.judged.known.id]) for one in staged if one.judged.known]
    holdings = [row for one, child in pairs for row in _change_one(one, child, batch=batch, on=on)]
    enter(CategoryHolding, holdings)
    Child.objects.bulk_update(children.values(), CHANGED_COLUMNS, batch_size=500)
    ImportRow.objects.bulk_update(
        [one.row for one, _ in pairs], ["before", "child", "admitted_at", "revision_after", "verdict"], batch_size=500
    )
    record_many(
        by=by,
        act="change_child",
        subject_kind="child",
        subjects=[(child.file_number, child.responsible_code) for child in children.values()],
        on=on,
        details={"import_batch": batch.pk},
    )


def _change_one(one: StagedChild, child: Child, *, batch: ImportBatch, on: date) -> list[Row]:
    """Puts a row into its child, both unsaved; gives the categories to add."""
    now = said_of(child)
    one.row.before = json.dumps(now, ensure_ascii=False)
    kept = merged(now, one.judged.values)
    write_values(child, kept)
    put_guardian(child, kept, on=on)
    child.responsible_code = _responsible_next(child, one, now, kept, batch=batch)
    child.revision += 1
    one.row.child, one.row.admitted_at, one.row.revision_after = child, timezone.now(), child.revision
    one.row.verdict = one.judged.verdict
    held = {holding.category for holding in child.holdings.all() if holding.until_on is None}
    return list(_holding_rows(child.pk, one.judged, batch=batch, on=on, held=held))


def _responsible_next(
    child: Child, one: StagedChild, now: dict[str, str], kept: dict[str, str], *, batch: ImportBatch
) -> str:
    """The responsible division after a change: what the row states; else by rule, where the rule was followed so far.

    A row never carries a child out of the batch's own area: that is a move, with a hand-over.
    """
    held = one.judged.known.categories if one.judged.known else frozenset()
    categories = held | frozenset(one.judged.values.get("category", "").split())
    by_rule = _by_rule(now, held)
    next_code = one.judged.values.get("responsible_division") or (
        _by_rule(kept, categories) if child.responsible_code == by_rule else child.responsible_code
    )
    return next_code if next_code.startswith(prefix_of(batch.division_code)) else child.responsible_code


def _by_rule(said: dict[str, str], categories: frozenset[str]) -> str:
    return responsible(
        stated="",
        registered=said["registered_division"],
        living=said["living_division"],
        categories=categories,
        province=settings.PROVINCE,
    )


@transaction.atomic
def finish_admission(*, by: Person, batch: ImportBatch, on: date) -> None:
    """Finish an admission (入库完成): the task is done, the batch says what stayed."""
    locked = _require_open(batch)
    verdicts = batch.rows.values_list("verdict").annotate(rows=Count("id")).order_by()
    locked.state, locked.counts = State.ADMITTED, count_verdicts(Counter(dict(verdicts)))
    locked.save()
    batch.refresh_from_db()
    close_tasks(
        by=by,
        subject_kind="import_batch",
        subject_key=str(batch.pk),
        kinds=["admit_batch"],
        outcome="admitted",
    )
    record_batch("admit_import", by=by, batch=batch, on=on, details={"only": batch.only})
