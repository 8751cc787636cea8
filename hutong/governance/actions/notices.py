"""Loading a year's notice of holidays: the days are read out of its own words, and looked at before they count."""

import os
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.governance.calendars import notice_file
from hutong.governance.models import HolidayNotice
from hutong.governance.models.holiday_notice import FIRST_YEAR, LAST_YEAR, NUMBER_AT_MOST, TEXT_AT_MOST
from hutong.law.citation import Instrument
from hutong.law.division_code import PROVINCES, full
from hutong.law.holidays import Notice, as_text, notice_of
from hutong.law.notice_text import NoticeDays, read_notice_text
from hutong.law.texts import WrongText

NATIONAL_TITLE = (
    "国务院办公厅关于%s年部分节假日安排的通知",
    "State Council General Office notice on the holidays of %s",
)
LOCAL_TITLE = ("%s人民政府办公厅关于%s年部分节假日安排的通知", "Notice of %s on the holidays of %s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """A notice as somebody pasted it (粘贴的通知): `prefix` empty for the whole country, else a province's."""

    prefix: str
    year: int
    number: str
    issued_on: date
    text: str


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """What was read (识读结果): the days as they are said, and the notice that they make."""

    said: NoticeDays
    notice: Notice


def read_notice(pasted: Pasted) -> ReadNotice:
    """Read a notice (识读节假日通知); nothing is kept. Raises Refused, which says what is wrong in it."""
    _require_frame(pasted)
    try:
        said = read_notice_text(pasted.text, pasted.year)
    except ValueError as error:
        raise Refused(_("A day of this text is in no calendar. Compare it with the notice.")) from error
    if not said.holidays:
        raise Refused(_("No day off was found. Paste the numbered part of the notice, as “一、元旦：1月1日放假…”."))
    try:
        return ReadNotice(said, notice_of(said, pasted.year, pasted.prefix, _instrument(pasted)))
    except WrongText as wrong:
        sentence = _("Off and worked, worked without being a weekend, or of another year: %(days)s.")
        raise Refused(sentence % {"days": wrong}) from wrong


def _require_frame(pasted: Pasted) -> None:
    if pasted.prefix and pasted.prefix not in PROVINCES:
        raise Refused(_("A notice is of the whole country or of a province."))
    if not FIRST_YEAR <= pasted.year <= LAST_YEAR:
        raise Refused(_("The year is between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR})
    if not 0 < len(pasted.number.strip()) <= NUMBER_AT_MOST:
        raise Refused(_("Write the number of the notice as it is printed."))
    if not 0 < len(pasted.text.strip()) <= TEXT_AT_MOST:
        raise Refused(_("Paste the words of the notice, at most %(most)s characters.") % {"most": TEXT_AT_MOST})


def _instrument(pasted: Pasted) -> Instrument:
    if pasted.prefix:
        zh, en = (title % (PROVINCES[pasted.prefix], pasted.year) for title in LOCAL_TITLE)
    else:
        zh, en = (title % pasted.year for title in NATIONAL_TITLE)
    return Instrument(f"holidays_{pasted.year}", zh, en, pasted.number.strip(), f"{pasted.issued_on}", False)


@transaction.atomic
def load_notice(*, by: Person, pasted: Pasted, on: date, at: datetime) -> HolidayNotice:
    """Load a notice of holidays (载入节假日通知): from now on deadlines are counted by it.

    Raises NotAllowed, and Refused where it cannot be read.
    """
    require(by, Permission.LOAD_HOLIDAYS, code=full(pasted.prefix or settings.PROVINCE), on=on)
    days = as_text(read_notice(pasted).notice)
    notice: HolidayNotice = HolidayNotice.objects.create(
        prefix=pasted.prefix,
        year=pasted.year,
        number=pasted.number.strip(),
        issued_on=pasted.issued_on,
        text=pasted.text,
        days=days,
        loaded_by=by,
        loaded_at=at,
    )
    record(
        by=by,
        act="load_holidays",
        subject_kind="holidays",
        subject_key=f"{pasted.prefix or 'national'}-{pasted.year}",
        on=on,
        details={"notice": notice.pk},
    )
    write_notice(notice)
    return notice


def write_notice(notice: HolidayNotice) -> None:
    """Write a loaded notice (写出通知文件) where every command finds it, whole or not at all."""
    file = notice_file(notice.prefix, notice.year)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".part")
    draft.write_text(notice.days, encoding="utf-8")
    os.replace(draft, file)
