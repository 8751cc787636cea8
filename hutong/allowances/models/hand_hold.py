"""Children an officer does not want paid for the time being, until somebody says why they may be again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.kit.cipher import SealedField
from hutong.registry.models import Child


class HandHold(models.Model):
    """Hold by hand (人工暂缓): no run pays the child until it is released; each with its reason.

    It stays when a run is prepared anew, and from month to month.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="hand_holds")
    words = SealedField()
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_words = SealedField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(released_on__isnull=True), name="hand_hold_one_open"),
            models.CheckConstraint(
                condition=Q(released_on__isnull=True, released_by__isnull=True, released_words__isnull=True)
                | Q(released_on__gte=F("on"), released_by__isnull=False, released_words__isnull=False),
                name="hand_hold_released_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id}"
