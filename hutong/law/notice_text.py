"""Notice text (节假日安排通知文本): the days that a notice of holidays names, out of its own words.

`一、元旦：1月1日（周四）至3日（周六）放假调休。1月4日（周日）上班。`: a holiday of three days, and a Sunday worked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

ASIDE = re.compile(r"[（(][^（()）]*[)）]|[^\S\n]")
ITEM = re.compile(r"(?:^|(?<=[。；]))[一二三四五六七八九十]{1,3}[、.．]", re.MULTILINE)
DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日"
SPAN = re.compile(rf"(?<!至){DAY}(?:(?:至|到|-|—){DAY})?")
NAME_ENDS = re.compile("[：:]")
SENTENCE_ENDS = re.compile("[。；]")
OFF, WORKED = "放假", "上班"


class Holiday(NamedTuple):
    """Days off (放假日期) of one festival, both included."""

    name: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class NoticeDays:
    """What a notice says (通知所列日期): `unread` are items in which no day off was found."""

    holidays: tuple[Holiday, ...]
    workdays: tuple[date, ...]
    unread: tuple[str, ...]


def read_notice_text(text: str, year: int) -> NoticeDays:
    """The days of a notice for a year (识读通知). Raises ValueError where a day is none of the calendar."""
    items = [item.replace("\n", "") for item in ITEM.split(ASIDE.sub("", text))[1:]]
    holidays: list[Holiday] = []
    workdays: list[date] = []
    unread: list[str] = []
    for name, words in (_named(item) for item in items):
        off, worked = _days(words, year)
        holidays += [Holiday(name, *span) for span in off]
        workdays += worked
        if not off:
            unread.append(name)
    return NoticeDays(tuple(holidays), tuple(sorted(set(workdays))), tuple(unread))


def _named(item: str) -> tuple[str, str]:
    name, *words = NAME_ENDS.split(item, maxsplit=1)
    return name, words[0] if words else ""


def _days(words: str, year: int) -> tuple[list[tuple[date, date]], list[date]]:
    off: list[tuple[date, date]] = []
    worked: list[date] = []
    for sentence in SENTENCE_ENDS.split(words):
        spans = list(_spans(sentence, year))
        if OFF in sentence:
            off += spans
        elif WORKED in sentence:
            worked += [first + timedelta(days=at) for first, last in spans for at in range((last - first).days + 1)]
    return off, worked


def _spans(sentence: str, year: int) -> Iterator[tuple[date, date]]:
    month = ""
    for found in SPAN.finditer(sentence):
        said_year, said_month, day, last_year, last_month, last_day = found.groups()
        month = said_month or month  # 10月7日、8日
        first = date(int(said_year or year), int(month), int(day))
        if last_day is None:
            yield first, first
        else:
            yield first, date(int(last_year or first.year), int(last_month or month), int(last_day))
