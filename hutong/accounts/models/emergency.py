"""Looks beyond one's own area, in an emergency."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.accounts.models.access import Grant
from hutong.accounts.models.person import Person
from hutong.kit.cipher import SealedField
from hutong.law.emergencies import REASONS


class Verdict(models.TextChoices):
    """Verdict of a review (复核结论)."""

    JUSTIFIED = "justified", _("It was needed")
    UNJUSTIFIED = "unjustified", _("It was not needed")


class EmergencyAccess(models.Model):
    """Emergency access (紧急查看): somebody opened a child's file that is not of their area, with a reason.

    The grant says who, which file, until when, and in what words. Another person of the file's place reviews it by
    `due_on`. `division_code` is the place that was responsible for the child, `from_code` the place of who opened it.
    """

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="emergency")
    reason = models.CharField(max_length=20)
    division_code = models.CharField(max_length=12)
    from_code = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    reviewed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_words = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(verdict=""), name="emergency_unreviewed"),
            models.Index(fields=["division_code"], name="emergency_division"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(reason__in=list(REASONS)), name="emergency_reason_known"),
            models.CheckConstraint(
                condition=models.Q(verdict="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | models.Q(verdict__in=Verdict.values, reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="emergency_reviewed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
