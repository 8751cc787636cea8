"""Batches: what was approved becomes due and is sent to the bank; what the bank returns settles it, once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.documents import civil_affairs_office
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.gateways.bank.layouts import LAYOUTS
from hutong.gateways.bank.orders import Fault
from hutong.gateways.bank.returned import Returned, held_against, read_return
from hutong.gateways.bank.writing import written
from hutong.kit.states import WrongStep
from hutong.treasury.bank_file import orders_of, payment_file
from hutong.treasury.books import Matter, move
from hutong.treasury.models import Attempt, BankReturn, Batch
from hutong.treasury.models.batch import BATCH_STATES, AttemptState, BatchState, BatchStep, Purpose
from hutong.treasury.models.book import BookKind, EntryKind

SUBJECT, SEND_TASK = "batch", "send_batch"
PAID_AFTER_ALL = "paid_after_all"
"""The bank has paid what it had said it had not (先报失败后报成功): a person asks, nothing is sent again."""
INCOMING = """CREATE TEMPORARY TABLE treasury_incoming (
    due_id bigint, beneficiary_id bigint NOT NULL, scheme varchar NOT NULL, month date NOT NULL, kind varchar NOT NULL,
    amount_fen integer NOT NULL, division_code varchar NOT NULL, reference bigint NOT NULL, payee_id bigint NOT NULL
) ON COMMIT DROP"""
"""Lines on their way in (待入批明细): `due_id` names a due line that is only attempted anew."""
MAKE_DUE = """INSERT INTO treasury_due
    (batch_id, beneficiary_id, scheme, month, kind, amount_fen, division_code, reference)
SELECT %s, beneficiary_id, scheme, month, kind, amount_fen, division_code, reference
  FROM treasury_incoming WHERE due_id IS NULL ORDER BY reference"""
ATTEMPT = """INSERT INTO treasury_attempt (due_id, batch_id, payee_id, state, code, words)
SELECT due.id, %s, payee_id, 'to_send', '', ''
  FROM (SELECT due_id AS id, payee_id FROM treasury_incoming WHERE due_id IS NOT NULL
        UNION ALL SELECT due.id, payee_id FROM treasury_incoming AS incoming
          JOIN treasury_due AS due ON (due.batch_id, due.reference) = (%s, incoming.reference)
         WHERE incoming.due_id IS NULL) AS due ORDER BY due.id"""
TWICE = """SELECT count(*) FROM treasury_incoming AS incoming JOIN treasury_due AS due
    ON (due.beneficiary_id, due.scheme, due.month) = (incoming.beneficiary_id, incoming.scheme, incoming.month)
   AND due.kind = 'regular' WHERE incoming.kind = 'regular' AND incoming.due_id IS NULL"""


class AlreadyDue(Refused):
    """Somebody of the lines has a regular line for the month already (重复发放)."""

    def __init__(self, lines: int) -> None:
        said = {"lines": lines}
        super().__init__(
            _("%(lines)s lines are in another payment of that month already. Prepare the run anew.") % said
        )


class WrongReturn(Refused):
    """A bank return of which nothing can be taken in (回盘无法导入); `faults` say what is wrong and where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_("Nothing of the bank’s file could be taken in; see what is wrong below."))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Approved:
    """What was approved (已批事项): where, for which month, what for, by whom it was prepared."""

    division_code: str
    month: date
    purpose: Purpose
    prepared_by: Person


def expect_lines() -> None:
    """Makes the table that whoever calls `open_batch` fills in the same transaction (待入批明细表)."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS treasury_incoming")
        cursor.execute(INCOMING)


@transaction.atomic
def open_batch(*, by: Person, approved: Approved, on: date) -> Batch:
    """Open a batch (生成批次) of the lines that stand in the table of `expect_lines`; the money is committed.

    Raises NotAllowed, AlreadyDue, NotEnough and Refused.
    """
    require(by, Permission.APPROVE_RUNS, code=approved.division_code, on=on)
    if by.pk == approved.prepared_by.pk:
        raise Refused(_("Another person than the one who prepared it must approve."))
    lines, total, anew = _incoming()
    if not lines:
        raise Refused(_("There is nothing to pay."))
    batch = Batch.objects.create(
        division_code=approved.division_code, month=approved.month, purpose=approved.purpose, lines=lines,
        total_fen=total, prepared_by=approved.prepared_by, approved_by=by, approved_on=on,
        payer_name=civil_affairs_office(approved.division_code).name,
    )  # fmt: skip
    if total > anew:
        move(_matter(EntryKind.COMMITTED, batch, by, on), BookKind.AVAILABLE, BookKind.COMMITTED, total - anew)
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, [batch.pk])
        cursor.execute(ATTEMPT, [batch.pk, batch.pk])
    _record("open_batch", batch, by=by, on=on)
    return batch


def _incoming() -> tuple[int, int, int]:
    """How many lines come in, their sum, and what of it is attempted anew; raises AlreadyDue."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE treasury_incoming")
        cursor.execute(TWICE)
        if twice := cursor.fetchone()[0]:
            raise AlreadyDue(twice)
        sums = "count(*), coalesce(sum(amount_fen), 0), coalesce(sum(amount_fen) FILTER (WHERE due_id IS NOT NULL), 0)"
        cursor.execute(f"SELECT {sums} FROM treasury_incoming")
        lines, total, anew = cursor.fetchone()
    return lines, int(total), int(anew)


