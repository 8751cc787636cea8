"""Staging (暂存): an upload is its own table until judged row by row and admitted by a second person.

Abstract here, concrete per room: a room adds its table of columns, its tables and its judge, never a copy of this.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.book import Book, read_book
from hutong.kit.workbooks.columns import Columns
from hutong.kit.workbooks.layout import (
    Layout,
    NoHeader,
    Sheet,
    find_layout,
    holds_something,
    other_sheets,
    says_otherwise,
    sheet_of,
)
from hutong.kit.workbooks.marking.findings import Mark


class Verdict(models.TextChoices):
    """Verdict (判定) of one row; they exclude each other, the last named asked first."""

    NEW = "new", _("New")
    SAME = "same", _("Already there, unchanged")
    CHANGED = "changed", _("Already there, changed")
    POSSIBLE = "possible", _("Possibly already there")
    REPEAT = "repeat", _("Repeated in this file")
    OUTSIDE = "outside", _("Outside the jurisdiction")
    INVALID = "invalid", _("To be mended")


ADMISSIBLE = (Verdict.NEW, Verdict.CHANGED)


class State(models.TextChoices):
    """State of a batch (批次状态)."""

    RECEIVED = "received", _("Received")
    UNMATCHED = "unmatched", _("Waiting for its columns to be matched")
    JUDGED = "judged", _("Checked, waiting for a second person")
    ADMITTING = "admitting", _("Being admitted")
    ADMITTED = "admitted", _("Admitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("Cannot be read")


class Severity(StrEnum):
    """Whether a problem stops the row (错误) or only asks for a look (提醒)."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one cell (问题): a code, the column's code, and values for the sentence, none personal."""

    code: str
    column: str = ""
    severity: Severity = Severity.ERROR
    values: Mapping[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, object]:
        """As JSON."""
        return {
            "code": self.code,
            "column": self.column,
            "severity": self.severity,
            "values": dict(self.values),
        }


def read_problems(stored: Iterable[Mapping[str, object]]) -> Iterator[Problem]:
    """Problems back from JSON."""
    for one in stored:
        yield Problem(
            str(one["code"]),
            str(one["column"]),
            Severity(str(one["severity"])),
            dict(one["values"]),  # type: ignore[call-overload]
        )


class StagedBatch(models.Model):
    """Staged batch (导入批次): one file as somebody sent it, known by its digest so that it comes in once."""

    digest = models.CharField(max_length=64)
    file_name = SealedField(null=True, blank=True)
    layout = SealedField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    fault = models.CharField(max_length=40, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    only = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    phase_began_at = models.DateTimeField(null=True, blank=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(auto_now_add=True)
    admitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    admitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(admitted_by__isnull=True, admitted_at__isnull=True)
                | models.Q(admitted_by__isnull=False, admitted_at__isnull=False),
                name="%(app_label)s_%(class)s_admitted_both",
            ),
            models.CheckConstraint(
                condition=models.Q(admitted_by__isnull=True) | ~models.Q(admitted_by=models.F("imported_by")),
                name="%(app_label)s_%(class)s_second_person",
            ),
        ]

    @property
    def called(self) -> str:
        """The workbook's name as somebody gave it, which may be a person's; for whoever may see the batch."""
        return self.file_name.open() if self.file_name else ""

    def __str__(self) -> str:
        return f"{self.pk}"


class StagedFile(models.Model):
    """Staged file (原始文件): the bytes as they came, sealed, so that the user's own file can be given back marked.

    A room adds `batch`, one to one.
    """

    content = SealedField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"


class StagedRow(models.Model):
    """Staged row (暂存行): what the row said, sealed; its verdict; its problems; whether it was admitted."""

    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    problems = models.JSONField(default=list)
    payload = SealedField()
    left_out = models.JSONField(default=list, db_default=[])
    admitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("batch_id", "number")

    def __str__(self) -> str:
        return f"{self.number}: {self.verdict}"


