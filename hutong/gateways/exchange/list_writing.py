"""The templates of lists (名单模板): one workbook for each source, a sheet for each topic, its headers locked."""

from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.writing import CHARACTER, DATE_WIDTH, GROUND, ID_WIDTH, LINE, NAME_WIDTH, offer_field
from hutong.kit.workbooks.copies import SAFE
from hutong.law.data_sources import SOURCES, Topic
from hutong.law.leads import lists_of

HELP = (
    "每张工作表是一类名单，没有的留空。表头已锁定，请在表头下逐行填写，每人一行。",
    "公民身份号码所在列已设为文本格式，请勿改成数值，否则末几位会变成0。",
    "日期写成2026-03-01，也可以写成2026年3月1日；没有掌握的留空，不要推测。",
    "有下拉列表的请从列表中选择，请勿使用公式。",
    "名单只用于查找应报未报的困境儿童：系统只保留与在册儿童父母（儿童）相符的行，其余只计数、不留存。",
    "请填上面的提供单位及填报人、提供日期。建议加密保存，密码另行电话告知。",
)
ROWS = 100_000
"""To which row a choice is offered."""
ALLOWED = {"format_columns": True, "insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True}


def template_name(source: str) -> str:
    """The name of a template (模板文件名)."""
    return f"部门名单-{SOURCES[source].title_zh}.xlsx"


def write_template(source: str) -> bytes:
    """The empty workbook of a source (名单模板). Raises LookupError for a source that gives no lists."""
    topics = lists_of(source)
    if not topics:
        raise LookupError(source)
    target = BytesIO()
    with xlsxwriter.Workbook(target, SAFE) as book:
        look = {"num_format": "@", "valign": "vcenter", "text_wrap": True, "border": 1, "border_color": LINE}
        head = book.add_format(look | {"bold": True, "bg_color": GROUND["theirs"], "font_color": "#FFFFFF"})
        free = book.add_format({"num_format": "@", "locked": False})
        fill = book.add_format(look | {"bg_color": GROUND["fill"], "locked": False})
        _write_cover(book.add_worksheet(layout.COVER), source, head, fill)
        for topic in topics:
            _write_topic(book.add_worksheet(topic.title_zh), topic, head, free)
    return target.getvalue()


def _write_cover(page: Worksheet, source: str, head: Format, fill: Format) -> None:
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 80)
    page.write_string(0, 0, "部门推送名单")
    page.write_string(1, 0, layout.LIST_SOURCE, head)
    page.write_string(1, 1, SOURCES[source].title_zh)
    for row, label in enumerate((layout.GIVEN_BY, layout.GIVEN_ON), start=2):
        page.write_string(row, 0, label, head)
        page.write_blank(row, 1, None, fill)
    for number, line in enumerate(HELP, start=1):
        page.write_string(4 + number, 1, f"{number}. {line}")
    page.protect("", ALLOWED)


def _write_topic(page: Worksheet, topic: Topic, head: Format, free: Format) -> None:
    for at, header in enumerate(layout.list_headers(topic)):
        width = {layout.ID_NUMBER: ID_WIDTH, layout.NAME: NAME_WIDTH}.get(header)
        page.set_column(at, at, width or max(DATE_WIDTH, CHARACTER * len(header)), free)
        page.write_string(0, at, header, head)
    for at, field in enumerate(topic.fields, start=len(layout.LIST_FIXED)):
        page.data_validation(1, at, ROWS, at, offer_field(field))
    page.freeze_panes(1, len(layout.LIST_FIXED))
    page.protect("", ALLOWED)