@transaction.atomic
def send(*, by: Person, batch: Batch, layout: str, on: date) -> bytes:
    """Send to the bank (报送银行): the payment file in a layout; the money is with the bank from now on.

    By another person than those who prepared and approved. Raises NotAllowed and Refused.
    """
    batch = _locked(batch, BatchStep.SEND, by=by, on=on)
    if by.pk in (batch.prepared_by_id, batch.approved_by_id):
        raise Refused(_("You have prepared or approved this payment. A third person sends it."))
    if layout not in LAYOUTS:
        raise Refused(_("Choose the layout that your bank takes."))
    batch.sent_by, batch.sent_on, batch.layout = by, on, layout
    content = written(layout, payment_file(batch, orders_of(batch)))
    batch.file_digest, batch.state = hashlib.sha256(content).hexdigest(), BatchState.SENT
    batch.save()
    Attempt.objects.filter(batch=batch, state=AttemptState.TO_SEND).update(state=AttemptState.SENT)
    move(_matter(EntryKind.SENT, batch, by, on), BookKind.COMMITTED, BookKind.AT_BANK, batch.total_fen)
    close_tasks(by=by, subject_kind=SUBJECT, subject_key=str(batch.pk), kinds=[SEND_TASK], outcome="done")
    _record("send_batch", batch, by=by, on=on, layout=layout)
    return content


@transaction.atomic
def print_again(*, by: Person, batch: Batch, on: date) -> bytes:
    """The payment file that went out (重印代发文件), byte by byte. Raises NotAllowed, and Refused if it cannot be."""
    require(by, Permission.PAY_BATCHES, code=batch.division_code, on=on)
    if not batch.file_digest:
        raise Refused(_("This payment has not been sent yet."))
    content = written(batch.layout, payment_file(batch, orders_of(batch)))
    if hashlib.sha256(content).hexdigest() != batch.file_digest:
        raise Refused(_("The file cannot be made as it went out: what it was made from is not the same any more."))
    _record("print_batch_again", batch, by=by, on=on)
    return content


@transaction.atomic
def take_return(*, by: Person, batch: Batch, content: bytes, on: date) -> BankReturn:
    """Take in what the bank returned (导入回盘): every line that fits, once; the others are named and wait.

    The same file twice is one. Raises NotAllowed, WrongReturn and Refused.
    """
    batch = _locked(batch, BatchStep.TAKE_RETURN, by=by, on=on)
    digest = hashlib.sha256(content).hexdigest()
    known = BankReturn.objects.filter(batch=batch, digest=digest).first()
    if known:
        return known
    returned = _read(batch, content, on=on)
    if not returned.results and not any(fault.code == PAID_AFTER_ALL for fault in returned.faults):
        raise WrongReturn(returned.faults)
    settled = _settle(batch, returned, on=on)
    if any(count for count, _fen in settled.values()):
        batch.state, batch.closed_by, batch.closed_on = BatchState.ANSWERED, None, None
        batch.save()
    for kind, (source, target) in MOVES.items():
        if fen := settled[kind][1]:
            move(_matter(kind, batch, by, on), source, target, fen)
    made = BankReturn.objects.create(
        batch=batch, digest=digest, on=on, by=by, faults=[_fault(one) for one in returned.faults],
        paid=settled[EntryKind.PAID][0], paid_fen=settled[EntryKind.PAID][1],
        failed=settled[EntryKind.RETURNED][0], failed_fen=settled[EntryKind.RETURNED][1],
        bounced=settled[EntryKind.BOUNCED][0], bounced_fen=settled[EntryKind.BOUNCED][1],
    )  # fmt: skip
    _record("take_bank_return", batch, by=by, on=on, paid=made.paid, failed=made.failed, bounced=made.bounced)
    return made


MOVES = {
    EntryKind.PAID: (BookKind.AT_BANK, BookKind.PAID),
    EntryKind.RETURNED: (BookKind.AT_BANK, BookKind.COMMITTED),
    EntryKind.BOUNCED: (BookKind.PAID, BookKind.COMMITTED),
}
RESULTS = """CREATE TEMPORARY TABLE treasury_result ON COMMIT DROP AS
SELECT said.*, attempt.state AS before, due.amount_fen
  FROM unnest(%s::bigint[], %s::boolean[], %s::varchar[], %s::varchar[], %s::date[])
    AS said(attempt_id, is_paid, code, words, on_day)
  JOIN treasury_attempt AS attempt ON attempt.id = said.attempt_id JOIN treasury_due AS due ON due.id = attempt.due_id
 WHERE attempt.state = 'sent' OR attempt.state = 'paid' AND NOT said.is_paid"""
