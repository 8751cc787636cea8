"""Whoever moves money is killed again and again, and goes on with the same call: nothing is lost, nothing is twice.

`--operations` says how often: one kill for 333 of them, six at least.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from multiprocessing import get_context
from random import Random

import pytest
from django.db import connections

from hutong.accounts.actions.guard import Refused
from hutong.allowances.actions import running
from hutong.allowances.models import Run, RunLine
from hutong.gateways.bank.fake import FakeBank
from hutong.law.months import Month
from hutong.treasury.actions import batches
from hutong.treasury.books import balance_of
from hutong.treasury.models import Attempt, BankReturn, Batch, Due, Entry
from hutong.treasury.models.book import BookKind
from hutong.treasury.queries import books_off, entries_off
from tests.factories import nearby_places
from tests.money_model import STANDARD
from tests.payments import Office, paid_child

pytestmark = pytest.mark.usefixtures("committed_database")
KIDS, FIRST = 40, Month(2026, 1)


class Killed:
    """Calls verbs in a process of its own that is killed some way into the work, then once more to the end."""

    def __init__(self) -> None:
        self._random, self._seconds = Random(7), dict[str, float]()
        self.kills: Counter[str] = Counter()

    def call(self, name: str, verb: Callable[[], object]) -> None:
        """Killed, then done; a verb that was through before it was killed is refused the second time, or the same."""
        connections.close_all()
        process = get_context("fork").Process(target=verb)
        process.start()
        time.sleep(self._random.uniform(0, self._seconds.get(name, 0.1)))
        self.kills[name] += process.is_alive()
        process.kill()
        process.join()
        started = time.perf_counter()
        with suppress(Refused):
            verb()
            self._seconds[name] = time.perf_counter() - started


def month_through(killed: Killed, office: Office, bank: FakeBank, month: Month) -> None:
    """A month from its run to the end, every step of it killed first."""
    on = date(*month, 6)
    killed.call("prepare", lambda: running.prepare(by=office.payer, division_code=office.code, month=month, on=on))
    run = running.hand_in(by=office.payer, run=Run.objects.get(month=month.first), on=on)
    assert RunLine.objects.filter(run=run).count() == KIDS
    killed.call("approve", lambda: running.approve(by=office.approver, run=run, revision=run.revision, on=on))
    batch = Batch.objects.get(month=month.first)
    killed.call("send", lambda: batches.send(by=office.finance, batch=batch, layout="csv", on=on))
    batch.refresh_from_db()
    taking = bank.take(batches.print_again(by=office.finance, batch=batch, on=on), on=on)
    (content,) = bank.returns(taking, on=on)
    taken = {"by": office.finance, "batch": batch, "content": content, "on": on}
    killed.call("return", lambda: batches.take_return(**taken))
    killed.call("close", lambda: batches.close_batch(by=office.finance, batch=batch, on=on))


def test_whoever_is_killed_goes_on_with_the_same_call(request):
    nearby_places()
    wanted, killed, bank = max(6, request.config.getoption("--operations") // 333), Killed(), FakeBank("csv")
    office = Office()
    people = office.payer, office.approver, office.finance
    office.funded(10**11)
    for _ in range(KIDS):
        paid_child()
    months = 0
    while sum(killed.kills.values()) < wanted:
        month_through(killed, office, bank, FIRST.plus(months))
        months += 1

    assert all(people) and set(killed.kills) == {"prepare", "approve", "send", "return", "close"}
    paid = Attempt.objects.filter(state="paid").count()
    assert Due.objects.count() == Attempt.objects.count() == paid == months * KIDS
    assert BankReturn.objects.count() == Batch.objects.filter(state="closed").count() == Run.objects.count() == months
    assert Counter(Entry.objects.values_list("kind", flat=True)) == {
        "received": 1, "committed": months, "sent": months, "paid": months,
    }  # fmt: skip
    assert books_off() == entries_off() == []
    assert balance_of(office.code, BookKind.PAID) == months * KIDS * STANDARD == sum(bank.ledger.values())
    assert set(bank.ledger.values()) == {months * STANDARD}
