"""One child with a complicated family, entered, corrected, handed over, closed and reopened by three officers."""

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, WIDE
from tests.factories import id_number

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


def pick(page: Page, field: str, words: str) -> None:
    """Types into a picker of places and takes the first answer."""
    box = page.locator(f'[name="{field}_text"]')
    box.click()
    box.press_sequentially(words)
    page.locator(f"#{box.get_attribute('aria-controls')} [role=option]").first.click()
    expect(page.locator(f'input[data-code][name="{field}"]')).not_to_have_value("")


def send(page: Page) -> None:
    page.locator("main form.form .actions .button").first.click()


def save(page: Page, receipt: str = "留痕") -> None:
    """Sends a form and saves it on the page that shows both sides; the receipt says what became of it."""
    send(page)
    page.locator("[name=checked]").click()
    expect(page.locator(".notice").first).to_contain_text(receipt)


def state_purpose(page: Page) -> None:
    page.locator(".asked select").select_option("verify")
    page.locator(".asked button").click()


def enter(page: Page, name: str, number: str) -> str:
    """Enters a child by hand; the address of its page."""
    page.goto("/children/enter/")
    page.fill("[name=name]", name)
    page.check('[name=sex][value="2"]')
    page.fill("[name=birth_date]", "2015-03-07")
    page.fill("[name=id_number]", number)
    page.select_option("[name=ethnic_group]", "03")
    pick(page, "living_division", "李俊")
    page.fill("[name=living_address]", "三组 14 号")
    page.check("[name=category][value=in_difficulty]")
    page.fill("[name=guardian_name]", "马秀兰")
    page.select_option("[name=guardian_relation]", "62")
    page.fill("[name=guardian_phone]", "13912345678")
    save(page)
    return page.url


def add_parent(page: Page, file: str, role: str, name: str) -> None:
    page.goto(f"{file}record/parent/")
    page.check(f"[name=role][value={role}]")
    page.fill("[name=name]", name)
    page.fill("[name=from_on]", "")
    send(page)


def add_circumstance(page: Page, parent: str, kind: str, first: str, last: str = "") -> None:
    page.locator(".entries > li", has_text=parent).get_by_role("link", name="登记情形").click()
    page.select_option("[name=kind]", kind)
    page.fill("[name=from_on]", first)
    page.fill("[name=until_on]", last)
    send(page)


@SIZES
def test_three_officers_and_a_complicated_family(be, axe, size):
    supervisor, officer, approver = (be(f"{name}", size) for name in SEATS)
    is_wide = size is WIDE
    name, number = ("马·阿依莎", id_number(at=41)) if is_wide else ("马·法图麦", id_number(at=43))

    file = enter(supervisor, name, number)
    axe(supervisor)
    add_parent(supervisor, file, "father", "马建国")
    add_parent(supervisor, file, "mother", "杨雪")
    add_circumstance(supervisor, "马建国", "dead", "2023-11-02")
    add_circumstance(supervisor, "杨雪", "imprisoned", "2024-01-10", "2026-01-09")
    supervisor.goto(f"{file}household/new/")
    supervisor.check("[name=kind][value=rural]")
    send(supervisor)
    expect(supervisor.locator("main")).to_contain_text("服刑在押")
    axe(supervisor)

    supervisor.goto(f"{file}alter/")
    assert number not in supervisor.content()
    state_purpose(supervisor)
    supervisor.fill("[name=living_address]", "五组 2 号")
    supervisor.select_option("[name=reason]", "happened")
    save(supervisor)
    supervisor.locator(".tabs").get_by_role("link", name="变更记录").click()
    expect(supervisor.locator(".tabs [aria-current]")).to_have_text("变更记录")
    assert "五组 2 号" not in supervisor.content()
    axe(supervisor)

    officer.goto(f"{file}categories/new/")
    officer.select_option("[name=category]", "de_facto")
    officer.fill("[name=from_on]", "2024-06-14")
    officer.select_option("[name=reason]", "happened")
    send(officer)
    expect(officer.locator(".notice").first).to_contain_text("提请")
    confirm(approver, file)
    expect(approver.locator(".identity")).to_contain_text("事实无人抚养")

    neighbour = be("helan-officer", size)
    hand_over(officer, neighbour, file, name)
    assert officer.goto(file).status == 404

    close_and_reopen(neighbour, be("helan-approver", size), file)
    axe(neighbour)


SEATS = ("lijun-supervisor", "yongning-officer", "yongning-approver")


def confirm(page: Page, file: str) -> None:
    """Confirms what waits about a child, found among today's work or on the child's page."""
    page.goto(f"{file}changes/")
    page.locator("[name=confirm]").first.click()
    expect(page.locator(".notice").first).to_contain_text("留痕")


def hand_over(giver: Page, receiver: Page, file: str, name: str) -> None:
    """Offers a file to the next county, whose officer sees who comes and takes the child on."""
    giver.goto(f"{file}move/")
    pick(giver, "to_code", "习岗")
    giver.select_option("[name=reason]", "family_moved")
    save(giver, "待对方接收")
    assert receiver.goto(file).status == 404
    receiver.goto("/moves/")
    receiver.locator("tr", has_text=file.split("/")[-2]).get_by_role("link").click()
    expect(receiver.locator("h1")).to_have_text(name)
    receiver.locator("[name=accept]").click()
    receiver.goto(file)
    expect(receiver.locator(".identity")).to_contain_text("贺兰县")


def close_and_reopen(officer: Page, approver: Page, file: str) -> None:
    """Closes a file that holds a paid category, and reopens it, each time with the second person."""
    officer.goto(f"{file}close/")
    officer.select_option("[name=reason]", "guardianship_restored")
    send(officer)
    officer.locator("[name=checked]").click()
    confirm(approver, file)
    officer.goto(file)
    expect(officer.locator(".identity")).to_contain_text("已减员")
    officer.goto(f"{file}reopen/")
    officer.select_option("[name=reason]", "closed_wrongly")
    send(officer)
    confirm(approver, file)
    officer.goto(file)
    expect(officer.locator(".identity")).not_to_contain_text("已减员")
    expect(officer.locator(".timeline")).to_contain_text("减员恢复")


def test_a_file_prints_on_two_pages(be, tmp_path):
    page = be("yongning-officer")
    page.goto("/children/?category=de_facto")
    page.locator("table a").first.click()
    page.get_by_role("link", name="打印").click()
    page.check("[name=kind][value=print_file]")
    page.select_option("[name=purpose]", "archive")
    page.fill("[name=receiver]", "档案室")
    send(page)
    expect(page.locator(".sheet")).to_be_visible()
    target = tmp_path / "file.pdf"
    page.pdf(path=str(target), format="A4")
    assert 1 <= len(PdfReader(target).pages) <= 2
