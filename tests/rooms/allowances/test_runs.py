"""Runs: who is paid how much, who waits and why, earlier months, never twice."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.allowances.actions import running
from hutong.allowances.models import RunLine
from hutong.gateways.bank.fake import FakeBank
from hutong.law.months import Month
from hutong.treasury.actions import batches
from hutong.treasury.actions.payees import change_card
from hutong.treasury.models import Attempt, Due
from tests import factories as make
from tests.payments import ON, Office, paid_child, with_card

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
CHANGES = (
    "UPDATE treasury_due SET amount_fen = 1",
    "DELETE FROM treasury_due",
    "UPDATE treasury_posting SET amount_fen = 1",
    "UPDATE treasury_book SET balance_fen = 1",
    "DELETE FROM treasury_attempt",
    "UPDATE treasury_attempt SET state = 'paid'",
    "UPDATE allowances_runline SET amount_fen = 1",
    "DELETE FROM allowances_runline",
    "DELETE FROM allowances_basis",
)


def lines(run) -> list[tuple[int, str, str, int, str]]:
    found = RunLine.objects.filter(run=run).order_by("child_id", "month", "kind")
    return [(one.child_id, f"{one.month:%Y-%m}", one.kind, one.amount_fen, one.hold) for one in found]


def test_a_month_of_the_first_run_is_paid_and_no_earlier_one():
    office, child = Office(), paid_child()
    run = office.prepared()

    assert lines(run) == [(child.pk, "2026-11", "regular", 164000, "")]


def test_whoever_has_no_card_waits_and_is_paid_later_for_both_months():
    office, child = Office(), paid_child(card=False)
    office.funded()
    other = paid_child()
    first = office.approved()
    assert (child.pk, "2026-11", "regular", 164000, "no_payee") in lines(first)
    with_card(child, from_on=date(2026, 11, 20))
    second = office.prepared(Month(2026, 12))

    assert lines(second) == [
        (child.pk, "2026-11", "regular", 164000, ""),
        (child.pk, "2026-12", "regular", 164000, ""),
        (other.pk, "2026-12", "regular", 164000, ""),
    ]


def balances(fund) -> dict[str, int]:
    return {book.kind: book.balance_fen for book in fund.books.all() if book.balance_fen}


def test_an_approved_run_is_due_once_and_takes_its_money():
    office, _child = Office(), paid_child()
    fund = office.funded(1_000_000)
    run = office.approved()

    assert list(Due.objects.values_list("scheme", "kind", "amount_fen")) == [("living", "regular", 164000)]
    assert Attempt.objects.get().state == "to_send"
    assert balances(fund) == {"source": -1_000_000, "available": 836_000, "committed": 164_000}
    assert run.batch.total_fen == 164000


def test_what_the_bank_returned_settles_it_once():
    office, _child = Office(), paid_child()
    fund, other = office.funded(1_000_000), paid_child(card=False)
    closed = with_card(other).card.open()
    batch, content = office.sent()
    bank = FakeBank("csv", fails={closed: "account_closed"})
    (returned,) = bank.returns(bank.take(content, on=date(2026, 11, 8)), on=date(2026, 11, 9))

    taken = batches.take_return(by=office.finance, batch=batch, content=returned, on=date(2026, 11, 9))
    assert (taken.paid, taken.paid_fen, taken.failed, taken.failed_fen) == (1, 164000, 1, 164000)
    assert batches.take_return(by=office.finance, batch=batch, content=returned, on=date(2026, 11, 10)) == taken
    assert sorted(Attempt.objects.values_list("state", "code")) == [("failed", "account_closed"), ("paid", "")]
    assert balances(fund) == {"source": -1_000_000, "available": 672_000, "committed": 164_000, "paid": 164_000}
    batches.close_batch(by=office.finance, batch=batch, on=date(2026, 11, 10))


def test_a_file_that_went_out_is_printed_again_byte_by_byte():
    office = Office()
    office.funded()
    paid_child()
    batch, content = office.sent(layout="fixed")

    assert batches.print_again(by=office.finance, batch=batch, on=date(2026, 12, 1)) == content


@pytest.mark.parametrize("who", ["payer", "approver", "finance"])
def test_preparing_approving_and_paying_take_three_people(who):
    office = Office()
    office.funded()
    paid_child()
    run = office.prepared()
    one = getattr(office, who)
    acts = {
        "payer": lambda: running.hand_in(by=one, run=run, on=ON),
        "approver": lambda: running.approve(by=one, run=run, revision=run.revision, on=ON),
        "finance": lambda: batches.send(by=one, batch=office.approved().batch, layout="csv", on=date(2026, 11, 8)),
    }
    for whose, act in acts.items():
        if whose != who:
            with pytest.raises(NotAllowed):
                act()


def test_what_came_back_is_sent_anew_to_the_other_card_and_the_due_line_stays_one():
    office, child = Office(), paid_child(card=False)
    fund, old = office.funded(1_000_000), with_card(child)
    batch, content = office.sent()
    bank = FakeBank("csv", fails={old.card.open(): "account_closed"})
    (returned,) = bank.returns(bank.take(content, on=date(2026, 11, 8)), on=date(2026, 11, 9))
    batches.take_return(by=office.finance, batch=batch, content=returned, on=date(2026, 11, 9))
    with pytest.raises(Refused):
        running.prepare_anew(by=office.payer, division_code=office.code, on=date(2026, 11, 12))

    change_card(
        by=make.person("county_officer"), division_code=office.code, payee=old, card="6222021234567890128",
        bank_name="宁夏银行", on=date(2026, 11, 11),
    )  # fmt: skip
    run = running.prepare_anew(by=office.payer, division_code=office.code, on=date(2026, 11, 12))
    run = running.hand_in(by=office.payer, run=run, on=date(2026, 11, 12))
    run = running.approve(by=office.approver, run=run, revision=run.revision, on=date(2026, 11, 12))
    content = batches.send(by=office.finance, batch=run.batch, layout="csv", on=date(2026, 11, 12))
    (returned,) = bank.returns(bank.take(content, on=date(2026, 11, 12)), on=date(2026, 11, 13))
    batches.take_return(by=office.finance, batch=run.batch, content=returned, on=date(2026, 11, 13))

    assert Due.objects.count() == 1
    assert [attempt.state for attempt in Attempt.objects.all()] == ["failed", "paid"]
    assert balances(fund) == {"source": -1_000_000, "available": 836_000, "paid": 164_000}
    assert bank.ledger == {"6222021234567890128": 164_000}


def test_what_was_approved_and_booked_stays_as_it_was():
    office = Office()
    office.funded()
    paid_child()
    office.approved()
    for statement in CHANGES:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_money_that_is_missing_stops_the_approval_and_nothing_is_due():
    office = Office()
    office.funded(100_000)
    paid_child()
    with pytest.raises(Refused, match="640元"):
        office.approved()
    assert not Due.objects.exists()
