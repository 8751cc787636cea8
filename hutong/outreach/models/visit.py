"""Visits, and what others said at them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.kit.cipher import SealedField
from hutong.law.visits import PURPOSES, SEEING, WAYS
from hutong.registry.models import Child

FINDINGS_AT_MOST, RELATION_AT_MOST = 500, 30


class Visit(models.Model):
    """Visit (走访): to a child, or a call or a talk about it, on one day; it stays as it was written.

    A correction is a visit of its own that names the one it `corrects`; each is corrected once at most.
    `division_code` is the place that was responsible when it was recorded.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="visits")
    visited_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=12)
    purpose = models.CharField(max_length=20)
    child_seen = models.BooleanField()
    findings = SealedField()
    division_code = models.CharField(max_length=12)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections", db_index=False
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("child", "-visited_on", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(way__in=list(WAYS)), name="visit_way_known"),
            models.CheckConstraint(condition=Q(purpose__in=list(PURPOSES)), name="visit_purpose_known"),
            models.CheckConstraint(condition=Q(child_seen=False) | Q(way__in=SEEING), name="visit_seen_by_way"),
            models.CheckConstraint(condition=Q(division_code__regex=r"^\d{12}$"), name="visit_code_form"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")), name="visit_corrects_another"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="visit_corrected_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Statement(models.Model):
    """Statement (邻里证言): what a neighbour or a relative said at a visit; as they wished, without their name."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="statements")
    relation_to_child = models.CharField(max_length=RELATION_AT_MOST)
    name = SealedField(null=True, blank=True)
    words = SealedField()

    class Meta:
        ordering = ("visit", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(relation_to_child=""), name="statement_has_relation"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
