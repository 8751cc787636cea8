"""A case of the law in a form, by keyboard alone: added, answered, opened again, put back and kept."""

import pytest

from tests.browser.conftest import PHONE, WIDE

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


def type_into(page, name: str, words: str) -> None:
    page.locator(f'[name="case-{name}"]').focus()
    page.keyboard.type(words)


def choose(page, name: str, title: str) -> None:
    box = page.locator(f'[name="case-{name}"]')
    box.focus()
    page.keyboard.press("Home")
    for _ in range(box.locator("option").all_inner_texts().index(title)):
        page.keyboard.press("ArrowDown")


def press(page, button) -> None:
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


@SIZES
def test_a_case_is_added_changed_and_kept_by_keyboard(be, axe, size):
    page = be("yongning-officer", size)
    page.goto("/law/")
    assert not page.locator('[name="case-name"]').is_visible()

    page.locator("#case > summary").focus()
    page.keyboard.press("Enter")
    axe(page)
    type_into(page, "name", "键盘案例")
    choose(page, "father_1_kind", "死亡")
    choose(page, "mother_1_kind", "重残")
    choose(page, "mother_1_class", "肢体")
    choose(page, "mother_1_grade", "3")
    press(page, page.locator('button[name="add"]'))
    axe(page)
    assert page.locator(".errors li").count() == 1
    assert page.locator('[name="case-name"]').input_value() == "键盘案例"

    type_into(page, "birth_date", "07072015")  # whichever of month and day the machine puts first
    press(page, page.locator('button[name="add"]'))
    axe(page)
    added = page.locator("#written")
    assert "键盘案例" in added.inner_text() and "不予认定" in added.inner_text()
    assert "键盘案例" in page.locator('[name="text"]').input_value()

    press(page, added.locator('button[name="edit"]'))
    axe(page)
    assert page.locator('[name="case-mother_1_grade"]').input_value() == "3"
    choose(page, "mother_1_grade", "1")
    press(page, page.locator('button[name="put"]'))
    assert "事实无人抚养" in page.locator("#written").inner_text()
    assert page.locator('[name="text"]').input_value().count("键盘案例") == 1

    page.locator('[name="name"]').focus()
    page.keyboard.type(f"键盘 {size['width']}")
    press(page, page.locator('button[name="keep"]'))
    page.wait_for_url("**/law/*/")
    axe(page)
    assert "grade: 1" in page.locator('[name="text"]').input_value()
