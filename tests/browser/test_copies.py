"""A list of more than fifty children waits for a second person; a form of one child is printed at once."""

from io import BytesIO
from pathlib import Path

import openpyxl
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.test_pages import SIZES


@SIZES
def test_a_list_is_asked_for_agreed_to_and_fetched(be, axe, size):
    officer = be("helan-officer", size)
    officer.goto("/children/")
    officer.locator("a[href^='/copies/ask/']").click()
    officer.locator("main form.form button").first.click()
    expect(officer.locator("[role=alert]").first).to_be_visible()
    axe(officer)
    officer.check("[name=kind][value=export_visiting]")
    officer.select_option("[name=purpose]", "visit")
    officer.fill("[name=receiver]", "习岗镇儿童督导员")
    officer.locator("main form.form button").first.click()
    expect(officer.locator("main")).to_contain_text("须另一人审核")
    axe(officer)
    page = officer.url

    approver = be("helan-approver", size)
    approver.goto(page)
    axe(approver)
    approver.check("[name=answer][value=yes]")
    approver.locator("main form.form button").first.click()
    expect(approver.locator("main")).to_contain_text("已同意")

    officer.goto(page)
    with officer.expect_download() as download:
        officer.get_by_text("领取名册").click()
    sheet = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    assert sheet.max_row > 52 and "习岗镇" in " ".join(str(row[4]) for row in sheet.iter_rows(values_only=True))
    officer.goto("/copies/")
    axe(officer)


@SIZES
def test_a_form_is_one_sheet_of_paper_with_its_number(be, axe, size):
    officer = be("helan-officer", size)
    officer.goto("/children/?age=17")
    officer.locator("main table tbody th a").first.click()
    officer.wait_for_selector(".identity")
    officer.locator("a[href$='/print/']").click()
    axe(officer)
    officer.check("[name=kind][value=print_family]")
    officer.select_option("[name=purpose]", "family")
    officer.fill("[name=receiver]", "监护人")
    officer.locator("main form.form button").first.click()
    officer.wait_for_selector(".sheet")
    axe(officer)
    number = officer.locator(".sheet header p").inner_text().split(" · ")[1]
    pages = PdfReader(BytesIO(officer.pdf())).pages
    assert len(pages) == 1 and number in pages[0].extract_text().replace(" ", "").replace("\n", "")
    officer.goto("/copies/")
    axe(officer)
