"""Where a child is raised by decision."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.kit.cipher import SealedField
from hutong.law.placements import ENDING_PLACEMENTS, PLACEMENTS, WITH_CARER
from hutong.network.models import Organisation
from hutong.registry.models import Child
from hutong.registry.models.dated import DatedFacts


class Placement(models.Model):
    """Placement (安置): where a child is raised by decision, from its first to its last day, one at a time.

    In an institution it names the organisation, with relatives and foster families who raises the child.
    `division_code` is the place that was responsible when it was decided.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=12)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="placements"
    )
    carer = SealedField(null=True, blank=True)
    decided_on = models.DateField()
    decision_number = models.CharField(max_length=60, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    ended_reason = models.CharField(max_length=20, blank=True)
    division_code = models.CharField(max_length=12)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = DatedFacts.as_manager()

    class Meta:
        ordering = ("child", "-from_on", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PLACEMENTS)), name="placement_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="institution", organisation__isnull=False, carer__isnull=True)
                | Q(kind__in=WITH_CARER, organisation__isnull=True, carer__isnull=False)
                | Q(kind="independent", organisation__isnull=True, carer__isnull=True),
                name="placement_with_whom",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True, ended_reason="")
                | Q(until_on__isnull=False, ended_reason__in=list(ENDING_PLACEMENTS)),
                name="placement_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="placement_span_forward"
            ),
            models.CheckConstraint(condition=Q(division_code__regex=r"^\d{12}$"), name="placement_code_form"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
