"""Holidays (节假日): what the yearly notices say, one YAML a year; a jurisdiction is a folder with its own days alone.

`calendar/national/` holds the notices of the State Council's General Office, `calendar/64/` Ningxia's. A file is named
after the year of its notice and may reach into the December before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from hutong.law.citation import Instrument
from hutong.law.notice_text import NoticeDays
from hutong.law.texts import WrongText, read_file

FOLDER = Path(__file__).parent / "parameters" / "calendar"
NATIONAL = "national"
KEYS = frozenset({"citations", "provisional", "note", "holidays", "workdays"})
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """Notice of holidays (节假日安排通知): the days off with their festivals, and the Saturdays and Sundays worked.

    `prefix` is empty for the whole country. `is_provisional`: the days themselves are recalled or reported; `note` says
    what is to be confirmed.
    """

    year: int
    prefix: str
    holidays: Mapping[date, str]
    workdays: frozenset[date]
    citations: tuple[Instrument, ...] = ()
    is_provisional: bool = False
    note: str = ""


def notice_of(said: NoticeDays, year: int, prefix: str, instrument: Instrument) -> Notice:
    """The notice that its own words make (识读所得通知). Raises WrongText where one contradicts itself."""
    spans = [{"name": one.name, "from": f"{one.from_on}", "until": f"{one.until_on}"} for one in said.holidays]
    try:
        holidays = {day: span["name"] for span in spans for day in _days(span)}
    except ValueError as error:
        raise WrongText(str(error)) from error
    notice = Notice(year, prefix, holidays, frozenset(said.workdays), (instrument,))
    wrong = _contradictions(notice)
    if wrong:
        raise WrongText("、".join(day.isoformat() for day in wrong))
    return notice


def as_text(notice: Notice) -> str:
    """A notice as a file of its folder holds it (通知文件)."""
    said = {
        "citations": [
            {"zh": one.title_zh, "en": one.title_en, "number": one.number, "issued": one.issued}
            for one in notice.citations
        ],
        "holidays": [
            {"name": name, "from": f"{day}", "until": f"{day}"} for day, name in sorted(notice.holidays.items())
        ],
        "workdays": [f"{day}" for day in sorted(notice.workdays)],
    }
    return str(yaml.safe_dump(said, allow_unicode=True, sort_keys=False))


def read_notices(folder: Path = FOLDER) -> Iterator[Notice]:
    """All notices of a folder. Raises WrongText where one contradicts itself, and OSError."""
    for part in sorted(folder.iterdir()):
        if part.is_dir() and (part.name == NATIONAL or part.name.isdigit()):
            for file in sorted(part.glob("*.yaml")):
                prefix = "" if part.name == NATIONAL else part.name
                yield _read(read_file(file), file.stem, prefix, where=f"{part.name}/{file.name}")


def _read(said: Any, year: str, prefix: str, *, where: str) -> Notice:
    try:
        notice = _notice(int(year), prefix, said)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WrongText(f"{where}: {error}") from error
    wrong = sorted(set(said) - KEYS) or [f"{day}" for day in _contradictions(notice)]
    if wrong:
        raise WrongText(f"{where}: {', '.join(wrong)}")
    return notice


def _notice(year: int, prefix: str, said: Mapping[str, Any]) -> Notice:
    return Notice(
        year=year,
        prefix=prefix,
        holidays={day: span["name"] for span in said.get("holidays", []) for day in _days(span)},
        workdays=frozenset(map(date.fromisoformat, said["workdays"])),
        citations=tuple(_instrument(year, one) for one in said["citations"]),
        is_provisional=said.get("provisional") == "true",
        note=said.get("note", ""),
    )


def _days(span: Mapping[str, str]) -> list[date]:
    first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["until"])
    if last < first:
        raise ValueError(f"{span['name']} ends before it begins")
    return [first + ONE_DAY * at for at in range((last - first).days + 1)]


def _instrument(year: int, said: Mapping[str, str]) -> Instrument:
    provisional = said.get("provisional") == "true"
    return Instrument(
        f"holidays_{year}", said["zh"], said["en"], said.get("number", ""), said.get("issued", ""), provisional
    )


def _contradictions(notice: Notice) -> list[date]:
    """Contradictions (矛盾日期): days off and worked, worked and no Saturday or Sunday, or of another year."""
    first, last = date(notice.year - 1, 12, 1), date(notice.year, 12, 31)
    outside = [day for day in (*notice.holidays, *notice.workdays) if not first <= day <= last]
    both = [day for day in notice.workdays if day in notice.holidays or day.weekday() < SATURDAY]
    return sorted({*outside, *both})
