"""Choosing, before an admission, what of the rows that would change children is taken."""

import json
from collections.abc import Collection, Mapping
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.kit.staging import State, Verdict
from hutong.registry.actions.admission import require_second_person
from hutong.registry.actions.staging import record_batch
from hutong.registry.intake.known import CHOOSABLE, WHOLE_ROW
from hutong.registry.models import ImportBatch


@transaction.atomic
def choose(
    *,
    by: Person,
    batch: ImportBatch,
    on: date,
    left_out: Collection[str],
    rows: Mapping[int, Collection[str]],
) -> ImportBatch:
    """Choose (选择采纳项): the columns left out of all changed rows, and for rows by number what is left out of each.

    `*` is the whole row. Rows that are not named keep what was chosen for them. Raises NotAllowed, Refused.
    """
    locked = require_second_person(by, batch, on=on)
    if locked.state not in (State.JUDGED, State.ADMITTED):
        raise Refused(_("This batch is not waiting to be admitted."))
    if {*left_out} - {*CHOOSABLE} or {column for said in rows.values() for column in said} - {*CHOOSABLE, WHOLE_ROW}:
        raise Refused(_("Choose among the columns that differ."))
    locked.left_out = _in_order(left_out)
    locked.save(update_fields=["left_out"])
    _leave_out(batch, rows)
    details = {"left_out": locked.left_out, "rows": len(rows)}
    record_batch("choose_import", by=by, batch=batch, on=on, details=details)
    batch.refresh_from_db()
    return batch


def _in_order(columns: Collection[str]) -> list[str]:
    return [column for column in (WHOLE_ROW, *CHOOSABLE) if column in columns]


def _leave_out(batch: ImportBatch, rows: Mapping[int, Collection[str]]) -> None:
    said = [json.dumps(_in_order(columns)) for columns in rows.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE registry_importrow AS row SET left_out = chosen.said
                 FROM unnest(%s::integer[], %s::jsonb[]) AS chosen(number, said)
                WHERE row.batch_id = %s AND row.number = chosen.number AND row.verdict = %s
                  AND row.admitted_at IS NULL""",
            [list(rows), said, batch.pk, Verdict.CHANGED],
        )
