"""Taking a batch back while nobody has built on it."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person
from hutong.kit.staging import State, Verdict
from hutong.registry.actions.answering import take_answers_back
from hutong.registry.actions.changing import restore_guardian, save_guardians, write_values
from hutong.registry.actions.entering import lock_admissions
from hutong.registry.actions.importing import CHANGED_COLUMNS, Told, tell
from hutong.registry.actions.overwriting import overwrite
from hutong.registry.actions.parenting import restore_parents
from hutong.registry.actions.staging import record_batch, require_import_or_admission
from hutong.registry.batches import basis_of, standing
from hutong.registry.intake.known import CATEGORY, GUARDIAN, PLACE
from hutong.registry.models import (
    CategoryHolding,
    Change,
    Child,
    Guardian,
    ImportBatch,
    ImportRow,
    LinkageKey,
    Observation,
    Pair,
    Parent,
)
from hutong.registry.queries import rows_admitted, said_of, said_of_parents

RESTORED_AT_ONCE = 5000


@transaction.atomic
def withdraw(*, by: Person, batch: ImportBatch, on: date) -> Counter[str]:
    """Withdraw (撤回) a batch: children it made that nobody has touched go, changes nobody built on are taken back.

    Returns counts `removed`, `restored`, `left`. Afterwards the same file may come again, and what was left can be
    taken back once nobody builds on it any more. Raises NotAllowed, Refused.
    """
    require_import_or_admission(by, batch, on=on)
    lock_admissions()
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state == State.WITHDRAWN and not rows_admitted(batch):
        raise Refused(_("This batch has been withdrawn already."))
    if locked.state not in (State.JUDGED, State.ADMITTING, State.ADMITTED, State.WITHDRAWN):
        raise Refused(_("This batch is not checked yet. Cancel it instead."))
    _lock_children(batch)
    counts = Counter(
        removed=_remove(batch, by=by, on=on), restored=_restore(batch, by=by, on=on), left=rows_admitted(batch)
    )
    locked.state = State.WITHDRAWN
    locked.save()
    batch.refresh_from_db()
    _close(counts, by=by, batch=batch, on=on)
    return counts


def _lock_children(batch: ImportBatch) -> None:
    """Nobody changes or attaches anything to a child between the question whether it is free and its going back."""
    theirs = ImportRow.objects.filter(batch=batch, admitted_at__isnull=False).values("child")
    list(Child.objects.select_for_update().filter(pk__in=theirs).values_list("pk"))


def _free(batch: ImportBatch, verdict: str) -> QuerySet[ImportRow]:
    """Those whom nobody has changed since and to whom no room above has attached anything."""
    return standing(batch).filter(verdict=verdict, built_on="")


def _remove(batch: ImportBatch, *, by: Person, on: date) -> int:
    made = list(_free(batch, Verdict.NEW).values_list("child", "child__file_number", "child__responsible_code"))
    ids = [child for child, _number, _code in made]
    batch.rows.filter(child_id__in=ids).update(admitted_at=None)
    Pair.objects.filter(Q(first__in=ids) | Q(second__in=ids)).delete()
    ImportRow.objects.filter(child_id__in=ids).update(child=None)
    for model in (Guardian, Parent, Observation, CategoryHolding, Change, LinkageKey):
        model.objects.filter(child_id__in=ids)._raw_delete(using=DEFAULT_DB_ALIAS)
    Child.objects.filter(pk__in=ids)._raw_delete(using=DEFAULT_DB_ALIAS)
    record_many(
        by=by,
        act="withdraw_child",
        subject_kind="child",
        subjects=[(number, code) for _child, number, code in made],
        on=on,
        details={"import_batch": batch.pk},
    )
    return len(made)


def _restore(batch: ImportBatch, *, by: Person, on: date) -> int:
    ids = list(_free(batch, Verdict.CHANGED).values_list("pk", flat=True))
    for start in range(0, len(ids), RESTORED_AT_ONCE):
        rows = ImportRow.objects.filter(pk__in=ids[start : start + RESTORED_AT_ONCE]).select_related("child")
        found = rows.prefetch_related("child__guardians", "child__parent_set", "child__holdings")
        _restore_some(list(found), by=by, batch=batch, on=on)
    return len(ids)


def _restore_some(rows: list[ImportRow], *, by: Person, batch: ImportBatch, on: date) -> None:
    told: list[Told] = []
    gone: list[Guardian] = []
    kept: list[Guardian] = []
    before: list[tuple[Child, dict[str, str]]] = []
    for row in rows:
        if row.child and row.before and row.revision_after:
            row.child.revision = row.revision_after - 1
            said = json.loads(row.before.open())
            now = said_of(row.child) | said_of_parents(row.child)
            gone_here, kept_here = _guardians_back(row.child, now, said)
            told.append(_put_back(row.child, now, said, batch))
            gone += gone_here
            kept += kept_here
            before.append((row.child, said))
    children = [one.child for one in told]
    CategoryHolding.objects.filter(child__in=children, basis=basis_of(batch)).delete()
    Guardian.objects.filter(pk__in=[guardian.pk for guardian in gone]).delete()
    save_guardians(kept)
    restore_parents(before)
    take_answers_back([child.pk for child in children], batch=batch)
    overwrite(children, CHANGED_COLUMNS)
    batch.rows.filter(pk__in=[row.pk for row in rows]).update(admitted_at=None)
    tell(told, act="restore_child", reason="import_withdrawn", by=by, batch=batch, on=on)


def _put_back(child: Child, now: dict[str, str], said: dict[str, str], batch: ImportBatch) -> Told:
    """Puts back into a child, unsaved, what was said of it before a row came."""
    held = [one for one in child.holdings.all() if one.until_on is None]
    before = now | {CATEGORY: _together(held)}
    after = said | {CATEGORY: _together(one for one in held if one.basis != basis_of(batch))}
    told = Told(child, child.responsible_code, before, after)
    write_values(child, said)
    child.responsible_code = said[PLACE]
    return told


def _together(holdings: Iterable[CategoryHolding]) -> str:
    return " ".join(sorted(one.category for one in holdings))


def _guardians_back(child: Child, now: dict[str, str], said: dict[str, str]) -> tuple[list[Guardian], list[Guardian]]:
    """The guardians that go and those that are changed, where a row had said anything else of them."""
    is_other = any(now.get(column, "") != said.get(column, "") for column in GUARDIAN)
    return restore_guardian(child, said) if is_other else ([], [])


def _close(counts: Counter[str], *, by: Person, batch: ImportBatch, on: date) -> None:
    close_tasks(
        by=by,
        subject_kind="import_batch",
        subject_key=str(batch.pk),
        kinds=["admit_batch", "mend_batch"],
        outcome="withdrawn",
    )
    record_batch("withdraw_import", by=by, batch=batch, on=on, details=counts)
