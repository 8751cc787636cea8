"""Receiving a workbook, and what anybody may do with it before and after it is judged."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may
from hutong.divisions.queries import places_from_register
from hutong.kit.staging import State
from hutong.law.division_code import full
from hutong.registry.intake.payload import IMPORT
from hutong.registry.intake.problems import WORDS
from hutong.registry.intake.reading import Circumstances
from hutong.registry.models import ImportBatch, ImportRow

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
    batch, is_new = IMPORT.keep(content=content, name=name, by=by, division_code=code)
    if is_new:
        record_batch("receive_import", by=by, batch=batch, on=on, details={"digest": batch.digest})
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


def circumstances(*, on: date, within: str = "") -> Circumstances:
    """What rows are read against when the register is at hand; `within` is the prefix a file is judged for."""
    return Circumstances(on, places_from_register(on=on), settings.PROVINCE, not settings.PRODUCTION, within)


@transaction.atomic
def give_back(*, by: Person, batch: ImportBatch, on: date) -> bytes:
    """Give the file back (返还原表) to whoever sent it, and to nobody else: it names children. It is recorded.

    Raises NotAllowed, and Refused for anybody else and once the batch is withdrawn.
    """
    require_import_or_admission(by, batch, on=on)
    if batch.imported_by_id != by.pk:
        raise Refused(_("The workbook goes back to the person who sent it. What is to be mended is said on this page."))
    if batch.state == State.WITHDRAWN:
        raise Refused(_("This batch has been withdrawn already."))
    record_batch("give_back_import", by=by, batch=batch, on=on)
    return IMPORT.content_of(batch)


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
