"""Suspending needs one person, and a reported death does it at once; lifting it tells from which month it is paid."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.utils.translation import override

from hutong.accounts.actions.documents import fetch_document
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.documents import documents_about
from hutong.accounts.models import Notice, Task
from hutong.allowances.actions import suspending
from hutong.allowances.models import RecognitionSuspension
from hutong.registry.actions import closing, deciding
from hutong.registry.models import CategoryHolding
from tests.factories import NEXT_COUNTY, child, holding, person
from tests.recognitions import ON, Reviewers, held, mark
from tests.rooms.allowances.test_letters import printed

pytestmark = pytest.mark.django_db
DIED = date(2025, 1, 9)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def office():
    return Reviewers()


def lift(office, of, **more):
    values = {"by": office.supervisor, "holding": of, "mark": mark(of), "again_from": date(2026, 7, 1), "on": ON}
    return suspending.lift(**values | {"words": "母亲已回监"} | more)


def test_one_person_suspends_from_the_month_after_and_the_family_is_told(office):
    of = held()
    made = office.suspended(of)

    assert (made.from_month, made.happened_on, made.division_code) == (date(2026, 7, 1), ON, of.child.responsible_code)
    assert Notice.objects.filter(kind="recognition_suspended").count() == 2
    letter = documents_about("recognition", str(of.pk)).get()
    assert (letter.kind, letter.office) == ("suspension_notice", "贺兰县民政局")
    text = printed(fetch_document(by=office.supervisor, document=letter, on=ON))
    assert f"{of.child.name}（2015年3月7日出生）按事实无人抚养发放的基本生活补贴，自2026年7月起暂停发放" in text
    assert "原因：情况有变，正在核实。" in text and "60日内依法申请行政复议" in text
    assert of.child.id_number.open() not in text


def test_a_suspension_stands_once_and_has_a_reason_and_words(office):
    of = held()
    with pytest.raises(Refused, match="reason"):
        office.suspended(of, reason="mood")
    with pytest.raises(Refused, match="why"):
        office.suspended(of, words=" ")
    office.suspended(of)
    with pytest.raises(Refused, match="already"):
        office.suspended(of)


def test_who_may_not(office):
    of = held()
    for stranger in (person("approver"), person("county_officer", NEXT_COUNTY)):
        with pytest.raises(NotAllowed):
            office.suspended(of, by=stranger)


@pytest.mark.parametrize("day", [None, date(2014, 1, 1), date(2026, 6, 12)])
def test_a_death_has_a_day(office, day):
    with pytest.raises(Refused, match="birth"):
        office.suspended(held(), reason="died", happened_on=day)


def test_lifting_says_from_which_month_it_is_paid_again(office):
    of = held()
    office.suspended(of)
    made = lift(office, of)

    assert (made.lifted_on, made.lifted_by, made.again_from) == (ON, office.supervisor, date(2026, 7, 1))
    assert made.answer_words.open() == "母亲已回监"
    assert not Task.objects.filter(kind="settle_suspension", closed_at__isnull=True)
    with pytest.raises(Refused, match="not suspended"):
        lift(office, of)
    office.suspended(of)


@pytest.mark.parametrize("month", [date(2026, 6, 1), date(2026, 8, 1)])
def test_it_is_paid_again_from_a_suspended_month_or_the_next(office, month):
    of = held()
    office.suspended(of)
    with pytest.raises(Refused, match="month"):
        lift(office, of, again_from=month)


def test_who_reported_a_death_does_not_lift_it(office):
    of = held()
    office.suspended(of, reason="died", happened_on=ON)
    with pytest.raises(Refused, match="Another person"):
        lift(office, of)
    assert lift(office, of, by=office.officer).lifted_by == office.officer


def close(office, of, **more):
    values = {"by": office.officer, "child": of.child, "closed_on": DIED, "reason": "died", "revision": 1, "on": ON}
    return suspending.close_file(**values | more)


def test_closing_for_a_death_suspends_at_once_from_the_month_after_the_death(office):
    of = held()
    change = close(office, of)

    made = RecognitionSuspension.objects.get()
    assert change.stage == "proposed"
    assert (made.reason, made.happened_on, made.from_month, made.by) == (
        "died", DIED, date(2025, 2, 1), office.officer,
    )  # fmt: skip
    assert suspending.suspend_reported_dead(on=ON) == 0
    deciding.confirm(by=office.approver, change=change, on=ON)
    assert CategoryHolding.objects.get(pk=of.pk).until_on == max(DIED, of.from_on)


def test_other_closings_suspend_nothing(office):
    close(office, held(), closed_on=ON, reason="moved_out")
    close(office, holding(child(holdings=()), "left_behind"))
    assert not RecognitionSuspension.objects.exists()


def test_a_death_reported_elsewhere_is_suspended_at_night(office):
    of = held()
    closing.close(by=office.officer, child=of.child, closed_on=DIED, reason="died", revision=1, on=ON)
    assert not RecognitionSuspension.objects.exists()

    assert suspending.suspend_reported_dead(on=ON) == 1
    assert suspending.suspend_reported_dead(on=ON) == 0
    assert RecognitionSuspension.objects.get().from_month == date(2025, 2, 1)


def test_the_database_knows_one_open_suspension(office):
    made = office.suspended()
    made.pk = None
    with pytest.raises(IntegrityError):
        made.save()
