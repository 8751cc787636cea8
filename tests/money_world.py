"""A world in which money moves: two counties, a bank outside, and a model that both are held against."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.allowances.actions import running
from hutong.allowances.models import Run, RunLine
from hutong.gateways.bank.fake import FakeBank, Taking
from hutong.law.division_code import full
from hutong.treasury.actions import batches, funding
from hutong.treasury.books import balance_of
from hutong.treasury.models import Attempt, Batch
from hutong.treasury.models.book import BookKind
from hutong.treasury.queries import books_off, entries_off
from tests import factories as make
from tests import money_model
from tests.money_lives import FIRST, VILLAGES, Lives, Nothing, as_month
from tests.money_model import month_of

Said = tuple[int, int, int, bool]
KIDS = 8
FAILS = ("account_closed", "payer_balance", "dormant", "pending")
BALANCES = (BookKind.AVAILABLE, BookKind.COMMITTED, BookKind.AT_BANK, BookKind.PAID)


class World(Lives):
    """Two counties, a bank, and a model of both; every step is done in the database and in the model."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.region = [make.person(role, "64") for role in ("region_officer", "region_approver")]
        self.bank, self.takings = FakeBank("csv"), dict[money_model.Batch, Taking]()
        self.files: set[tuple[money_model.Batch, bytes]] = set()
        for county in VILLAGES:
            for at in range(KIDS):
                self.kid_comes(county, is_first=at == 0)
            self.fund(county, 10**7)
            self.run_through(county)

    # what people do

    def steps(self) -> dict[Callable[[], None], int]:
        """What can be done, and how often it is."""
        return {
            self.prepare: 10, self.prepare_anew: 4, self.hand_in: 10, self.send_back: 1, self.cancel: 1,
            self.approve: 14, self.hold: 3, self.release: 2, self.send: 10, self.take_return: 14,
            self.bounce: 3, self.close: 2,
            self.days_pass: 12,
            self.fund: 3, self.allocate: 1, self.kid_comes: 1, self.card_changes: 4, self.card_closes: 2,
            self.card_comes: 3, self.aid_comes: 2, self.aid_ends: 2, self.suspend: 2, self.lift: 3, self.end: 1,
            self.merge: 2, self.undo: 2, self.move: 4, self.opening_changes: 1,
        }  # fmt: skip

    def step(self) -> None:
        """One step, and whether everything is as it has to be."""
        verbs = self.steps()
        (verb,) = self.random.choices(list(verbs), weights=list(verbs.values()))
        try:
            verb()
            self.done[verb.__name__] += 1
        except Nothing:
            self.done["nothing"] += 1
        self.check()

    def days_pass(self) -> None:
        self.day += timedelta(self.random.choice((1, 2, 3, 8, 15)))

    def fund(self, county: str = "", fen: int = 0) -> None:
        county = county or self.random.choice(list(VILLAGES))
        office, fen = self.offices[county], fen or self.random.randrange(100_000, 3_000_000)
        said = {"division_code": office.code, "year": self.day.year, "level": "county", "nature": "budget"}
        said |= {"amount_fen": fen, "document": f"{make.serial()}号", "on": self.day}
        fund = funding.enter_fund(by=office.finance, **said)
        funding.confirm_fund(by=office.approver, fund=fund, on=self.day)
        self.twice(lambda: funding.confirm_fund(by=office.approver, fund=fund, on=self.day))
        self.model.books[county]["available"] += fen

    def allocate(self) -> None:
        county, fen = self.random.choice(list(VILLAGES)), self.random.randrange(100_000, 1_000_000)
        said = {"division_code": full("64"), "year": self.day.year, "level": "region", "nature": "lottery"}
        fund = funding.enter_fund(by=self.region[0], **said, amount_fen=fen, document=f"{make.serial()}号", on=self.day)
        fund = funding.confirm_fund(by=self.region[1], fund=fund, on=self.day)
        given = {"by": self.region[0], "fund": fund, "division_code": full(county), "amount_fen": fen, "on": self.day}
        first, second = (funding.allocate(**given, document=f"{make.serial()}号") for _ in range(2))
        funding.confirm_allocation(by=self.region[1], allocation=first, on=self.day)
        with pytest.raises(Refused):
            funding.confirm_allocation(by=self.region[1], allocation=second, on=self.day)
        self.model.books[county]["available"] += fen

    # runs

    def prepare(self) -> None:
        county, purpose = self.random.choice(list(VILLAGES)), self.random.choice(("regular", "regular", "off_cycle"))
        month = month_of(self.day) - self.random.choice((0, 0, 0, 1, -1))
        self.prepared(county, max(month, FIRST), purpose)

    def prepared(self, county: str, month: int, purpose: str = "regular") -> money_model.Run:
        is_late = any(
            run.month > month and run.county == county and run.purpose != "anew"
            for run in self.model.runs
            if run.state == "approved"
        )
        before = self.open_run(county, month, purpose)
        office, is_handed_in = self.offices[county], before is not None and before.state == "handed_in"
        said = {"division_code": office.code, "month": as_month(month), "purpose": purpose, "on": self.day}
        if is_late or is_handed_in:
            with pytest.raises(Refused):
                running.prepare(by=office.payer, **said)
            raise Nothing
        row = running.prepare(by=office.payer, **said)
        return self.remembered(row, self.model.prepared(county, month, purpose, self.day), before)

    def prepare_anew(self) -> None:
        county = self.random.choice(list(VILLAGES))
        before, office = self.open_run(county, month_of(self.day), "anew"), self.offices[county]
        said = {"by": office.payer, "division_code": office.code, "on": self.day}
        if before and before.state == "handed_in":
            with pytest.raises(Refused):
                running.prepare_anew(**said)
            raise Nothing
        if before:
            self.model.runs.remove(before)
        run = self.model.prepared(county, month_of(self.day), "anew", self.day)
        if not run.lines:
            self.model.runs += [before] if before else []
            with pytest.raises(Refused):
                running.prepare_anew(**said)
            raise Nothing
        self.remembered(running.prepare_anew(**said), run, None)

    def remembered(self, row: Run, run: money_model.Run, before: money_model.Run | None) -> money_model.Run:
        """The run of the database is the one of the model, line by line."""
        found = RunLine.objects.filter(run=row, amount_fen__gt=0)
        lines = Counter((one.child_id, month_of(one.month), one.amount_fen, not one.hold) for one in found)
        wanted = Counter(line.said for line in run.lines)
        differs = self.told(lines - wanted, run), self.told(wanted - lines, run)
        assert differs == ([], []), (row, row.purpose, self.day)
        if before:
            self.model.runs.remove(before)
        self.model.runs.append(run)
        self.rows[run] = row.pk
        return run

    def told(
        self, lines: Counter[tuple[int, int, int, bool]], run: money_model.Run
    ) -> list[tuple[int, int, int, bool]]:
        """Lines that one side has alone; of earlier months those that wait may be told once."""
        return [one for one in lines.elements() if one[3] or one[1] == run.month]

    def open_run(self, county: str, month: int, purpose: str) -> money_model.Run | None:
        wanted = (county, month, purpose)
        return next((run for run in self.open_runs() if (run.county, run.month, run.purpose) == wanted), None)

    def open_runs(self, *states: str) -> list[money_model.Run]:
        return [run for run in self.model.runs if run.state in (states or ("prepared", "handed_in"))]

    def row(self, run: money_model.Run) -> Run:
        return Run.objects.get(pk=self.rows[run])

    def hand_in(self) -> None:
        self.handed_in(self.one_of(self.open_runs("prepared")))

    def handed_in(self, run: money_model.Run) -> None:
        said = {"by": self.offices[run.county].payer, "run": self.row(run), "on": self.day}
        if all(line.hold for line in run.lines):
            with pytest.raises(Refused):
                running.hand_in(**said)
            raise Nothing
        running.hand_in(**said)
        self.twice(lambda: running.hand_in(**said))
        run.state = "handed_in"

    def send_back(self) -> None:
        run = self.one_of(self.open_runs("handed_in"))
        running.send_back(by=self.offices[run.county].approver, run=self.row(run), words="核对", on=self.day)
        run.state = "prepared"

    def cancel(self) -> None:
        run = self.one_of(self.open_runs())
        said = {"by": self.offices[run.county].payer, "run": self.row(run), "words": "重做", "on": self.day}
        running.cancel(**said)
        self.twice(lambda: running.cancel(**said))
        run.state = "cancelled"

    def hold(self) -> None:
        run = self.one_of(self.open_runs("prepared"))
        line = self.one_of([line for line in run.lines if not line.hold])
        row = RunLine.objects.filter(run=self.rows[run], child=line.kid.pk, hold="").earliest("pk")
        running.hold_line(by=self.offices[run.county].payer, line=row, words="查", on=self.day)
        line.kid.is_held = True
        for other in run.lines:
            if (other.kid.leads or other.kid) is (line.kid.leads or line.kid) and not other.hold:
                other.hold = "by_hand"

    def release(self) -> None:
        run = self.one_of(self.open_runs("prepared"))
        line = self.one_of([line for line in run.lines if line.hold == "by_hand" and line.kid.is_held])
        row = RunLine.objects.filter(run=self.rows[run], child=line.kid.pk, hold="by_hand").earliest("pk")
        said = {"by": self.offices[run.county].payer, "line": row, "words": "已查清", "on": self.day}
        waiting = [other for run in self.open_runs() for other in run.lines if other.kid is line.kid]
        handed_in = [other for run in self.open_runs("handed_in") for other in run.lines if other in waiting]
        if any(other.hold == "by_hand" for other in handed_in):
            with pytest.raises(Refused):
                running.release_line(**said)
            raise Nothing
        running.release_line(**said)
        line.kid.is_held = False
        for other in waiting:
            other.hold = "" if other.hold == "by_hand" else other.hold

    def approve(self) -> None:
        run = self.one_of(self.open_runs("handed_in"))
        self.approved(run)

    def approved(self, run: money_model.Run) -> None:
        row, office = self.row(run), self.offices[run.county]
        said = {"by": office.approver, "run": row, "revision": row.revision, "on": self.day}
        if not self.model.may_approve(run, self.day):
            with pytest.raises(Refused):
                running.approve(**said)
            running.send_back(by=office.approver, run=row, words="重新核定", on=self.day)
            run.state = "prepared"
            raise Nothing
        batch = running.approve(**said).batch
        self.twice(lambda: running.approve(**said))
        self.rows[self.model.approve(run, self.day)] = batch.pk
        found = Attempt.objects.filter(batch=batch).select_related("payee", "due")
        children = dict(RunLine.objects.filter(run=row).values_list("pk", "child"))
        real = {
            one.number: (
                children[one.due.reference] if one.due.batch_id == batch.pk else self.of_due(one),
                month_of(one.due.month),
                one.due.amount_fen,
                one.payee.card.open(),
            )
            for one in found
        }
        for attempt in run.batch.attempts:
            wanted = (attempt.due.kid.pk, attempt.due.month, attempt.due.amount, attempt.card.number)
            number = next((number for number, said in real.items() if said == wanted), None)
            assert number, (wanted, real)
            del real[number]
            self.rows[attempt], self.rows[number] = int(number), attempt
        assert not real

    def of_due(self, attempt: Attempt) -> int:
        return int(RunLine.objects.get(pk=attempt.due.reference).child_id)

    def run_through(self, county: str) -> None:
        """A month from the beginning to the batch."""
        run = self.prepared(county, month_of(self.day))
        self.handed_in(run)
        self.approved(run)

    # the bank

    def send(self) -> None:
        batch = self.one_of([run.batch for run in self.model.runs if run.batch and run.batch.state == "approved"])
        said = {"by": self.offices[batch.county].finance, "batch": self.batch(batch), "layout": "csv", "on": self.day}
        content = batches.send(**said)
        self.twice(lambda: batches.send(**said))
        self.model.send(batch)
        for attempt in batch.attempts:
            state = self.random.choice(FAILS) if self.random.random() < 0.25 else "paid"
            self.bank.fails[attempt.card.number] = state
        self.takings[batch] = self.bank.take(content, on=self.day)

    def batch(self, batch: money_model.Batch) -> Batch:
        return Batch.objects.get(pk=self.rows[batch])

    def take_return(self) -> None:
        batch, taking = self.one_of(list(self.takings.items()))
        parts = self.random.choice((1, 1, 2, 3))
        files = self.bank.returns(taking, on=self.day, parts=parts)
        at = self.random.randrange(len(files))
        size = -(-len(taking.told) // parts)
        self.taken(batch, files[at], replace(taking, told=taking.told[at * size : (at + 1) * size]))

    def taken(self, batch: money_model.Batch, content: bytes, taking: Taking) -> None:
        said = {
            "by": self.offices[batch.county].finance,
            "batch": self.batch(batch),
            "content": content,
            "on": self.day,
        }
        told = [one for one in taking.told if one.state != "pending"]
        if not told:
            with pytest.raises(Refused):
                batches.take_return(**said)
            raise Nothing
        first = batches.take_return(**said)
        if self.random.random() < 0.3:
            assert batches.take_return(**said) == first
        if (batch, content) in self.files:
            return
        self.files.add((batch, content))
        for one in told:
            attempt = self.rows[one.row["number"]]
            self.model.settle(batch, attempt, "" if one.state == "paid" else one.state)

    def bounce(self) -> None:
        """What the bank has paid comes back, whether it said before that it was paid or not."""
        batch, taking = self.one_of(list(self.takings.items()))
        told = self.one_of([one for one in taking.told if one.state == "paid" and one.row["number"] in self.bank.paid])
        bounced = replace(taking, told=(replace(told, state="account_closed"),))
        self.bank.ledger[told.row["card"]] -= self.bank.paid.pop(told.row["number"])
        (content,) = self.bank.returns(bounced, on=self.day)
        self.taken(batch, content, bounced)

    def close(self) -> None:
        batch = self.one_of([batch for batch in self.takings if batch.state == "answered"])
        said = {"by": self.offices[batch.county].finance, "batch": self.batch(batch), "on": self.day}
        if any(one.state == "sent" for one in batch.attempts):
            with pytest.raises(Refused):
                batches.close_batch(**said)
            raise Nothing
        batches.close_batch(**said)
        self.twice(lambda: batches.close_batch(**said))
        batch.state = "closed"

    # what has to be true

    def check(self) -> None:
        """Books, attempts and the bank's own ledger are as the model has them."""
        assert books_off() == entries_off() == []
        for county in VILLAGES:
            known = self.model.books[county]
            assert {kind: balance_of(full(county), kind) for kind in BALANCES} == {
                kind: known[kind] for kind in BALANCES
            }
            assert min(known[kind] for kind in BALANCES) >= 0
        attempts = [attempt for run in self.model.runs if run.batch for attempt in run.batch.attempts]
        states = dict(Attempt.objects.values_list("pk", "state"))
        assert states == {self.rows[attempt]: attempt.state for attempt in attempts}
        dues = Counter(self.rows[number].due for number in self.bank.paid)
        assert max(dues.values(), default=0) <= 1, "paid twice"
        paid = Counter[str]()
        for number, fen in self.bank.paid.items():
            paid[self.rows[number].card.number] += fen
        assert +paid == +self.bank.ledger
        for kid in self.model.kids:
            assert all(fen <= self.model.most[kid.pk, month] for month, fen in kid.dues.items()), "more than due"
