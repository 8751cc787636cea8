"""Tasks are opened once and closed with an outcome."""

from datetime import timedelta

import pytest

from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.models import Task
from tests.factories import ON, VILLAGE, person

SUBJECT = {"subject_kind": "import_batch", "subject_key": "7"}


def opened(role: str = "approver", days: int = 3, **values: object) -> Task:
    due_on = ON + timedelta(days=days)
    return open_task(kind="admit_batch", division_code=VILLAGE, role=role, due_on=due_on, values=values, **SUBJECT)


@pytest.mark.django_db
def test_asking_again_renews_the_open_task():
    first, again = opened(rows=3), opened(days=9, rows=5)
    assert first.pk == again.pk
    assert (again.due_on, again.values) == (ON + timedelta(days=9), {"rows": 5})


@pytest.mark.django_db
def test_each_role_has_a_task_of_its_own():
    assert opened("approver").pk != opened("county_officer").pk


@pytest.mark.django_db
def test_closing_says_who_and_how_and_leaves_other_kinds_open():
    closer, closed, other = person(), opened(), opened()
    other = open_task(kind="mend_batch", division_code=VILLAGE, role="approver", due_on=ON, **SUBJECT)
    assert close_tasks(by=closer, kinds=["admit_batch"], outcome="admitted", **SUBJECT) == 1
    closed.refresh_from_db(), other.refresh_from_db()
    assert (closed.closed_by, closed.outcome, other.closed_at) == (closer, "admitted", None)
    assert closed.closed_at is not None
    assert close_tasks(by=closer, kinds=["admit_batch"], outcome="admitted", **SUBJECT) == 0


@pytest.mark.django_db
def test_a_closed_task_may_be_opened_anew():
    first = opened()
    close_tasks(by=person(), kinds=["admit_batch"], outcome="withdrawn", **SUBJECT)
    assert opened().pk != first.pk
