"""What an admitted row does to a child who is there already: values, guardian, categories, responsible place."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from hutong.accounts.actions.tasks import move_many_tasks
from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person
from hutong.law.division_code import prefix_of
from hutong.registry.actions.answering import enter_answers, new_answers
from hutong.registry.actions.changes import document
from hutong.registry.actions.changing import put_guardian, save_guardians, write_values
from hutong.registry.actions.entering import Row, enter, holding_row
from hutong.registry.actions.overwriting import overwrite
from hutong.registry.actions.parenting import put_parents
from hutong.registry.actions.preparing import StagedChild
from hutong.registry.batches import basis_of, said_categories
from hutong.registry.intake.known import (
    CATEGORY,
    COMPARED,
    GUARDIAN,
    PLACE,
    KnownChild,
    changes,
    following,
    merged,
    without,
)
from hutong.registry.models import CategoryHolding, Change, Child, Guardian, ImportBatch, ImportRow, Move
from hutong.registry.models.change import Kind, MoveStage, Stage

CHANGED_COLUMNS = (
    "name", "pinyin", "initials", "sorting", "sex", "birth_date", "ethnic_group", "registered_code", "living_code",
    "responsible_code", "address", "matching_index", "revision",
)  # fmt: skip
ROW_COLUMNS = ("before", "child", "admitted_at", "revision_after", "verdict")
SEALED: dict[str, Any] = {side: Change._meta.get_field(side) for side in ("before", "after")}
WAITING = (MoveStage.REQUESTED, MoveStage.OFFERED)


@dataclass(frozen=True)
class Told:
    """What the file of one child said before and says after (变更前后), by column code, and where it lay."""

    child: Child
    place: str
    before: dict[str, str]
    after: dict[str, str]

    @property
    def columns(self) -> list[str]:
        """In which columns both differ; in none where a form had answers alone."""
        names = {*self.before, *self.after}
        return sorted(name for name in names if self.before.get(name, "") != self.after.get(name, ""))


def holding_rows(
    child_id: int, values: dict[str, str], *, batch: ImportBatch, on: date, held: Collection[str] = ()
) -> Iterator[Row]:
    """The holdings (类别) that a row adds to its child."""
    begun, decision = values.get("category_from") or on.isoformat(), values.get("decision_number", "")
    for category in values.get(CATEGORY, "").split():
        if category not in held:
            yield holding_row(child_id, category, from_on=begun, basis=basis_of(batch), decision_number=decision)


def change(
    staged: list[StagedChild], children: Mapping[int, Child], *, by: Person, batch: ImportBatch, on: date
) -> int:
    """Change (改写) the locked children that rows differ from, set by set; how many. What was there stays with the row.

    What was left out is not put in; a row of which nothing is left changes nobody and is not admitted.
    """
    rows = _wanted(staged, children, batch=batch)
    guardians: list[Guardian] = [one for row in rows for one in row.put_in(on=on)]
    enter(CategoryHolding, (holding for row in rows for holding in row.holdings(batch=batch, on=on)))
    save_guardians(guardians)
    put_parents(((row.child, merged(row.known.values, row.values)) for row in rows), by=by, on=on)
    enter_answers(((row.child.pk, new_answers(row.values, row.known)) for row in rows), batch=batch, on=on)
    overwrite([row.child for row in rows], CHANGED_COLUMNS)
    overwrite([row.row for row in rows], ROW_COLUMNS)
    tell([row.told() for row in rows], act="change_child", reason="import", by=by, batch=batch, on=on)
    return len(rows)


@dataclass
class _Wanted:
    """A row with the child that it changes, and what of it is wanted."""

    row: ImportRow
    child: Child
    known: KnownChild
    values: dict[str, str]
    place: str

    def put_in(self, *, on: date) -> list[Guardian]:
        """Puts the row into its child, both unsaved; the guardians to save."""
        child, row, kept = self.child, self.row, merged(self.known.values, self.values)
        write_values(child, kept)
        child.responsible_code = self.place
        child.revision += 1
        row.before = json.dumps(self.known.values, ensure_ascii=False)
        row.child, row.admitted_at, row.revision_after = child, timezone.now(), child.revision
        is_about_guardian = any(self.known.values.get(column, "") != kept.get(column, "") for column in GUARDIAN)
        return put_guardian(child, kept, on=on) if is_about_guardian else []

    def holdings(self, *, batch: ImportBatch, on: date) -> Iterator[Row]:
        """The categories to add."""
        return holding_rows(self.child.pk, self.values, batch=batch, on=on, held=self.known.categories)

    def told(self) -> Told:
        """What the file said before and says after."""
        before, place = self.known.values, self.known.responsible_code
        held = " ".join(sorted(self.known.categories))
        after = merged(before, {name: self.values[name] for name in COMPARED if name in self.values})
        after |= {PLACE: self.place, CATEGORY: " ".join(said_categories(self.values, self.known))}
        return Told(self.child, place, before | {CATEGORY: held}, after)


def _wanted(staged: list[StagedChild], children: Mapping[int, Child], *, batch: ImportBatch) -> list[_Wanted]:
    moving = set(Move.objects.filter(child__in=list(children), stage__in=WAITING).values_list("child", flat=True))
    pairs = [(one, one.judged.known) for one in staged if one.judged.known]
    rows = (_weighed(one, known, children[known.id], batch=batch, is_moving=known.id in moving) for one, known in pairs)
    return [row for row in rows if row]


def _weighed(
    one: StagedChild, known: KnownChild, child: Child, *, batch: ImportBatch, is_moving: bool
) -> _Wanted | None:
    """A row with what is wanted of it; None where that changes nothing. A hand-over that waits decides on the place."""
    out = [*batch.left_out, *one.left_out, *([PLACE] if is_moving else [])]
    values = without(one.judged.values, known, out)
    place = known.responsible_code
    if PLACE not in out:
        area = prefix_of(batch.division_code)
        place = following(values, known, province=settings.PROVINCE, covers=lambda code: code.startswith(area))
    row = ImportRow(pk=one.pk, verdict=one.judged.verdict)
    return _Wanted(row, child, known, values, place) if changes(values, known, place=place) else None


def tell(told: list[Told], *, act: str, reason: str, by: Person, batch: ImportBatch, on: date) -> None:
    """Tell the files (记变更): a change and an entry in the trail for each, and open tasks go where the child goes."""
    enter(Change, (_change_row(one, reason=reason, by=by, on=on) for one in told if one.columns))
    moved = {one.child.file_number: one.child.responsible_code for one in told if one.place != one.after[PLACE]}
    move_many_tasks(subject_kind="child", moved=moved)
    record_many(
        by=by,
        act=act,
        subject_kind="child",
        subjects=[(one.child.file_number, one.child.responsible_code) for one in told],
        on=on,
        details={"import_batch": batch.pk},
    )


def _change_row(one: Told, *, reason: str, by: Person, on: date) -> Row:
    said, columns = {"before": one.before, "after": one.after}, one.columns
    sides = [SEALED[side].seal(document(said[side], columns) or "") for side in said]
    done = str(Kind.ALTER), str(Stage.DONE), on, reason, None, columns, *sides
    return one.child.pk, *done, None, one.place, by.pk, timezone.now(), None, None
