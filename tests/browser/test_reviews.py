"""A recognition is reviewed, and its end confirmed by another person, in the browser."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE


def send(page):
    page.locator("main form.form button").first.click()


def test_an_overdue_review_is_recorded(be, axe):
    officer = be("yongning-officer", PHONE)
    officer.goto("/reviews/?list=overdue")
    officer.locator("main table a").first.click()
    officer.wait_for_selector(".identity")
    axe(officer)
    for step in ("suspend", "propose_end"):
        address = officer.url
        officer.locator(f"a[href$='/{step}/']").click()
        officer.wait_for_url(f"**/{step}/")
        axe(officer)
        officer.goto(address)
    officer.locator("a[href$='/review/']").click()
    officer.wait_for_url("**/review/")
    axe(officer)
    send(officer)
    expect(officer.locator("main [role=alert]").first).to_be_visible()
    axe(officer)
    officer.check("[name=finding][value=continues]")
    send(officer)
    officer.wait_for_selector(".identity")
    expect(officer.locator("main")).to_contain_text("2026年11月24日")
    expect(officer.locator("a[href$='/review/']")).to_have_count(0)


def test_a_suspension_can_be_lifted(be, axe):
    officer = be("yongning-officer", WIDE)
    officer.goto("/reviews/?list=suspended")
    officer.locator("main table a").first.click()
    officer.locator("a[href$='/lift/']").click()
    officer.wait_for_url("**/lift/")
    axe(officer)
    expect(officer.locator("[name=again_from] option").first).to_contain_text("2026年12月")


def test_a_proposed_end_is_confirmed_by_the_approver(be, axe):
    approver = be("yongning-approver", WIDE)
    approver.goto("/reviews/?list=proposed")
    approver.locator("main table a").first.click()
    approver.wait_for_selector(".identity")
    axe(approver)
    address = approver.url
    approver.locator("a[href$='/reject_end/']").click()
    approver.wait_for_url("**/reject_end/")
    axe(approver)
    approver.goto(address)
    approver.locator("a[href$='/confirm_end/']").click()
    approver.wait_for_url("**/confirm_end/")
    axe(approver)
    approver.fill("[name=words]", "村委会和邻居均证实")
    send(approver)
    approver.wait_for_selector(".identity")
    expect(approver.locator("main")).to_contain_text("停止发放决定书")
    axe(approver)
