"""Months that could fall between two runs, and months that two runs could pay: the smallest cases of each."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.allowances.actions import running
from hutong.allowances.models import Run, RunLine
from hutong.gateways.bank.fake import FakeBank
from hutong.law.months import Month
from hutong.registry.actions.merging import undo_merge
from hutong.registry.models import Child
from hutong.treasury.actions import batches
from tests import factories as make
from tests import facts
from tests.payments import ON, Office, paid_child, with_card

pytestmark = pytest.mark.usefixtures("in_english")
NOVEMBER, DECEMBER, JANUARY = Month(2026, 11), Month(2026, 12), Month(2027, 1)


@pytest.fixture
def office(committed_database: str) -> Office:
    office = Office()
    office.funded()
    paid_child()
    return office


def months(run: Run, child: Child) -> list[str]:
    return [f"{one.month:%Y-%m}" for one in RunLine.objects.filter(run=run, child=child, hold="").order_by("month")]


def handed_in(office: Office, month: Month = NOVEMBER, **more) -> Run:
    run = running.prepare(by=office.payer, division_code=office.code, month=month, on=ON, **more)
    return running.hand_in(by=office.payer, run=run, on=ON)


def approve(office: Office, run: Run, on: date = ON) -> Run:
    return running.approve(by=office.approver, run=run, revision=run.revision, on=on)


def failed(office: Office, batch, card: str) -> None:
    """The bank has not paid to a card, by a fault of its own."""
    on = date(2026, 11, 9)
    content = batches.send(by=office.finance, batch=batch, layout="csv", on=on)
    bank = FakeBank("csv", fails={card: "bank_error"})
    (returned,) = bank.returns(bank.take(content, on=on), on=on)
    batches.take_return(by=office.finance, batch=batch, content=returned, on=on)


def test_two_open_runs_do_not_both_pay_the_rest_of_a_month(office):
    child = paid_child()
    aid = facts.aid(child, kind="dibao", household_fen_per_month=120_000, members=3, from_on=date(2026, 1, 1))
    office.approved()
    aid.delete()
    runs = [handed_in(office, DECEMBER, purpose=purpose) for purpose in ("regular", "off_cycle")]
    assert months(runs[0], child) == months(runs[1], child) == ["2026-11", "2026-12"]
    approve(office, runs[0])
    with pytest.raises(Refused, match="prepared anew"):
        approve(office, runs[1])


def test_files_that_were_joined_meanwhile_are_not_both_paid(office):
    leading, joined = paid_child(), paid_child()
    run = handed_in(office)
    facts.joined_to(leading, joined)
    with pytest.raises(Refused, match="prepared anew"):
        approve(office, run)


def test_what_was_paid_to_a_file_joined_since_is_not_paid_again(office):
    leading, joined = paid_child(), paid_child()
    approve(office, handed_in(office, purpose="off_cycle"))
    facts.joined_to(leading, joined)
    run = office.prepared()
    assert months(run, leading) == months(run, joined) == []


def test_a_file_that_was_parted_again_is_paid_for_the_months_between(office):
    leading, joined = paid_child(), paid_child()
    office.approved()
    merge = facts.joined_to(leading, joined)
    office.approved(DECEMBER)
    undo_merge(by=make.person("county_officer"), merge=merge, reason="twins", words="核实为双胞胎", on=ON)
    run = office.prepared(JANUARY)
    assert months(run, joined) == ["2026-12", "2027-01"] and months(run, leading) == ["2027-01"]


def test_a_child_that_was_away_for_a_month_is_paid_for_it(office):
    child = paid_child()
    office.approved()
    Child.objects.filter(pk=child.pk).update(responsible_code=make.VILLAGE_OF_NEXT_COUNTY)
    office.approved(DECEMBER)
    Child.objects.filter(pk=child.pk).update(responsible_code=make.VILLAGE)
    assert months(office.prepared(JANUARY), child) == ["2026-12", "2027-01"]


def test_whoever_waits_for_a_card_is_not_forgotten_behind_payments_made_anew(office):
    child, other = paid_child(card=False), paid_child(card=False)
    card = with_card(other).card.open()
    failed(office, office.approved().batch, card)
    anew = running.prepare_anew(by=office.payer, division_code=office.code, on=date(2026, 11, 12))
    approve(office, running.hand_in(by=office.payer, run=anew, on=date(2026, 11, 12)), on=date(2026, 11, 12))
    with_card(child, from_on=date(2026, 11, 20))
    assert months(office.prepared(DECEMBER), child) == ["2026-11", "2026-12"]


def test_a_month_without_a_run_is_looked_at_though_payments_were_made_anew_in_it(office):
    child = paid_child(card=False)
    card = with_card(child).card.open()
    failed(office, office.approved().batch, card)
    on = date(2026, 12, 12)
    anew = running.prepare_anew(by=office.payer, division_code=office.code, on=on)
    approve(office, running.hand_in(by=office.payer, run=anew, on=on), on=on)
    assert months(office.prepared(JANUARY), child) == ["2026-12", "2027-01"]


def test_an_earlier_month_is_not_approved_after_a_later_one(office):
    early = handed_in(office)
    approve(office, handed_in(office, DECEMBER))
    with pytest.raises(Refused, match="later month"):
        approve(office, early)
