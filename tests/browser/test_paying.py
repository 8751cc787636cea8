"""Three people pay a month in the browser; the bank does not pay everybody, a card is changed, it is paid anew."""

import re
from datetime import date

from playwright.sync_api import expect

from hutong.gateways.bank.fake import FakeBank
from tests.browser.conftest import PHONE, WIDE

TODAY = date(2026, 11, 24)


def confirmed_fund(be):
    finance = be("yongning-finance", WIDE)
    finance.goto("/funds/enter/")
    finance.locator("[name=level]").select_option("county")
    finance.locator("[name=nature]").select_option("budget")
    finance.fill("[name=amount]", "900,000.00")
    finance.fill("[name=document]", "永财〔2026〕77号")
    finance.locator("main form.form button").first.click()
    finance.wait_for_url(re.compile(r"/funds/\d+/$"))
    approver = be("yongning-approver", WIDE)
    approver.goto(finance.url)
    approver.locator("main form button").first.click()
    expect(approver.locator("main")).to_contain_text("已确认")
    return finance, approver


def run_of(payer, approver, axe, *, prepare):
    """A run is prepared, handed in and approved; the address of its batch."""
    prepare()
    payer.wait_for_url(re.compile(r"/runs/\d+/$"))
    axe(payer)
    run = payer.url
    payer.locator("main a[href$='/hand_in/']").click()
    payer.wait_for_url("**/hand_in/")
    axe(payer)
    payer.locator("main form.form button").first.click()
    payer.wait_for_url(run)
    approver.goto(run)
    axe(approver)
    approver.locator("main a[href$='/approve/']").click()
    approver.wait_for_url("**/approve/")
    axe(approver)
    approver.locator("main form.form button").first.click()
    approver.wait_for_url(run)
    return approver.locator("main a[href^='/batches/']").first.get_attribute("href")


def sent(finance, batch, axe, tmp_path):
    """The payment file of a batch."""
    finance.goto(batch)
    axe(finance)
    finance.check("[name=layout][value=csv]")
    finance.locator("main form.form button").first.click()
    finance.wait_for_url(f"**{batch}")
    with finance.expect_download() as told:
        finance.locator("main a[href$='/file/']").click()
    path = tmp_path / "file.csv"
    told.value.save_as(path)
    return path.read_bytes()


def changed_card(be, payer, axe):
    """The officer enters another card for the child whom the bank did not pay."""
    payer.locator("main tbody a").first.click()
    payer.wait_for_url("**/lines/*/")
    axe(payer)
    file = payer.locator(".identity a[href^='/children/']").get_attribute("href")
    officer = be("yongning-officer", WIDE)
    officer.goto(f"{file}payee/card/")
    officer.fill("[name=card]", "6222021234567890128")
    officer.fill("[name=bank_name]", "宁夏银行")
    officer.locator("main form.form button").first.click()
    officer.wait_for_load_state()
    if officer.locator("main form.form").count():
        officer.locator("main form.form button").first.click()
    officer.wait_for_url(f"**{file}standing/")


def taken_in(finance, content, tmp_path):
    path = tmp_path / "returned.csv"
    path.write_bytes(content)
    finance.set_input_files("input[type=file]", path)
    finance.locator("main form[enctype] button").first.click()
    finance.wait_for_load_state()


def test_a_line_says_why_and_a_child_is_held_on_a_phone(be, axe):
    payer = be("yongning-payer", PHONE)
    payer.goto("/runs/prepare/?month=2026-12&place=640121000000")
    payer.locator("main form.form button").first.click()
    payer.wait_for_url(re.compile(r"/runs/\d+/$"))
    axe(payer)
    payer.goto(f"{payer.url}?list=pays")
    payer.locator("#lines tbody a").first.click()
    payer.wait_for_url("**/lines/*/")
    axe(payer)
    expect(payer.locator("main")).to_contain_text("标准每月")
    payer.locator("main a[href$='/hold/']").click()
    payer.wait_for_url("**/hold/")
    axe(payer)
    payer.fill("[name=words]", "村里反映儿童已随父亲外出，待核实")
    payer.locator("main form.form button").first.click()
    payer.wait_for_url(re.compile(r"/lines/\d+/$"))
    expect(payer.locator("main")).to_contain_text("待核实")
    payer.goto(payer.url.split("lines/")[0] + "cancel/")
    payer.fill("[name=words]", "先核实再生成")
    payer.locator("main form.form button").first.click()
    payer.wait_for_url(re.compile(r"/runs/\d+/$"))


def test_three_people_pay_a_month_and_what_came_back_is_paid_anew(be, axe, tmp_path):
    finance, approver = confirmed_fund(be)
    payer = be("yongning-payer", WIDE)
    payer.goto("/runs/prepare/?month=2026-12&place=640121000000")
    axe(payer)
    batch = run_of(payer, approver, axe, prepare=lambda: payer.locator("main form.form button").first.click())
    content = sent(finance, batch, axe, tmp_path)
    cards = re.findall(r"\b\d{16,19}\b", content.decode("utf-8-sig"))
    bank = FakeBank("csv", fails={cards[0]: "account_closed"})
    (returned,) = bank.returns(bank.take(content, on=TODAY), on=TODAY)
    taken_in(finance, b"nonsense", tmp_path)
    expect(finance.locator("main [role=alert]").first).to_be_visible()
    axe(finance)
    taken_in(finance, returned, tmp_path)
    expect(finance.locator("main")).to_contain_text("账户已销户")
    axe(finance)
    finance.locator("main form[action$='/close/'] button").click()
    expect(finance.locator("main")).to_contain_text("已对账结清")

    payer.goto("/late/?list=failed")
    axe(payer)
    payer.locator("main form[action$='/anew/'] button").click()
    expect(payer.locator("main [role=alert]").first).to_contain_text("须先更正银行卡")
    changed_card(be, payer, axe)
    payer.goto("/late/?list=failed")
    again = run_of(payer, approver, axe, prepare=lambda: payer.locator("main form[action$='/anew/'] button").click())
    content = sent(finance, again, axe, tmp_path)
    bank.fails.clear()
    (returned,) = bank.returns(bank.take(content, on=TODAY), on=TODAY)
    taken_in(finance, returned, tmp_path)
    finance.locator("main form[action$='/close/'] button").click()
    expect(finance.locator("main")).to_contain_text("已对账结清")
    payer.goto("/payments/")
    axe(payer)
