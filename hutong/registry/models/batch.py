"""The import of children, concrete."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.kit.staging import StagedBatch, StagedFile, StagedLayout, StagedRow, State
from hutong.registry.models.child import CODE_FORM, Child


class ImportBatch(StagedBatch):
    """Import batch (导入批次) of children; `division_code` is the jurisdiction it was judged for."""

    division_code = models.CharField(max_length=12)

    class Meta(StagedBatch.Meta):
        constraints = [
            *StagedBatch.Meta.constraints,
            models.UniqueConstraint(
                fields=["digest", "division_code"],
                condition=~models.Q(state__in=[State.WITHDRAWN, State.REFUSED]),
                name="import_batch_file_once",
            ),
            models.CheckConstraint(condition=models.Q(division_code__regex=CODE_FORM), name="import_batch_code_form"),
        ]


class ImportFile(StagedFile):
    """Import file (原始文件) of a batch of children."""

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, related_name="file")


class RowAnswer(models.TextChoices):
    """Answer about a row (行判明): it is the registered child that it looks like, or another one."""

    SAME = "same", _("It is this child")
    ANOTHER = "another", _("It is another child")


class ImportRow(StagedRow):
    """Import row (导入行): one staged child; `child` is who it matched or became, `before` what it replaced.

    `answer` is what a person said of a row that looked like a registered child.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    child = models.ForeignKey(Child, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows")
    answer = models.CharField(max_length=7, choices=RowAnswer, blank=True, default="", db_default="")
    before = SealedField(null=True, blank=True)
    revision_after = models.PositiveIntegerField(null=True, blank=True)

    class Meta(StagedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "verdict", "number"], name="import_row_verdict")]


class SenderLayout(StagedLayout):
    """Sender layout (已认列对应): how a person's children workbooks with certain headers are read."""
