"""Across the province's border in the browser: by letter from intake to telling, and a child whom no place holds."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.factories import id_number


def chosen(page, name: str, text: str) -> None:
    """A place chosen from the list that opens as one types."""
    page.locator(f"[name='{name}_text']").fill(text)
    page.locator(f"[data-picker]:has([name='{name}_text']) [role=option]").first.click()


def searched(page, text: str) -> None:
    page.goto("/children/")
    page.locator("header input[name=q]").fill(text)
    page.locator("header input[name=q]").press("Enter")
    page.wait_for_url("**/children/?said=*")


def step(page, words: str) -> None:
    """A step by its button, then its form."""
    page.locator(".actions a", has_text=words).first.click()
    page.wait_for_url("**/applications/outgoing/*/*/")


def done(page) -> None:
    page.locator("main form.form button").first.click()
    page.wait_for_url("**/applications/outgoing/*/")


def test_by_letter_from_intake_to_telling(be, axe):
    page = be("lijun-supervisor", WIDE)
    searched(page, "钱望舒 2016-04-09")
    axe(page)
    page.get_by_role("link", name="儿童户籍在外省").click()
    page.wait_for_url("**/outgoing/begin/**")
    axe(page)
    assert page.locator("[name=child_name]").input_value() == "钱望舒"
    page.locator("main form.form button").first.click()
    page.wait_for_load_state()
    axe(page)
    chosen(page, "home", "庄浪")
    for name, said in (
        ("address", "水洛镇"),
        ("phone", "13900000077"),
        ("situation", "父亲病故，母亲服刑"),
        ("name", "钱桂香"),
    ):
        page.locator(f"[name={name}]").fill(said)
    page.locator("[name=papers][value=household_book]").check()
    page.locator("main form.form button").first.click()
    page.wait_for_url("**/applications/outgoing/*/")
    axe(page)
    expect(page.locator("main")).to_contain_text("庄浪县民政局")
    step(page, "一次性告知")
    axe(page)
    done(page)
    step(page, "材料")
    page.locator("[name=papers][value=id_card]").check()
    done(page)
    step(page, "发函转办")
    done(page)
    expect(page.locator("main")).to_contain_text("异地申请转办函")
    step(page, "登记复函")
    page.locator("[name=outcome][value=confirmed]").check()
    page.locator("[name=decided_on]").fill("2026-11-24")
    axe(page)
    done(page)
    step(page, "告知")
    done(page)
    axe(page)
    expect(page.locator("main")).to_contain_text("户籍地的决定")
    phone = be("lijun-supervisor", PHONE)
    phone.goto(page.url)
    axe(phone)
    phone.get_by_role("button", name="显示证件号").click()
    expect(phone.locator("main")).to_contain_text("13900000077")


def test_a_child_whom_no_place_holds(be, axe):
    page = be("lijun-supervisor", PHONE)
    number = id_number(at=377)
    searched(page, number)
    axe(page)
    page.get_by_role("link", name="儿童户籍在本区").click()
    page.wait_for_url("**/applications/receive/**")
    axe(page)
    assert page.locator("[name=child-id_number]").input_value() == number
    page.locator("[name=child-name]").fill("钱星野")
    page.locator("[name=child-sex][value='2']").check()
    page.locator("[name=child-birth_date]").fill("2015-03-07")
    chosen(page, "child-home", "640122100")
    chosen(page, "child-living_division", "李俊镇")
    page.locator("[name=name]").fill("钱桂香")
    page.locator("main form.form button").first.click()
    page.wait_for_url(re.compile(r"/applications/\d+/$"))
    axe(page)
    expect(page.locator("main")).to_contain_text("钱星野")


def test_days_used_open_their_lists(be, axe):
    page = be("yongning-officer", PHONE)
    page.goto("/applications/days/?period=2026")
    axe(page)
    page.locator("main table a[href*=late]").first.click()
    page.wait_for_url("**/days/list/**")
    axe(page)
