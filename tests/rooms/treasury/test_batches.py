"""Batches: sent once, answered in any order and number of files, settled once, closed when all agree."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connections

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.allowances.actions import running
from hutong.gateways.bank.fake import FakeBank
from hutong.treasury.actions import batches
from hutong.treasury.actions.batches import WrongReturn
from hutong.treasury.models import Attempt, BankReturn, Batch, Entry
from tests import factories as make
from tests.payments import Office, paid_child, with_card

pytestmark = pytest.mark.usefixtures("places", "in_english")
SENT, ANSWERED = date(2026, 11, 8), date(2026, 11, 9)
FEN = 164_000


class Bank:
    """A county whose children were paid, and its bank; `fails` are the states of some of them."""

    def __init__(self, *fails: str, children: int = 0) -> None:
        self.office = Office()
        self.fund = self.office.funded(10_000_000, document=f"永财〔2026〕{make.serial()}号")
        cards = [with_card(paid_child(card=False)).card.open() for _ in range(max(children, len(fails)))]
        self.cards = cards
        self.batch, self.content = self.office.sent()
        self.bank = FakeBank("csv", fails=dict(zip(cards, fails, strict=False)))
        self.taking = self.bank.take(self.content, on=SENT)

    def files(self, parts: int = 1) -> tuple[bytes, ...]:
        return self.bank.returns(self.taking, on=ANSWERED, parts=parts)

    def take(self, content: bytes, **more) -> BankReturn:
        said = {"by": self.office.finance, "batch": self.batch, "content": content, "on": ANSWERED}
        return batches.take_return(**said | more)

    def close(self, **more) -> Batch:
        return batches.close_batch(**{"by": self.office.finance, "batch": self.batch, "on": ANSWERED} | more)

    def said(self, content: bytes, state: str, card: str) -> bytes:
        """The bank's file once more, with another answer about one card."""
        self.bank.fails[card] = state
        other = FakeBank("csv", fails=self.bank.fails)
        return other.returns(other.take(self.content, on=SENT), on=ANSWERED)[0]

    @property
    def balances(self) -> dict[str, int]:
        return {book.kind: book.balance_fen for book in self.fund.books.all() if book.balance_fen}

    @property
    def states(self) -> list[str]:
        return list(Attempt.objects.order_by("id").values_list("state", flat=True))


@pytest.fixture
def bank(db) -> Bank:
    return Bank("paid", "account_closed", "paid")


def test_what_was_sent_is_not_sent_again(bank):
    with pytest.raises(Refused, match="Sent to the bank"):
        batches.send(by=bank.office.finance, batch=bank.batch, layout="csv", on=SENT)
    assert Entry.objects.filter(kind="sent").count() == 1


def test_a_layout_is_one_of_those_known(db):
    office = Office()
    office.funded()
    paid_child()
    with pytest.raises(Refused, match="layout"):
        batches.send(by=office.finance, batch=office.approved().batch, layout="stone", on=SENT)


def test_a_third_person_of_the_place_sends(db):
    office = Office()
    office.funded()
    paid_child()
    batch = office.approved().batch
    for who in (batch.prepared_by, batch.approved_by):
        who.postings.all().delete()
        make.posting(who, "finance")
        with pytest.raises(Refused, match="third person"):
            batches.send(by=who, batch=batch, layout="csv", on=SENT)
    with pytest.raises(NotAllowed):
        batches.send(by=make.person("finance", make.NEXT_COUNTY), batch=batch, layout="csv", on=SENT)


def test_the_same_file_twice_is_one(bank):
    (content,) = bank.files()
    first = bank.take(content)
    assert bank.take(content) == first
    assert (first.paid, first.failed, first.bounced) == (2, 1, 0)
    assert bank.balances == {
        "source": -10_000_000,
        "available": 10_000_000 - 3 * FEN,
        "committed": FEN,
        "paid": 2 * FEN,
    }
    assert TrailEntry.objects.filter(act="take_bank_return").count() == 1


def test_the_same_results_in_another_file_count_once(bank):
    (content,) = bank.files()
    bank.take(content)
    again = bank.take(content.replace("交易成功".encode(), "入账成功".encode()))
    assert (again.paid, again.failed, again.bounced) == (0, 0, 0)
    assert bank.balances["paid"] == 2 * FEN


def test_a_return_in_parts_settles_part_by_part(bank):
    first, second = bank.files(parts=2)
    bank.take(first)
    assert bank.states == ["paid", "failed", "sent"]
    with pytest.raises(Refused, match="1 lines"):
        bank.close()
    bank.take(second)
    assert bank.states == ["paid", "failed", "paid"]
    assert bank.close().state == "closed"


def test_what_was_paid_may_bounce_once(bank):
    (content,) = bank.files()
    bank.take(content)
    bounced = bank.said(content, "account_closed", bank.cards[0])
    found = bank.take(bounced)
    assert (found.paid, found.failed, found.bounced, found.bounced_fen) == (0, 0, 1, FEN)
    assert bank.states == ["failed", "failed", "paid"]
    assert (bank.balances["committed"], bank.balances["paid"]) == (2 * FEN, FEN)
    assert bank.take(bounced) == found


