"""An application goes from a draft to the decision in the browser, by three people who see the law beside it."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE


def take(page, step, **typed):
    """Take a step from the page of an application: fill what it asks for and send it."""
    page.locator(f"a[href$='/{step}/']").click()
    for name, value in typed.items():
        field = page.locator(f"[name={name}][value={value}]")
        field.check() if field.count() else page.fill(f"[name={name}]", value)
    page.locator("main form.form button").first.click()
    page.wait_for_url("**/applications/*/")


def test_a_draft_is_handed_in_accepted_checked_and_confirmed(be, axe):
    supervisor = be("lijun-supervisor", PHONE)
    supervisor.goto("/applications/?list=open")
    axe(supervisor)
    supervisor.locator("tr:has-text('草稿') a").first.click()
    address = supervisor.url
    take(supervisor, "submit")
    axe(supervisor)
    take(supervisor, "accept")
    expect(supervisor.locator("main")).to_contain_text("已受理")

    officer = be("yongning-officer", WIDE)
    officer.goto(address)
    expect(officer.locator("main")).to_contain_text("按政策应认定为：事实无人抚养")
    axe(officer)
    while officer.locator("main button[value=fits]").count():
        officer.locator("main button[value=fits]").first.click()
        officer.wait_for_load_state()
    officer.locator("a[href$='/check/']").click()
    officer.wait_for_url("**/check/")
    axe(officer)
    officer.locator("main form.form button").first.click()
    expect(officer.locator("[role=alert]").first).to_be_visible()
    officer.check("[name=opinion][value=agrees]")
    officer.locator("main form.form button").first.click()
    expect(officer.locator("main")).to_contain_text("已查验")

    approver = be("yongning-approver", WIDE)
    approver.goto(address)
    axe(approver)
    take(approver, "confirm")
    expect(approver.locator("main")).to_contain_text("认定决定")
    expect(approver.locator("main")).to_contain_text("2026年12月")
    axe(approver)


def test_a_doubt_without_words_is_asked_for(be, axe):
    officer = be("helan-officer", PHONE)
    officer.goto("/applications/")
    officer.locator("tr:has-text('再次核实中') a").first.click()
    officer.locator("details:has(button[value=doubtful]) summary").first.click()
    officer.locator("button[value=doubtful]").first.click()
    expect(officer.locator("main [role=alert]")).to_contain_text("原因")
    axe(officer)
    officer.locator("input[name=words]").first.fill("日期对不上")
    officer.locator("button[value=doubtful]").first.click()
    expect(officer.locator("main")).to_contain_text("日期对不上")
