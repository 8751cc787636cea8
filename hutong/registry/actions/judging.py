"""Judging a received workbook: every row comes to lie in staging, and the register is not touched."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial

from django.db import transaction

from hutong.accounts.actions.tasks import open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.jurisdiction import Jurisdiction
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.divisions.queries import path_names
from hutong.kit.batches import Stopped
from hutong.kit.beside import Other, beside
from hutong.kit.cipher import keys
from hutong.kit.collecting import collecting_seldom
from hutong.kit.staging import RowProblem, Verdict, count_verdicts
from hutong.law.division_code import prefix_of
from hutong.law.task_days import due_on
from hutong.registry.actions.matching import open_batch
from hutong.registry.actions.staging import circumstances
from hutong.registry.intake.checking import judge_sheet
from hutong.registry.intake.known import KnownChild
from hutong.registry.intake.payload import IMPORT, seal_payload, staged_columns
from hutong.registry.models import ImportBatch
from hutong.registry.queries import RowsRegister


@collecting_seldom()
def judge(
    *, batch: ImportBatch, on: date, progress: Callable[[int, int], None] = lambda done, total: None
) -> ImportBatch:
    """Judge (判定) every row of a received batch into staging, slice by slice; begun again after an interruption.

    Ends after the slice in hand where somebody has cancelled it.
    """
    if IMPORT.begin(batch):
        with suppress(Stopped), beside(wanted=IMPORT.is_large(batch)) as other:
            _judge(batch, on=on, progress=progress, other=other)
    batch.refresh_from_db()
    return batch


def _judge(batch: ImportBatch, *, on: date, progress: Callable[[int, int], None], other: Other | None) -> None:
    opened = open_batch(batch)
    if opened.sheet is None or not opened.is_readable:
        IMPORT.refuse(batch, opened.problems)
        return
    given = circumstances(on=on, within=prefix_of(batch.division_code))
    covers = _covers(jurisdiction_of(batch.imported_by, Permission.IMPORT_CHILDREN, on=on), batch.division_code)
    judged = judge_sheet(
        opened.sheet,
        given=given,
        covers=covers,
        register=RowsRegister(),
        seal=partial(seal_payload, keys()),
        other=other,
    )
    counts = IMPORT.fill(
        batch,
        judged.slices,
        total=opened.rows,
        write=lambda row: staged_columns(batch, row),
        each=lambda rows: _request(batch, [row.elsewhere for row in rows if row.elsewhere], on=on),
        progress=progress,
    )
    _finish(batch, counts, opened.notes, judged.at_the_end(), on=on)


def _covers(jurisdiction: Jurisdiction, code: str) -> Callable[[str], bool]:
    prefix = prefix_of(code)
    return lambda place: place.startswith(prefix) and jurisdiction.covers(place)


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
            due_on=due_on("hand_over", on=on, jurisdiction=child.responsible_code),
            values={"place": place},
        )


@transaction.atomic
def _finish(
    batch: ImportBatch, counts: Counter[str], notes: list[RowProblem], more: list[RowProblem], *, on: date
) -> None:
    IMPORT.finish(batch, counts, notes, more)
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
        _ask(batch, "admit_batch", "approver", counts[Verdict.NEW] + counts[Verdict.CHANGED], on)
    if counts[Verdict.INVALID]:
        _ask(batch, "mend_batch", _importing_role(batch), counts[Verdict.INVALID], on)


def _importing_role(batch: ImportBatch) -> str:
    return "township_supervisor" if len(prefix_of(batch.division_code)) > 6 else "county_officer"


def _ask(batch: ImportBatch, kind: str, role: str, rows: int, on: date) -> None:
    open_task(
        kind=kind,
        subject_kind="import_batch",
        subject_key=str(batch.pk),
        division_code=batch.division_code,
        role=role,
        due_on=due_on(kind, on=on, jurisdiction=batch.division_code),
        values={"rows": rows},
    )
