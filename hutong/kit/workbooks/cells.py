"""Cells as people fill them in (单元格内容): their text without what nobody sees, and the day that they name."""

import re
import unicodedata
from datetime import date, datetime

from hutong.kit.names import INVISIBLE
from hutong.kit.workbooks.book import Cell
from hutong.kit.workbooks.dates import day_of_figure, day_of_text

QUOTES = ("'", "‘", "’", "`")
AS_TEXT = re.compile(r"=\"([^\"]*)\"")


def cleaned(cell: str) -> str:
    """The text of a cell: half-width, in one line, without what nobody sees and without the signs that keep it text."""
    text = " ".join(unicodedata.normalize("NFKC", cell).translate(INVISIBLE).split())
    if text[:1] in QUOTES and len(text) > 1:
        text = text[1:]
    if kept := AS_TEXT.fullmatch(text):
        text = kept[1].strip()
    return text


def day_of(cell: Cell, text: str) -> date | str:
    """The day that a cell with its cleaned text names beyond doubt, or the code of a problem."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return day_of_figure(cell)
    return day_of_text(text)
