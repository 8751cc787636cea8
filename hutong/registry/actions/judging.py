"""Judging a received workbook: every row comes to lie in staging, and the register is not touched."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from hutong.accounts.actions.tasks import open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.jurisdiction import Jurisdiction
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.divisions.queries import path_names
from hutong.kit.collecting import collecting_seldom
from hutong.kit.staging import RowProblem, State, Verdict, count_verdicts
from hutong.law.division_code import prefix_of
from hutong.registry.actions.matching import UNREAD, open_batch
from hutong.registry.actions.staging import circumstances
from hutong.registry.intake.checking import judge_sheet
from hutong.registry.intake.judge import JudgedRow
from hutong.registry.intake.known import KnownChild
from hutong.registry.intake.payload import write_payload
from hutong.registry.models import ImportBatch, ImportRow
from hutong.registry.queries import RowsRegister

DAYS_TO_ADMIT, DAYS_TO_MEND, DAYS_TO_HAND_OVER = 3, 5, 10


class Stopped(Exception):
    """Somebody has cancelled the check (检查已取消), or another process has begun it again."""


@collecting_seldom()
def judge(
    *, batch: ImportBatch, on: date, progress: Callable[[int, int], None] = lambda done, total: None
) -> ImportBatch:
    """Judge (判定) every row of a received batch into staging, slice by slice; begun again after an interruption.

    Ends after the slice in hand where somebody has cancelled it.
    """
    if _begin(batch):
        with suppress(Stopped):
            _judge(batch, on=on, progress=progress)
    batch.refresh_from_db()
    return batch


def _judge(batch: ImportBatch, *, on: date, progress: Callable[[int, int], None]) -> None:
    opened = open_batch(batch)
    if opened.sheet is None or not opened.is_readable:
        state = State.UNMATCHED if opened.problems[0].code in UNREAD else State.REFUSED
        _refuse(batch, state, [problem.stored() for problem in opened.problems])
        return
    ImportBatch.objects.filter(pk=batch.pk).update(rows_total=opened.rows, rows_done=0)
    jurisdiction = jurisdiction_of(batch.imported_by, Permission.IMPORT_CHILDREN, on=on)
    counts: Counter[str] = Counter()
    covers = _covers(jurisdiction, batch.division_code)
    given = circumstances(on=on, within=prefix_of(batch.division_code))
    for rows in judge_sheet(opened.sheet, given=given, covers=covers, register=RowsRegister()):
        counts.update(row.verdict for row in rows)
        _store(batch, rows, done=counts.total())
        _request(batch, [row.elsewhere for row in rows if row.elsewhere], on=on)
        progress(counts.total(), opened.rows)
    _finish(batch, counts, opened.notes, on=on)


@transaction.atomic
def _begin(batch: ImportBatch) -> bool:
    """Whether the batch still waits to be judged; rows of an interrupted attempt go, and who makes it stops."""
    waits = ImportBatch.objects.select_for_update().filter(pk=batch.pk, state=State.RECEIVED).exists()
    if waits:
        ImportRow.objects.filter(batch=batch).delete()
        batch.phase_began_at, batch.left_out = timezone.now(), []
        batch.save(update_fields=["phase_began_at", "left_out"])
    return waits


def _require_own(batch: ImportBatch) -> ImportBatch:
    """The batch, locked, while this attempt goes on. Raises Stopped."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != State.RECEIVED or locked.phase_began_at != batch.phase_began_at:
        raise Stopped
    return locked


def _covers(jurisdiction: Jurisdiction, code: str) -> Callable[[str], bool]:
    prefix = prefix_of(code)
    return lambda place: place.startswith(prefix) and jurisdiction.covers(place)


@transaction.atomic
def _store(batch: ImportBatch, rows: list[JudgedRow], *, done: int) -> None:
    _require_own(batch)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY registry_importrow (batch_id, number, verdict, problems, payload, child_id) FROM STDIN"
        ) as copy,
    ):
        for row in rows:
            copy.write_row(write_payload(batch, row))
    ImportBatch.objects.filter(pk=batch.pk).update(rows_done=done)


@transaction.atomic
def _request(batch: ImportBatch, held: list[KnownChild], *, on: date) -> None:
    """Asks the places that hold a file already: their officer finds out where the child lives now."""
    place = path_names([batch.division_code])[batch.division_code]
    for child in held:
        open_task(
            kind="hand_over",
            subject_kind="child",
            subject_key=child.file_number,
            division_code=child.responsible_code,
            role="county_officer",
            due_on=on + timedelta(days=DAYS_TO_HAND_OVER),
            values={"place": place},
        )


@transaction.atomic
def _refuse(batch: ImportBatch, state: State, problems: list[dict[str, object]]) -> None:
    locked = _require_own(batch)
    locked.state, locked.fault, locked.counts = state, str(problems[0]["code"]), {"problems": problems}
    locked.save()


@transaction.atomic
def _finish(batch: ImportBatch, counts: Counter[str], notes: list[RowProblem], *, on: date) -> None:
    locked = _require_own(batch)
    locked.state, locked.counts = State.JUDGED, count_verdicts(counts)
    if notes:
        locked.counts["notes"] = [note.stored() for note in notes]
    locked.save()
    record(
        by=None,
        act="judge_import",
        subject_kind="import_batch",
        subject_key=str(batch.pk),
        division_code=batch.division_code,
        on=on,
        details=count_verdicts(counts),
    )
    if counts[Verdict.NEW] or counts[Verdict.CHANGED]:
        _ask(batch, "admit_batch", "approver", counts[Verdict.NEW] + counts[Verdict.CHANGED], on, DAYS_TO_ADMIT)
    if counts[Verdict.INVALID]:
        _ask(batch, "mend_batch", _importing_role(batch), counts[Verdict.INVALID], on, DAYS_TO_MEND)


def _importing_role(batch: ImportBatch) -> str:
    return "township_supervisor" if len(prefix_of(batch.division_code)) > 6 else "county_officer"


def _ask(batch: ImportBatch, kind: str, role: str, rows: int, on: date, days: int) -> None:
    open_task(
        kind=kind,
        subject_kind="import_batch",
        subject_key=str(batch.pk),
        division_code=batch.division_code,
        role=role,
        due_on=on + timedelta(days=days),
        values={"rows": rows},
    )
