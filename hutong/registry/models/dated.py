"""What all dated facts about a child share."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.registry.models.child import Child
from hutong.registry.models.evidence import Evidence


class DatedFacts(models.QuerySet[Any]):
    """Facts by the day on which they hold."""

    def holding_on(self, on: object) -> models.QuerySet[Any]:
        """Those whose first day has come, or is not known, and whose last day has not passed."""
        begun = Q(from_on__isnull=True) | Q(from_on__lte=on)
        return self.filter(begun, Q(until_on__isnull=True) | Q(until_on__gte=on))


class DatedFact(models.Model):
    """Dated fact (有起止日期的事实): holds from its first to its last day, both counted; an empty end is open.

    The papers that show it are its evidence. Each table's overlaps are refused by the database.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = DatedFacts.as_manager()

    class Meta:
        abstract = True
        ordering = ("child", "from_on", "id")

    def __str__(self) -> str:
        return f"{self.pk}"


def span_forward(name: str) -> models.CheckConstraint:
    """The constraint that a fact does not end before it begins."""
    return models.CheckConstraint(
        condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name=name
    )
