"""Saying who a row is that looks like a registered child: that child, or another one."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.kit.staging import State, Verdict, read_problems
from hutong.law.division_code import prefix_of
from hutong.registry.actions.kinship import require_no_kin
from hutong.registry.actions.staging import circumstances, record_batch, require_import_or_admission
from hutong.registry.batches import asks_who
from hutong.registry.intake.judge import Judge, JudgedRow
from hutong.registry.intake.payload import read_payload
from hutong.registry.models import Child, ImportBatch, ImportRow
from hutong.registry.models.batch import RowAnswer
from hutong.registry.queries import RowsRegister


@transaction.atomic
def say_who(*, by: Person, batch: ImportBatch, number: int, answer: str, on: date) -> ImportRow:
    """Say who a row is (判明是否同一人): the child of the register that it was held back for, or another one.

    The row then waits for the second person like any other: as a change of that child, or as a new one. Raises
    NotAllowed and Refused.
    """
    require_import_or_admission(by, batch, on=on)
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in (State.JUDGED, State.ADMITTED):
        raise Refused(_("This batch is not waiting to be admitted."))
    row = locked.rows.select_related("child").filter(number=number).first()
    if row is None or row.child is None or not asks_who(row):
        raise Refused(_("Nothing is asked about this row any more. Load the page again."))
    if answer not in RowAnswer.values:
        raise Refused(_("Say whether it is this child or another."))
    require_no_kin(by, row.child, on=on)
    _put(row, _weighed(locked, row, row.child, answer, on=on), answer)
    _recount(locked, row)
    record_batch("say_who", by=by, batch=locked, on=on, details={"row": number, "answer": answer})
    batch.refresh_from_db()
    return row


def _weighed(batch: ImportBatch, row: ImportRow, child: Child, answer: str, *, on: date) -> JudgedRow:
    payload, area = read_payload(row), prefix_of(batch.division_code)
    said = [problem for problem in read_problems(row.problems) if problem.code != "possible_match"]
    judged = JudgedRow(row.number, Verdict.NEW, payload.values, said, payload.responsible_code)
    judged.same_as = child.pk if answer == RowAnswer.SAME else None
    judged.is_another = answer == RowAnswer.ANOTHER
    judge = Judge(circumstances(on=on), covers=lambda code: code.startswith(area), register=RowsRegister())
    judge.compare([judged])
    return judged


def _put(row: ImportRow, judged: JudgedRow, answer: str) -> None:
    row.verdict, row.answer = judged.verdict, answer
    row.problems = [problem.stored() for problem in judged.problems]
    row.child_id = judged.known.id if judged.known else None
    row.save(update_fields=["verdict", "answer", "problems", "child"])


def _recount(batch: ImportBatch, row: ImportRow) -> None:
    batch.counts[Verdict.POSSIBLE] -= 1
    batch.counts[row.verdict] += 1
    batch.save(update_fields=["counts"])
