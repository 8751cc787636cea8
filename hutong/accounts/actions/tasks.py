"""Opening and closing tasks. Rooms call these inside their own verbs."""

from collections.abc import Mapping
from datetime import date

from django.db import connection
from django.utils import timezone

from hutong.accounts.models import Person, Task
from hutong.accounts.models.task import Harm


def open_task(
    *,
    kind: str,
    subject_kind: str,
    subject_key: str,
    division_code: str,
    role: str,
    due_on: date,
    harm: Harm = Harm.ORDINARY,
    values: Mapping[str, object] | None = None,
) -> Task:
    """Open a task (生成待办) once: while it is open, asking again only renews its due date and words."""
    task, _ = Task.objects.update_or_create(
        kind=kind,
        subject_kind=subject_kind,
        subject_key=subject_key,
        role=role,
        closed_at=None,
        defaults={
            "division_code": division_code,
            "due_on": due_on,
            "harm": harm,
            "values": dict(values or {}),
        },
    )
    return task


def close_tasks(*, by: Person, subject_kind: str, subject_key: str, kinds: list[str], outcome: str) -> int:
    """Close the open tasks of these kinds about a subject (办结待办); how many there were."""
    return Task.objects.filter(
        subject_kind=subject_kind, subject_key=subject_key, kind__in=kinds, closed_at__isnull=True
    ).update(closed_at=timezone.now(), closed_by=by, outcome=outcome)


def recode_tasks(*, successors: Mapping[str, str]) -> int:
    """Open tasks follow a recode of divisions (待办随区划变更); how many. What is closed keeps its code."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE accounts_task AS task SET division_code = moved.after
                 FROM unnest(%s::varchar[], %s::varchar[]) AS moved(before, after)
                WHERE task.division_code = moved.before AND task.closed_at IS NULL""",
            [list(successors.keys()), list(successors.values())],
        )
        return int(cursor.rowcount)


def move_tasks(*, subject_kind: str, subject_key: str, division_code: str) -> int:
    """Open tasks about a subject go where it goes (待办随迁), held by nobody there yet; how many there were."""
    return Task.objects.filter(subject_kind=subject_kind, subject_key=subject_key, closed_at__isnull=True).update(
        division_code=division_code, holder=None
    )
