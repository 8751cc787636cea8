"""What somebody signed who takes on the care of a child."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.law.agreements import AGREEMENTS
from hutong.registry.models import Child, Evidence, Guardian
from hutong.registry.models.dated import DatedFacts


class GuardianshipAgreement(models.Model):
    """Guardianship agreement (监护协议): what a guardian signed, for a span of days; one of a kind at a time.

    `paper` is the signed sheet among the child's papers, where it was added. `division_code` is the place that was
    responsible when it was recorded.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=20)
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="agreements")
    signed_on = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    paper = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = DatedFacts.as_manager()

    class Meta:
        ordering = ("child", "-from_on", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(AGREEMENTS)), name="agreement_kind_known"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="agreement_span_forward"
            ),
            models.CheckConstraint(condition=Q(division_code__regex=r"^\d{12}$"), name="agreement_code_form"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
