"""Twins are joined by mistake, worked on, and parted again: every fact is found back with its child."""

import re
from datetime import date

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_pages import SIZES


def twins(page):
    """The open pair of the least weight: twins, of whom one has no number yet."""
    page.goto("/duplicates/")
    page.locator("main table tbody th a").last.click()
    page.wait_for_selector(".compared")


def shown(page, address):
    """What the tabs of a file say, without what changes by looking."""
    said = {}
    for tab in ("family/", "life/", "standing/", "papers/"):
        page.goto(address + tab)
        said[tab] = page.locator("#file .card").all_inner_texts()
    page.goto(address)
    events = page.locator(".timeline li:not(.year)").all_inner_texts()
    said["events"] = [line for line in events if "合并" not in line and "并入" not in line]
    said["head"] = page.locator(".identity").inner_text()
    return said


def test_twins_joined_by_mistake_are_parted_and_nothing_is_lost(be):
    officer = be("yongning-officer")
    twins(officer)
    pair = officer.url
    files = [officer.locator("thead a").nth(at).get_attribute("href") for at in (0, 1)]
    before = [shown(officer, address) for address in files]

    officer.goto(pair)
    officer.locator(".answer-of summary").last.click()
    form = officer.locator(".answer-of[open] form")
    form.locator("select").select_option("entered_twice")
    form.locator("textarea").fill("两份档案和材料都已核对")
    if form.locator("[name=has_compared]").count():
        form.locator("[name=has_compared]").check()
    leading = form.locator("input[name=leading]:checked").get_attribute("value")
    joined = next(address for address in files if leading not in address)
    form.get_by_role("button").click()
    officer.wait_for_selector(".notice, .messages")

    approver = be("yongning-approver")
    approver.goto(pair)
    approver.get_by_role("button", name="确认是同一个孩子").click()
    approver.wait_for_selector(".timeline")
    assert leading in approver.url

    officer.goto(f"/children/{leading}/standing/")
    number = joined.split("/")[2]
    assert f"来自 {number}" in officer.inner_text("main")
    officer.goto(f"/children/{leading}/record/study/")
    officer.locator("select[name=level]").select_option("compulsory")
    officer.locator("input[name=school]").fill("永宁县试验小学")
    officer.locator("input[name=from_on]").fill("2026-09-01")
    officer.locator("form button[type=submit], form button:not([type])").last.click()
    officer.wait_for_load_state()
    officer.goto(f"{joined}alter/")
    assert officer.locator("h1").count() == 1

    officer.goto(joined)
    assert "已并入档案" in officer.inner_text("main")
    officer.get_by_role("link", name="撤销合并").first.click()
    officer.wait_for_selector("select[name=reason]")
    officer.locator("select[name=reason]").select_option("twins")
    officer.get_by_role("button", name="撤销合并").click()
    officer.wait_for_selector("h1:has-text('已恢复为两份档案')")
    assert "永宁县试验小学" in officer.inner_text("main")

    after = [shown(officer, address) for address in files]
    at = files.index(joined)
    assert after[at] == before[at]
    led, led_before = after[1 - at], before[1 - at]
    assert "永宁县试验小学" in "".join(led["life/"])
    assert set(led_before["events"]) <= set(led["events"])
    assert led["family/"] == led_before["family/"]
    assert led["standing/"] == led_before["standing/"]


@SIZES
def test_the_pages_of_pairs(be, axe, size):
    page = be("yongning-officer", size)
    for path in ("/duplicates/", "/duplicates/?state=waiting", "/duplicates/?state=same", "/duplicates/?band=even"):
        page.goto(path)
        axe(page)
    for path in ("/duplicates/quality/", "/duplicates/compare/"):
        page.goto(path)
        axe(page)
        assert page.locator("h1").count() == 1


@SIZES
def test_one_pair_in_its_states(be, axe, size):
    page = be("yongning-officer", size)
    for state in ("open", "waiting", "same", "different"):
        page.goto(f"/duplicates/?state={state}")
        page.locator("main table tbody th a").first.click()
        page.wait_for_selector(".compared")
        axe(page)


