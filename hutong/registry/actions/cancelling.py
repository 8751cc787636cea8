"""Cancelling what runs: a batch that is being checked goes, an admission stops with what has come in."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.staging import State
from hutong.registry.actions.admission import end_admission
from hutong.registry.actions.staging import record_batch
from hutong.registry.models import ImportBatch, ImportRow

CANCELLED = "cancelled"
UNCHECKED = (State.RECEIVED, State.UNMATCHED)


@transaction.atomic
def cancel(*, by: Person, batch: ImportBatch, on: date) -> ImportBatch:
    """Cancel (取消) a check or an admission; whoever runs it stops after the slice in hand.

    A batch that is not checked yet is withdrawn, its rows go. An admission ends with what is in: the rest may come in
    later, or the batch be withdrawn. Raises NotAllowed, Refused where nothing runs.
    """
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state in UNCHECKED:
        require(by, Permission.IMPORT_CHILDREN, code=batch.division_code, on=on)
        ImportRow.objects.filter(batch=batch).delete()
        ImportBatch.objects.filter(pk=batch.pk).update(state=State.WITHDRAWN, rows_done=0, fault=CANCELLED)
    elif locked.state == State.ADMITTING:
        require(by, Permission.ADMIT_CHILDREN, code=batch.division_code, on=on)
        end_admission(batch)
    else:
        raise Refused(_("Nothing runs that could be cancelled. The batch may be withdrawn."))
    record_batch("cancel_import", by=by, batch=batch, on=on, details={"phase": str(locked.state)})
    batch.refresh_from_db()
    return batch
