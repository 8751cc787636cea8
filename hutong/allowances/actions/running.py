"""Runs: prepared by one person, approved by another; then they are due and stand in the treasury as they were."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import kin_of
from hutong.allowances.actions.run_issuing import issue_application
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.models import HandHold, Run, RunLine
from hutong.allowances.models.run import OPEN_RUNS, RUN_STATES, RunState, RunStep
from hutong.allowances.reckoning import LIVING, PAID_AFTER_ALL, Reckoner, is_as_prepared, link_beneficiaries
from hutong.allowances.standards import parameters_in_force
from hutong.kit.states import WrongStep
from hutong.law.bank_results import bank_results
from hutong.law.division_code import Level, level_of, prefix_of
from hutong.law.holds import BY_HAND, NO_PAYEE, SUSPENDED
from hutong.law.months import Month
from hutong.law.rules import Rules
from hutong.law.task_days import due_on
from hutong.registry.actions.kinship import families_of
from hutong.treasury.actions.batches import Approved, expect_lines, open_batch
from hutong.treasury.models.batch import Purpose

SUBJECT = "run"
APPROVE_TASK, PREPARE_TASK = "approve_run", "mend_run"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('runs', 0))"
"""Runs are prepared and approved one at a time, so that no child stands in two."""


class RunChanged(Refused):
    """The run is not what was looked at any more (核定已变)."""

    is_question = True

    def __init__(self) -> None:
        super().__init__(_("This run has been prepared anew since you opened it. Look at it again, then decide."))


@transaction.atomic
def prepare(*, by: Person, division_code: str, month: Month, on: date, purpose: str = Purpose.REGULAR) -> Run:
    """Prepare a run (生成月度核定): the month's lines, what is left of earlier months, who waits and why.

    An open run of the same place, month and purpose is prepared anew. Raises NotAllowed and Refused.
    """
    require(by, Permission.PREPARE_RUNS, code=division_code, on=on)
    _lock_runs()
    _require_place_and_month(division_code, month, on=on)
    run = _opened(division_code, month, Purpose(purpose), by=by, on=on)
    Reckoner(run, parameters_in_force()).reckon()
    _hold_by_hand(run)
    _record("prepare_run", run, by=by, on=on, lines=run.lines.count())
    return run


@transaction.atomic
def prepare_anew(*, by: Person, division_code: str, on: date) -> Run:
    """Prepare attempts anew (重新支付) of what the bank did not pay and may be sent again: to the card that holds now.

    What the bank may have paid all the same waits until somebody has asked. Raises NotAllowed and Refused.
    """
    require(by, Permission.PREPARE_RUNS, code=division_code, on=on)
    _lock_runs()
    run = _opened(division_code, Month.of(on), Purpose.ANEW, by=by, on=on)
    results = bank_results(on).states.values()
    values: dict[str, Any] = {
        "run": run.pk, "on": on, "prefix": f"{prefix_of(division_code)}%",
        "same": [state.code for state in results if state.is_retryable],
        "other": [state.code for state in results if state.needs_card],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ANEW, values)
    _hold_by_hand(run)
    if not run.lines.exists():
        raise Refused(_("Nothing can be sent anew: cards have to be mended first, or the bank asked."))
    _record("prepare_run", run, by=by, on=on, lines=run.lines.count())
    return run


ANEW = f"""INSERT INTO allowances_runline
    (run_id, child_id, beneficiary_id, month, kind, category, amount_fen, basis_id, payee_id, hold, division_code,
     again)
