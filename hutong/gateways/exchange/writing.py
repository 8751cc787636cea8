"""The workbooks that go out (发出核对表): one for each source, locked, with a sheet for each topic.

A row holds what a register needs to find somebody, in the order of ID numbers: children of one family, and a child and
its parents, do not stand together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from itertools import groupby

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hutong.gateways.exchange import layout
from hutong.gateways.exchange.locking import lock
from hutong.gateways.exchange.questions import Question, Receipt
from hutong.kit.workbooks.copies import SAFE
from hutong.law.citation import cite
from hutong.law.data_sources import SOURCES, Field, Topic

BASES = ("data_sharing", "pipl 第三十四条")
PURPOSE = "民政服务对象资格核对，不作他用"
HELP = (
    "每张工作表核对一类事项。请同时按姓名和公民身份号码核对，有一项不符的填“未查到”。",
    "“查询结果”请从下拉列表中选择。选“查到”的，再填其后各栏；登记中没有的留空，不要推测。",
    "日期写成2026-03-01，也可以写成2026年3月1日。",
    "可以排序、筛选，也可以分几次返回。请勿改动姓名、公民身份号码和隐藏的查询编号，请勿使用公式。",
    "填完后，请填上面的答复单位及填报人、答复日期，保留原密码保存，并按原渠道返回。",
    "密码另行电话告知，不与文件同行。不得转发、拍照外传；事毕按本单位规定销毁。",
)
LINE, GROUND = "#DBE3E1", {"ours": "#E3F1EE", "theirs": "#0E6B5C", "fill": "#FFF8E6"}
NAME_WIDTH, ID_WIDTH, DATE_WIDTH, CHARACTER, ROW_HEIGHT = 12, 22, 14, 2.1, 22
FOOT = "不得转发、拍照外传"


@dataclass(frozen=True)
class Office:
    """The office that asks (委托单位), and how it can be reached."""

    name: str
    contact: str


@dataclass(frozen=True)
class _Looks:
    title: Format
    ours: Format
    theirs: Format
    cell: Format
    fill: Format


def write_workbooks(receipt: Receipt, office: Office, *, password: str) -> Mapping[str, bytes]:
    """The locked workbooks of a batch by source (核对表). Raises ValueError for a password that is too short."""
    in_order = sorted(receipt.questions, key=lambda question: (question.source, question.id_number, question.number))
    return {
        source: lock(_workbook(receipt, source, list(questions), office), password)
        for source, questions in groupby(in_order, key=lambda question: question.source)
    }


def file_name(receipt: Receipt, source: str) -> str:
    """The name of a workbook (文件名): it tells nothing of what it is about."""
    return f"{receipt.batch}-{SOURCES[source].title_zh}.xlsx"


def _workbook(receipt: Receipt, source: str, questions: Sequence[Question], office: Office) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, SAFE) as book:
        book.set_properties({"comments": receipt.batch, "created": datetime.combine(receipt.asked_on, time(12))})
        looks = _looks(book)
        _write_cover(book.add_worksheet(layout.COVER), receipt, source, office, looks)
        for topic in _topics(questions):
            page = book.add_worksheet(topic.title_zh)
            _write_topic(page, topic, [one for one in questions if one.topic is topic], looks)
        for page in book.worksheets():
            _lay_out(page, receipt)
    return target.getvalue()


def _topics(questions: Iterable[Question]) -> list[Topic]:
    return list(dict.fromkeys(question.topic for question in questions))


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    text = {"num_format": "@", "valign": "vcenter", "text_wrap": True}
    cell = text | {"border": 1, "border_color": LINE}
    return _Looks(
        title=book.add_format(text | {"bold": True, "font_size": 16}),
        ours=book.add_format(cell | {"bold": True, "bg_color": GROUND["ours"], "quote_prefix": True}),
        theirs=book.add_format(cell | {"bold": True, "bg_color": GROUND["theirs"], "font_color": "#FFFFFF"}),
        cell=book.add_format(cell | {"quote_prefix": True}),
        fill=book.add_format(cell | {"bg_color": GROUND["fill"]}),
    )


def _write_cover(page: Worksheet, receipt: Receipt, source: str, office: Office, looks: _Looks) -> None:
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 80)
    page.write_string(0, 0, "部门数据核对表", looks.title)
    said = {
        layout.BATCH: receipt.batch,
        layout.SOURCE: SOURCES[source].title_zh,
        layout.OFFICE: office.name,
        layout.CONTACT: office.contact,
        layout.ASKED_ON: _day(receipt.asked_on),
        layout.DUE_ON: _day(receipt.due_on),
        layout.BASIS: "；".join(cite(base).zh for base in BASES),
        layout.PURPOSE: PURPOSE,
    }
    for row, (label, value) in enumerate(said.items(), start=1):
        page.write_string(row, 0, label, looks.ours)
        page.write_string(row, 1, value, looks.cell)
    for row, label in enumerate((layout.ANSWERED_BY, layout.ANSWERED_ON), start=len(said) + 1):
        page.write_string(row, 0, label, looks.theirs)
        page.write_blank(row, 1, None, looks.fill)
    for number, line in enumerate(HELP, start=1):
        page.write_string(len(said) + 3 + number, 1, f"{number}. {line}")


def _write_topic(page: Worksheet, topic: Topic, questions: Sequence[Question], looks: _Looks) -> None:
    headers, last = layout.headers(topic), len(questions)
    for at, header in enumerate(headers):
        page.set_column(at, at, max(DATE_WIDTH, CHARACTER * len(header)))
        page.write_string(0, at, header, looks.ours if at < len(layout.FIXED) else looks.theirs)
    page.set_column(0, 0, DATE_WIDTH, None, {"hidden": True})
    page.set_column(1, 1, NAME_WIDTH)
    page.set_column(2, 2, ID_WIDTH)
    for row, question in enumerate(questions, start=1):
        for at, value in enumerate((question.number, question.name, question.id_number, _day(question.as_of))):
            page.write_string(row, at, value, looks.cell)
        for at in range(len(layout.FIXED), len(headers)):
            page.write_blank(row, at, None, looks.fill)
    _offer_choices(page, topic, last)
    page.autofilter(0, 0, last, len(headers) - 1)
    page.freeze_panes(1, layout.FIXED.index(layout.ID_NUMBER) + 1)
    page.repeat_rows(0)


def _lay_out(page: Worksheet, receipt: Receipt) -> None:
    page.set_default_row(ROW_HEIGHT)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L&9 {receipt.batch}&C&9 {FOOT}&R&9 &P / &N")


def _offer_choices(page: Worksheet, topic: Topic, last: int) -> None:
    first = len(layout.FIXED)
    page.data_validation(1, first, last, first, _list(layout.OUTCOMES.values()))
    for at, field in enumerate(topic.fields, start=first + 1):
        page.data_validation(1, at, last, at, offer_field(field))


def offer_field(field: Field) -> dict[str, object]:
    """What a column offers (填写提示): its choices, or how a day is written."""
    return _list(_words(field)) if field.choices else _hint(field)


def _words(field: Field) -> list[str]:
    return [zh for _value, zh, _en in field.choices]


def _list(words: Iterable[str]) -> dict[str, object]:
    return {
        "validate": "list",
        "source": list(words),
        "error_title": "请从列表中选择",
        "error_message": "只能填写下拉列表中的内容。",
    }


def _hint(field: Field) -> dict[str, object]:
    when = "已经发生或将要到来的日期" if field.may_be_ahead else "已经发生的日期"
    return {"validate": "any", "input_title": "日期", "input_message": f"{when}，写成2026-03-01；登记中没有的留空。"}


def _day(day: date) -> str:
    return day.isoformat()
