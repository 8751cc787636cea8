"""What every act on a recognition shares: the locked holding, who may, what is written, the tasks."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, Task
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import is_filled
from hutong.allowances.actions.deciding import CaseChanged
from hutong.allowances.recognitions import CONFIRM, LOOK_INTO, REVIEW, SETTLE, SUBJECT, Recognised, recognised
from hutong.law.citation import Reason
from hutong.law.parameters import shipped
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.models import CategoryHolding

OFFICE, COUNTY, APPROVERS = ("township_supervisor", "county_officer"), ("county_officer",), ("approver",)
TASKS: Mapping[str, tuple[tuple[str, ...], Harm]] = {
    REVIEW: (OFFICE, Harm.ORDINARY),
    LOOK_INTO: (OFFICE, Harm.LOSS),
    SETTLE: (COUNTY, Harm.LOSS),
    CONFIRM: (APPROVERS, Harm.LOSS),
}
"""Who is asked for what (待办归属): the first role that somebody holds at the place."""


def locked(
    holding: CategoryHolding, *, by: Person, permission: Permission, on: date, mark: str | None = None
) -> Recognised:
    """A recognition as it is now, locked after its child (锁定认定), for `by`, who may act there and is no kin.

    `mark` is that of what was looked at. Raises NotAllowed, CaseChanged, and Refused where it has ended.
    """
    file = locked_child(holding.child.leading, by=by, on=on)
    require(by, permission, code=file.responsible_code, on=on)
    now = recognised(CategoryHolding.objects.select_for_update().get(pk=holding.pk), on=on)
    if not now.is_held:
        raise Refused(_("This recognition has ended already. Load the page again."))
    if mark is not None and now.mark != mark:
        raise CaseChanged
    return now


def reasons_document(reasons: Sequence[Reason]) -> str:
    """Reasons of the law as they are kept (理由存档)."""
    said = [{"code": one.code, "text": one.text, "citation": one.citation.zh} for one in reasons]
    return json.dumps(said, ensure_ascii=False)


def finish(now: Recognised, act: str, *, by: Person, on: date, **details: object) -> None:
    """Record an act on a recognition, and keep its tasks as they ought to be (留痕并核对待办)."""
    record(
        by=by,
        act=f"recognition_{act}",
        subject_kind="child",
        subject_key=now.file.file_number,
        division_code=now.file.responsible_code,
        on=on,
        details={"holding": now.holding.pk} | details,
    )
    keep_due([recognised(CategoryHolding.objects.get(pk=now.holding.pk), on=on)], on=on, by=by, is_all=False)


def tell(now: Recognised, kind: str) -> None:
    """Word to the village and the township, who tell the family (告知村居和乡镇)."""
    for role in ("village_director", "township_supervisor"):
        notify(
            kind=kind,
            subject_kind=SUBJECT,
            subject_key=now.key,
            role=role,
            division_code=now.file.responsible_code,
            values={"file": now.file.file_number},
        )


def keep_due(found: Sequence[Recognised], *, on: date, by: Person | None = None, is_all: bool = True) -> None:
    """Keep the tasks of recognitions as they ought to be (核对认定待办); `is_all`: all others are closed."""
    holder, asked_before = cache(lambda kind, code: _holder(kind, code, on=on)), _days_given()
    wanted: dict[tuple[str, str], list[Wanted]] = defaultdict(list)
    for one in found:
        place = one.file.responsible_code
        for kind, due in _asked(one, asked_before, on=on).items():
            values: dict[str, object] = {"file": one.file.file_number}
            if kind == CONFIRM and one.end:
                values["besides"] = [one.end.by_id]
            is_closed = kind == LOOK_INTO and one.is_for_the_named
            if is_closed:
                values["only"] = sorted(one.named)
            role = COUNTY[0] if is_closed else holder(kind, place)
            wanted[kind, role].append(Wanted(one.key, place, due, values))
    among = None if is_all else [one.key for one in found]
    for kind, (roles, harm) in TASKS.items():
        for role in roles:
            keep_tasks(
                kind=kind,
                subject_kind=SUBJECT,
                role=role,
                harm=harm,
                wanted=wanted[kind, role],
                outcome="done",
                by=by,
                among=among,
            )


def _asked(one: Recognised, asked_before: Mapping[str, date], *, on: date) -> dict[str, date]:
    """What is asked about a recognition, each with its last day."""
    if not one.is_held:
        return {}
    place, asked = one.file.responsible_code, {}
    before = shipped().number("days_before_recognition_review", on=on, jurisdiction=place)
    if (one.due_on - on).days <= before:
        asked[REVIEW] = one.due_on
    if one.end:
        asked[CONFIRM] = due_on(CONFIRM, on=one.end.on, jurisdiction=place)
    elif one.suspension:
        asked[SETTLE] = due_on(SETTLE, on=one.suspension.on, jurisdiction=place)
    elif one.examination.is_news:
        asked[LOOK_INTO] = asked_before.get(one.key) or due_on(LOOK_INTO, on=on, jurisdiction=place)
    return asked


def _holder(kind: str, code: str, *, on: date) -> str:
    roles = TASKS[kind][0]
    return next((role for role in roles if is_filled(role, code=code, on=on)), roles[-1])


def _days_given() -> dict[str, date]:
    """The last days of what is looked into already: they do not begin anew every night."""
    waiting = Task.objects.filter(kind=LOOK_INTO, subject_kind=SUBJECT, closed_at__isnull=True)
    return dict(waiting.values_list("subject_key", "due_on"))
