"""Opening and closing tasks. Rooms call these inside their own verbs."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, Task
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import administered_by, duties_of


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
    task, _is_new = Task.objects.update_or_create(
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


@dataclass(frozen=True)
class Wanted:
    """A task that ought to be open (应有待办) about one subject of its kind."""

    subject_key: str
    division_code: str
    due_on: date
    values: Mapping[str, object] = field(default_factory=dict)


def keep_tasks(
    *,
    kind: str,
    subject_kind: str,
    role: str,
    harm: Harm,
    wanted: Sequence[Wanted],
    outcome: str,
    by: Person | None = None,
    among: Collection[str] | None = None,
) -> None:
    """Keep the open tasks of one kind as they ought to be (核对待办): two statements, however many there are.

    Opens what is missing, renews what differs, and closes the others; `among` leaves all other subjects alone.
    """
    keys = [one.subject_key for one in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accounts_task AS task (kind, subject_kind, role, harm, subject_key, division_code, due_on,
                                                  "values", opened_at, outcome)
               SELECT %s, %s, %s, %s, wanted.*, now(), ''
                 FROM unnest(%s::varchar[], %s::varchar[], %s::date[], %s::jsonb[]) AS wanted
               ON CONFLICT (kind, subject_kind, subject_key, role) WHERE closed_at IS NULL
               DO UPDATE SET (harm, division_code, due_on, "values")
                           = (excluded.harm, excluded.division_code, excluded.due_on, excluded."values")
                   WHERE (task.harm, task.division_code, task.due_on, task."values") IS DISTINCT FROM
                         (excluded.harm, excluded.division_code, excluded.due_on, excluded."values")""",
            [
                *(kind, subject_kind, role, harm, keys),
                [one.division_code for one in wanted],
                [one.due_on for one in wanted],
                [json.dumps(dict(one.values)) for one in wanted],
            ],
        )
        cursor.execute(
            """UPDATE accounts_task SET closed_at = now(), closed_by_id = %s, outcome = %s
                WHERE (kind, subject_kind, role) = (%s, %s, %s) AND closed_at IS NULL
                  AND NOT subject_key = ANY(%s::varchar[])
                  AND (%s::varchar[] IS NULL OR subject_key = ANY(%s::varchar[]))""",
            [
                by.pk if by else None,
                outcome,
                kind,
                subject_kind,
                role,
                keys,
                *2 * [None if among is None else list(among)],
            ],
        )


def close_tasks(*, by: Person, subject_kind: str, subject_key: str, kinds: list[str], outcome: str) -> int:
    """Close the open tasks of these kinds about a subject (办结待办); how many there were."""
    return Task.objects.filter(
        subject_kind=subject_kind, subject_key=subject_key, kind__in=kinds, closed_at__isnull=True
    ).update(closed_at=timezone.now(), closed_by=by, outcome=outcome)


def park_tasks(*, by: Person, subject_kind: str, subject_key: str, outcome: str) -> int:
    """Close all open tasks about a subject until further notice (暂停待办); how many. `outcome` finds them again."""
    return Task.objects.filter(subject_kind=subject_kind, subject_key=subject_key, closed_at__isnull=True).update(
        closed_at=timezone.now(), closed_by=by, outcome=outcome
    )


def take_up_tasks(*, subject_kind: str, subject_key: str, outcome: str) -> int:
    """Open what was parked with this outcome again (恢复待办), but for what has been asked anew; how many."""
    about = Task.objects.filter(subject_kind=subject_kind, subject_key=subject_key)
    asked = about.filter(closed_at__isnull=True, kind=OuterRef("kind"), role=OuterRef("role"))
    return about.filter(~Exists(asked), outcome=outcome).update(closed_at=None, closed_by=None, outcome="")


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


def move_many_tasks(*, subject_kind: str, moved: Mapping[str, str]) -> int:
    """Open tasks about many subjects go where each goes (待办随迁), by key and division code, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE accounts_task AS task SET division_code = moved.code, holder_id = NULL
                 FROM unnest(%s::varchar[], %s::varchar[]) AS moved(key, code)
                WHERE (task.subject_kind, task.subject_key) = (%s, moved.key) AND task.closed_at IS NULL""",
            [list(moved.keys()), list(moved.values()), subject_kind],
        )
        return int(cursor.rowcount)


@transaction.atomic
def hand_over_tasks(*, by: Person, person: Person, to: Person, on: date) -> tuple[int, int]:
    """Hand over open tasks (交接待办) in one act: how many went to `to`, and how many stay, being no duty of theirs.

    Whoever holds them does, or who administers both. Raises NotAllowed and Refused.
    """
    theirs = administered_by(by, on=on)
    people = {person.pk, to.pk} - {by.pk}
    if by.pk != person.pk and theirs.filter(pk__in=people).count() != len(people):
        raise NotAllowed(Permission.MANAGE_PEOPLE)
    if to.pk == person.pk or not to.is_active:
        raise Refused(_("Choose somebody else who is in post today."))
    held = Task.objects.filter(holder=person, closed_at__isnull=True)
    fitting = held.filter(duties_of(to, on=on))
    numbers = list(fitting.select_for_update().values_list("pk", flat=True))
    if not numbers:
        raise Refused(_("None of these tasks is a duty of this person. Choose somebody of the same role and place."))
    Task.objects.filter(pk__in=numbers).update(holder=to)
    details = {"to": to.pk, "tasks": numbers}
    record(by=by, act="hand_over_tasks", subject_kind="person", subject_key=str(person.pk), on=on, details=details)
    notify(kind="tasks_handed_over", subject_kind="task", subject_key="", recipient=to, values={"tasks": len(numbers)})
    return len(numbers), held.count()
