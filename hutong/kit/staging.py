"""Staging (暂存): an upload is its own table until judged row by row and admitted by a second person.

Abstract here, concrete per room: a room adds its table of columns, its tables and its judge, never a copy of this.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField


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
    headers = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    fault = models.CharField(max_length=40, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    only = models.JSONField(default=list)
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


class StagedRow(models.Model):
    """Staged row (暂存行): what the row said, sealed; its verdict; its problems; whether it was admitted."""

    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    problems = models.JSONField(default=list)
    payload = SealedField()
    admitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("batch_id", "number")

    def __str__(self) -> str:
        return f"{self.number}: {self.verdict}"
