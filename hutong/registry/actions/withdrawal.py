"""Taking a batch back while nobody has built on it."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person
from hutong.kit.staging import State, Verdict
from hutong.registry.actions.answering import take_answers_back
from hutong.registry.actions.changing import restore_guardian, write_values
from hutong.registry.actions.entering import lock_admissions
from hutong.registry.actions.parenting import restore_parents
from hutong.registry.actions.staging import record_batch, require_import_or_admission
from hutong.registry.models import CategoryHolding, Child, Guardian, ImportBatch, ImportRow, Observation, Parent


@dataclass(frozen=True)
class _Admitted:
    row: ImportRow
    child: Child


@transaction.atomic
def withdraw(*, by: Person, batch: ImportBatch, on: date) -> Counter[str]:
    """Withdraw (撤回) a batch: children it made that nobody has touched go, changes nobody built on are taken back.

    Returns counts `removed`, `restored`, `left`. Afterwards the same file may come again, and what was left can be
    taken back once nobody builds on it any more. Raises NotAllowed, Refused.
    """
    require_import_or_admission(by, batch, on=on)
    lock_admissions()
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    admitted = batch.rows.filter(admitted_at__isnull=False).select_related("child")
    if locked.state == State.WITHDRAWN and not admitted:
        raise Refused(_("This batch has been withdrawn already."))
    if locked.state not in (State.JUDGED, State.ADMITTING, State.ADMITTED, State.WITHDRAWN):
        raise Refused(_("This batch is still being checked."))
    free = _free([_Admitted(row, row.child) for row in admitted if row.child])
    made = [one for one in free if one.row.verdict == Verdict.NEW]
    changed = [one for one in free if one.row.verdict == Verdict.CHANGED]
    left = len(admitted) - len(free)
    _remove(made, by=by, batch=batch, on=on)
    _restore(changed, by=by, batch=batch, on=on)
    batch.rows.filter(pk__in=[one.row.pk for one in free]).update(admitted_at=None)
    locked.state = State.WITHDRAWN
    locked.save()
    batch.refresh_from_db()
    _close(by=by, batch=batch, on=on)
    return Counter(removed=len(made), restored=len(changed), left=left)


def _free(admitted: list[_Admitted]) -> list[_Admitted]:
    """Those whom nobody has changed since and to whom no room above has attached anything."""
    untouched = [one for one in admitted if one.child.revision == one.row.revision_after]
    made = [one.child.pk for one in untouched if one.row.verdict == Verdict.NEW]
    changed = [one.child.pk for one in untouched if one.row.verdict != Verdict.NEW]
    built_on = _attached(made, beside=COMES_WITH_A_ROW) | _attached(changed, beside=OWN)
    return [one for one in untouched if one.child.pk not in built_on]


COMES_WITH_A_ROW = (Guardian, Parent, Observation, CategoryHolding, ImportRow)
"""What an admission itself makes of a child (入库自带)."""
OWN = tuple(
    relation.related_model
    for relation in Child._meta.related_objects
    if relation.related_model._meta.app_label == Child._meta.app_label
)
"""What a revision tells of (本房间事项): a child that was there before may have any of it."""


def _attached(child_ids: Collection[int], *, beside: tuple[type[Model], ...]) -> set[int]:
    built: set[int] = set()
    for relation in Child._meta.related_objects:
        if relation.related_model not in beside:
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": child_ids})
            built.update(rows.values_list(f"{relation.field.name}_id", flat=True))
    return built


def _remove(made: list[_Admitted], *, by: Person, batch: ImportBatch, on: date) -> None:
    ids = [one.child.pk for one in made]
    ImportRow.objects.filter(child_id__in=ids).update(child=None)
    for model in (Guardian, Parent, Observation, CategoryHolding):
        model.objects.filter(child_id__in=ids)._raw_delete(using=DEFAULT_DB_ALIAS)
    Child.objects.filter(pk__in=ids)._raw_delete(using=DEFAULT_DB_ALIAS)
    _record(made, "withdraw_child", by=by, batch=batch, on=on)


def _restore(changed: list[_Admitted], *, by: Person, batch: ImportBatch, on: date) -> None:
    for one in changed:
        _restore_one(one, batch)
    restore_parents((one.child, _before(one)) for one in changed)
    take_answers_back([one.child.pk for one in changed], batch=batch)
    _record(changed, "restore_child", by=by, batch=batch, on=on)


def _restore_one(one: _Admitted, batch: ImportBatch) -> None:
    said, child = _before(one), one.child
    write_values(child, said)
    restore_guardian(child, said)
    child.holdings.filter(basis=f"import:{batch.pk}").delete()
    child.responsible_code = said["responsible_division"]
    child.revision = (one.row.revision_after or child.revision) - 1
    child.save()


def _before(one: _Admitted) -> dict[str, str]:
    said: dict[str, str] = json.loads(one.row.before.open()) if one.row.before else {}
    return said


def _record(admitted: list[_Admitted], act: str, *, by: Person, batch: ImportBatch, on: date) -> None:
    record_many(
        by=by,
        act=act,
        subject_kind="child",
        subjects=[(one.child.file_number, one.child.responsible_code) for one in admitted],
        on=on,
        details={"import_batch": batch.pk},
    )


def _close(*, by: Person, batch: ImportBatch, on: date) -> None:
    close_tasks(
        by=by,
        subject_kind="import_batch",
        subject_key=str(batch.pk),
        kinds=["admit_batch", "mend_batch"],
        outcome="withdrawn",
    )
    record_batch("withdraw_import", by=by, batch=batch, on=on)
