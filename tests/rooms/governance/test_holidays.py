"""Notices of holidays: read out of their words, loaded by whom it is given to, and counted by from then on."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.governance.actions.notices import Pasted, load_notice, read_notice
from hutong.governance.calendars import calendar_in_force
from hutong.governance.models import HolidayNotice
from hutong.law.deadlines import by_working_days
from tests.factories import ON, PROVINCE, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TEXT = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。二、春节：2月5日至11日放假调休，共7天。1月31日（周日）上班。"
RECEIVED = date(2026, 12, 21)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.NOTICES_DIR = tmp_path / "holidays"
    return settings.NOTICES_DIR


def pasted(**more):
    said = {"prefix": "", "year": 2027, "number": "甲1号", "issued_on": date(2026, 11, 20), "text": TEXT}
    return Pasted(**said | more)


def load(by=None, **more):
    return load_notice(by=by or person("region_officer", PROVINCE), pasted=pasted(**more), on=ON, at=AT)


def due():
    return by_working_days(RECEIVED, 10, calendar=calendar_in_force())


def test_a_year_is_provisional_until_its_notice_is_loaded():
    assert (due().due_on, due().is_provisional) == (date(2027, 1, 4), True)
    load()
    assert (due().due_on, due().is_provisional) == (date(2027, 1, 5), False)


def test_a_province_has_its_own_days_beside_the_national_ones(folder):
    load()
    load(prefix="64", text="一、开斋节：1月5日放假，共1天。")
    own = by_working_days(RECEIVED, 10, jurisdiction="640122000000", calendar=calendar_in_force())
    assert own.due_on == date(2027, 1, 6) and (date(2027, 1, 5), "local_holiday") in own.skipped
    assert due().due_on == date(2027, 1, 5)
    assert {str(file.relative_to(folder)) for file in folder.glob("*/*")} == {"64/2027.yaml", "national/2027.yaml"}


def test_the_notice_loaded_last_counts_and_none_is_lost():
    load()
    load(text=TEXT.replace("1月1日（周五）至3日", "1月1日（周五）至4日"), number="甲2号")
    assert due().due_on == date(2027, 1, 6)
    assert [notice.number for notice in HolidayNotice.objects.order_by("id")] == ["甲1号", "甲2号"]


def test_loading_is_an_act_of_the_trail():
    officer = person("region_officer", PROVINCE)
    notice = load(officer)
    (entry,) = TrailEntry.objects.filter(act="load_holidays")
    assert (entry.by, entry.subject_key, entry.details) == (officer, "national-2027", {"notice": notice.pk})


@pytest.mark.parametrize("role", ["county_officer", "auditor", "village_director", "system_administrator"])
def test_others_load_none(role, folder):
    with pytest.raises(NotAllowed):
        load(person(role))
    assert not folder.exists() and not HolidayNotice.objects.exists()


def test_nobody_loads_the_notice_of_another_province():
    with pytest.raises(NotAllowed):
        load(prefix="22")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"text": "元旦放假"}, "No day off"),
        ({"text": " "}, "Paste the words"),
        ({"text": TEXT + "长" * 20_000}, "Paste the words"),
        ({"text": "一、元旦：2月30日放假。"}, "no calendar"),
        ({"text": "一、元旦：1月1日放假。1月4日上班。"}, "2027-01-04"),
        ({"number": " "}, "number of the notice"),
        ({"year": 1999}, "between"),
        ({"prefix": "99"}, "province"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_wrong(more, why):
    with pytest.raises(Refused, match=why):
        read_notice(pasted(**more))


def kept(**more):
    values = {"year": 2027, "number": "甲", "issued_on": ON, "text": "a", "days": "b", "loaded_at": AT}
    return HolidayNotice.objects.create(**values | {"loaded_by": person()} | more)


VIOLATIONS = {
    "holiday_notice_year_is_one": lambda: kept(year=1999),
    "holiday_notice_is_whole": lambda: kept(text=""),
}


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS.items())
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()
