"""Many people at once: one run approved fifty times is one batch; whatever they do, books and bank agree."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from threading import Barrier, Lock, Thread

import pytest
from django.db import connections
from django.db.models import Sum

from hutong.accounts.actions.guard import Refused
from hutong.allowances.actions import running
from hutong.allowances.models import Beneficial, Run
from hutong.gateways.bank.fake import FakeBank
from hutong.law.months import Month
from hutong.treasury.actions import batches
from hutong.treasury.books import balance_of
from hutong.treasury.models import Attempt, Batch, Due, Fund
from hutong.treasury.models.book import BookKind
from hutong.treasury.queries import books_off, entries_off
from tests import factories as make
from tests.money_model import STANDARD
from tests.payments import MONTH, ON, Office, paid_child

pytestmark = pytest.mark.usefixtures("committed_database", "in_english")
APPROVALS, CLIENTS, KIDS = 50, 8, 12


def at_once(verbs: list[Callable[[], object]]) -> Counter[str]:
    """What becomes of many verbs that are called at the same moment."""
    outcomes, barrier = [""] * len(verbs), Barrier(len(verbs))

    def call(at: int) -> None:
        barrier.wait()
        try:
            verbs[at]()
            outcomes[at] = "done"
        except Refused:
            outcomes[at] = "refused"
        except Exception as error:
            outcomes[at] = f"{type(error).__name__}: {error}"[:200]
        finally:
            connections.close_all()

    threads = [Thread(target=call, args=(at,)) for at in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def handed_in(office: Office, **more) -> Run:
    run = running.prepare(by=office.payer, division_code=office.code, month=MONTH, on=ON, **more)
    return running.hand_in(by=office.payer, run=run, on=ON)


@pytest.mark.parametrize("purposes", [["regular"], ["regular", "off_cycle"]])
def test_fifty_approvals_at_once_are_one_batch(purposes):
    office = Office()
    office.funded()
    for _ in range(KIDS):
        paid_child()
    runs = [handed_in(office, purpose=purpose) for purpose in purposes]
    approvers = [make.person("approver") for _ in range(APPROVALS)]

    def approving(at: int) -> Callable[[], object]:
        run = runs[at % len(runs)]
        return lambda: running.approve(by=approvers[at], run=run, revision=run.revision, on=ON)

    outcomes = at_once([approving(at) for at in range(APPROVALS)])

    assert outcomes == {"done": 1, "refused": APPROVALS - 1}
    assert (Batch.objects.count(), Due.objects.count(), Attempt.objects.count()) == (1, KIDS, KIDS)
    assert balance_of(office.code, BookKind.COMMITTED) == KIDS * STANDARD


class Client:
    """Somebody who does anything with money, by a seed, and does not look first."""

    def __init__(self, county: "County", seed: int) -> None:
        self._county, self._random = county, Random(seed)
        self.outcomes: Counter[str] = Counter()

    def work(self, times: int) -> None:
        try:
            for _ in range(times):
                self.outcomes[self._once()] += 1
        finally:
            connections.close_all()

    def _once(self) -> str:
        try:
            self._random.choice(self._county.verbs())(self._random)
        except (Refused, IndexError):
            return "refused"
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:300]
        return "done"


class County:
    """One county that many work for at once, and its bank."""

    def __init__(self) -> None:
        self.office, self.bank, self.lock = Office(), FakeBank("csv"), Lock()
        self.takings = []
        self.people = self.office.payer, self.office.approver, self.office.finance
        self.office.funded(STANDARD * KIDS * 3)
        for _ in range(KIDS):
            paid_child()
        self.numbers = iter(range(10**6))

    def verbs(self) -> list[Callable[[Random], object]]:
        return [self.prepare] * 2 + [self.anew, self.hand_in, self.hand_in, self.back, self.cancel] + [
            *[self.approve] * 4, *[self.send] * 2, *[self.take] * 3, self.close, self.fund,
        ]  # fmt: skip

    def day(self, random: Random) -> date:
        return ON + timedelta(random.randrange(60))

    def prepare(self, random: Random) -> None:
        month, purpose = Month(2026, random.choice((11, 12))), random.choice(("regular", "off_cycle"))
        running.prepare(
            by=self.people[0], division_code=self.office.code, month=month, purpose=purpose, on=self.day(random)
        )

    def anew(self, random: Random) -> None:
        running.prepare_anew(by=self.people[0], division_code=self.office.code, on=date(2026, 12, 20))

    def run(self, random: Random, *states: str) -> Run:
        return random.choice(list(Run.objects.filter(state__in=states)))

    def hand_in(self, random: Random) -> None:
        running.hand_in(by=self.people[0], run=self.run(random, "prepared"), on=ON)

    def back(self, random: Random) -> None:
        running.send_back(by=self.people[1], run=self.run(random, "handed_in"), words="核对", on=ON)

    def cancel(self, random: Random) -> None:
        if random.random() < 0.3:
            running.cancel(by=self.people[0], run=self.run(random, "prepared"), words="重做", on=ON)

    def approve(self, random: Random) -> None:
        run = self.run(random, "handed_in")
        running.approve(by=self.people[1], run=run, revision=run.revision, on=date(2026, 12, 20))

    def send(self, random: Random) -> None:
        batch = random.choice(list(Batch.objects.filter(state="approved")))
        content = batches.send(by=self.people[2], batch=batch, layout="csv", on=date(2026, 12, 20))
        with self.lock:
            states = ("paid", "paid", "bank_error", "dormant")
            self.bank.fails = {card: random.choice(states) for card in self.cards(batch)}
            self.takings.append((batch, self.bank.take(content, on=date(2026, 12, 20))))

    def cards(self, batch: Batch) -> list[str]:
        return [one.payee.card.open() for one in Attempt.objects.filter(batch=batch).select_related("payee")]

    def take(self, random: Random) -> None:
        batch, taking = random.choice(self.takings)
        content = random.choice(self.bank.returns(taking, on=date(2026, 12, 21), parts=random.choice((1, 2))))
        batches.take_return(by=self.people[2], batch=batch, content=content, on=date(2026, 12, 21))

    def close(self, random: Random) -> None:
        batch = random.choice(list(Batch.objects.filter(state="answered")))
        batches.close_batch(by=self.people[2], batch=batch, on=date(2026, 12, 22))

    def fund(self, random: Random) -> None:
        self.office.funded(random.randrange(STANDARD * 4), document=f"永财〔2026〕{100 + next(self.numbers)}号")


def test_whoever_does_what_at_once_the_books_and_the_bank_agree(request):
    county = County()
    clients = [Client(county, seed) for seed in range(CLIENTS)]
    times = max(30, request.config.getoption("--operations") // 20 // CLIENTS)
    threads = [Thread(target=client.work, args=(times,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    outcomes = sum((client.outcomes for client in clients), Counter())
    assert set(outcomes) == {"done", "refused"}, outcomes
    assert outcomes["done"] > CLIENTS * times / 10, outcomes
    assert books_off() == entries_off() == []
    assert_nothing_twice(county)


def assert_nothing_twice(county: County) -> None:
    """What is due, what was attempted, the books and the bank, each counted by itself."""
    dues = Due.objects.values_list("beneficiary", "month").annotate(Sum("amount_fen"))
    assert {fen for _who, _month, fen in dues} <= {STANDARD}
    assert Beneficial.objects.count() <= KIDS
    states = Counter[str]()
    last = {one.due_id: one for one in Attempt.objects.select_related("due").order_by("pk")}
    for one in last.values():
        states[one.state] += one.due.amount_fen
    code, funds = county.office.code, Fund.objects.filter(confirmed_by__isnull=False)
    granted = funds.aggregate(sum=Sum("amount_fen"))["sum"]
    assert balance_of(code, BookKind.COMMITTED) == states["to_send"] + states["failed"]
    assert balance_of(code, BookKind.AT_BANK) == states["sent"]
    assert balance_of(code, BookKind.PAID) == states["paid"]
    assert balance_of(code, BookKind.AVAILABLE) == granted - sum(states.values())
    paid = Counter(Attempt.objects.get(pk=int(number)).due_id for number in county.bank.paid)
    assert max(paid.values(), default=0) <= 1
    assert sum(county.bank.ledger.values()) == len(paid) * STANDARD