def test_what_bounces_after_the_last_day_opens_the_batch_again(bank):
    (content,) = bank.files()
    bank.take(content)
    bank.close()
    bank.take(bank.said(content, "account_closed", bank.cards[2]), on=date(2026, 11, 20))
    batch = Batch.objects.get(pk=bank.batch.pk)
    assert (batch.state, batch.closed_by, batch.closed_on) == ("answered", None, None)
    assert bank.close(on=date(2026, 11, 21)).state == "closed"


def test_a_file_that_says_nothing_new_leaves_a_closed_batch_closed(bank):
    (content,) = bank.files()
    bank.take(content)
    bank.close()
    bank.take(content.replace("交易成功".encode(), "入账成功".encode()))
    assert Batch.objects.get(pk=bank.batch.pk).state == "closed"


def test_of_another_batch_nothing_is_taken(bank):
    first, other = bank.batch, Bank("paid")
    (content,) = other.files()
    with pytest.raises(WrongReturn) as wrong:
        bank.take(content, batch=first)
    assert [fault.code for fault in wrong.value.faults] == ["another_file"]
    assert Batch.objects.get(pk=first.pk).state == "sent" and bank.balances["at_bank"] == 4 * FEN


def test_faults_are_kept_and_the_rest_is_taken(bank):
    (content,) = bank.files()
    taken = bank.take(content.replace(b"1640.00", b"1640.01", 1))
    assert (taken.paid, taken.failed) == (1, 1)
    assert "amount_differs" in {one["code"] for one in taken.faults}
    assert bank.states == ["sent", "failed", "paid"]
    bank.take(content)
    assert bank.states == ["paid", "failed", "paid"]


def test_what_is_still_with_the_bank_is_no_result(db):
    bank = Bank("pending", "paid")
    (content,) = bank.files()
    assert bank.take(content).paid == 1
    assert bank.states == ["sent", "paid"]
    with pytest.raises(Refused, match="1 lines"):
        bank.close()


def test_a_file_without_a_result_says_why(db):
    bank = Bank("pending")
    with pytest.raises(WrongReturn) as wrong:
        bank.take(bank.files()[0])
    assert [fault.code for fault in wrong.value.faults] == ["result_pending"]
    assert Batch.objects.get(pk=bank.batch.pk).state == "sent"


@pytest.mark.parametrize("fails", [("bank_error",), ("bank_error", "bank_error")])
def test_what_was_paid_after_all_is_not_sent_again(db, fails):
    bank = Bank(*fails)
    (content,) = bank.files()
    bank.take(content)
    said = bank.take(bank.said(content, "paid", bank.cards[0]))
    assert (said.paid, [one["code"] for one in said.faults if one["number"]]) == (0, ["paid_after_all"])
    assert set(bank.states) == {"failed"}
    prepare = {"by": bank.office.payer, "division_code": bank.office.code, "on": date(2026, 11, 12)}
    if len(fails) == 1:
        with pytest.raises(Refused, match="Nothing can be sent anew"):
            running.prepare_anew(**prepare)
    else:
        assert running.prepare_anew(**prepare).lines.count() == 1


def test_what_is_paid_after_all_meanwhile_stops_what_was_prepared_anew(db):
    bank = Bank("bank_error", "bank_error")
    (content,) = bank.files()
    bank.take(content)
    on = date(2026, 11, 12)
    run = running.prepare_anew(by=bank.office.payer, division_code=bank.office.code, on=on)
    run = running.hand_in(by=bank.office.payer, run=run, on=on)
    bank.take(bank.said(content, "paid", bank.cards[0]))
    with pytest.raises(Refused, match="prepared anew"):
        running.approve(by=bank.office.approver, run=run, revision=run.revision, on=on)


def test_only_who_pays_settles(bank):
    (content,) = bank.files()
    for role in ("payer", "approver", "county_officer"):
        with pytest.raises(NotAllowed):
            bank.take(content, by=make.person(role))
        with pytest.raises(NotAllowed):
            bank.close(by=make.person(role))


def test_nothing_is_closed_before_the_bank_has_answered_and_nothing_twice(bank):
    with pytest.raises(Refused, match="not possible"):
        bank.close()
    bank.take(bank.files()[0])
    bank.close()
    with pytest.raises(Refused, match="Reconciled"):
        bank.close()


def test_two_people_at_once_are_one_and_a_refusal(committed_database):
    bank = Bank("paid", "account_closed")
    (content,) = bank.files()
    people = [bank.office.finance, make.person("finance")]
    for verb, wanted in (
        (lambda by: bank.take(content, by=by), {"done": 2}),
        (lambda by: bank.close(by=by), {"done": 1, "refused": 1}),
    ):
        assert at_once(verb, people) == wanted
    assert BankReturn.objects.count() == 1 and bank.balances["paid"] == FEN


def at_once(verb, people) -> dict[str, int]:
    """What becomes of one verb called by many at the same moment."""
    outcomes: dict[str, int] = {}
    barrier = Barrier(len(people))

    def call(by) -> None:
        barrier.wait()
        try:
            verb(by)
            outcome = "done"
        except Refused:
            outcome = "refused"
        finally:
            connections.close_all()
        outcomes[outcome] = outcomes.get(outcome, 0) + 1

    threads = [Thread(target=call, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
