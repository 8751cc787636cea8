"""Changing the particulars of one child."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks, move_tasks
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.kit.staging import Problem, Severity
from hutong.law.changes import ALTERING, IDENTITY_COLUMNS
from hutong.law.division_code import responsible
from hutong.law.identity import temporary_number
from hutong.registry.actions.changes import (
    Said,
    WrongValues,
    locked,
    require_open,
    require_reason,
    write_change,
)
from hutong.registry.actions.changing import write_values
from hutong.registry.actions.entering import lock_admissions
from hutong.registry.actions.moving import require_no_move
from hutong.registry.actions.staging import circumstances
from hutong.registry.intake.judge import id_index, id_indexes
from hutong.registry.intake.reading import ReadRow, read_row
from hutong.registry.models import Change, Child
from hutong.registry.models.change import Kind
from hutong.registry.queries import said_of

ALTERABLE = (
    "name", "sex", "birth_date", "id_number", "no_id_reason", "ethnic_group", "registered_division",
    "living_division", "living_address",
)  # fmt: skip


@transaction.atomic
def alter(
    *,
    by: Person,
    child: Child,
    values: Mapping[str, str],
    revision: int,
    reason: str,
    on: date,
    words: str = "",
    bulk: UUID | None = None,
) -> Change:
    """Alter (信息变更) the particulars of a child; who somebody is, the county alone changes.

    `values` are by column code of ALTERABLE, `revision` the state the caller has seen. Raises NotAllowed, Overtaken,
    WrongValues and Refused.
    """
    require(by, Permission.CHANGE_CHILDREN, code=child.responsible_code, on=on)
    require_reason(reason, ALTERING, words)
    lock_admissions()
    child = locked(child, by=by, on=on, revision=revision)
    require_open(child)
    before = whole(child)
    after = _after(child, before, values, on=on)
    changed = {column for column in ALTERABLE if before.get(column, "") != after.get(column, "")}
    if not changed:
        raise Refused(_("Nothing differs from what the file says."))
    if changed & IDENTITY_COLUMNS:
        require(by, Permission.CHANGE_IDENTITY, code=child.responsible_code, on=on)
    place = child.responsible_code
    _put(child, after)
    child.responsible_code = _place_next(by, child, before, after, on=on)
    after["responsible_division"] = child.responsible_code
    _close_answered(child, by=by)
    if child.responsible_code != place:
        require_no_move(child)
        move_tasks(subject_kind="child", subject_key=child.file_number, division_code=child.responsible_code)
    return write_change(
        by=by,
        child=child,
        kind=Kind.ALTER,
        on=on,
        reason=reason,
        words=words,
        before=before,
        after=after,
        bulk=bulk,
        division_code=place,
    )


def whole(child: Child) -> dict[str, str]:
    """What the register says of a child (档案现状) with number and categories, by column code, opened."""
    held = sorted(holding.category for holding in child.holdings.all() if holding.until_on is None)
    return said_of(child) | {
        "id_number": child.id_number.open() if child.id_number else "",
        "no_id_reason": child.no_id_reason,
        "category": " ".join(held),
    }


def read_said(said: Said, *, among: Collection[str], on: date) -> ReadRow:
    """What was typed, read as a row of the workbook is (按表格规则核对); problems of other columns do not count."""
    row = read_row(0, said, circumstances(on=on))
    errors = [problem for problem in row.problems if problem.severity == Severity.ERROR and problem.column in among]
    if errors:
        raise WrongValues(errors)
    return row


def _after(child: Child, before: Said, values: Mapping[str, str], *, on: date) -> dict[str, str]:
    typed = {column: values[column].strip() for column in ALTERABLE if column in values}
    if typed.get("id_number"):
        typed["no_id_reason"] = ""
    row = read_said({**before, **typed}, among=typed, on=on)
    lost = [problem for problem in row.problems if typed.get(problem.column) and problem.column not in row.values]
    if lost:
        raise WrongValues(lost)
    after = dict(before) | {column: row.values.get(column, "") for column in typed}
    number = after["id_number"]
    if number and number != before["id_number"] and _is_taken(number):
        raise WrongValues([Problem("number_taken", "id_number")])
    return after


def _is_taken(number: str) -> bool:
    return Child.objects.filter(id_index__in=id_indexes(number)).exists()


def _put(child: Child, said: Said) -> None:
    write_values(child, said)
    number = said["id_number"]
    if number:
        child.id_number, child.id_index, child.no_id_reason = number, id_index(number), ""
        return
    child.id_number, child.id_index, child.no_id_reason = None, None, said["no_id_reason"]
    child.temporary_number = child.temporary_number or temporary_number(child.responsible_code, child.pk)


def _place_next(by: Person, child: Child, before: Said, after: Said, *, on: date) -> str:
    """The responsible place after a change: by rule, where the rule was followed so far and it stays one's own."""
    next_code = _by_rule(after)
    if next_code == child.responsible_code or _by_rule(before) != child.responsible_code:
        return child.responsible_code
    if not may(by, Permission.CHANGE_CHILDREN, code=next_code, on=on):
        raise Refused(
            _("With this another place becomes responsible. Hand the file over instead: the other place takes it on.")
        )
    return next_code


def _by_rule(said: Said) -> str:
    return responsible(
        stated="",
        registered=said["registered_division"],
        living=said["living_division"],
        categories=frozenset(said["category"].split()),
        province=settings.PROVINCE,
    )


def _close_answered(child: Child, *, by: Person) -> None:
    if child.id_number:
        close_tasks(by=by, subject_kind="child", subject_key=child.file_number, kinds=["get_id"], outcome="completed")
