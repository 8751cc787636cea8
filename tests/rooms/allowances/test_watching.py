"""The nightly watch: last days follow the calendar and the place; word is sent once for each reason."""

from datetime import date

import pytest
from django.utils import timezone

from hutong.accounts.models import Notice, Task, TrailEntry
from hutong.allowances.actions.watching import watch_applications
from hutong.allowances.models import Application
from hutong.governance.actions.notices import Pasted, load_notice
from tests.applications import ACCEPTED, Office
from tests.factories import VILLAGE_OF_NEXT_TOWNSHIP, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    made = Office()
    assert made.acceptor.pk
    assert made.checker.pk
    return made


def told():
    return list(Notice.objects.filter(subject_kind="application").order_by("pk").values_list("kind", "role"))


def test_word_is_sent_at_few_days_on_the_day_and_behind_once_each(office):
    office.accepted()
    watch_applications(on=date(2026, 6, 12))
    assert told() == []

    for day in (15, 15, 16, 17, 18, 18, 22, 23):
        watch_applications(on=date(2026, 6, day))
    assert told() == [
        ("application_soon", "township_supervisor"),
        ("application_due_today", "township_supervisor"),
        ("application_overdue", "township_supervisor"),
    ]


def test_a_loaded_notice_moves_the_last_day_and_that_is_recorded(office, settings, tmp_path):
    settings.NOTICES_DIR = tmp_path
    office.accepted()
    text = "一、开斋节：6月16日（周二）至6月17日（周三）放假，共2天。"
    pasted = Pasted(prefix="64", year=2026, number="宁政办发〔2026〕1号", issued_on=date(2026, 6, 1), text=text)
    load_notice(by=person("region_officer", "64"), pasted=pasted, on=ACCEPTED, at=timezone.now())
    assert Application.objects.get().due_on == date(2026, 6, 18)

    watch_applications(on=date(2026, 6, 12))
    assert Application.objects.get().due_on == date(2026, 6, 23)
    assert Task.objects.get(kind="check_application").due_on == date(2026, 6, 23)
    moved = TrailEntry.objects.get(act="move_deadline")
    assert moved.details == {"before": "2026-06-18", "after": "2026-06-23"}

    watch_applications(on=date(2026, 6, 12))
    assert TrailEntry.objects.filter(act="move_deadline").count() == 1


def test_tasks_follow_the_child(office):
    application = office.accepted()
    application.child.responsible_code = VILLAGE_OF_NEXT_TOWNSHIP
    application.child.save()

    watch_applications(on=date(2026, 6, 12))
    task = Task.objects.get(kind="check_application", closed_at__isnull=True)
    assert (task.division_code, task.role) == (VILLAGE_OF_NEXT_TOWNSHIP, "county_officer")
    assert Application.objects.get().division_code == VILLAGE_OF_NEXT_TOWNSHIP


def test_what_is_decided_is_left_alone(office):
    office.confirmed()

    watch_applications(on=date(2026, 8, 1))
    assert [kind for kind, _role in told() if kind != "application_confirmed"] == []
    assert not Task.objects.filter(subject_kind="application", closed_at__isnull=True).exists()


def test_the_watch_asks_one_question_for_each_that_waits(office, django_assert_max_num_queries):
    for _ in range(12):
        office.submitted()
    watch_applications(on=date(2026, 6, 12))

    with django_assert_max_num_queries(31 + 12):
        watch_applications(on=date(2026, 6, 12))
