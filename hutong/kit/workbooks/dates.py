"""Dates as people write them (日期写法): a day that is beyond doubt, or why there is none."""

import re
from datetime import date, timedelta
from functools import lru_cache
from math import isfinite

CLOCK = r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
FULL = re.compile(r"(\d{4})(?:\s*[-/.]\s*|\s+)(\d{1,2})(?:\s*[-/.]\s*|\s+)(\d{1,2})" + CLOCK)
FULL_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?" + CLOCK)
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
YEAR = r"[〇○零oO0一二三四五六七八九]{4}年"
SPELLED = re.compile(
    f"({YEAR})(十[一二]?|[一二三四五六七八九元])月([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?"
)
LUNAR = re.compile(r"农历|阴历|旧历|[正冬腊]月|闰|初[一二三四五六七八九十]|廿|卅")
INCOMPLETE = re.compile(
    r"(?:19|20)\d{2}(?:\s*[-/.年]\s*(?:\d{1,2}\s*月?份?)?|0[1-9]|1[0-2])?"
    rf"|{YEAR}(?:[一二三四五六七八九十元]{{1,2}}月份?)?"
)
AMBIGUOUS = re.compile(
    r"\d{1,2}\s*[-/.\s]\s*\d{1,2}\s*[-/.\s]\s*(?:\d{4}|\d{2})" + CLOCK + r"|\d{2}年\d{1,2}月\d{1,2}[日号]?|\d{6}"
)
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－~～_"), "-")
DIGITS = {character: at for at, character in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零oO0", 0)
FIRST_DAY, FIRST_FIGURE, LAST_FIGURE = date(1899, 12, 30), 7_000, 60_000
FIRST_YEAR, LAST_YEAR = 1900, 2100


@lru_cache(maxsize=20_000)
def day_of_text(text: str) -> date | str:
    """The day that a half-width text names, or the code of a problem."""
    text = text.translate(DASHES).strip()
    if found := FULL.fullmatch(text) or FULL_CHINESE.fullmatch(text) or COMPACT.fullmatch(text):
        return _day(*map(int, found.groups()))
    if LUNAR.search(text):
        return "date_lunar"
    if found := SPELLED.fullmatch("".join(text.split())):
        year = int("".join(str(DIGITS[character]) for character in found[1][:4]))
        return _day(year, _number(found[2]), _number(found[3]))
    if INCOMPLETE.fullmatch(text):
        return "date_incomplete"
    return "date_ambiguous" if AMBIGUOUS.fullmatch(text) else "date_unreadable"


def day_of_figure(figure: float) -> date | str:
    """The day that a cell without date format counts, from 1900 on, or spells as 20150307; or the code of a problem."""
    if not isfinite(figure):
        return "date_unreadable"
    if FIRST_YEAR <= figure < LAST_YEAR:
        return "date_incomplete"
    if FIRST_FIGURE <= figure < LAST_FIGURE:
        return FIRST_DAY + timedelta(days=int(figure))
    return day_of_text(str(int(figure))) if figure == int(figure) else "date_unreadable"


def _day(year: int, month: int, day: int) -> date | str:
    try:
        return date(year, month, day)
    except ValueError:
        return "date_unreadable"


def _number(spelled: str) -> int:
    """`十` is 10, `二十一` is 21, `元` the first month."""
    if spelled == "元":
        return 1
    tens, ten, ones = spelled.rpartition("十")
    return (DIGITS[tens] if tens else 1) * 10 * bool(ten) + (DIGITS[ones] if ones else 0)
