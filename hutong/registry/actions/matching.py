"""Saying once how the columns of a sheet are read; the same sender's next sheet with these headers is known."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.staging import Opened, State, column_problems, read_layout, write_layout
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.book import Book, read_book
from hutong.kit.workbooks.layout import Layout
from hutong.registry.actions.changes import WrongValues
from hutong.registry.actions.staging import content_of, record_batch
from hutong.registry.intake.checking import open_children
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.matching import Preview, preview
from hutong.registry.intake.problems import WORDS
from hutong.registry.models import ImportBatch, SenderLayout

UNREAD = frozenset({"no_header", "missing_column", "same_column"})
"""Problems that a matching of columns mends (可由列对应解决的问题)."""


def open_batch(batch: ImportBatch) -> Opened:
    """Opens a batch's file (打开批次表格): as somebody has said, else by its headers, else as its sender once said."""
    content = content_of(batch)
    if batch.layout:
        return open_children(content, name=batch.called, layout=read_layout(batch.layout.open()))
    opened = open_children(content, name=batch.called)
    if opened.problems and opened.problems[0].code in UNREAD and (known := _remembered(batch, content)):
        return open_children(content, name=batch.called, layout=known)
    return opened


def _remembered(batch: ImportBatch, content: bytes) -> Layout | None:
    """What the sender said of the same headers, where that is enough to read every row."""
    layout = preview(read_book(content, name=batch.called), on=batch.imported_at.date()).layout
    said = SenderLayout.objects.filter(sender=batch.imported_by, fingerprint=layout.fingerprint).first()
    if said is None or not layout.header_row:
        return None
    known = replace(layout, codes=_codes_said(said, layout))
    return None if CHILDREN.missing(known.present) else known


def _codes_said(said: SenderLayout, layout: Layout) -> dict[int, str]:
    """The codes by position in this sheet; they are kept by their place among the sender's own columns."""
    return {layout.own[int(at)]: code for at, code in said.codes.items()}


@transaction.atomic
def look_at_columns(
    *, by: Person, batch: ImportBatch, on: date, page: int | None = None, header_row: int | None = None
) -> Preview:
    """Look at the columns (查看各列) of a sheet with a few samples: they name children, so the look is recorded.

    What the sender once said of these headers is filled in. Raises NotAllowed, Refused.
    """
    shown = _preview(_book_to_match(by, batch, on=on), on=on, page=page, header_row=header_row)
    record_batch("look_at_columns", by=by, batch=batch, on=on)
    said = SenderLayout.objects.filter(sender=by, fingerprint=shown.layout.fingerprint).first()
    return shown.with_codes(_codes_said(said, shown.layout)) if said else shown


def _book_to_match(by: Person, batch: ImportBatch, *, on: date) -> Book:
    require(by, Permission.IMPORT_CHILDREN, code=batch.division_code, on=on)
    if batch.state not in (State.UNMATCHED, State.JUDGED) or batch.rows.filter(admitted_at__isnull=False).exists():
        raise Refused(_("The columns of this batch cannot be matched any more. Send the workbook again."))
    return read_book(content_of(batch), name=batch.called)


def _preview(book: Book, *, on: date, page: int | None, header_row: int | None) -> Preview:
    if page is not None and page >= len(book.names):
        raise Refused(_("The workbook has no such sheet."))
    try:
        return preview(book, on=on, page=page, header_row=header_row)
    except RefusedFile as refused:
        raise Refused(WORDS[refused.code]) from refused


@transaction.atomic
def match_columns(
    *,
    by: Person,
    batch: ImportBatch,
    page: int,
    header_row: int,
    codes: Mapping[int, str],
    fixed: Mapping[str, str],
    on: date,
) -> ImportBatch:
    """Match columns (列对应): the batch waits to be judged again; the sender is not asked about these headers twice.

    `codes` by position, `fixed` by code for all rows. Raises NotAllowed, Refused, and WrongValues where a
    column is claimed twice or one is missing without which nothing can be judged.
    """
    shown = _preview(_book_to_match(by, batch, on=on), on=on, page=page, header_row=header_row)
    layout = replace(shown.layout, codes=codes, fixed=fixed)
    if problems := column_problems(layout, CHILDREN):
        raise WrongValues(problems)
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    locked.layout, locked.state, locked.rows_total, locked.rows_done = write_layout(layout), State.RECEIVED, 0, 0
    locked.counts = {}
    locked.save()
    if header_row:
        said = {layout.own.index(at): code for at, code in codes.items()}
        SenderLayout.objects.update_or_create(sender=by, fingerprint=layout.fingerprint, defaults={"codes": said})
    close_tasks(
        by=by,
        subject_kind="import_batch",
        subject_key=str(batch.pk),
        kinds=["admit_batch", "mend_batch"],
        outcome="matched",
    )
    record_batch("match_columns", by=by, batch=batch, on=on, details={"columns": sorted(layout.present)})
    batch.refresh_from_db()
    return batch
