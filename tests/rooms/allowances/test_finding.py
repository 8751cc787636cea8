"""Children nobody has applied for: found by what the register says, each a task of township and village."""

from datetime import date

import pytest
from django.utils import timezone

from hutong.accounts.models import Task
from hutong.allowances.actions import applying
from hutong.allowances.actions.finding import find_unapplied
from hutong.registry.models import Circumstance
from tests.applications import BEGUN, DECIDED, Office, unattended
from tests.factories import VILLAGE_OF_NEXT_COUNTY, child, holding
from tests.facts import circumstance, joined_to, parent

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office()


def waiting():
    tasks = Task.objects.filter(kind__in=["apply_for_child", "visit_family"], closed_at__isnull=True)
    return sorted(tasks.values_list("kind", "subject_key", "due_on"))


def test_an_eligible_child_is_a_task_of_township_and_village():
    whose = unattended()

    assert find_unapplied(on=BEGUN) == 1
    due = date(2026, 6, 15)
    assert waiting() == [("apply_for_child", whose.file_number, due), ("visit_family", whose.file_number, due)]
    assert {task.values == {} for task in Task.objects.all()} == {True}

    find_unapplied(on=date(2026, 6, 12))
    assert {task_due for _kind, _key, task_due in waiting()} == {due}


@pytest.mark.parametrize("paid", ["de_facto", "orphan_kin", "orphan_institution"])
def test_who_is_paid_for_is_not_asked_for(paid):
    holding(unattended(), paid)

    assert find_unapplied(on=BEGUN) == 0


def test_who_was_paid_for_is():
    holding(unattended(), "de_facto", until_on=date(2026, 6, 9))

    assert find_unapplied(on=BEGUN) == 1


def test_an_open_application_is_enough(office):
    office.begun(unattended())

    assert find_unapplied(on=BEGUN) == 0


def test_the_tasks_end_once_somebody_applies(office):
    whose = unattended()
    find_unapplied(on=BEGUN)
    office.begun(whose)
    find_unapplied(on=BEGUN)

    assert waiting() == []


def test_after_a_refusal_nobody_is_asked_before_there_is_news(office):
    application = office.refused()
    assert find_unapplied(on=DECIDED) == 0

    fact = circumstance(application.child.parent_set.get(role="father"), "severe_illness")
    Circumstance.objects.filter(pk=fact.pk).update(recorded_at=timezone.now() + timezone.timedelta(seconds=5))
    assert find_unapplied(on=DECIDED) == 1


def test_after_a_withdrawal_too(office):
    application = office.begun()
    applying.withdraw(by=office.director, application=application, words="暂不申请", on=BEGUN)

    assert find_unapplied(on=DECIDED) == 0


def test_what_the_law_leaves_open_or_refuses_is_no_find():
    half = child(holdings=())
    circumstance(parent(half, "father"), "dead")
    open_term = child(holdings=())
    circumstance(parent(open_term, "father"), "dead")
    circumstance(parent(open_term, "mother"), "imprisoned")

    assert find_unapplied(on=BEGUN) == 0


def test_orphans_are_found_too_and_adults_and_closed_files_are_not():
    orphan = child(holdings=())
    for role in ("father", "mother"):
        circumstance(parent(orphan, role), "dead")
    unattended(birth_date=date(2008, 6, 10))
    unattended(closed_on=date(2026, 1, 1), closed_reason="moved_out")

    assert find_unapplied(on=BEGUN) == 1
    assert waiting()[0][1] == orphan.file_number


def test_what_a_joined_file_says_counts():
    leading, other = child(holdings=()), child(holdings=())
    circumstance(parent(leading, "father"), "dead")
    circumstance(parent(other, "mother"), "dead")
    assert find_unapplied(on=BEGUN) == 0

    joined_to(leading, other)
    assert find_unapplied(on=BEGUN) == 1
    assert waiting()[0][1] == leading.file_number


def test_many_are_found_with_few_questions(django_assert_max_num_queries):
    for _ in range(30):
        unattended(living_code=VILLAGE_OF_NEXT_COUNTY)

    with django_assert_max_num_queries(17):
        assert find_unapplied(on=BEGUN) == 30
