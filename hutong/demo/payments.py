"""Payments (发放) of the demonstration: every month since the rise of 2024, and where this month stands in each county.

Past months are reckoned for the whole province at once, as a run reckons them, and written by the county.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from hutong.accounts.documents import civil_affairs_office
from hutong.accounts.models import Person
from hutong.allowances.actions import running
from hutong.allowances.models import Run
from hutong.allowances.models.run import RunState
from hutong.allowances.reckoning import Reckoner, link_beneficiaries
from hutong.allowances.standards import parameters_in_force
from hutong.demo.money import Money, Movement
from hutong.demo.staff import username
from hutong.gateways.bank.fake import FakeBank
from hutong.gateways.bank.writing import written
from hutong.law.division_code import full
from hutong.law.months import Month, months_between
from hutong.treasury.actions import batches
from hutong.treasury.bank_file import orders_of, payment_file
from hutong.treasury.models import Attempt, BankReturn, Batch
from hutong.treasury.models.batch import AttemptState, BatchState, Purpose
from hutong.treasury.models.book import EntryKind

FIRST, PROVINCE = Month(2024, 7), "640000000000"
AT_BANK, HANDED_IN = "640121", "640122"
"""The counties whose present month is still on its way: answered by the bank in part, and waiting for approval."""
LAYOUT = "csv"
WHEN = {"prepared": 5, "approved": 6, "sent": 8, "answered": 10, "closed": 12}
"""Day of the month on which each step is done."""
FAILED_OF_1000 = 6
FAILURES = (
    ("account_closed", "账户已销户"),
    ("name_mismatch", "户名与账号不符"),
    ("dormant", "久悬户"),
    ("bank_error", "系统异常"),
)
MARGIN = 103
"""Per cent of what is needed that there is."""


class Payments:
    """Whoever makes past payments up (虚构发放), as of the day `on`."""

    def __init__(self, people: Mapping[str, Person], *, on: date) -> None:
        self._people, self._on = people, on
        self._movements: list[Movement] = []
        self._returned: list[Batch] = []

    def pay(self) -> int:
        """Pays every month up to this one; how many payments were made."""
        now = Month.of(self._on)
        for month in months_between(FIRST, now):
            self._month(month, without=(AT_BANK, HANDED_IN) if month == now else ())
        under_way = self._prepared(now)
        self._book(under_way)
        self._bring_on(under_way, now)
        return Attempt.objects.filter(state=AttemptState.PAID).count()

    def _month(self, month: Month, *, without: Sequence[str]) -> None:
        whole = self._run(PROVINCE[:2], month, Purpose.REGULAR, self._people[username("payer", AT_BANK)])
        Reckoner(whole, parameters_in_force()).reckon()
        link_beneficiaries(whole)
        runs = {run.division_code[:6]: run for run in self._split(whole, month)}
        for county in without:
            if county in runs:
                runs.pop(county).delete()
        anew = self._anew(month)
        self._settle([*runs.values(), *anew], month)

    def _run(self, prefix: str, month: Month, purpose: Purpose, by: Person) -> Run:
        return Run.objects.create(
            division_code=full(prefix), month=month.first, purpose=purpose, cut_off_on=_day(month, "prepared"),
            prepared_on=_day(month, "prepared"), prepared_by=by,
        )  # fmt: skip

    def _split(self, whole: Run, month: Month) -> list[Run]:
        """The runs of the counties, which take what the province's has found."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT left(division_code, 6) FROM allowances_runline WHERE run_id = %s", [whole.pk]
            )
            counties = sorted(county for (county,) in cursor.fetchall())
            runs = [
                self._run(county, month, Purpose.REGULAR, self._people[username("payer", county)])
                for county in counties
            ]
            for statement in SPLIT:
                cursor.execute(statement, {"whole": whole.pk, "month": month.first})
        whole.delete()
        return runs

    def _anew(self, month: Month) -> list[Run]:
        """Runs of what came back last month and is sent again."""
        runs = []
        for batch in self._returned:
            run = self._run(batch.division_code[:6], month, Purpose.ANEW, batch.prepared_by)
            with connection.cursor() as cursor:
                cursor.execute(AGAIN, {"run": run.pk, "batch": batch.pk})
            runs.append(run)
        return runs

    def _settle(self, runs: Sequence[Run], month: Month) -> None:
        """Approved, sent, answered and closed: each run a batch."""
        sums = _sums(runs)
        made = [self._batch(run, month, *sums[run.pk]) for run in runs if run.pk in sums]
        for run, batch in zip([run for run in runs if run.pk in sums], Batch.objects.bulk_create(made), strict=True):
            run.state, run.batch, run.decided_by, run.decided_on = (
                RunState.APPROVED,
                batch,
                batch.approved_by,
                batch.approved_on,
            )
        pairs = [(run.pk, run.batch.pk) for run in runs if run.batch]
        with connection.cursor() as cursor:
            for statement in (DUE, ATTEMPTED):
                cursor.execute(statement, {
                    "runs": [run for run, _batch in pairs], "batches": [batch for _run, batch in pairs],
                    "failed": FAILED_OF_1000, "codes": [code for code, _words in FAILURES],
                    "words": [words for _code, words in FAILURES], "on": _day(month, "answered"),
                })  # fmt: skip
        Run.objects.bulk_update(runs, ["state", "batch", "decided_by", "decided_on"])
        self._answer([run.batch for run in runs if run.batch], month)

    def _batch(self, run: Run, month: Month, lines: int, total: int) -> Batch:
        county = run.division_code[:6]
        finance, approver = (self._people[username(role, county)] for role in ("finance", "approver"))
        return Batch(
            division_code=run.division_code, month=run.month, purpose=run.purpose, state=BatchState.CLOSED, lines=lines,
            total_fen=total, prepared_by=run.prepared_by, approved_on=_day(month, "approved"), approved_by=approver,
            payer_name=civil_affairs_office(run.division_code).name, layout=LAYOUT, file_digest="-",
            sent_on=_day(month, "sent"), sent_by=finance, closed_on=_day(month, "closed"), closed_by=finance,
        )  # fmt: skip

    def _answer(self, made: Sequence[Batch], month: Month) -> None:
        """Files as they went out, what the bank returned, and the money that moved."""
        found = _answers(made)
        for batch in made:
            content = written(LAYOUT, payment_file(batch, orders_of(batch)))
            batch.file_digest = hashlib.sha256(content).hexdigest()
            self._move(batch, month, found[batch.pk])
        Batch.objects.bulk_update(made, ["file_digest"])
        BankReturn.objects.bulk_create(_returned(batch, found[batch.pk], _day(month, "answered")) for batch in made)
        self._returned = [batch for batch in made if found[batch.pk]["failed"][0]]

    def _move(self, batch: Batch, month: Month, found: Mapping[str, tuple[int, int]]) -> None:
        is_first = batch.purpose == Purpose.REGULAR
        for kind, fen, step, role in (
            (EntryKind.COMMITTED, batch.total_fen if is_first else 0, "approved", "approver"),
            (EntryKind.SENT, batch.total_fen, "sent", "finance"),
            (EntryKind.PAID, found["paid"][1], "answered", "finance"),
            (EntryKind.RETURNED, found["failed"][1], "answered", "finance"),
        ):
            county, on = batch.division_code[:6], _day(month, step)
            by = self._people[username(role, county)]
            self._movements += [Movement(county, kind, str(batch.pk), fen, on, by)] if fen else []

    def _book(self, under_way: Sequence[Run]) -> None:
        needed: dict[tuple[str, int], int] = defaultdict(int)
        for one in self._movements:
            if one.kind == EntryKind.COMMITTED:
                needed[one.county, one.on.year] += one.amount_fen
        for run, (_count, fen) in _sums(under_way).items():
            county = next(one.division_code[:6] for one in under_way if one.pk == run)
            needed[county, self._on.year] += fen
        Money(self._people).book(self._movements, {key: fen * MARGIN // 100 for key, fen in needed.items()})

    def _prepared(self, now: Month) -> list[Run]:
        """The runs of two counties that are not done yet; none where nobody is paid for."""
        runs = []
        for county in (AT_BANK, HANDED_IN):
            payer = self._people[username("payer", county)]
            run = running.prepare(by=payer, division_code=full(county), month=now, on=_day(now, "prepared"))
            runs += [run] if run.lines.filter(hold="").exists() else []
        return runs

    def _bring_on(self, runs: Sequence[Run], now: Month) -> None:
        """One waits for the bank's next answer, the other for its approver."""
        for prepared in runs:
            run = running.hand_in(by=prepared.prepared_by, run=prepared, on=_day(now, "prepared"))
            if run.division_code.startswith(AT_BANK):
                self._send(run, now)

    def _send(self, run: Run, now: Month) -> None:
        approver, finance = (self._people[username(role, AT_BANK)] for role in ("approver", "finance"))
        run = running.approve(by=approver, run=run, revision=run.revision, on=_day(now, "approved"))
        batch = Batch.objects.get(run=run)
        content = batches.send(by=finance, batch=batch, layout=LAYOUT, on=_day(now, "sent"))
        cards = [order.card for order in orders_of(batch)]
        fails = {card: code for card, (code, _words) in zip(dict.fromkeys(cards[7::29]), FAILURES, strict=False)}
        bank = FakeBank(LAYOUT, fails=fails)
        taking = bank.take(content, on=_day(now, "sent"))
        first, *_later = bank.returns(taking, on=_day(now, "answered"), parts=2)
        batches.take_return(by=finance, batch=batch, content=first, on=_day(now, "answered"))


def _day(month: Month, step: str) -> date:
    return month.first + timedelta(WHEN[step] - 1)


def _returned(batch: Batch, found: Mapping[str, tuple[int, int]], on: date) -> BankReturn:
    (paid, paid_fen), (failed, failed_fen) = found["paid"], found["failed"]
    digest = hashlib.sha256(f"{batch.file_digest} returned".encode()).hexdigest()
    return BankReturn(
        batch=batch, digest=digest, paid=paid, paid_fen=paid_fen, failed=failed, failed_fen=failed_fen, bounced=0,
        bounced_fen=0, on=on, by=batch.sent_by,
    )  # fmt: skip


def _sums(runs: Sequence[Run]) -> dict[int, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT run_id, count(*), sum(amount_fen) FROM allowances_runline
                WHERE run_id = ANY(%s) AND hold = '' GROUP BY 1""",
            [[run.pk for run in runs]],
        )
        return {run: (count, int(fen)) for run, count, fen in cursor.fetchall()}


def _answers(made: Sequence[Batch]) -> Mapping[int, Mapping[str, tuple[int, int]]]:
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"paid": (0, 0), "failed": (0, 0)})
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attempt.batch_id, state, count(*), sum(amount_fen) FROM treasury_attempt AS attempt
                 JOIN treasury_due AS due ON due.id = due_id WHERE attempt.batch_id = ANY(%s) GROUP BY 1, 2""",
            [[batch.pk for batch in made]],
        )
        for batch, state, count, fen in cursor.fetchall():
            found[batch][state] = (count, int(fen))
    return found


OF_COUNTY = """ FROM allowances_run AS run WHERE run.month = %(month)s AND run.purpose = 'regular'
   AND run.id <> %(whole)s AND run.state = 'prepared'"""
SPLIT = (
    f"""UPDATE allowances_runline AS line SET run_id = run.id {OF_COUNTY}
          AND line.run_id = %(whole)s AND left(run.division_code, 6) = left(line.division_code, 6)""",
    *(
        f"""UPDATE allowances_{table} AS row SET run_id = run.id
              FROM allowances_run AS run, registry_child AS child
             WHERE run.month = %(month)s AND run.purpose = 'regular' AND run.id <> %(whole)s AND run.state = 'prepared'
               AND row.run_id = %(whole)s AND child.id = row.child_id
               AND left(run.division_code, 6) = child.county_prefix"""
        for table in ("reckoned", "overpaid")
    ),
)
PAIRS = "unnest(%(runs)s::bigint[], %(batches)s::bigint[]) AS pair(run_id, batch_id)"
DUE = f"""INSERT INTO treasury_due (batch_id, beneficiary_id, scheme, month, kind, amount_fen, division_code, reference)
SELECT pair.batch_id, beneficiary_id, 'living', month, kind, amount_fen, division_code, line.id
  FROM allowances_runline AS line JOIN {PAIRS} USING (run_id) WHERE hold = '' AND again IS NULL ORDER BY line.id"""
ATTEMPTED = f"""INSERT INTO treasury_attempt (due_id, batch_id, payee_id, state, code, words, answered_on)
SELECT due_id, batch_id, payee_id, CASE WHEN fails THEN 'failed' ELSE 'paid' END,
       CASE WHEN fails THEN (%(codes)s::varchar[])[1 + line %% 4] ELSE '' END,
       CASE WHEN fails THEN (%(words)s::varchar[])[1 + line %% 4] ELSE '' END, %(on)s
  FROM (SELECT due.id AS due_id, pair.batch_id, payee_id, line.id AS line, line.id * 7919 %% 1000 < %(failed)s AS fails
          FROM {PAIRS} JOIN treasury_due AS due USING (batch_id)
          JOIN allowances_runline AS line ON line.id = due.reference
        UNION ALL
        SELECT again, pair.batch_id, payee_id, line.id, false
          FROM {PAIRS} JOIN allowances_runline AS line USING (run_id) WHERE again IS NOT NULL) AS said
 ORDER BY due_id"""
AGAIN = """INSERT INTO allowances_runline
    (run_id, child_id, beneficiary_id, month, kind, category, amount_fen, basis_id, payee_id, hold, division_code,
     again)
SELECT %(run)s, line.child_id, line.beneficiary_id, line.month, line.kind, line.category, line.amount_fen,
       line.basis_id, attempt.payee_id, '', line.division_code, due.id
  FROM treasury_attempt AS attempt JOIN treasury_due AS due ON due.id = due_id
  JOIN allowances_runline AS line ON line.id = due.reference
 WHERE attempt.batch_id = %(batch)s AND attempt.state = 'failed'"""