SETTLE = """UPDATE treasury_attempt AS attempt
   SET (state, code, words, answered_on) = (CASE WHEN said.is_paid THEN 'paid' ELSE 'failed' END,
        CASE WHEN said.is_paid THEN '' ELSE said.code END, left(said.words, 200), coalesce(said.on_day, %s))
  FROM treasury_result AS said WHERE attempt.id = said.attempt_id"""
SETTLED = """SELECT CASE WHEN before = 'paid' THEN 'bounced' WHEN is_paid THEN 'paid' ELSE 'returned' END, count(*),
       sum(amount_fen) FROM treasury_result GROUP BY 1"""


def _read(batch: Batch, content: bytes, *, on: date) -> Returned:
    """The file, held against what was sent (回盘核对), without what was paid after all."""
    rows = Attempt.objects.filter(batch=batch).values_list("pk", "state", "due__amount_fen")
    known = {f"{number:012}": (state, fen) for number, state, fen in rows}
    amounts = {number: fen for number, (_state, fen) in known.items()}
    returned = held_against(read_return(batch.layout, content, on=on), file_number=batch.number, amounts=amounts)
    after_all = [one for one in returned.results if one.is_paid and known[one.number][0] == AttemptState.FAILED]
    faults = (*returned.faults, *(Fault(PAID_AFTER_ALL, one.line, one.number) for one in after_all))
    final = tuple(one for one in returned.results if one not in after_all)
    return replace(returned, results=final, faults=faults)


def _settle(batch: Batch, returned: Returned, *, on: date) -> Mapping[str, tuple[int, int]]:
    """Puts what the bank said into the attempts: how many and how much was paid, was not, bounced."""
    found = returned.results
    columns = (
        [int(one.number) for one in found], [one.is_paid for one in found], [one.state for one in found],
        [one.words for one in found], [one.on for one in found],
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS treasury_result")
        cursor.execute(RESULTS, columns)
        cursor.execute(SETTLE, [on])
        cursor.execute(SETTLED)
        settled = {kind: (count, int(fen)) for kind, count, fen in cursor.fetchall()}
    return {kind: settled.get(kind, (0, 0)) for kind in MOVES}


def _fault(fault: Fault) -> dict[str, object]:
    """A fault as it is kept: where it stands, nothing of whom it is about."""
    return {
        "code": fault.code,
        "line": fault.line,
        "number": fault.number,
        "column": fault.column,
        "values": dict(fault.values),
    }


@transaction.atomic
def close_batch(*, by: Person, batch: Batch, on: date) -> Batch:
    """Reconcile and close (对账结清): every line answered, lines = approved = bank; otherwise it stays open.

    Raises NotAllowed and Refused.
    """
    batch = _locked(batch, BatchStep.CLOSE, by=by, on=on)
    found = reconciled(batch)
    if found["waiting"]:
        said = {"waiting": found["waiting"]}
        raise Refused(_("The bank has not answered about %(waiting)s lines yet. Take in its next file first.") % said)
    if (found["lines"], found["fen"]) != (batch.lines, batch.total_fen):
        raise Refused(_("Lines, approved total and bank do not agree. The batch cannot be closed."))
    batch.state, batch.closed_by, batch.closed_on = BatchState.CLOSED, by, on
    batch.save()
    _record("close_batch", batch, by=by, on=on)
    return batch


def reconciled(batch: Batch) -> dict[str, int]:
    """What the attempts of a batch say (对账): `lines` and `fen` the bank has answered about, `waiting` it has not."""
    found = dict.fromkeys(("lines", "fen", "waiting"), 0)
    rows = (
        Attempt.objects.filter(batch=batch)
        .order_by()
        .values_list("state")
        .annotate(Count("id"), Sum("due__amount_fen"))
    )
    for state, count, fen in rows:
        if state in (AttemptState.PAID, AttemptState.FAILED):
            found["lines"] += count
            found["fen"] += fen
        else:
            found["waiting"] += count
    return found


def _locked(batch: Batch, step: BatchStep, *, by: Person, on: date) -> Batch:
    require(by, Permission.PAY_BATCHES, code=batch.division_code, on=on)
    now: Batch = Batch.objects.select_for_update().get(pk=batch.pk)
    try:
        BATCH_STATES.after(now.state, step)
    except WrongStep:
        said = {"state": now.get_state_display(), "step": BatchStep(step).label}
        raise Refused(
            _("The batch is at “%(state)s” now; “%(step)s” is not possible there. Load the page again.") % said
        ) from None
    return now


def _matter(kind: EntryKind, batch: Batch, by: Person, on: date) -> Matter:
    return Matter(kind, SUBJECT, str(batch.pk), batch.division_code, by, on)


def _record(act: str, batch: Batch, *, by: Person, on: date, **details: object) -> None:
    record(
        by=by, act=act, subject_kind=SUBJECT, subject_key=str(batch.pk), division_code=batch.division_code, on=on,
        details={"lines": batch.lines, "fen": batch.total_fen} | details,
    )  # fmt: skip