SELECT %(run)s, line.child_id, line.beneficiary_id, line.month, line.kind, line.category, line.amount_fen,
       line.basis_id, now.id, '', line.division_code, due.id
  FROM treasury_attempt AS attempt JOIN treasury_due AS due ON due.id = attempt.due_id
  JOIN allowances_runline AS line ON line.id = due.reference
  JOIN treasury_payee AS old ON old.id = attempt.payee_id
  JOIN LATERAL (
      SELECT payee.id FROM registry_child AS whose
        JOIN registry_child AS file ON coalesce(whose.canonical_id, whose.id) IN (file.id, file.canonical_id)
        JOIN registry_payeelink AS link ON link.child_id = file.id
        JOIN treasury_payee AS payee ON payee.holder_key = link.holder_key
       WHERE whose.id = line.child_id
         AND link.from_on <= %(on)s AND (link.until_on IS NULL OR link.until_on >= %(on)s)
         AND payee.opened_on <= %(on)s AND (payee.closed_on IS NULL OR payee.closed_on >= %(on)s)
       ORDER BY file.canonical_id IS NULL DESC, payee.id LIMIT 1) AS now ON true
 WHERE attempt.state = 'failed'
   AND NOT EXISTS (SELECT FROM treasury_attempt AS later WHERE later.due_id = due.id AND later.id > attempt.id)
   AND line.division_code LIKE %(prefix)s AND NOT {PAID_AFTER_ALL}
   AND (attempt.code = ANY(%(same)s) OR attempt.code = ANY(%(other)s) AND now.id <> attempt.payee_id)
   AND NOT EXISTS (SELECT FROM allowances_runline AS other JOIN allowances_run AS run ON run.id = other.run_id
                    WHERE other.again = due.id AND run.state IN ('prepared', 'handed_in') AND run.id <> %(run)s)
 ORDER BY due.id"""


def _opened(division_code: str, month: Month, purpose: Purpose, *, by: Person, on: date) -> Run:
    """The open run, emptied; a new one where there is none."""
    known = Run.objects.select_for_update().filter(
        division_code=division_code, month=month.first, purpose=purpose, state__in=OPEN_RUNS
    )
    found = known.first()
    cut_off_on = Rules(parameters_in_force(), division_code[:6]).terms(month).day
    if found is None:
        return Run.objects.create(
            division_code=division_code, month=month.first, purpose=purpose, cut_off_on=cut_off_on,
            prepared_on=on, prepared_by=by,
        )  # fmt: skip
    if found.state == RunState.HANDED_IN:
        raise Refused(_("This run has been handed in. Ask for it to be sent back, then prepare it anew."))
    for rows in (found.lines, found.overpaid, found.reckoned):
        rows.all()._raw_delete("default")
    found.prepared_by, found.prepared_on, found.revision = by, on, found.revision + 1
    found.save()
    return found


def _require_place_and_month(division_code: str, month: Month, *, on: date) -> None:
    if level_of(division_code) not in (Level.PROVINCE, Level.CITY, Level.COUNTY):
        raise Refused(_("A run is for a county. Choose one."))
    if month > Month.of(on).plus(1):
        raise Refused(_("This month lies too far ahead. A run is prepared at most one month early."))
    _require_none_later(division_code, month)


def _require_none_later(division_code: str, month: Month) -> None:
    later = Run.objects.filter(division_code=division_code, month__gt=month.first, state=RunState.APPROVED)
    if later.exclude(purpose=Purpose.ANEW).exists():
        raise Refused(_("A later month has been approved already. What is left of this one is paid with the next run."))


def _lock_runs() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


@transaction.atomic
def hold_line(*, by: Person, line: RunLine, words: str, on: date) -> HandHold:
    """Hold a child's line (暂缓), with a reason: no run pays the child until it is released.

    Raises NotAllowed and Refused.
    """
    run = locked(line.run, by=by, permission=Permission.PREPARE_RUNS, on=on)
    reason = require_words(words)
    if run.state != RunState.PREPARED:
        raise Refused(_("Only a run that is being prepared can be changed."))
    if hand_hold_of(line.child_id):
        raise Refused(_("This child is held already."))
    held = HandHold.objects.create(child=line.child, words=reason, on=on, by=by)
    _hold_by_hand(run)
    _record_line("hold_line", line, by=by, on=on)
    return held


@transaction.atomic
def release_line(*, by: Person, line: RunLine, words: str, on: date) -> HandHold:
    """Release a child that was held by hand (解除暂缓), with a reason: the run that is being prepared pays it again,
    otherwise the next one. Raises NotAllowed and Refused.
    """
    require(by, Permission.PREPARE_RUNS, code=line.run.division_code, on=on)
    reason, held = require_words(words), hand_hold_of(line.child_id)
    if held is None:
        raise Refused(_("This child is not held by an officer."))
    lines = RunLine.objects.filter(child=line.child_id, hold=BY_HAND, run__state__in=OPEN_RUNS)
    runs = Run.objects.select_for_update().filter(pk__in=lines.order_by().values("run"))
    if any(run.state == RunState.HANDED_IN for run in runs):
        raise Refused(_("A run with this child has been handed in. Ask for it to be sent back first."))
    lines.update(hold="")
    held.released_on, held.released_by, held.released_words = on, by, reason
    held.save()
    _record_line("release_line", line, by=by, on=on)
    return held


def hand_hold_of(child: int) -> HandHold | None:
    """The hold by hand of a child, in any of its files, that nobody has released (未解除的人工暂缓)."""
    held = HandHold.objects.filter(Q(child=child) | Q(child__canonical=child), released_on__isnull=True)
    return held.first()


def _hold_by_hand(run: Run) -> None:
    kept = HandHold.objects.filter(released_on__isnull=True).order_by()
    held = kept.annotate(whose=Coalesce("child__canonical", "child")).values("whose")
    run.lines.filter(Q(child__in=held) | Q(child__canonical__in=held), hold="").update(hold=BY_HAND)


def _record_line(act: str, line: RunLine, *, by: Person, on: date) -> None:
    record(
        by=by, act=act, subject_kind="child", subject_key=line.child.file_number,
        division_code=line.division_code, on=on, details={"run": line.run_id},
    )  # fmt: skip


@transaction.atomic
def hand_in(*, by: Person, run: Run, on: date) -> Run:
    """Hand in for approval (提交审批). Raises NotAllowed and Refused."""
    run = locked(run, by=by, permission=Permission.PREPARE_RUNS, on=on)
    if not run.lines.filter(hold="").exists():
        raise Refused(_("There is nothing to pay."))
    open_task(
        kind=APPROVE_TASK, subject_kind=SUBJECT, subject_key=str(run.pk), division_code=run.division_code,
        role="approver", due_on=due_on(APPROVE_TASK, on=on, jurisdiction=run.division_code), harm=Harm.LOSS,
        values={"month": f"{run.month:%Y-%m}", "besides": [by.pk]},
    )  # fmt: skip
    return _step(run, RunStep.HAND_IN, by=by, on=on)


@transaction.atomic
def send_back(*, by: Person, run: Run, words: str, on: date) -> Run:
    """Send a run back (退回), with what is to be mended. Raises NotAllowed and Refused."""
    run = locked(run, by=by, permission=Permission.APPROVE_RUNS, on=on)
    run.words = require_words(words)
    open_task(
        kind=PREPARE_TASK, subject_kind=SUBJECT, subject_key=str(run.pk), division_code=run.division_code,
        role="payer", due_on=due_on(PREPARE_TASK, on=on, jurisdiction=run.division_code), harm=Harm.LOSS,
        values={"month": f"{run.month:%Y-%m}"},
    )  # fmt: skip
    return _step(run, RunStep.SEND_BACK, by=by, on=on)


@transaction.atomic
def cancel(*, by: Person, run: Run, words: str, on: date) -> Run:
    """Give a run up (作废), with a reason: nothing of it was due. Raises NotAllowed and Refused."""
    run = locked(run, by=by, permission=Permission.PREPARE_RUNS, on=on)
    run.words = require_words(words)
    return _step(run, RunStep.CANCEL, by=by, on=on)


@transaction.atomic
def approve(*, by: Person, run: Run, revision: int, on: date) -> Run:
    """Approve a run (审批): its lines are due, its money is committed; whoever prepared it does not approve it.

    `revision` is that of the run looked at. Raises NotAllowed, RunChanged, AlreadyDue, NotEnough and Refused.
    """
    require(by, Permission.APPROVE_RUNS, code=run.division_code, on=on)
    _lock_runs()
    run = locked(run, by=by, permission=Permission.APPROVE_RUNS, on=on)
    _require_step(run, RunStep.APPROVE)
    if run.revision != revision:
        raise RunChanged
    if run.prepared_by_id == by.pk:
        raise Refused(_("Another person than the one who prepared it must approve."))
    _require_no_kin(run, by=by, on=on)
    if run.purpose != Purpose.ANEW:
        _require_none_later(run.division_code, Month.of(run.month))
    if not is_as_prepared(run):
        raise Refused(
            _(
                "Since this run was prepared, files were joined or parted, or something of it was paid already. Send it"
                " back to be prepared anew."
            )
        )
    _hold_what_changed(run, on=on)
    link_beneficiaries(run)
    expect_lines()
    with connection.cursor() as cursor:
        cursor.execute(HAND_DOWN, [LIVING, run.pk])
    approved = Approved(run.division_code, run.month, Purpose(run.purpose), run.prepared_by)
    run.batch = open_batch(by=by, approved=approved, on=on)
    run.decided_by, run.decided_on = by, on
    open_task(
        kind="send_batch", subject_kind="batch", subject_key=str(run.batch.pk), division_code=run.division_code,
        role="finance", due_on=due_on("send_batch", on=on, jurisdiction=run.division_code), harm=Harm.LOSS,
        values={"month": f"{run.month:%Y-%m}", "besides": [run.prepared_by_id, by.pk]},
    )  # fmt: skip
    run = _step(run, RunStep.APPROVE, by=by, on=on)
    if run.purpose != Purpose.ANEW:
        issue_application(run, by=by, on=on)
    return run


HAND_DOWN = """INSERT INTO treasury_incoming
SELECT again, beneficiary_id, %s, month, kind, amount_fen, division_code, id, payee_id
  FROM allowances_runline WHERE run_id = %s AND hold = ''"""
CARDS_NOW = """UPDATE allowances_runline AS line SET payee_id = (
    SELECT now.id FROM treasury_payee AS now
     WHERE now.holder_key = old.holder_key
       AND now.opened_on <= %(on)s AND (now.closed_on IS NULL OR now.closed_on >= %(on)s))
  FROM treasury_payee AS old
 WHERE line.run_id = %(run)s AND line.hold = '' AND old.id = line.payee_id AND old.closed_on < %(on)s"""
SUSPENDED_SINCE = """UPDATE allowances_runline AS line SET hold = %(suspended)s
  FROM registry_child AS whose, registry_child AS file
  JOIN allowances_recognitionsuspension AS suspension ON suspension.child_id = file.id
 WHERE line.run_id = %(run)s AND line.hold = '' AND whose.id = line.child_id
   AND coalesce(file.canonical_id, file.id) = coalesce(whose.canonical_id, whose.id)
   AND from_month <= line.month AND (again_from IS NULL OR again_from > line.month)"""


def _hold_what_changed(run: Run, *, on: date) -> None:
    """What happened since it was prepared: cards that were changed or closed, suspensions, holds by hand."""
    values: dict[str, Any] = {"run": run.pk, "on": on, "suspended": SUSPENDED, "no_payee": NO_PAYEE}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(CARDLESS, values)
        cursor.execute(CARDS_NOW, values)
        cursor.execute(SUSPENDED_SINCE, values)
    _hold_by_hand(run)


CARDLESS = """UPDATE allowances_runline AS line SET hold = %(no_payee)s
  FROM treasury_payee AS old
 WHERE line.run_id = %(run)s AND line.hold = '' AND old.id = line.payee_id AND old.closed_on < %(on)s
   AND NOT EXISTS (SELECT FROM treasury_payee AS now
     WHERE now.holder_key = old.holder_key
       AND now.opened_on <= %(on)s AND (now.closed_on IS NULL OR now.closed_on >= %(on)s))"""


def _require_no_kin(run: Run, *, by: Person, on: date) -> None:
    """Raises Refused where money would go to a family of whoever approves (回避)."""
    kin = kin_of(by, on=on)
    if not (kin.numbers or kin.names):
        return
    children = list(run.lines.filter(hold="").values_list("child", flat=True).distinct())
    if families_of(kin, children):
        raise Refused(
            _("Somebody of your family is in this run. Another approver has to decide, or the line has to wait.")
        )


def locked(run: Run, *, by: Person, permission: Permission, on: date) -> Run:
    """The run as it is now, locked (锁定核定). Raises NotAllowed."""
    require(by, permission, code=run.division_code, on=on)
    now: Run = Run.objects.select_for_update().get(pk=run.pk)
    return now


def _require_step(run: Run, step: RunStep) -> str:
    try:
        return RUN_STATES.after(run.state, step)
    except WrongStep:
        said = {"state": run.get_state_display(), "step": RunStep(step).label}
        raise Refused(
            _("The run is at “%(state)s” now; “%(step)s” is not possible there. Load the page again.") % said
        ) from None


def _step(run: Run, step: RunStep, *, by: Person, on: date) -> Run:
    run.state = _require_step(run, step)
    run.save()
    done = {RunStep.HAND_IN: [PREPARE_TASK], RunStep.CANCEL: [PREPARE_TASK, APPROVE_TASK]}.get(step, [APPROVE_TASK])
    close_tasks(by=by, subject_kind=SUBJECT, subject_key=str(run.pk), kinds=done, outcome="done")
    _record(f"{step}_run", run, by=by, on=on)
    return run


def _record(act: str, run: Run, *, by: Person, on: date, **details: object) -> None:
    record(
        by=by, act=act, subject_kind=SUBJECT, subject_key=str(run.pk), division_code=run.division_code, on=on,
        details={"month": f"{run.month:%Y-%m}"} | details,
    )  # fmt: skip
