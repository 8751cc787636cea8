"""Tasks are opened once and closed with an outcome."""

from datetime import timedelta

import pytest

from hutong.accounts.actions.tasks import Wanted, close_tasks, keep_tasks, open_task
from hutong.accounts.models import Task
from hutong.accounts.models.task import Harm
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


def kept(*keys: str, days: int = 3, among: list[str] | None = None, **more: object) -> dict[str, Task]:
    wanted = [Wanted(key, VILLAGE, ON + timedelta(days=days), {"count": len(key)}) for key in keys]
    named = {"kind": "paper_expiring", "subject_kind": "child", "role": "approver", "harm": Harm.LOSS}
    keep_tasks(wanted=wanted, outcome="renewed", among=among, **named | more)
    return {task.subject_key: task for task in Task.objects.filter(closed_at__isnull=True)}


@pytest.mark.django_db
def test_tasks_are_kept_as_they_ought_to_be():
    closer, holder = person(), person()
    first = kept("a", "b")
    Task.objects.filter(subject_key="a").update(holder=holder)
    second = kept("a", "c", days=9, by=closer)

    assert {key: task.pk for key, task in second.items()} == {"a": first["a"].pk, "c": second["c"].pk}
    assert (second["a"].due_on, second["a"].holder, second["a"].harm) == (ON + timedelta(days=9), holder, Harm.LOSS)
    gone = Task.objects.get(subject_key="b")
    assert (gone.closed_by, gone.outcome) == (closer, "renewed") and gone.closed_at
    assert kept() == {}


@pytest.mark.django_db
def test_keeping_some_tasks_leaves_all_others_alone():
    other = opened()
    first = kept("a", "b")
    left = kept(among=["a"])
    assert set(left) == {"b", other.subject_key}
    assert left["b"].pk == first["b"].pk
    assert set(kept("c", role="county_officer")) == {"b", "c", other.subject_key}
