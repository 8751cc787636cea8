"""The judge of rows (判定): each row gets exactly one verdict, in the order of contract, with its reasons.

By exact ID number, and by name, birth date and guardian for children who have none. Register look-ups come in
slices, one question a slice, never one a row.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, islice
from typing import Protocol

from hutong.kit.beside import Other, shared
from hutong.kit.cipher import keys, using
from hutong.kit.names import clean_phone
from hutong.kit.staging import Problem, RowProblem, Severity, Verdict, problems_of_sheet
from hutong.kit.workbooks.book import Cell
from hutong.kit.workbooks.layout import Layout, Sheet
from hutong.law.categories import CATEGORIES
from hutong.law.duplicates import HELD_FROM
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.known import KnownChild, changes, differences, following
from hutong.registry.intake.likeness import alike_within, record_of
from hutong.registry.intake.reading import Circumstances, ReadRow, read_row, responsible_code
from hutong.registry.linkage.record import Record
from hutong.registry.models.child import known_by

SLICE, PART = 5000, 1000


Seal = Callable[[str, Mapping[str, str]], bytes]
"""Seals a row (密封一行): of its responsible place and its values."""


class Register(Protocol):
    """What the judge asks the register, a slice at a time."""

    def by_id(self, numbers: Collection[str]) -> dict[str, KnownChild]: ...

    def by_matching(self, known_by: Collection[str]) -> dict[str, KnownChild]: ...

    def by_file(self, ids: Collection[int]) -> list[KnownChild]: ...

    def namesakes(self, names: Collection[tuple[str, date]]) -> dict[tuple[str, date], list[KnownChild]]: ...

    def alike(self, records: Sequence[Record], *, least: float) -> dict[str, list[KnownChild]]: ...


class NoRegister:
    """For a file judged alone: knows nobody."""

    def by_id(self, numbers: Collection[str]) -> dict[str, KnownChild]:
        """Nobody."""
        return {}

    def by_matching(self, known_by: Collection[str]) -> dict[str, KnownChild]:
        """Nobody."""
        return {}

    def by_file(self, ids: Collection[int]) -> list[KnownChild]:
        """Nobody."""
        return []

    def namesakes(self, names: Collection[tuple[str, date]]) -> dict[tuple[str, date], list[KnownChild]]:
        """Nobody."""
        return {}

    def alike(self, records: Sequence[Record], *, least: float) -> dict[str, list[KnownChild]]:
        """Nobody."""
        return {}


@dataclass(slots=True)
class JudgedRow:
    """A row with its verdict (判定结果): `known` is the child it was matched with, `elsewhere` one that another place
    holds, whom the importer learns nothing about; `sealed` is what staging keeps of it, where it was sealed already.

    A person may have said that it is the child with the id `same_as`, or another than any like it (`is_another`).
    """

    number: int
    verdict: Verdict
    values: dict[str, str]
    problems: list[Problem]
    responsible_code: str = ""
    known: KnownChild | None = None
    elsewhere: KnownChild | None = None
    sealed: bytes = b""
    same_as: int | None = None
    is_another: bool = False


def id_index(number: str) -> bytes:
    """The blind index of an ID number, to be kept; to look for it: `id_indexes`."""
    return keys().blind(number, kind="id_number")


def id_indexes(number: str) -> list[bytes]:
    """The blind indexes under which an ID number may stand."""
    return keys().blinds(number, kind="id_number")


def phone_index(number: str) -> bytes:
    """The blind index of a telephone number, to be kept; to look for it: `phone_indexes`."""
    return keys().blind(clean_phone(number), kind="phone")


def phone_indexes(number: str) -> list[bytes]:
    """The blind indexes under which a telephone number may stand."""
    return keys().blinds(clean_phone(number), kind="phone")


def matching_index(values: Mapping[str, str]) -> bytes:
    """The blind index by which a child without a number is known again, to be kept."""
    return keys().blind(said_by(values), kind="matching")


def matching_indexes(text: str) -> list[bytes]:
    """The blind indexes under which a child known by this text may stand."""
    return keys().blinds(text, kind="matching")


def said_by(values: Mapping[str, str]) -> str:
    """What a child without a number is known again by: name, sex, birth date, guardian."""
    return known_by(
        name=values["name"],
        sex=values["sex"],
        birth_date=values["birth_date"],
        guardian_name=values.get("guardian_name", ""),
    )


class Judge:
    """Judges a sheet's rows slice by slice, remembering which children the file has shown already."""

    def __init__(self, given: Circumstances, *, covers: Callable[[str], bool], register: Register) -> None:
        self._given, self._covers, self._register = given, covers, register
        self._seen: dict[str, int] = {}
        self._met: dict[int, int] = {}
        self._records: list[Record] = []

    def judge(self, sheet: Sheet, *, seal: Seal | None = None, other: Other | None = None) -> Iterator[list[JudgedRow]]:
        """Slices of judged rows, in the order of the sheet; `other` helps to read and to seal them."""
        seen = problems_of_sheet(sheet, CHILDREN)
        parts = (sheet.rows[start : start + PART] for start in range(0, len(sheet.rows), PART))
        read = chain.from_iterable(shared(partial(read_rows, sheet.layout, self._given, seal), parts, other=other))
        while rows := list(islice(read, SLICE)):
            for row in rows:
                _add(row, seen.get(row.number, []))
            yield self._judge_slice(rows)

    def _judge_slice(self, rows: list[ReadRow]) -> list[JudgedRow]:
        judged = [self._judge_alone(row) for row in rows]
        with using(keys()):
            self.compare([row for row in judged if row.verdict == Verdict.NEW])
            self._records += self.look_for_alike([row for row in judged if row.verdict == Verdict.NEW])
        return judged

    def alike_in_sheet(self) -> list[RowProblem]:
        """Warnings of rows that may be about a child of whom the sheet has spoken before, once all rows are judged."""
        return [
            RowProblem(int(second.key), Problem("alike_in_sheet", "name", Severity.WARNING, {"row": first.key}))
            for first, second in alike_within(self._records, least=HELD_FROM)
        ]

    def _judge_alone(self, row: ReadRow) -> JudgedRow:
        if row.is_bad:
            return JudgedRow(row.number, Verdict.INVALID, row.values, row.problems, sealed=row.sealed)
        result = JudgedRow(row.number, Verdict.NEW, row.values, row.problems, row.place, sealed=row.sealed)
        if not self._covers(row.place):
            result.verdict = Verdict.OUTSIDE
            result.problems.append(self._outside(row, row.place))
            return result
        key = row.values.get("id_number") or said_by(row.values)
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            result.verdict = Verdict.REPEAT
            result.problems.append(Problem("repeat", _key_column(row.values), values={"row": str(first)}))
        return result

    def _outside(self, row: ReadRow, place: str) -> Problem:
        column = next(
            (code for code in ("responsible_division", "registered_division") if row.values.get(code) == place),
            "living_division",
        )
        return Problem("outside", column, values={"place": self._given.places.title(place)})

    def compare(self, rows: list[JudgedRow]) -> None:
        """Weighs rows that are `new` so far against the register as it is now."""
        with_id = {row.values["id_number"]: row for row in rows if "id_number" in row.values}
        without = {said_by(row.values): row for row in rows if "id_number" not in row.values}
        met = [(with_id[number], known) for number, known in self._register.by_id(with_id.keys()).items()]
        met += [(without[text], known) for text, known in self._register.by_matching(without.keys()).items()]
        told = {row.same_as: row for row in rows if row.same_as}
        met += [(told[known.id], known) for known in self._register.by_file(told.keys())]
        for row, known in sorted(met, key=lambda one: one[0].number):
            if not (row.known or row.elsewhere):
                self._weigh(row, known)
        self._look_for_namesakes([row for row in rows if row.verdict == Verdict.NEW and not row.is_another])

    def _weigh(self, row: JudgedRow, known: KnownChild) -> None:
        first = self._met.setdefault(known.id, row.number)
        if first != row.number:
            row.verdict = Verdict.REPEAT
            row.problems.append(Problem("repeat", _key_column(row.values), values={"row": str(first)}))
            return
        row.known = known
        if not self._covers(known.responsible_code):
            row.verdict, row.known, row.elsewhere = Verdict.POSSIBLE, None, known
            code = "exists_elsewhere" if "id_number" in row.values else "may_exist_elsewhere"
            row.problems.append(Problem(code, _key_column(row.values)))
            return
        conflict = conflict_with(row.values, known, on=self._given.on)
        if conflict:
            row.verdict = Verdict.POSSIBLE
            row.problems.append(conflict)
            return
        place = following(row.values, known, province=self._given.province, covers=self._covers)
        differing = changes(row.values, known, place=place)
        row.verdict = Verdict.CHANGED if differing else Verdict.SAME
        if differing:
            columns = "、".join(CHILDREN.header_of(column) for column in differences(row.values, known))
            said = {"columns": columns, "codes": " ".join(differing)}
            row.problems.append(Problem("changed", differing[0], Severity.WARNING, said))

    def _look_for_namesakes(self, rows: list[JudgedRow]) -> None:
        names = [_name_key(row.values) for row in rows]
        found = self._register.namesakes(set(names))
        for row, name in zip(rows, names, strict=True):
            for known in found.get(name, []):
                if known.responsible_code[:6] == row.responsible_code[:6] and _may_be(row.values, known):
                    row.verdict, row.known = Verdict.POSSIBLE, known
                    row.problems.append(Problem("possible_match", "name"))
                    break

    def look_for_alike(self, rows: list[JudgedRow]) -> list[Record]:
        """Holds back rows of children who are in the register by another spelling, or without their number; the records
        of the others.

        Two right numbers are two people's until somebody finds otherwise: of these the desk is asked, not the sheet.
        """
        records = [record_of(str(row.number), row.values) for row in rows]
        found = self._register.alike(records, least=HELD_FROM)
        for row in rows:
            for known in found.get(str(row.number), []):
                if self._covers(known.responsible_code) and not ("id_number" in row.values and known.has_id):
                    row.verdict, row.known = Verdict.POSSIBLE, known
                    row.problems.append(Problem("possible_match", "name"))
                    break
        return [record for record, row in zip(records, rows, strict=True) if row.verdict == Verdict.NEW]


