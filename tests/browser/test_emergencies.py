"""A child of another county is in danger: its file is opened at once, and somebody else reviews that."""

import re
from datetime import date

from playwright.sync_api import expect

from tests.browser.conftest import WIDE
from tests.browser.test_pages import SIZES


def name_and_birth(page, at: int) -> str:
    """What a finder might know of a child of this officer's county."""
    page.goto("/children/")
    page.locator("main table tbody th a").nth(at).click()
    page.wait_for_selector(".identity")
    said = page.locator("dl:has-text('出生日期')").last.inner_text()
    born = date(*map(int, re.search(r"(\d+)年(\d+)月(\d+)日", said).groups()))
    return f"{page.locator('h1').inner_text()} {born}"


@SIZES
def test_a_file_of_another_county_is_opened_and_reviewed(be, axe, size):
    known = name_and_birth(be("yongning-officer"), 3 if size == WIDE else 4)
    finder = be("helan-officer", size)
    finder.goto("/children/")
    finder.locator("header [name=q], [name=q]").first.fill(known)
    finder.keyboard.press("Enter")
    finder.locator("a[href*='/children/emergency/']").click()
    finder.locator("main form.form button").first.click()
    expect(finder.locator(".errors, [role=alert]").first).to_be_visible()
    axe(finder)
    finder.select_option("[name=reason]", "found")
    finder.fill("[name=words]", "夜间在汽车站发现孩子独自一人")
    finder.locator("main form.form button").first.click()
    finder.wait_for_selector(".identity")
    finder.goto("/emergencies/")
    axe(finder)

    approver = be("yongning-approver", size)
    approver.goto("/emergencies/")
    approver.locator("main tbody a").first.click()
    approver.wait_for_selector("[name=verdict]")
    axe(approver)
    approver.check("[name=verdict][value=justified]")
    approver.locator("main form.form button").first.click()
    expect(approver.locator("main")).to_contain_text("确有必要")
    axe(approver)
