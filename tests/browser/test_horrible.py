"""A horrible sheet becomes children: columns said once, two rounds of repair in the user's own file, a second person.

What is mended is mended in the file that came back, as somebody with a spreadsheet program would.
"""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from tests.browser.horrible import BOY, horrible, number
from tests.factories import wrong_last

THIRD = date(2015, 10, 9)


def send(page, content, name):
    page.goto("/imports/")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name="上传并检查").click()


def given_back(page):
    page.wait_for_selector(".verdicts")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注好的原表").click()
    with open(download.value.path(), "rb") as file:
        return file.read()


def mended(content, cells):
    """The workbook with some cells of its first sheet typed anew."""
    book = load_workbook(BytesIO(content))
    for place, value in cells.items():
        book.worksheets[0][place] = value
        book.worksheets[0][place].number_format = "@"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def told(content):
    """What the first column says, by row."""
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return {row: sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value}


def test_a_horrible_sheet_becomes_children_in_two_rounds(be, axe):
    supervisor = be("lijun-supervisor")
    send(supervisor, horrible(), "李俊镇名单.xlsx")

    # nobody knows the column 娃娃: it is asked for once, with a proposal
    supervisor.wait_for_url("**/columns/")
    axe(supervisor)
    assert supervisor.get_by_label("娃娃").input_value() == "name"
    supervisor.get_by_role("button", name="按此读取并检查").click()

    first = given_back(supervisor)
    axe(supervisor)
    words = supervisor.locator("main").inner_text()
    assert "4 行可以入库" in words
    assert {row for row, said in told(first).items() if row > 4} >= {8, 9, 10, 12, 13}

    # first round: the numbers and the sex; the places and one number are still wrong
    second_file = mended(
        first,
        {
            "F8": number(4, THIRD),
            "F9": wrong_last(number(5, THIRD, BOY)),
            "E10": "2015-10-09",
            "D12": "女",
            "J12": "13912345607",
        },
    )
    send(supervisor, second_file, "李俊镇名单 改.xlsx")
    second = given_back(supervisor)
    assert "7 行可以入库" in supervisor.locator("main").inner_text()
    assert {row for row in told(second) if row > 4 and "隐藏" not in told(second)[row]} == {9, 13}

    # second round: nothing is wrong any more
    send(
        supervisor,
        mended(second, {"F9": number(5, THIRD, BOY), "E13": "2015年10月9日", "G13": "雷台村"}),
        "李俊镇名单 再改.xlsx",
    )
    supervisor.wait_for_selector("h1:has-text('9 行可以入库')")
    batch = supervisor.url

    approver = be("yongning-approver")
    approver.goto(batch)
    approver.get_by_role("button", name="入库", exact=True).click()
    approver.wait_for_selector("h1:has-text('已入库 9 行')")
    axe(approver)

    # the first file is still there and brings nobody in twice
    send(supervisor, horrible(), "李俊镇名单.xlsx")
    supervisor.wait_for_selector(".verdicts")
    supervisor.goto("/children/")
    supervisor.get_by_role("link", name="买买提·艾力").click()
    assert "宁化村" in supervisor.locator("main").inner_text()
