"""The papers of a child: added, refused with a word, opened for a purpose, withdrawn; wide and on a phone."""

from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.factories import picture, serial

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


def papers_of_the_first_child(page) -> None:
    page.goto("/children/")
    page.locator("table a").first.click()
    page.wait_for_selector(".timeline")
    page.goto(f"{page.url}papers/")


def add(page, kind: str, expires: str, content: bytes, name: str = "x.png") -> None:
    page.get_by_label("材料种类").select_option(label=kind)
    page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
    page.get_by_label("有效期最后一天").fill(expires)
    page.get_by_role("button", name="添加材料").click()
    page.wait_for_load_state()


@SIZES
def test_a_paper_is_added_looked_at_and_withdrawn(be, axe, size):
    page = be("lijun-supervisor", size)
    papers_of_the_first_child(page)
    axe(page)

    add(page, "在读证明", "2026-12-10", b"GIF89a")
    refused = page.locator(".errors").inner_text()
    kept = page.get_by_label("有效期最后一天").input_value()
    axe(page)
    add(page, "在读证明", "2026-12-10", picture("PNG", shade=serial() + 1000 * len(str(size))))
    axe(page)
    listed, row = page.url, page.locator("tr", has_text="剩 16 天").last
    with page.expect_response(lambda answer: answer.headers.get("content-type") == "image/jpeg") as shown:
        row.get_by_role("link", name="打开").click()
    page.wait_for_url("**/papers/*/")
    page.goto(listed)
    row.get_by_role("link", name="撤下").click()
    axe(page)
    page.get_by_label("撤下原因").fill("拍错了")
    page.get_by_role("button", name="撤下材料").click()
    page.locator(".folded summary").last.click()
    axe(page)

    assert "只接收照片" in refused and kept == "2026-12-10"
    assert shown.value.headers["content-disposition"].startswith("inline")
    assert page.locator(".folded tr", has_text="在读证明").first.is_visible()


def test_a_paper_of_somebody_else_asks_for_a_purpose_first(be, axe):
    supervisor = be("lijun-supervisor")
    papers_of_the_first_child(supervisor)
    add(supervisor, "诊断证明", "", picture("PNG", shade=77))
    officer = be("yongning-officer")
    officer.goto(supervisor.url)

    officer.locator("tr", has_text="诊断证明").get_by_role("link", name="打开").click()
    asked = Path(officer.url.partition("?")[0]).name

    assert asked == "purpose"
    axe(officer)