class StagedLayout(models.Model):
    """Staged layout (已认列对应): how somebody said once that the columns of their sheets are to be read.

    `fingerprint` tells the same headers again; `codes` are column codes by position.
    """

    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    codes = models.JSONField(default=dict)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["sender", "fingerprint"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


MENDED_SHEET = "需修改的行"
"""The sheet that we add to a file given back."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A problem with the row it stands in (行问题); None is the file itself."""

    row: int | None
    problem: Problem

    def stored(self) -> dict[str, object]:
        """As JSON."""
        return {"row": self.row} | self.problem.stored()


def read_notes(stored: Iterable[Mapping[str, object]]) -> Iterator[RowProblem]:
    """Notes back from JSON."""
    for one in stored:
        row = one["row"]
        yield RowProblem(row if isinstance(row, int) else None, *read_problems([one]))


@dataclass(frozen=True)
class Opened:
    """A file that could be opened (已读表格), or the problems for which it could not.

    `notes` are what to look at though it could be read; they belong to no data row.
    """

    sheet: Sheet | None
    problems: list[Problem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)

    @property
    def is_readable(self) -> bool:
        """Whether its rows can be judged."""
        return not self.problems

    @property
    def rows(self) -> int:
        """Data rows that hold at least one value; none where the file cannot be read."""
        return len(self.sheet.rows) if self.sheet and self.is_readable else 0


def open_file(content: bytes, *, name: str, columns: Columns, layout: Layout | None = None) -> Opened:
    """Reads a sheet by its headers, or by a given layout; whatever is wrong comes back as problems, never raised."""
    try:
        book = read_book(content, name=name)
        layout = layout or find_layout(book, columns)
        sheet = sheet_of(book, layout)
        notes = list(_notes(book, sheet, columns))
    except RefusedFile as refused:
        return Opened(None, [Problem(refused.code)])
    except NoHeader:
        return Opened(None, [Problem("no_header" if holds_something(book) else "no_rows")])
    problems = column_problems(layout, columns) or ([] if sheet.rows else [Problem("no_rows")])
    return Opened(sheet, problems, notes)


def _notes(book: Book, sheet: Sheet, columns: Columns) -> Iterator[RowProblem]:
    header_row = sheet.layout.header_row
    if book.has_macros:
        yield RowProblem(None, Problem("macros", severity=Severity.WARNING))
    if sheet.has_unsaved:
        yield RowProblem(header_row, Problem("formulas_unsaved", severity=Severity.WARNING))
    for at, rows in other_sheets(book, sheet.layout, columns):
        if not book.names[at].startswith(MENDED_SHEET):
            values = {"sheet": str(at + 1), "rows": str(rows)}
            yield RowProblem(header_row, Problem("another_sheet", severity=Severity.WARNING, values=values))
        elif says_otherwise(book, at, sheet, columns):
            values = {"sheet": MENDED_SHEET}
            yield RowProblem(header_row, Problem("mended_sheet", severity=Severity.WARNING, values=values))
    for at, code in sheet.layout.codes.items():
        if at in sheet.hidden_columns:
            yield RowProblem(header_row, Problem("hidden_column", code, Severity.WARNING))
    for number in sheet.others:
        yield RowProblem(number, Problem("not_a_row", severity=Severity.WARNING))


def problems_of_sheet(sheet: Sheet, columns: Columns) -> dict[int, list[Problem]]:
    """What the sheet itself shows of its rows (版面问题), by row number, before their cells are read."""
    found: dict[int, list[Problem]] = defaultdict(list)
    codes = sheet.layout.codes
    own = {at for at, code in codes.items() if columns.by_code[code].own}
    for number in sheet.uneven:
        found[number].append(Problem("uneven_row"))
    for number in sheet.hidden_rows:
        found[number].append(Problem("hidden_row", severity=Severity.WARNING))
    for number, at in sorted(sheet.shared):
        if at in own:
            found[number].append(Problem("merged_identity", codes[at]))
    for number, at in sorted(sheet.formulas):
        if at in own:
            found[number].append(Problem("formula_cell", codes[at], Severity.WARNING))
    return found


def column_problems(layout: Layout, columns: Columns) -> list[Problem]:
    """What keeps rows from being read by a layout (列问题): a column claimed twice, one that is missing."""
    twice = [Problem("same_column", code, values={"header": columns.header_of(code)}) for code in layout.twice]
    missing = columns.missing(layout.present)
    return twice + [Problem("missing_column", code, values={"header": columns.header_of(code)}) for code in missing]


def write_layout(layout: Layout) -> str:
    """A layout as a batch keeps it (版式存文)."""
    said = [layout.page, layout.header_row, layout.headers, list(layout.codes.items()), dict(layout.fixed)]
    return json.dumps(said, ensure_ascii=False)


def read_layout(text: str) -> Layout:
    """A layout that a batch has kept."""
    page, header_row, headers, codes, fixed = json.loads(text)
    return Layout(page, header_row, tuple(headers), dict(codes), fixed)


def marks(problems: Iterable[RowProblem], layout: Layout, say: Callable[[Problem], str]) -> Iterator[Mark]:
    """Where to mark the user's file; a problem of a column that the sheet lacks is marked on the row itself."""
    positions = {code: at for at, code in layout.codes.items()}
    for one in problems:
        if one.row is not None:
            at = positions.get(one.problem.column)
            header = "" if at is None else layout.headers[at]
            yield Mark(one.row, at, say(one.problem), one.problem.severity == Severity.ERROR, header)


def count_verdicts(verdicts: Counter[str]) -> dict[str, int]:
    """All seven verdicts with their counts, in the contract's order."""
    return {verdict: verdicts[verdict] for verdict in Verdict.values}
