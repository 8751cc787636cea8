"""What is read of runs: every figure is the count of its list; what differs from the month before, and who waits."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from hutong.accounts.actions.documents import fetch_document
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.documents import documents_about
from hutong.allowances import run_queries as queries
from hutong.allowances.actions import running
from hutong.allowances.actions.run_issuing import issue_list
from hutong.allowances.models import HandHold, RunLine
from hutong.gateways.bank.fake import FakeBank
from hutong.law.months import Month
from hutong.registry.models import CategoryHolding, PayeeLink
from hutong.treasury import queries as treasury
from hutong.treasury.actions import batches
from tests import factories as make
from tests import facts
from tests.payments import ON, Office, paid_child, with_card

pytestmark = pytest.mark.django_db
DECEMBER, LATER = Month(2026, 12), date(2026, 12, 20)


def test_every_figure_is_the_count_of_its_list():
    office = Office()
    children = [paid_child(), paid_child(category="orphan_kin"), paid_child(card=False)]
    run = office.prepared()
    said = queries.summary_of(run)

    assert said.pays == queries.Figure(2, 2, 328000) and said.arrears.lines == 0
    assert said.categories == {"de_facto": queries.Figure(1, 1, 164000), "orphan_kin": queries.Figure(1, 1, 164000)}
    assert said.holds == {"no_payee": queries.Figure(1, 1, 164000)}
    assert queries.lines(run, "hold_no_payee").get().child == children[2]
    for name in queries.LISTS:
        assert queries.figure(queries.lines(run, name)).lines == queries.lines(run, name).count()


def test_a_run_is_compared_with_the_month_before():
    office = Office()
    office.funded()
    stays, raised, ends = (paid_child() for _at in range(3))
    cardless = paid_child()
    grown = paid_child()
    grown.birth_date = date(2008, 11, 20)
    grown.save()
    run = office.approved()
    CategoryHolding.objects.filter(child=ends).update(until_on=date(2026, 11, 20))
    facts.aid(raised, kind="dibao", fen_per_month=40000, from_on=date(2026, 11, 20))
    PayeeLink.objects.filter(child=cardless).update(until_on=date(2026, 11, 20))
    new = paid_child(since=date(2026, 11, 10))
    now = office.prepared(DECEMBER)

    assert queries.before(now) == run
    assert [one.child for one in queries.added(now, run)] == [new]
    assert {one.child: (one.before_fen, one.amount_fen, one.why) for one in queries.changed(now, run)} == {
        raised: (164000, 124000, "aid")
    }
    why = {one.child: one.why for one in queries.dropped(now, run)}
    assert why == {ends: "ended", cardless: "held_now", grown: "grown_up"}
    assert queries.by_why(queries.dropped(now, run)) == {"ended": 1, "held_now": 1, "grown_up": 1}
    assert stays not in why


def test_whoever_is_held_by_hand_stays_held_until_released():
    office, child = Office(), paid_child()
    office.funded()
    paid_child()
    run = office.prepared()
    line = run.lines.get(child=child)
    running.hold_line(by=office.payer, line=line, words="核实监护人", on=ON)
    assert HandHold.objects.get().words.open() == "核实监护人"
    with pytest.raises(Refused):
        running.hold_line(by=office.payer, line=line, words="再次", on=ON)

    assert office.prepared().lines.get(child=child).hold == "by_hand"
    office.approved()
    later = office.prepared(DECEMBER)
    assert set(later.lines.filter(child=child).values_list("hold", flat=True)) == {"by_hand"}
    line = later.lines.filter(child=child).first()
    with pytest.raises(NotAllowed):
        running.release_line(by=office.approver, line=line, words="已核实", on=LATER)
    with pytest.raises(Refused):
        running.release_line(by=office.payer, line=line, words="", on=LATER)
    running.release_line(by=office.payer, line=line, words="已核实", on=LATER)
    assert set(later.lines.filter(child=child).values_list("hold", flat=True)) == {""}
    with pytest.raises(Refused):
        running.release_line(by=office.payer, line=line, words="已核实", on=LATER)


def test_nobody_is_released_from_a_run_that_was_handed_in():
    office, child = Office(), paid_child()
    paid_child()
    run = office.prepared()
    line = run.lines.get(child=child)
    running.hold_line(by=office.payer, line=line, words="核实监护人", on=ON)
    running.hand_in(by=office.payer, run=run, on=ON)
    with pytest.raises(Refused):
        running.release_line(by=office.payer, line=line, words="已核实", on=ON)


def test_the_late_are_whoever_waits_came_back_or_was_passed_over():
    office, cardless = Office(), paid_child(card=False)
    office.funded()
    failing = paid_child(card=False)
    closed = with_card(failing).card.open()
    batch, content = office.sent()
    bank = FakeBank("csv", fails={closed: "account_closed"})
    (returned,) = bank.returns(bank.take(content, on=date(2026, 11, 8)), on=date(2026, 11, 9))
    batches.take_return(by=office.finance, batch=batch, content=returned, on=date(2026, 11, 9))
    over = paid_child(since=date(2026, 10, 3))
    paid_child(since=date(2026, 11, 3))
    on = date(2026, 11, 20)

    held = queries.held_late(office.payer, on=on).get()
    assert (held["child"], held["hold"], held["since"], held["fen"]) == (
        cardless.pk, "no_payee", date(2026, 11, 1), 164000,
    )  # fmt: skip
    assert [one.due.month for one in treasury.failed(office.finance, on=on)] == [date(2026, 11, 1)]
    assert [one.child for one in queries.missing(office.payer, on=on)] == [over]
    stranger = Office(make.NEXT_COUNTY).payer
    assert not queries.held_late(stranger, on=on) and not treasury.failed(stranger, on=on)
    assert not queries.missing(stranger, on=on) and not queries.runs(stranger, on=on)


def test_a_line_is_for_whoever_sees_the_child():
    office = Office()
    paid_child()
    run = office.prepared()
    one = RunLine.objects.get()

    assert queries.line(office.payer, run.pk, one.pk, on=ON) == one
    assert queries.line(office.finance, run.pk, one.pk, on=ON) is None
    assert queries.run(office.finance, run.pk, on=ON) == run


def test_the_money_of_a_payment_is_traced_to_its_funds():
    office = Office()
    office.funded(100_000, level="central", document="财社〔2026〕1号")
    office.funded(1_000_000)
    paid_child()
    batch = office.approved().batch

    assert [(one.level, one.fen) for one in treasury.sources_of(batch)] == [("central", 100_000), ("county", 64_000)]
    assert treasury.balances(office.finance, on=ON)[office.code] == {"available": 936_000, "committed": 164_000}
    assert treasury.balances(make.person("region_officer", "64"), on=ON)[office.code]["committed"] == 164_000
    assert (
        treasury.fund(make.person("finance", make.NEXT_COUNTY), treasury.funds(office.finance, on=ON)[0].pk, on=ON)
        is None
    )


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")


@pytest.mark.usefixtures("divisions")
def test_an_approved_run_has_its_application_without_names():
    office, child = Office(), paid_child(name="柳思齐")
    office.funded()
    run = office.approved()
    document = documents_about("run", str(run.pk)).get(kind="payment_application")
    content = fetch_document(by=office.finance, document=document, on=ON)

    said = text_of(content)
    assert "1,640.00" in said and "事实无人抚养" in said and "永财〔2026〕1号" in said and "贺兰县财政局" in said
    assert "柳" not in said
    assert fetch_document(by=office.finance, document=document, on=LATER) == content
    assert child.name == "柳思齐"


@pytest.mark.usefixtures("divisions")
def test_the_list_of_payments_is_issued_once_with_masked_names():
    office = Office()
    paid_child(name="柳思齐")
    office.funded()
    with pytest.raises(Refused):
        issue_list(by=office.payer, run=office.prepared(), on=ON)
    run = office.approved()
    document = issue_list(by=office.payer, run=run, on=ON)
    assert issue_list(by=office.approver, run=run, on=LATER) == document
    with pytest.raises(NotAllowed):
        issue_list(by=office.finance, run=run, on=ON)

    said = text_of(fetch_document(by=office.payer, document=document, on=ON))
    assert "柳*齐" in said and "柳思齐" not in said and "****" in said and "2026-11" in said


def test_a_long_list_is_no_list(monkeypatch):
    monkeypatch.setattr("hutong.allowances.actions.run_issuing.LINES_AT_MOST", 0)
    office = Office()
    paid_child()
    office.funded()
    with pytest.raises(Refused):
        issue_list(by=office.payer, run=office.approved(), on=ON)
