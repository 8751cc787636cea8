"""A confidential application in the browser: three named people of one county, and nobody else."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_application_courses import looked_at
from tests.browser.test_applications import take


def test_three_named_people_take_one_in_confidence(be, axe):
    officer = be("yongning-officer", WIDE)
    officer.goto("/children/?category=left_behind")
    file = officer.locator("main table tbody th a").last.get_attribute("href")
    officer.goto(f"{file}apply/")
    axe(officer)
    officer.locator("main a[href$='/confidential/']").click()
    officer.wait_for_url("**/apply/confidential/")
    axe(officer)
    officer.fill("[name=name]", "柳安和")
    officer.check("[name=basis][value=orphan]")
    officer.fill("[name=reason]", "个案责任人")
    officer.locator("main form.form button").first.click()
    expect(officer.locator("main [role=alert]").first).to_contain_text("三人")
    for box in officer.locator("[name=named]").all():
        box.check()
    officer.locator("main form.form button").first.click()
    officer.wait_for_url("**/applications/*/")
    expect(officer.locator("main")).to_contain_text("密办")
    axe(officer)
    address = officer.url
    take(officer, "submit")
    officer.goto(f"{address}people/")
    axe(officer)
    officer.goto(f"{address}ask/")
    officer.locator("main form.form button").first.click()
    officer.wait_for_url("**/applications/*/")
    take(officer, "bring")
    take(officer, "accept", words="材料由县级核实")
    expect(officer.locator("main")).to_contain_text("只计县级确认时限")

    colleague = be("yongning-colleague", PHONE)
    looked_at(colleague, address)
    axe(colleague)
    take(colleague, "check", opinion="disagrees", words="未见证明材料")

    approver = be("yongning-approver", WIDE)
    approver.goto(address)
    axe(approver)
    approver.locator("a[href$='/refuse/']").click()
    approver.wait_for_url("**/refuse/")
    approver.select_option("[name=ground]", "not_shown")
    approver.fill("[name=words]", "未能补齐证明材料")
    approver.locator("main form.form button").first.click()
    approver.wait_for_url("**/applications/*/")
    expect(approver.locator("main")).to_contain_text("不予确认")

    for who in ("lijun-director", "lijun-supervisor", "helan-officer"):
        other = be(who, PHONE)
        assert other.goto(address).status == 404
        other.goto("/applications/?list=ended")
        assert not other.locator(f"main a[href$='/{address.rstrip('/').rsplit('/', 1)[-1]}/']").count()
