"""Their list against ours (全国系统比对): who stands in one alone, who differs, who can be marked from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hutong.accounts.models import Person
from hutong.allowances.models import NationalEntry
from hutong.allowances.national import columns_today, entries, held
from hutong.allowances.national_file import FileRow, TheirList
from hutong.law.national_system import Difference, differences
from hutong.registry.intake.judge import id_indexes
from hutong.registry.models import CategoryHolding, Child


@dataclass(frozen=True)
class Ours:
    """A child of ours that stands there, or ought to (本地应在册): what it holds now, and the mark it has."""

    child: Child
    holding: CategoryHolding | None = None
    entry: NationalEntry | None = None


@dataclass(frozen=True)
class Differing:
    """A child in both lists that differs (有差异儿童): in which columns, and whether the number is another one."""

    ours: Ours
    row: FileRow
    differences: tuple[Difference, ...]
    is_another_number: bool


@dataclass(frozen=True)
class Comparison:
    """Their list against ours (比对结果); `unmarked` stand in both and have no mark here yet."""

    only_there: tuple[FileRow, ...]
    only_here: tuple[Ours, ...]
    differing: tuple[Differing, ...]
    unmarked: tuple[tuple[Ours, FileRow], ...]
    same: int


def compare(user: Person, theirs: TheirList, *, on: date) -> Comparison:
    """Compare their list with the children whose marks somebody keeps (比对导出表), by ID number."""
    ours = _ours(user, on=on)
    by_index = {bytes(one.child.id_index): pk for pk, one in ours.items() if one.child.id_index}
    matched: dict[int, FileRow] = {}
    alone: list[FileRow] = []
    for row in theirs.rows:
        found = next((by_index[index] for index in id_indexes(row.id_number) if index in by_index), None)
        if found is None:
            alone.append(row)
        else:
            matched[found] = row
    said = columns_today([ours[pk].child for pk in matched], on=on)
    compared = differences(said, {pk: row.columns for pk, row in matched.items()})
    differing = tuple(_differing(ours, matched, compared.differing))
    unmarked = tuple(
        (ours[pk], row) for pk, row in matched.items() if ours[pk].entry is None and ours[pk].holding is not None
    )
    here = tuple(one for pk, one in ours.items() if pk not in matched)
    return Comparison(tuple(alone), here, differing, unmarked, len(matched) - len(differing))


def _differing(
    ours: Mapping[int, Ours], matched: Mapping[int, FileRow], found: Mapping[int, Sequence[Difference]]
) -> Iterable[Differing]:
    for pk, row in matched.items():
        entry = ours[pk].entry
        is_another = entry is not None and entry.number != row.number
        if pk in found or is_another:
            yield Differing(ours[pk], row, tuple(found.get(pk, ())), is_another)


def _ours(user: Person, *, on: date) -> dict[int, Ours]:
    """Who ought to stand there and who is marked, by id of the file that leads, in the order of names."""
    holdings = {one.child.leading.pk: one for one in held(user, on=on)}
    marks = {one.file.pk: one for one in entries(user, on=on).filter(ended_on__isnull=True)}
    children = {pk: row.child.leading for pk, row in holdings.items()} | {pk: row.file for pk, row in marks.items()}
    order = sorted(children.values(), key=lambda child: (child.sorting, child.pk))
    return {child.pk: Ours(child, holdings.get(child.pk), marks.get(child.pk)) for child in order}
