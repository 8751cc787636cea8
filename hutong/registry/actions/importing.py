"""What an admitted row does to a child who is there already: values, guardian, categories, responsible place."""

import json
from collections.abc import Collection, Iterator
from datetime import date

from django.conf import settings
from django.utils import timezone

from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person
from hutong.law.division_code import prefix_of, responsible
from hutong.registry.actions.answering import enter_answers, new_answers
from hutong.registry.actions.changing import merged, put_guardian, write_values
from hutong.registry.actions.entering import Row, enter, holding_row
from hutong.registry.actions.parenting import put_parents
from hutong.registry.intake.judge import JudgedRow
from hutong.registry.intake.payload import StagedChild
from hutong.registry.models import CategoryHolding, Child, ImportBatch, ImportRow
from hutong.registry.queries import said_of, said_of_parents

CHANGED_COLUMNS = [
    "name", "pinyin", "initials", "sorting", "sex", "birth_date", "ethnic_group", "registered_code", "living_code",
    "responsible_code", "address", "matching_index", "revision",
]  # fmt: skip


def holding_rows(
    child_id: int, row: JudgedRow, *, batch: ImportBatch, on: date, held: Collection[str] = ()
) -> Iterator[Row]:
    """The holdings (类别) that a row adds to its child."""
    begun, decision = row.values.get("category_from") or on.isoformat(), row.values.get("decision_number", "")
    for category in row.values.get("category", "").split():
        if category not in held:
            yield holding_row(child_id, category, from_on=begun, basis=f"import:{batch.pk}", decision_number=decision)


def change(staged: list[StagedChild], *, by: Person, batch: ImportBatch, on: date) -> None:
    """Change (改写) the children that rows differ from, set by set; what was there before stays with the row."""
    ids = [one.judged.known.id for one in staged if one.judged.known]
    children = Child.objects.select_for_update().prefetch_related("guardians", "holdings", "parent_set").in_bulk(ids)
    pairs = [(one, children[one.judged.known.id]) for one in staged if one.judged.known]
    holdings = [row for one, child in pairs for row in _change_one(one, child, batch=batch, on=on)]
    enter(CategoryHolding, holdings)
    put_parents(((child, merged(said_of_parents(child), one.judged.values)) for one, child in pairs), by=by, on=on)
    enter_answers(((child.pk, new_answers(one.judged)) for one, child in pairs), batch=batch, on=on)
    Child.objects.bulk_update(children.values(), CHANGED_COLUMNS, batch_size=500)
    ImportRow.objects.bulk_update(
        [one.row for one, _ in pairs], ["before", "child", "admitted_at", "revision_after", "verdict"], batch_size=500
    )
    record_many(
        by=by,
        act="change_child",
        subject_kind="child",
        subjects=[(child.file_number, child.responsible_code) for child in children.values()],
        on=on,
        details={"import_batch": batch.pk},
    )


def _change_one(one: StagedChild, child: Child, *, batch: ImportBatch, on: date) -> list[Row]:
    """Puts a row into its child, both unsaved; gives the categories to add."""
    now = said_of(child) | said_of_parents(child)
    one.row.before = json.dumps(now, ensure_ascii=False)
    kept = merged(now, one.judged.values)
    write_values(child, kept)
    put_guardian(child, kept, on=on)
    child.responsible_code = _responsible_next(child, one, now, kept, batch=batch)
    child.revision += 1
    one.row.child, one.row.admitted_at, one.row.revision_after = child, timezone.now(), child.revision
    one.row.verdict = one.judged.verdict
    held = {holding.category for holding in child.holdings.all() if holding.until_on is None}
    return list(holding_rows(child.pk, one.judged, batch=batch, on=on, held=held))


def _responsible_next(
    child: Child, one: StagedChild, now: dict[str, str], kept: dict[str, str], *, batch: ImportBatch
) -> str:
    """The responsible division after a change: what the row states; else by rule, where the rule was followed so far.

    A row never carries a child out of the batch's own area: that is a move, with a hand-over.
    """
    held = one.judged.known.categories if one.judged.known else frozenset()
    categories = held | frozenset(one.judged.values.get("category", "").split())
    by_rule = _by_rule(now, held)
    next_code = one.judged.values.get("responsible_division") or (
        _by_rule(kept, categories) if child.responsible_code == by_rule else child.responsible_code
    )
    return next_code if next_code.startswith(prefix_of(batch.division_code)) else child.responsible_code


def _by_rule(said: dict[str, str], categories: frozenset[str]) -> str:
    return responsible(
        stated="",
        registered=said["registered_division"],
        living=said["living_division"],
        categories=categories,
        province=settings.PROVINCE,
    )
