"""Copies (发出件) as workbooks: texts alone, and on every sheet and page whose copy it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO

import xlsxwriter
from PIL import Image, ImageDraw, ImageFont

WIDE, NARROW, CHARACTER = 60, 8, 2.1
HEADER_AT_MOST = 200  # Excel takes 255 characters with its own signs
TURN, TILE, GREY = 24, (560, 260), (214, 220, 218)
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True)
class Mark:
    """The mark of a copy (水印): what it is, its number, whose it is, and what for."""

    title: str
    number: str
    name: str
    organisation: str
    on: date
    purpose: str
    reader: str

    @property
    def words(self) -> str:
        """`发出件 7K2M-9QXC-T · 李梅（贺兰县民政局） · 2026-11-28 · 用途：入户走访 · 供儿童主任使用`."""
        whose = f"{self.name}（{self.organisation}）" if self.organisation else self.name
        return f"发出件 {self.number} · {whose} · {self.on.isoformat()} · 用途：{self.purpose} · 供{self.reader}使用"


def write_copy(titles: Sequence[str], rows: Sequence[Sequence[str]], mark: Mark) -> bytes:
    """A list as a workbook of texts: no cell is a formula, whatever stands in it, and none becomes one when edited.

    The mark stands in the first row, behind the cells, and at the head and foot of every printed page.
    """
    target = BytesIO()
    with xlsxwriter.Workbook(target, SAFE) as book:
        book.set_properties(
            {"title": mark.title, "comments": mark.number, "author": "", "created": datetime.combine(mark.on, time(12))}
        )
        page = book.add_worksheet(mark.title)
        text = {"num_format": "@", "quote_prefix": True, "valign": "vcenter", "text_wrap": True}
        cell = book.add_format({**text, "border": 1, "border_color": "#DBE3E1"})
        head = book.add_format({**text, "bold": True, "border": 1, "border_color": "#DBE3E1", "bg_color": "#E3F1EE"})
        page.merge_range(0, 0, 0, max(len(titles), 1), mark.words, book.add_format({**text, "font_color": "#5B6B68"}))
        page.set_row(0, 32)
        for at, title in enumerate(("序号", *titles)):
            page.write_string(1, at, title, head)
            longest = max((len(row[at - 1]) for row in rows), default=0) if at else 2
            page.set_column(at, at, min(WIDE, max(NARROW, CHARACTER * max(longest, len(title)))))
        for number, row in enumerate(rows, start=1):
            for at, value in enumerate((str(number), *row)):
                page.write_string(number + 1, at, "".join(filter(str.isprintable, value)), cell)
        _lay_out(page, mark)
    return target.getvalue()


def _lay_out(page: xlsxwriter.worksheet.Worksheet, mark: Mark) -> None:
    page.freeze_panes(2, 0)
    page.repeat_rows(0, 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    words = mark.words.replace("&", "&&")[:HEADER_AT_MOST]
    page.set_header(f"&C&9 {words}")
    page.set_footer(f"&L&9 {mark.number}&C&9 到期销毁，不得转发、拍照外传&R&9 &P / &N")
    page.set_background(BytesIO(_tile(mark.number)))


def _tile(number: str) -> bytes:
    """The number, slanting and pale, as a picture that repeats behind the cells."""
    drawn, target = Image.new("RGB", TILE, "white"), BytesIO()
    ImageDraw.Draw(drawn).text((110, 100), number, fill=GREY, font=ImageFont.load_default(44))
    drawn.rotate(TURN, fillcolor="white").save(target, "PNG")
    return target.getvalue()
