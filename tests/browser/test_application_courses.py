"""Applications from intake to the last word in the browser: by refusal and review, and from one county to another."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_applications import take
from tests.browser.test_papers import add
from tests.factories import picture

WORDS = "经走访核实，父母均在家照料"


def looked_at(page, address) -> None:
    """Every item whose paper is there fits."""
    page.goto(address)
    while page.locator("main button[value=fits]").count():
        page.locator("main button[value=fits]").first.click()
        page.wait_for_load_state()


def begun(page) -> tuple[str, str]:
    """Addresses of a child and of its application, the first of the list for whom there is none yet."""
    page.goto("/children/")
    files = [link.get_attribute("href") for link in page.locator("main table tbody th a").all()]
    for file in files:
        page.goto(f"{file}apply/")
        page.locator("main form.form button").first.click()
        page.wait_for_load_state()
        if "/applications/" in page.url:
            return file, page.url
    raise AssertionError("for every child of the list somebody has applied")


def test_five_people_take_one_to_a_refusal_that_is_upheld(be, axe):
    director = be("lijun-director", PHONE)
    file, address = begun(director)
    axe(director)
    take(director, "submit")

    supervisor = be("lijun-supervisor", WIDE)
    supervisor.goto(address)
    axe(supervisor)
    supervisor.locator("a[href$='/ask/']").click()
    supervisor.wait_for_url("**/ask/")
    expect(supervisor.locator("main")).to_contain_text("户口簿")
    supervisor.locator("main form.form button").first.click()
    expect(supervisor.locator("main")).to_contain_text("补正材料通知书")

    director.goto(f"{file}papers/")
    for shade, kind in enumerate(("户口簿", "身份证件"), start=211):
        add(director, kind, "", picture("PNG", shade=shade))
    director.goto(address)
    take(director, "bring")
    supervisor.goto(address)
    take(supervisor, "accept", words="材料已齐")

    officer = be("yongning-officer", WIDE)
    looked_at(officer, address)
    expect(officer.locator("main")).to_contain_text("按政策不予认定")
    take(officer, "check", opinion="disagrees", words=WORDS)

    approver = be("yongning-approver", WIDE)
    approver.goto(address)
    approver.locator("a[href$='/refuse/']").click()
    approver.wait_for_url("**/refuse/")
    approver.select_option("[name=ground]", "not_met")
    approver.fill("[name=words]", WORDS)
    axe(approver)
    approver.locator("main form.form button").first.click()
    expect(approver.locator("main")).to_contain_text(WORDS)
    assert not approver.locator("a[href$='/uphold/']").count()

    director.goto(address)
    expect(director.locator("main")).to_contain_text("不予确认")
    take(director, "ask_review", words="父亲上月已外出失去联系")

    approver.goto(address)
    assert not approver.locator("a[href$='/uphold/']").count()
    reviewer = be("yongning-reviewer", PHONE)
    reviewer.goto(address)
    axe(reviewer)
    take(reviewer, "uphold", words="父亲联系得上，维持原决定")
    expect(reviewer.locator("main")).to_contain_text("维持不予确认")
    axe(reviewer)


def test_one_is_received_in_another_county_and_the_family_is_told_there(be, axe):
    receiver = be("lijun-supervisor", WIDE)
    home = be("helan-officer", WIDE)
    home.goto("/children/?category=left_behind")
    home.locator("main table tbody th a").nth(5).click()
    home.wait_for_selector(".identity")
    said = home.locator("dl:has-text('出生日期')").last.inner_text()
    born = "-".join(f"{int(part):02}" for part in re.search(r"(\d+)年(\d+)月(\d+)日", said).groups())
    known = f"{home.locator('h1').inner_text()} {born}"

    receiver.goto("/children/")
    receiver.locator("header [name=q], [name=q]").first.fill(known)
    receiver.keyboard.press("Enter")
    receiver.locator("a[href*='/applications/receive/']").click()
    axe(receiver)
    receiver.fill("[name=name]", "柳桂兰")
    receiver.locator("main form.form button").first.click()
    receiver.wait_for_url("**/applications/*/")
    address = receiver.url
    axe(receiver)
    receiver.get_by_role("link", name="添加材料").click()
    for shade, kind in enumerate(("户口簿", "身份证件"), start=221):
        add(receiver, kind, "", picture("PNG", shade=shade))
    receiver.goto(address)
    take(receiver, "submit")
    expect(receiver.locator("main")).to_contain_text("受理地乡镇，待受理转送")
    expect(receiver.locator("main")).to_contain_text("2026年11月27日")  # three working days after Tuesday the 24th
    take(receiver, "accept")
    assert not receiver.locator("a[href$='/check/']").count()

    looked_at(home, address)
    expect(home.locator("main")).to_contain_text("受理地")
    take(home, "check", opinion="disagrees", words=WORDS)
    approver = be("helan-approver", WIDE)
    approver.goto(address)
    approver.locator("a[href$='/refuse/']").click()
    approver.wait_for_url("**/refuse/")
    approver.select_option("[name=ground]", "not_met")
    approver.fill("[name=words]", WORDS)
    approver.locator("main form.form button").first.click()

    receiver.goto("/")
    expect(receiver.locator("main")).to_contain_text("有家庭等待告知认定结果")
    receiver.goto(address)
    axe(receiver)
    take(receiver, "tell")
    expect(receiver.locator("main")).to_contain_text("告知了家庭")
