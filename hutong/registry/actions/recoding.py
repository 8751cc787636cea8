"""Following a recode of divisions: children take the new code, history keeps the old one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from hutong.accounts.actions.guard import require
from hutong.accounts.actions.tasks import close_tasks, open_task, recode_tasks
from hutong.accounts.actions.trail import record, record_many
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.divisions.queries import successor_of, withdrawn_with_successors
from hutong.law.division_code import full
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import document
from hutong.registry.actions.moving import TASKS as MOVE_TASKS
from hutong.registry.actions.moving import WAITING
from hutong.registry.models import Change, Child, Move
from hutong.registry.models.change import Kind, MoveStage

SPLIT_PLACE, DIVISION = "split_place", "division"


@dataclass(frozen=True)
class Followed:
    """What followed a recode (变更结果): children and open tasks that took the new code; codes that were split."""

    children: int
    tasks: int
    split: list[str]


@transaction.atomic
def follow_recode(*, by: Person, on: date) -> Followed:
    """Follow the recodes in force (跟随区划变更): children and open tasks take the one code that came after theirs.

    Households and moves that wait for an answer follow too. A code that was split opens a task for the township, to
    assign its children by hand. Batches, the trail and every row of history keep their code. Raises NotAllowed.
    """
    require(by, Permission.MANAGE_DIVISIONS, code=full(settings.PROVINCE), on=on)
    withdrawn = withdrawn_with_successors(on=on)
    successors = successor_of(withdrawn, on=on)
    children = _recode_children(successors, by=by, on=on)
    _recode_households(successors)
    _recode_moves(successors, by=by)
    tasks = recode_tasks(successors=successors)
    split = _ask_to_assign(withdrawn - successors.keys(), by=by, on=on)
    if children or tasks or split:
        _record(by, children, tasks, split, on=on)
    return Followed(children, tasks, split)


def _recode_children(successors: Mapping[str, str], *, by: Person, on: date) -> int:
    if not successors:
        return 0
    children = list(_children_of(successors))
    changes = [_recoded(child, successors, by=by, on=on) for child in children]
    _write_codes(children)
    Change.objects.bulk_create(changes, batch_size=1000)
    subjects = [(child.file_number, child.responsible_code) for child in children]
    record_many(by=by, act="recode_child", subject_kind="child", subjects=subjects, on=on)
    return len(children)


CODES = {
    "responsible_code": "responsible_division",
    "living_code": "living_division",
    "registered_code": "registered_division",
}


def _children_of(successors: Mapping[str, str]) -> QuerySet[Child]:
    named = Q(responsible_code__in=successors) | Q(living_code__in=successors) | Q(registered_code__in=successors)
    columns = ("file_number", "revision", *CODES)
    return Child.objects.select_for_update().filter(named).only(*columns).order_by("pk")


def _recoded(child: Child, successors: Mapping[str, str], *, by: Person, on: date) -> Change:
    """Gives a child its new codes, unsaved, and the change that says so; the place of the change is the old one."""
    before = {column: getattr(child, name) for name, column in CODES.items()}
    for name in CODES:
        setattr(child, name, successors.get(getattr(child, name), getattr(child, name)))
    after = {column: getattr(child, name) for name, column in CODES.items()}
    columns = sorted(column for column in before if before[column] != after[column])
    return Change(
        child=child,
        kind=Kind.RECODE,
        on=on,
        columns=columns,
        before=document(before, columns),
        after=document(after, columns),
        division_code=before["responsible_division"],
        by=by,
    )


def _write_codes(children: list[Child]) -> None:
    columns = [[getattr(child, name) for child in children] for name in ("pk", *CODES)]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE registry_child AS child SET responsible_code = moved.responsible, living_code = moved.living,
                      registered_code = moved.registered, revision = revision + 1
                 FROM unnest(%s::bigint[], %s::varchar[], %s::varchar[], %s::varchar[])
                      AS moved(child, responsible, living, registered)
                WHERE child.id = moved.child""",
            columns,
        )


def _recode_households(successors: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE registry_household AS household SET division_code = moved.after
                 FROM unnest(%s::varchar[], %s::varchar[]) AS moved(before, after)
                WHERE household.division_code = moved.before""",
            [list(successors.keys()), list(successors.values())],
        )


def _recode_moves(successors: Mapping[str, str], *, by: Person) -> None:
    """Moves that wait; one between two places that are one place now has nothing left to decide."""
    named = Q(from_code__in=successors) | Q(to_code__in=successors) | Q(living_code__in=successors)
    moves = list(Move.objects.select_for_update(of=("self",)).filter(named, stage__in=WAITING).select_related("child"))
    for move in moves:
        codes = [successors.get(code, code) for code in (move.from_code, move.to_code, move.living_code)]
        if codes[0] == codes[1]:
            move.stage, move.decided_at = MoveStage.TAKEN_BACK, timezone.now()
            _close_move(move, by=by)
        else:
            move.from_code, move.to_code, move.living_code = codes
    Move.objects.bulk_update(moves, ["from_code", "to_code", "living_code", "stage", "decided_at"])


def _close_move(move: Move, *, by: Person) -> None:
    key = move.child.file_number
    close_tasks(by=by, subject_kind="child", subject_key=key, kinds=MOVE_TASKS, outcome=str(move.stage))


def _ask_to_assign(codes: set[str], *, by: Person, on: date) -> list[str]:
    """Tasks for the split codes that still have children, closed for those that have none; the codes that have."""
    rows = (
        Child.objects.filter(responsible_code__in=codes, closed_on__isnull=True, canonical__isnull=True)
        .order_by()
        .values("responsible_code")
    )
    waiting = {row["responsible_code"]: row["children"] for row in rows.annotate(children=Count("id"))}
    for code, children in sorted(waiting.items()):
        open_task(
            kind=SPLIT_PLACE,
            subject_kind=DIVISION,
            subject_key=code,
            division_code=code,
            role="township_supervisor",
            due_on=due_on(SPLIT_PLACE, on=on, jurisdiction=code),
            values={"children": children},
        )
    for code in codes - waiting.keys():
        close_tasks(by=by, subject_kind=DIVISION, subject_key=code, kinds=[SPLIT_PLACE], outcome="assigned")
    return sorted(waiting)


def _record(by: Person, children: int, tasks: int, split: list[str], *, on: date) -> None:
    record(
        by=by,
        act="follow_recode",
        subject_kind=DIVISION,
        subject_key=full(settings.PROVINCE),
        division_code=full(settings.PROVINCE),
        on=on,
        details={"children": children, "tasks": tasks, "split": split},
    )
