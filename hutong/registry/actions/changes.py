"""What every change of a file shares: the locked file, the reason, the written change."""

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.staging import Problem
from hutong.registry.actions.kinship import require_no_kin
from hutong.registry.models import Change, Child
from hutong.registry.models.change import Kind, Stage
from hutong.registry.queries import is_received

WORDS_AT_MOST = 500
Said = Mapping[str, str]


class Overtaken(Refused):
    """Somebody else changed the file meanwhile (他人已先修改)."""

    is_question = True

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else changed this file meanwhile. What you typed is still here: compare it with what the "
                "file says now, then save again."
            )
        )


class WrongValues(Refused):
    """What was typed cannot be taken (填写有误); `problems` say where and how to mend it."""

    is_question = True

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("Some entries cannot be taken; see the word beside each."))
        self.problems = problems


class JoinedFile(Refused):
    """The file is joined to another (已并入他档), which `file_number` names: what is to be written is written there."""

    def __init__(self, file_number: str) -> None:
        super().__init__(
            _("This file is joined to file %(file)s. Write there, or undo the joining first.") % {"file": file_number}
        )
        self.file_number = file_number


def locked(child: Child, *, by: Person, on: date, revision: int | None = None) -> Child:
    """The child as it is now, locked (锁定档案) for `by`, who is not of its family.

    Raises Refused for kin, Overtaken where it is no longer what the caller has seen, and JoinedFile where another file
    leads.
    """
    now = Child.objects.select_for_update().get(pk=child.pk)
    if now.canonical_id:
        raise JoinedFile(now.leading.file_number)
    require_no_kin(by, now, on=on)
    if revision is not None and now.revision != revision:
        raise Overtaken
    return now


def require_for(by: Person, permission: Permission, child: Child, *, on: date) -> None:
    """Raises NotAllowed unless `by` may do this for the child (办理权限): at its place, or where it was received."""
    if not is_received(by, permission, child, on=on):
        require(by, permission, code=child.responsible_code, on=on)


def require_open(child: Child) -> None:
    """Raises Refused where the file is closed (已减员)."""
    if child.closed_on:
        raise Refused(_("This file is closed. Reopen it first."))


def require_decided(child: Child) -> None:
    """Raises Refused while a proposal waits for a second person (尚有待确认事项)."""
    if child.changes.filter(stage=Stage.PROPOSED).exists():
        raise Refused(_("Something else about this child waits for a second person. That comes first."))


def require_reason(reason: str, among: Mapping[str, object], words: str) -> None:
    """Raises Refused without a reason of the list (变更原因), or with too many words."""
    if reason not in among:
        raise Refused(_("Choose a reason."))
    if len(words) > WORDS_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": WORDS_AT_MOST})


def write_change(
    *,
    by: Person,
    child: Child,
    kind: Kind,
    on: date,
    reason: str = "",
    words: str = "",
    before: Said | None = None,
    after: Said | None = None,
    stage: Stage = Stage.DONE,
    bulk: UUID | None = None,
    division_code: str = "",
) -> Change:
    """Write a change (记变更) and its entry in the trail; saves the child with its next revision.

    Only what differs is kept of `before` and `after`. `division_code` is the place that was responsible when it
    happened, the child's by default.
    """
    before, after = before or {}, after or {}
    columns = sorted(column for column in {*before, *after} if before.get(column, "") != after.get(column, ""))
    child.revision += 1
    child.save()
    change = Change.objects.create(
        child=child,
        kind=kind,
        stage=stage,
        on=on,
        reason=reason,
        words=words.strip() or None,
        columns=columns,
        before=document(before, columns),
        after=document(after, columns),
        bulk=bulk,
        division_code=division_code or child.responsible_code,
        by=by,
    )
    record_change(by, f"{kind}_child", change, child, on=on)
    return change


def document(said: Said, columns: list[str]) -> str | None:
    """One side of a change (变更文本): what it says of these columns, nothing where none differs."""
    kept = {column: said[column] for column in columns if said.get(column)}
    return json.dumps(kept, ensure_ascii=False) if columns else None


def record_change(by: Person, act: str, change: Change, child: Child, *, on: date, division_code: str = "") -> None:
    """Record an act about a change (变更留痕), at the change's own place by default."""
    record(
        by=by,
        act=act,
        subject_kind="child",
        subject_key=child.file_number,
        division_code=division_code or change.division_code,
        on=on,
        details={"change": change.pk, "columns": change.columns},
    )


def read_document(change: Change) -> tuple[dict[str, str], dict[str, str]]:
    """What stood before and what stands after (变更前后), opened; whoever calls answers for the trail."""
    before = json.loads(change.before.open()) if change.before else {}
    after = json.loads(change.after.open()) if change.after else {}
    return before, after
