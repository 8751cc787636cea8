"""Receiving and judging a workbook: it comes to lie in staging, and the register is not touched."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.tasks import open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.jurisdiction import Jurisdiction
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may
from hutong.divisions.queries import path_names, places_from_register
from hutong.kit.staging import State, Verdict, count_verdicts
from hutong.law.division_code import full, prefix_of
from hutong.registry.intake.checking import judge_sheet, open_children
from hutong.registry.intake.judge import JudgedRow, KnownChild
from hutong.registry.intake.payload import write_payload
from hutong.registry.intake.problems import WORDS
from hutong.registry.intake.reading import Circumstances
from hutong.registry.models import ImportBatch, ImportFile, ImportRow
from hutong.registry.queries import RowsRegister

DAYS_TO_ADMIT, DAYS_TO_MEND, DAYS_TO_HAND_OVER = 3, 5, 10
ROWS_SHOWN = 50


@transaction.atomic
def receive(*, by: Person, content: bytes, name: str, on: date, division: str = "") -> ImportBatch:
    """Receive (接收) a file for one place; the same file again is the batch it already is.

    `division` is a prefix; without it the importer's only place is taken. Raises NotAllowed, Refused.
    """
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        raise Refused(WORDS["too_large"])
    code = full(division or _own_place(by, on=on))
    require(by, Permission.IMPORT_CHILDREN, code=code, on=on)
    digest = hashlib.sha256(content).hexdigest()
    before = ImportBatch.objects.filter(digest=digest, division_code=code).exclude(
        state__in=[State.WITHDRAWN, State.REFUSED]
    )
    if known := before.first():
        return known
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.create(digest=digest, division_code=code, file_name=name[-200:], imported_by=by)
    except IntegrityError:  # somebody sent the same file at the same moment
        return before.get()
    ImportFile.objects.create(batch=batch, content=content)
    record_batch("receive_import", by=by, batch=batch, on=on, details={"digest": digest})
    return batch


def record_batch(
    act: str, *, by: Person, batch: ImportBatch, on: date, details: Mapping[str, object] | None = None
) -> None:
    """One entry of the trail about a batch (批次留痕)."""
    record(
        by=by,
        act=act,
        subject_kind="import_batch",
        subject_key=str(batch.pk),
        division_code=batch.division_code,
        on=on,
        details=details,
    )


def _own_place(by: Person, *, on: date) -> str:
    prefixes = jurisdiction_of(by, Permission.IMPORT_CHILDREN, on=on).prefixes
    if not prefixes:
        raise NotAllowed(Permission.IMPORT_CHILDREN)
    if len(prefixes) > 1:
        raise Refused(_("You work for several places. Choose the one this file is from."))
    return prefixes[0]


def circumstances(*, on: date) -> Circumstances:
    """What rows are read against when the register is at hand."""
    return Circumstances(on, places_from_register(on=on), settings.PROVINCE, not settings.PRODUCTION)


def content_of(batch: ImportBatch) -> bytes:
    """The file of a batch as it came (原始文件)."""
    return batch.file.content.open_bytes() if batch.file.content else b""


@transaction.atomic
def give_back(*, by: Person, batch: ImportBatch, on: date) -> bytes:
    """Give the file back (返还原表) to somebody who imports or admits here: it names children, so it is recorded.

    Raises NotAllowed, and Refused once the batch is withdrawn.
    """
    require_import_or_admission(by, batch, on=on)
    if batch.state == State.WITHDRAWN:
        raise Refused(_("This batch has been withdrawn already."))
    record_batch("give_back_import", by=by, batch=batch, on=on)
    return content_of(batch)


@transaction.atomic
def look_at_rows(*, by: Person, batch: ImportBatch, verdict: str, page: int, on: date) -> Page[ImportRow]:
    """Look at the rows (查看暂存行) of one verdict, fifty a page: they name children, so the look is recorded."""
    require_import_or_admission(by, batch, on=on)
    rows = batch.rows.filter(verdict=verdict).select_related("child").order_by("number")
    shown = Paginator(rows, ROWS_SHOWN).get_page(page)
    record_batch("look_at_import", by=by, batch=batch, on=on, details={"verdict": verdict, "page": shown.number})
    return shown


def require_import_or_admission(by: Person, batch: ImportBatch, *, on: date) -> None:
    """Raises NotAllowed unless `by` may import or admit at the batch's place."""
    allowed = (Permission.IMPORT_CHILDREN, Permission.ADMIT_CHILDREN)
    if not any(may(by, permission, code=batch.division_code, on=on) for permission in allowed):
        raise NotAllowed(Permission.ADMIT_CHILDREN)


def judge(
    *, batch: ImportBatch, on: date, progress: Callable[[int, int], None] = lambda done, total: None
) -> ImportBatch:
    """Judge (判定) every row of a received batch into staging, slice by slice; begun again after an interruption."""
    if not _begin(batch):
        return batch
    opened = open_children(content_of(batch), name=batch.called)
    if opened.sheet is None or not opened.is_readable:
        return _refuse(batch, [problem.stored() for problem in opened.problems])
    ImportBatch.objects.filter(pk=batch.pk).update(rows_total=opened.rows, rows_done=0)
    jurisdiction = jurisdiction_of(batch.imported_by, Permission.IMPORT_CHILDREN, on=on)
    counts: Counter[str] = Counter()
    covers = _covers(jurisdiction, batch.division_code)
    for rows in judge_sheet(opened.sheet, given=circumstances(on=on), covers=covers, register=RowsRegister()):
        counts.update(row.verdict for row in rows)
        _store(batch, rows, done=counts.total())
        _request(batch, [row.elsewhere for row in rows if row.elsewhere], on=on)
        progress(counts.total(), opened.rows)
    return _finish(batch, counts, on=on)


@transaction.atomic
def _begin(batch: ImportBatch) -> bool:
    """Whether the batch still waits to be judged; rows of an interrupted attempt go."""
    waits = ImportBatch.objects.select_for_update().filter(pk=batch.pk, state=State.RECEIVED).exists()
    if waits:
        ImportRow.objects.filter(batch=batch).delete()
    else:
        batch.refresh_from_db()
    return waits


def _covers(jurisdiction: Jurisdiction, code: str) -> Callable[[str], bool]:
    prefix = prefix_of(code)
    return lambda place: place.startswith(prefix) and jurisdiction.covers(place)


@transaction.atomic
def _store(batch: ImportBatch, rows: list[JudgedRow], *, done: int) -> None:
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
def _refuse(batch: ImportBatch, problems: list[dict[str, object]]) -> ImportBatch:
    batch.state, batch.fault, batch.counts = State.REFUSED, str(problems[0]["code"]), {"problems": problems}
    batch.save()
    return batch


@transaction.atomic
def _finish(batch: ImportBatch, counts: Counter[str], *, on: date) -> ImportBatch:
    batch.refresh_from_db()
    batch.state, batch.counts = State.JUDGED, count_verdicts(counts)
    batch.save()
    if counts[Verdict.NEW] or counts[Verdict.CHANGED]:
        _ask(batch, "admit_batch", "approver", counts[Verdict.NEW] + counts[Verdict.CHANGED], on, DAYS_TO_ADMIT)
    if counts[Verdict.INVALID]:
        _ask(batch, "mend_batch", _importing_role(batch), counts[Verdict.INVALID], on, DAYS_TO_MEND)
    return batch


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
