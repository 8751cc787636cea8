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
from hutong.kit.staging import Opened, State, column_problems, write_layout
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.book import Book, read_book
from hutong.kit.workbooks.headers import HEADER_SEARCH_ROWS
from hutong.kit.workbooks.preview import Preview
from hutong.registry.actions.changes import WrongValues
from hutong.registry.actions.staging import record_batch
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.matching import preview_children
from hutong.registry.intake.payload import IMPORT
from hutong.registry.intake.problems import WORDS
from hutong.registry.models import ImportBatch


def open_batch(batch: ImportBatch) -> Opened:
    """Opens a batch's file (打开批次表格): as somebody has said, else by its headers, else as its sender once said."""
    on = batch.imported_at.date()
    return IMPORT.open(
        batch, likely=lambda content: preview_children(read_book(content, name=batch.called), on=on).layout
    )


@transaction.atomic
def look_at_columns(
    *, by: Person, batch: ImportBatch, on: date, page: int | None = None, header_row: int | None = None
) -> Preview:
    """Look at the columns (查看各列) of a sheet with a few samples: they name children, so the look is recorded.

    What the sender once said of these headers is filled in. Raises NotAllowed, Refused.
    """
    shown = _preview(_book_to_match(by, batch, on=on), on=on, page=page, header_row=header_row)
    record_batch("look_at_columns", by=by, batch=batch, on=on)
    return shown.with_codes(IMPORT.remembered(by, shown.layout))


def _book_to_match(by: Person, batch: ImportBatch, *, on: date) -> Book:
    require(by, Permission.IMPORT_CHILDREN, code=batch.division_code, on=on)
    if batch.state not in (State.UNMATCHED, State.JUDGED) or batch.rows.filter(admitted_at__isnull=False).exists():
        raise Refused(_("The columns of this batch cannot be matched any more. Send the workbook again."))
    return read_book(IMPORT.content_of(batch), name=batch.called)


def _preview(book: Book, *, on: date, page: int | None, header_row: int | None) -> Preview:
    if page is not None and page >= len(book.names):
        raise Refused(_("The workbook has no such sheet."))
    if header_row is not None and header_row > HEADER_SEARCH_ROWS:
        raise Refused(_("Headers are looked for in the first %(rows)s rows.") % {"rows": HEADER_SEARCH_ROWS})
    try:
        return preview_children(book, on=on, page=page, header_row=header_row)
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
    locked.counts, locked.fault = {}, ""
    locked.save()
    if header_row:
        IMPORT.remember(by, layout)
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
