"""A list of records: which of its columns holds what, and how a cell is read; nothing is asked of the register."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from hutong.kit.workbooks.columns import clean_header
from hutong.kit.workbooks.dates import day_of_text
from hutong.law.identity import SEX_WORDS, Sex
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.linkage.record import Record

KEY_HEADERS = ("id", "key", "编号", "序号", "记录编号")
ENGLISH = {"male": Sex.MALE, "m": Sex.MALE, "female": Sex.FEMALE, "f": Sex.FEMALE}
SWAPPED = re.compile(r"(\d{4})\D?(\d{2})\D?(\d{2})")


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Where each known column stands; the first one where a column stands there twice."""
    codes = [_code(cell) for cell in header]
    return {code: codes.index(code) for code in Record._fields if code in codes}


def record_of(cells: Mapping[str, str]) -> Record:
    """The record that cells make, by the code of their column."""
    read: dict[str, Any] = {code: READ[code](cell) if code in READ else cell for code, cell in cells.items()}
    return Record(**read)


def _code(header: str) -> str | None:
    cleaned = clean_header(header)
    return "key" if cleaned.lower() in KEY_HEADERS else CHILDREN.code_of(cleaned.lower()) or CHILDREN.code_of(cleaned)


def _sex(text: str) -> str:
    return str(SEX_WORDS.get(text) or ENGLISH.get(text.lower()) or "")


def _birth_date(text: str) -> date | None:
    """The day that a cell names; where month and day can only have changed places, the day that makes."""
    day = day_of_text(text)
    found = SWAPPED.fullmatch(text)
    if isinstance(day, str) and found:
        day = day_of_text(f"{found[1]}-{found[3]}-{found[2]}")
    return day if isinstance(day, date) else None


READ: Mapping[str, Callable[[str], Any]] = {"sex": _sex, "birth_date": _birth_date}