def read_rows(
    layout: Layout, given: Circumstances, seal: Seal | None, rows: list[tuple[int, list[Cell]]]
) -> list[ReadRow]:
    """Reads rows (读行) of a laid-out sheet, each with its number, and seals what staging keeps of them."""
    read = [read_row(number, _cells(row, layout), given) for number, row in rows]
    for row in read:
        row.place = "" if row.is_bad else responsible_code(row, given)
        row.sealed = seal(row.place, row.values) if seal else b""
    return read


def _add(row: ReadRow, seen: list[Problem]) -> None:
    """What the sheet shows of a row beside what its cells say; of cells that do not line up nothing else is said."""
    is_uneven = any(problem.code == "uneven_row" for problem in seen)
    row.problems = seen if is_uneven else row.problems + seen


def _cells(row: list[Cell], layout: Layout) -> dict[str, Cell]:
    said = {code: row[at] for at, code in layout.codes.items() if at < len(row)}
    return said | {code: text for code, text in layout.fixed.items() if said.get(code, "") == ""}


def _key_column(values: dict[str, str]) -> str:
    return "id_number" if "id_number" in values else "name"


def _name_key(values: dict[str, str]) -> tuple[str, date]:
    return values["name"], date.fromisoformat(values["birth_date"])


def _may_be(values: dict[str, str], known: KnownChild) -> bool:
    if not ("id_number" in values and known.has_id):
        return True
    guardian = values.get("guardian_name")
    return guardian is not None and guardian == known.values.get("guardian_name")


def conflict_with(values: Mapping[str, str], known: KnownChild, *, on: date) -> Problem | None:
    """Why a row cannot change the child it speaks of (导入冲突): a person decides on the child's page."""
    if known.is_closed:
        return Problem("closed_file", _key_column(dict(values)))
    fresh = set(values.get("category", "").split()) - known.categories
    begun = values.get("category_from") or on.isoformat()
    if any(known.ended.get(code, "") >= begun for code in fresh):
        return Problem("category_held_then", "category_from")
    paid = {code for code in fresh | known.categories if CATEGORIES[code].paid}
    return Problem("paid_beside", "category") if len(paid) > 1 and paid & fresh else None