@SIZES
def test_a_joined_file_and_its_undoing(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/duplicates/?state=same")
    page.locator("main table tbody th a").first.click()
    page.wait_for_selector(".compared")
    addresses = [page.locator("thead a").nth(at).get_attribute("href") for at in (0, 1)]
    for address in addresses:
        page.goto(address)
        page.wait_for_selector(".timeline")
        axe(page)
    page.goto("/duplicates/?state=same")
    page.locator("main table tbody th a").first.click()
    page.locator(".notice a").click()
    page.wait_for_selector("select[name=reason]")
    axe(page)


@SIZES
def test_several_are_answered_together(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/duplicates/")
    page.locator("[name=selected]").first.check()
    assert page.locator(".selection").is_visible()
    page.get_by_role("button", name="一并判定").click()
    page.wait_for_selector("input[name=answer]")
    axe(page)
    assert page.locator("input[name=answer]:checked").count() == 0
    assert not page.locator("[name=reason_same]").is_visible()
    page.locator("input[name=answer][value=same]").check()
    assert page.locator("[name=reason_same]").is_visible()
    assert not page.locator("[name=reason_different]").is_visible()


@SIZES
def test_what_was_answered_with_two_children_is_asked_anew(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/duplicates/?state=different")
    page.locator("main table tbody th a").first.click()
    page.wait_for_selector(".compared")
    assert page.locator("h1").inner_text() == "已判定：两个孩子"
    page.locator(".answer-of summary").click()
    page.locator("[name=why]").fill("两份出生证明是同一份")
    axe(page)
    page.get_by_role("button", name="重新判定").click()
    page.wait_for_selector(".verdict-of")
    assert "两份出生证明是同一份" in page.inner_text(".earlier")
    axe(page)
    form = page.locator(".answer-of[open] form")
    form.locator("select").select_option("siblings")
    form.get_by_role("button").click()
    page.locator(".messages, .notice").first.wait_for()


@SIZES
def test_two_files_are_looked_at_before_they_come_to_the_desk(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/children/")
    links = page.locator("main table tbody th a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    one, other = (link.split("/")[2] for link in links[:2])
    page.goto("/duplicates/compare/")
    page.fill("[name=number]", one)
    page.fill("[name=other]", other)
    page.get_by_role("button", name="比对").click()
    page.wait_for_selector(".compared")
    axe(page)
    assert one not in page.url
    assert page.locator("aside").get_by_text("疑似重复").count() >= 1


def test_on_a_phone_what_is_alike_is_folded_and_the_quality_page_scrolls_down_alone(be):
    page = be("yongning-officer", PHONE)
    page.goto("/duplicates/")
    page.locator("main table tbody th a").first.click()
    page.wait_for_selector(".compared")
    assert not page.locator(".alike tbody tr").first.is_visible()
    page.locator(".alike summary").click()
    assert page.locator(".alike tbody tr").first.is_visible()
    page.goto("/duplicates/quality/")
    wide = "box => box.scrollWidth > box.clientWidth"
    assert not page.locator(".quality .table").evaluate(wide)


def test_the_keyboard_reaches_both_answers(be):
    page = be("yongning-officer", WIDE)
    page.goto("/duplicates/")
    page.locator("main table tbody th a").first.press("Enter")
    page.wait_for_selector(".compared")
    summary = page.locator(".answer-of summary").last
    summary.focus()
    summary.press("Enter")
    assert page.locator(".answer-of[open] input[name=leading]").first.is_visible()


@SIZES
def test_an_officer_of_the_city_sees_no_name(be, axe, size):
    page = be("yinchuan-officer", size)
    page.goto("/duplicates/")
    axe(page)


@SIZES
def test_a_child_like_the_one_being_typed_in_is_shown_before_the_form_is_sent(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/children/")
    page.locator("main table tbody th a").first.click()
    page.wait_for_selector(".identity")
    number = page.url.split("/")[4]
    name = page.locator("h1").inner_text()
    said = page.locator("dl:has-text('出生日期')").last.inner_text()
    born = date(*map(int, re.search(r"(\d+)年(\d+)月(\d+)日", said).groups())).isoformat()

    page.goto("/children/enter/")
    page.fill("[name=name]", name)
    page.fill("[name=birth_date]", born)
    page.locator("[name=living_division_text]").press_sequentially("李俊")
    page.locator("[role=option]").first.click()
    page.fill("[name=living_address]", "三组 14 号")
    page.locator("[name=decision_number]").focus()
    page.locator(f".like a[href*='{number}']").wait_for()
    axe(page)
