"""Payments by page: three people, exceptions first, whose names are shown to whom, what cannot be done and why."""

import html
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hutong.accounts.queries import looks
from hutong.allowances.actions import running
from hutong.allowances.models import HandHold, Run, RunLine
from hutong.gateways.bank.fake import FakeBank
from hutong.treasury.models import Allocation, Attempt, Batch, Fund
from tests import factories as make
from tests.payments import Office, paid_child, with_card

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
ON = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today(settings):
    settings.TODAY = ON


@pytest.fixture
def office():
    return Office()


def told(answer, status=200):
    assert answer.status_code == status, answer.status_code
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1]))
    return " ".join(text.split())


@pytest.fixture
def ask(signed_in, settings):
    """An answer to somebody, in English."""

    def ask(user, name, *arguments, typed=None, follow=False, **filters):
        client = signed_in(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        address = reverse(f"desk:{name}", args=arguments)
        if typed is None:
            return client.get(address, filters)
        return client.post(address, typed, follow=follow)

    return ask


def test_the_board_says_where_a_month_is_and_who_has_it(office, ask):
    office.funded()
    paid_child()
    assert "Prepare November 2026" in told(ask(office.payer, "payments"))
    run = office.prepared()
    shown = told(ask(office.payer, "payments"))
    assert "Look and hand in" in shown and "with the payer" in shown and "1,000,000.00" in shown
    assert "Look and hand in" not in told(ask(office.finance, "payments"))
    running.hand_in(by=office.payer, run=run, on=ON)
    assert "Look and approve" in told(ask(office.approver, "payments"))
    assert "1,000,000.00" in told(ask(make.person("region_officer", "64"), "payments"))
    assert ask(make.person("county_officer"), "payments").status_code == 404


def test_a_run_is_prepared_handed_in_and_approved_by_page(office, ask):
    office.funded()
    child = paid_child()
    answer = ask(office.payer, "prepare_run", typed={"month": "2026-11", "place": office.code, "purpose": "regular"})
    run = Run.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("desk:run", args=[run.pk])
    assert child.name in told(ask(office.payer, "run", run.pk))
    ask(office.payer, "take_run_step", run.pk, "hand_in", typed={"revision": run.revision})
    assert ask(office.payer, "take_run_step", run.pk, "approve").status_code == 404
    page = told(ask(office.approver, "take_run_step", run.pk, "approve"))
    assert "1,640.00" in page and "998,360.00" in page
    ask(office.approver, "take_run_step", run.pk, "approve", typed={"revision": run.revision})
    run.refresh_from_db()
    assert run.state == "approved"
    shown = ask(office.finance, "run", run.pk)
    assert "Application for payment" in told(shown)
    paper = re.search(rf"/runs/{run.pk}/documents/(\d+)/", shown.content.decode()).group(1)
    assert ask(office.finance, "fetch_run_document", run.pk, paper).content.startswith(b"%PDF")


def test_what_was_looked_at_counts_and_another_state_is_shown_again(office, ask):
    office.funded()
    paid_child()
    run = running.hand_in(by=office.payer, run=office.prepared(), on=ON)
    answer = ask(office.approver, "take_run_step", run.pk, "approve", typed={"revision": 99})
    assert answer.status_code == 302 and Run.objects.get().state == "handed_in"


def test_money_that_is_missing_is_said_before_and_at_the_approval(office, ask):
    office.funded(100_000)
    paid_child()
    run = running.hand_in(by=office.payer, run=office.prepared(), on=ON)
    assert "640.00 yuan are missing" in told(ask(office.approver, "run", run.pk))
    typed = {"revision": run.revision}
    assert "640元" in told(ask(office.approver, "take_run_step", run.pk, "approve", typed=typed), 422)


def test_a_run_is_sent_back_with_words_and_given_up(office, ask):
    paid_child()
    run = running.hand_in(by=office.payer, run=office.prepared(), on=ON)
    typed = {"revision": run.revision}
    assert "required" in told(ask(office.approver, "take_run_step", run.pk, "send_back", typed=typed), 422)
    ask(office.approver, "take_run_step", run.pk, "send_back", typed=typed | {"words": "核对三名儿童的账户"})
    assert "核对三名儿童的账户" in told(ask(office.payer, "run", run.pk))
    assert "核对三名儿童的账户" not in told(ask(office.finance, "run", run.pk))
    ask(office.payer, "take_run_step", run.pk, "cancel", typed=typed | {"words": "重新生成"})
    assert Run.objects.get().state == "cancelled"
    assert ask(office.payer, "take_run_step", run.pk, "forget").status_code == 404


def test_exceptions_stand_first_and_each_opens_its_list(office, ask):
    waits, paid = paid_child(card=False, name="柳待办"), paid_child(name="柳已办")
    run = office.prepared()
    shown = told(ask(office.payer, "run", run.pk))
    assert "No card to pay to" in shown and "1 child" in shown
    held = told(ask(office.payer, "run", run.pk, list="hold_no_payee"))
    assert waits.name in held and paid.name not in held
    for chosen in ("category_de_facto", "overpaid", "added", "nonsense", "dropped-ended", "changed-", "pays"):
        assert ask(office.payer, "run", run.pk, list=chosen).status_code == 200


def test_a_child_is_found_among_the_lines_and_no_name_is_in_the_address(office, ask):
    one, other = paid_child(name="柳甲"), paid_child(name="宋乙")
    run = office.prepared()
    answer = ask(office.payer, "search_run", run.pk, typed={"q": "柳甲"})
    assert "said=" in answer.url and "柳" not in answer.url
    assert ask(office.payer, "search_run", run.pk, typed={"q": ""}).status_code == 302
    assert one.name != other.name


def test_finance_and_the_region_see_sums_and_no_child(office, ask):
    office.funded()
    child = paid_child(name="柳思齐")
    run = office.approved()
    for user in (office.finance, make.person("region_officer", "64")):
        for page in (ask(user, "run", run.pk), ask(user, "batch", run.batch_id), ask(user, "late")):
            text = page.content.decode()
            assert child.name not in text and child.file_number not in text
        assert "1,640.00" in told(ask(user, "run", run.pk))
        assert ask(user, "run_line", run.pk, run.lines.get().pk).status_code == 404
    assert f"{Attempt.objects.get().number}" in told(ask(office.finance, "batch", run.batch_id))


def test_a_line_says_why_so_much_and_the_look_is_recorded(office, ask):
    child = paid_child()
    run = office.prepared()
    shown = told(ask(office.payer, "run_line", run.pk, run.lines.get().pk))
    assert "标准每月1640元" in shown and child.name in shown and "Father" not in shown
    assert "not known" not in shown and told(ask(office.approver, "run_line", run.pk, run.lines.get().pk))
    assert looks("child", child.file_number).filter(by=office.payer).exists()


def test_a_line_is_held_and_released_with_a_reason(office, ask):
    paid_child()
    line = (run := office.prepared()).lines.get()
    assert "required" in told(ask(office.payer, "act_on_line", run.pk, line.pk, "hold", typed={"words": ""}), 422)
    ask(office.payer, "act_on_line", run.pk, line.pk, "hold", typed={"words": "核实监护人"})
    assert RunLine.objects.get().hold == "by_hand"
    assert "核实监护人" in told(ask(office.payer, "run_line", run.pk, line.pk))
    again = ask(office.payer, "act_on_line", run.pk, line.pk, "hold", typed={"words": "再次"})
    assert "held already" in told(again, 422)
    ask(office.payer, "act_on_line", run.pk, line.pk, "release", typed={"words": "已核实"})
    assert RunLine.objects.get().hold == "" and HandHold.objects.get().released_by == office.payer
    assert ask(office.approver, "act_on_line", run.pk, line.pk, "hold").status_code == 404
    assert ask(office.payer, "act_on_line", run.pk, line.pk, "forget").status_code == 404


def test_the_list_of_payments_is_for_who_prepares_and_approves(office, ask):
    run = office.approved_with_money()
    assert ask(office.finance, "issue_payment_list", run.pk, typed={}).status_code == 404
    ask(office.payer, "issue_payment_list", run.pk, typed={})
    assert "List of payments" in told(ask(office.approver, "run", run.pk))
    assert "List of payments" not in told(ask(office.finance, "run", run.pk))


def answered(office, batch, content, card="", state="account_closed"):
    bank = FakeBank("csv", fails={card: state})
    (returned,) = bank.returns(bank.take(content, on=ON), on=ON)
    return returned


def test_a_batch_is_sent_answered_and_closed_by_page(office, ask):
    office.funded()
    paid_child()
    card = with_card(paid_child(card=False)).card.open()
    batch = office.approved(on=ON).batch
    assert ask(office.payer, "send_batch", batch.pk, typed={"layout": "csv"}).status_code == 404
    assert "required" in told(ask(office.finance, "send_batch", batch.pk, typed={}), 422)
    ask(office.finance, "send_batch", batch.pk, typed={"layout": "csv"})
    content = ask(office.finance, "fetch_batch", batch.pk).content
    assert ask(office.finance, "fetch_batch", batch.pk).content == content
    ask(office.finance, "close_batch", batch.pk, typed={})
    assert Batch.objects.get().state == "sent"

    wrong = SimpleUploadedFile("r.csv", b"nonsense")
    assert "Nothing of the bank" in told(ask(office.finance, "take_bank_return", batch.pk, typed={"file": wrong}), 422)
    assert "Choose the file" in told(ask(office.finance, "take_bank_return", batch.pk, typed={}), 422)
    file = SimpleUploadedFile("r.csv", answered(office, batch, content, card))
    ask(office.finance, "take_bank_return", batch.pk, typed={"file": file})
    shown = told(ask(office.finance, "batch", batch.pk))
    assert "Account closed" in shown and "mend the card first" in shown and "3,280.00" in shown
    assert told(ask(office.finance, "batch", batch.pk, state="failed-account_closed"))
    ask(office.finance, "close_batch", batch.pk, typed={})
    assert Batch.objects.get().state == "closed"
    assert "Account closed" in told(ask(office.payer, "late", list="failed"))


def test_what_a_layout_cannot_hold_is_named_and_nothing_is_sent(office, ask):
    office.funded()
    paid_child()
    batch = office.approved().batch
    shown = told(ask(office.finance, "send_batch", batch.pk, typed={"layout": "yikatong"}), 422)
    assert "nothing was sent" in shown and "One-card files need this" in shown
    assert Batch.objects.get().state == "approved"


def test_attempts_anew_are_only_what_can_be_sent_again(office, ask):
    office.approved_with_money()
    answer = ask(office.payer, "pay_anew", typed={"place": office.code}, follow=True)
    assert "Nothing can be sent anew" in told(answer)
    assert ask(office.payer, "pay_anew", typed={"place": "640000000000"}).status_code == 404


def test_who_waits_is_told_with_the_next_step(office, ask):
    office.funded()
    child = paid_child(card=False, name="柳待办")
    paid_child()
    office.approved()
    shown = told(ask(office.payer, "late"))
    assert child.name in shown and "Enter payee and card" in shown and "November 2026" in shown
    assert "1 unpaid" in told(ask(office.payer, "payments"))


def test_lists_ask_few_questions_however_long_they_are(office, ask, django_assert_max_num_queries):
    office.funded()
    for _at in range(30):
        paid_child()
    paid_child(card=False)
    run = office.approved()
    for name, arguments in (
        ("run", [run.pk]),
        ("batch", [run.batch_id]),
        ("late", []),
        ("payments", []),
        ("funds", []),
    ):
        ask(office.payer, name, *arguments)
        with django_assert_max_num_queries(60):
            ask(office.payer, name, *arguments)


def test_a_fund_is_entered_by_one_and_confirmed_by_another(office, ask):
    typed = {
        "place": office.code, "year": "2026", "level": "county", "nature": "budget", "amount": "1,200,000.00",
        "document": "永财〔2026〕8号",
    }  # fmt: skip
    wrong = told(ask(office.finance, "enter_fund", typed=typed | {"amount": "viel"}), 422)
    assert "at most two decimals" in wrong
    ask(office.finance, "enter_fund", typed=typed)
    fund = Fund.objects.get()
    assert fund.amount_fen == 120_000_000
    assert "has been entered already" in told(ask(office.finance, "enter_fund", typed=typed), 422)
    assert "Waits for a second person" in told(ask(office.approver, "funds"))
    assert "money was entered" in told(ask(office.approver, "today"))
    ask(office.finance, "decide_fund", fund.pk, "confirm", typed={})
    fund.refresh_from_db()
    assert fund.confirmed_by is None
    ask(office.approver, "decide_fund", fund.pk, "confirm", typed={})
    fund.refresh_from_db()
    assert fund.confirmed_by == office.approver
    assert "1,200,000.00" in told(ask(office.payer, "fund", fund.pk))


def test_a_fund_is_refused_with_a_reason_or_taken_back(office, ask):
    typed = {
        "place": office.code, "year": "2026", "level": "county", "nature": "budget", "amount": "100",
        "document": "永财〔2026〕9号",
    }  # fmt: skip
    ask(office.finance, "enter_fund", typed=typed)
    fund = Fund.objects.get()
    assert "required" in told(ask(office.approver, "decide_fund", fund.pk, "refuse", typed={"words": ""}), 422)
    ask(office.finance, "decide_fund", fund.pk, "refuse", typed={"words": "登记错误"})
    assert "登记错误" in told(ask(office.finance, "fund", fund.pk))
    assert ask(office.approver, "decide_fund", fund.pk, "forget", typed={}).status_code == 404


def test_the_region_hands_out_and_a_second_person_confirms(office, ask):
    given = office.given()
    first, second = given.entered_by, given.fund.confirmed_by
    typed = {"place": "640121000000", "amount": "5000", "document": "宁民函〔2026〕50号"}
    assert "required" in told(ask(first, "allocate_fund", given.fund_id, typed={}), 422)
    ask(first, "allocate_fund", given.fund_id, typed=typed)
    assert Allocation.objects.count() == 2
    ask(second, "decide_allocation", given.pk, "confirm", typed={})
    given.refresh_from_db()
    assert given.confirmed_by == second
    shown = told(ask(office.finance, "fund", given.fund_id))
    assert "10,000.00" in shown and "永宁县" not in shown
    assert ask(office.finance, "allocate_fund", given.fund_id, typed=typed).status_code == 404


def test_a_childs_page_shows_its_payments(office, ask):
    office.funded()
    child, other = paid_child(), paid_child(card=False)
    batch, content = office.sent()
    file = SimpleUploadedFile("r.csv", answered(office, batch, content))
    ask(office.finance, "take_bank_return", batch.pk, typed={"file": file})
    officer = make.person("county_officer")
    shown = told(ask(officer, "child_payments", child.file_number))
    assert "November 2026" in shown and "Paid" in shown and "标准每月1640元" in shown
    assert "1,640.00 yuan arrived" in told(ask(officer, "child", child.file_number))
    assert "No card to pay to" in told(ask(officer, "child_payments", other.file_number))
    director = make.person("village_director", child.responsible_code)
    assert "1,640.00 yuan arrived" in told(ask(director, "child", child.file_number))


def test_the_wrong_month_or_place_says_so(office, ask):
    office.approved_with_money()
    typed = {"month": "2026-10", "place": office.code, "purpose": "regular"}
    assert "later month has been approved" in told(ask(office.payer, "prepare_run", typed=typed), 422)
    assert told(ask(office.payer, "prepare_run", typed={"month": "x", "place": "y"}), 422)
