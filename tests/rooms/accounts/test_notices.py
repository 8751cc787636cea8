"""Telling people what they should know."""

from datetime import UTC, datetime, time, timedelta

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.notices import mark_all_read, mark_read, notify
from hutong.accounts.models import NoticeRead
from hutong.accounts.queries import notices, unread_count
from tests.factories import COUNTY, NEXT_COUNTY, ON, VILLAGE, notice, person, posting

pytestmark = pytest.mark.django_db
AT = datetime.combine(ON, time(9), tzinfo=UTC)


def told(who):
    return list(notices(who, on=ON))


def test_a_notice_reaches_one_person():
    officer, colleague = person("county_officer"), person("county_officer")
    said = notify(kind="posting_given", subject_kind="posting", subject_key="1", recipient=officer, values={"a": 1})
    assert told(officer) == [said] and not told(colleague)


def test_a_notice_to_a_role_reaches_everybody_whose_place_holds_the_division():
    said = notify(
        kind="tasks_released", subject_kind="task", subject_key="", role="county_officer", division_code=VILLAGE
    )
    excluded = person()
    posting(excluded, exclusions=[VILLAGE])
    assert told(person("county_officer", COUNTY)) == told(person("county_officer", "64")) == [said]
    for other in (person("county_officer", NEXT_COUNTY), person("approver", COUNTY), excluded, person()):
        assert not told(other)


def test_unread_come_first_then_the_latest_and_a_month_is_kept():
    officer = person("county_officer")
    old, middle, late = (notice(officer, created_at=AT - timedelta(days=days)) for days in (30, 2, 1))
    notice(officer, created_at=AT - timedelta(days=31, hours=12))
    mark_read(by=officer, number=late.pk, on=ON)
    assert told(officer) == [middle, old, late]
    assert unread_count(officer, on=ON) == 2


def test_reading_is_each_persons_own_and_happens_once():
    officer, colleague = person("county_officer"), person("county_officer")
    said = notice(role="county_officer", division_code=VILLAGE, created_at=AT)
    for _ in range(2):
        mark_read(by=officer, number=said.pk, on=ON)
    assert (unread_count(officer, on=ON), unread_count(colleague, on=ON)) == (0, 1)
    assert NoticeRead.objects.count() == 1


def test_all_are_read_at_once():
    officer = person("county_officer")
    notice(officer, created_at=AT), notice(role="county_officer", division_code=VILLAGE, created_at=AT)
    assert [mark_all_read(by=officer, on=ON) for _ in range(2)] == [2, 0]
    assert not unread_count(officer, on=ON)


def test_nobody_reads_what_is_for_somebody_else():
    said = notice(person("county_officer"), created_at=AT)
    with pytest.raises(Refused):
        mark_read(by=person("county_officer"), number=said.pk, on=ON)
    assert not NoticeRead.objects.exists()


def test_the_count_is_one_question(django_assert_num_queries):
    officer = person("county_officer")
    for _ in range(40):
        notice(officer, created_at=AT)
    with django_assert_num_queries(2):  # the postings, and the count
        assert unread_count(officer, on=ON) == 40
