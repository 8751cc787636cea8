"""What other departments are asked about an application, and what they answered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.application import Application
from hutong.kit.cipher import SealedField
from hutong.law.data_checks import VERDICTS, WHOSE
from hutong.law.data_sources import SOURCES, TOPICS, Outcome
from hutong.registry.models.child import CODE_FORM

ANSWERED_BY_AT_MOST = 100
ASKS = sorted({about for topic in TOPICS for about in topic.about})


class Way(models.TextChoices):
    """Way of an answer (答复方式): in a workbook that came back, or looked up by hand."""

    FILE = "file", _("by file")
    MANUAL = "manual", _("looked up by hand")


class DataBatch(models.Model):
    """Data batch (查询批次): questions that an office gave out together, in workbooks behind one password."""

    number = models.CharField(max_length=20, unique=True)
    division_code = models.CharField(max_length=12)
    asked_on = models.DateField()
    due_on = models.DateField()
    password = SealedField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["division_code", "-id"], name="data_batch_place")]
        constraints = [
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="data_batch_code_form"),
            models.CheckConstraint(condition=Q(due_on__gte=F("asked_on")), name="data_batch_due_later"),
        ]

    def __str__(self) -> str:
        return self.number


NO_ANSWER = Q(
    outcome="",
    values__isnull=True,
    answered_on__isnull=True,
    answered_by="",
    way="",
    recorded_by__isnull=True,
    recorded_at__isnull=True,
    verdict="",
    code="",
    text__isnull=True,
    citation="",
    words__isnull=True,
)
ANSWER = (
    Q(
        values__isnull=False,
        answered_on__isnull=False,
        recorded_by__isnull=False,
        recorded_at__isnull=False,
        text__isnull=False,
    )
    & ~Q(outcome="")
    & ~Q(verdict="")
    & ~Q(code="")
    & ~Q(citation="")
    & ~Q(way="")
)


class DataCheck(models.Model):
    """Data check (部门核对): one question to one register about one claim, and the answer; the last one counts.

    `item` is that of the case, empty for the child's life signs. `claim` is a sealed document: who was asked about and
    what was claimed. Verdict, text and citation are the law's, as of the day asked about. An answer stays as it is.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="data_checks")
    batch = models.ForeignKey(DataBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="checks")
    number = models.CharField(max_length=32, unique=True)
    source = models.CharField(max_length=20)
    asks = models.CharField(max_length=30)
    whose = models.CharField(max_length=20)
    item = models.CharField(max_length=60, blank=True)
    as_of = models.DateField()
    claim = SealedField()
    outcome = models.CharField(max_length=12, blank=True)
    values = SealedField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.CharField(max_length=ANSWERED_BY_AT_MOST, blank=True)
    way = models.CharField(max_length=6, choices=Way, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=12, blank=True)
    code = models.CharField(max_length=40, blank=True)
    text = SealedField(null=True, blank=True)
    citation = models.CharField(max_length=200, blank=True)
    words = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("application", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "source", "asks", "whose", "item"],
                condition=Q(verdict=""),
                name="data_check_one_open",
            ),
            models.CheckConstraint(condition=Q(source__in=list(SOURCES)), name="data_check_source_known"),
            models.CheckConstraint(condition=Q(asks__in=ASKS), name="data_check_asks_known"),
            models.CheckConstraint(condition=Q(whose__in=list(WHOSE)), name="data_check_whose_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(one.value for one in Outcome)]), name="data_check_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *(one.value for one in VERDICTS)]), name="data_check_verdict_known"
            ),
            models.CheckConstraint(condition=NO_ANSWER | ANSWER, name="data_check_answered_whole"),
            models.CheckConstraint(
                condition=Q(batch__isnull=False, way__in=["", Way.FILE], words__isnull=True)
                | Q(batch__isnull=True, way=Way.MANUAL, words__isnull=False) & ~Q(answered_by=""),
                name="data_check_way_of_batch",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the question is about (核对键): the last answer to one of the same key counts."""
        return self.source, self.asks, self.whose, self.item
