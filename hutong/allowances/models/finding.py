"""What audits found, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.run import Run
from hutong.kit.cipher import SealedField
from hutong.law.audits import AUDITS
from hutong.registry.models.child import CODE_FORM, Child


class Outcome(models.TextChoices):
    """Outcome of a finding (核查结果)."""

    MENDED = "mended", _("It was so, and has been mended")
    NOTHING = "nothing", _("Nothing was wrong")
    GONE = "gone", _("Not found any more")


class AuditFinding(models.Model):
    """Audit finding (核查发现): what an audit found of a child, until somebody has looked; it decides nothing."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="findings")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=20)
    division_code = models.CharField(max_length=12)
    found_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    words = SealedField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("found_on", "id")
        indexes = [
            models.Index(fields=["division_code", "code"], condition=Q(outcome=""), name="finding_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["child", "code"], condition=Q(outcome=""), name="finding_one_open"),
            models.CheckConstraint(condition=Q(code__in=list(AUDITS)), name="finding_code_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="finding_code_form"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_on__isnull=True, settled_by__isnull=True)
                | Q(outcome=Outcome.GONE, settled_on__isnull=False, settled_on__gte=F("found_on"))
                | Q(
                    outcome__in=[Outcome.MENDED, Outcome.NOTHING],
                    settled_on__isnull=False,
                    settled_on__gte=F("found_on"),
                    settled_by__isnull=False,
                    words__isnull=False,
                ),
                name="finding_settled_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.child_id}"
