"""Calendar (历法): ages, months and working days.

《民法典》第二百条至第二百零四条: by the Gregorian calendar, in years, months, days and hours. A year without a
published notice is provisional: Saturdays and Sundays are off, and which other days are is not known.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache

from hutong.law.holidays import ONE_DAY, SATURDAY, Notice, read_notices
from hutong.law.months import Month

NO_JURISDICTION = "00"
NATIONAL_LAYER = ""


class Why(StrEnum):
    """Why a day is no working day (不计入原因)."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    LOCAL_HOLIDAY = "local_holiday"


class WorkingCalendar:
    """Working calendar (工作日历) of the whole country and of places with days of their own; of two notices of a year
    and place the later one counts.

    A jurisdiction is a division code or prefix; without one, and for `00`, the national layer.
    """

    def __init__(self, notices: Iterable[Notice]) -> None:
        self._notices = {(notice.prefix, notice.year): notice for notice in notices}
        self._prefixes = sorted({prefix for prefix, _year in self._notices} | {NATIONAL_LAYER}, key=len)
        self._off: dict[tuple[tuple[str, ...], int], Mapping[date, Why]] = {}

    def is_working_day(self, day: date, jurisdiction: str = "") -> bool:
        """Whether it is a working day (是否工作日) at a place."""
        return self.why_off(day, jurisdiction) is None

    def why_off(self, day: date, jurisdiction: str = "") -> Why | None:
        """Why a day is off at a place, or None for a working day."""
        key = (self.layers(jurisdiction), day.year)
        if key not in self._off:
            self._off[key] = self._days_off(*key)
        return self._off[key].get(day)

    def is_published(self, year: int, jurisdiction: str = "") -> bool:
        """Whether the notices of a year are there (通知已公布), national and the place's own, none to be confirmed."""
        national, *own = (self._notices.get((layer, year)) for layer in self.layers(jurisdiction))
        return _is_sure(national) and (_is_national(jurisdiction) or any(map(_is_sure, own)))

    @property
    def notices(self) -> list[Notice]:
        """All notices (全部通知), the latest year first, the national one of a year before those of places."""
        return sorted(self._notices.values(), key=lambda one: (-one.year, one.prefix))

    def years(self, jurisdiction: str = "") -> list[int]:
        """The years whose notices are there and sure (已公布年度) for a place, in order."""
        known = sorted({year for _prefix, year in self._notices})
        return [year for year in known if self.is_published(year, jurisdiction)]

    def layers(self, jurisdiction: str) -> tuple[str, ...]:
        """The prefixes whose notices hold at a place (适用层级), the national one first."""
        return tuple(prefix for prefix in self._prefixes if jurisdiction.startswith(prefix))

    def _days_off(self, layers: tuple[str, ...], year: int) -> Mapping[date, Why]:
        off = {day: Why.WEEKEND for day in _days_of(year) if day.weekday() >= SATURDAY}
        for prefix in layers:
            for notice in filter(None, (self._notices.get((prefix, year)), self._notices.get((prefix, year + 1)))):
                days = [day for day in notice.holidays if day.year == year and off.get(day) != Why.HOLIDAY]
                off |= dict.fromkeys(days, Why.LOCAL_HOLIDAY if prefix else Why.HOLIDAY)
                off = {day: why for day, why in off.items() if day not in notice.workdays}
        return off


def _is_national(jurisdiction: str) -> bool:
    return jurisdiction in ("", NO_JURISDICTION)


def _is_sure(notice: Notice | None) -> bool:
    return notice is not None and not notice.is_provisional


def _days_of(year: int) -> list[date]:
    return [date.fromordinal(date(year, 1, 1).toordinal() + at) for at in range(366 if _is_leap(year) else 365)]


def _is_leap(year: int) -> bool:
    return monthrange(year, 2)[1] == 29


@cache
def shipped_calendar() -> WorkingCalendar:
    """The calendar that comes with the product (随附日历)."""
    return WorkingCalendar(read_notices())


def months_after(on: date, months: int) -> date:
    """The corresponding day so many months later (对应日): 《民法典》第二百零二条.

    The last day of a month that has none: of the 31st the 30th, or the last of February.
    """
    month = Month.of(on).plus(months)
    return min(month.first + ONE_DAY * (on.day - 1), month.last)


def age_on(birth_date: date, on: date) -> int:
    """Full years on a day (周岁). The birthday itself completes the year: 《民法典》第一千二百五十九条."""
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)


def age_from_the_day_after(birth_date: date, on: date) -> int:
    """Full years on a day where the birthday itself is not counted (生日当日不计): they begin the day after it."""
    return age_on(birth_date, on - ONE_DAY)


def nth_birthday(birth_date: date, age: int) -> date:
    """The first day of so many full years (满周岁之日); of 29 February, 1 March in a year that has none."""
    year = birth_date.year + age
    is_missing = (birth_date.month, birth_date.day) == (2, 29) and not _is_leap(year)
    return date(year, 3, 1) if is_missing else birth_date.replace(year=year)


def born_after(age: int, on: date) -> date:
    """The earliest birth date of somebody who is not yet `age` full years old on the day `on`."""
    try:
        bound = on.replace(year=on.year - age)
    except ValueError:  # 29 February in a year that has none
        bound = date(on.year - age, 2, 28)
    return bound + ONE_DAY
