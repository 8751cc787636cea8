"""Who stands in for whom."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hutong.accounts.models.access import Posting
from hutong.kit.cipher import SealedField


class Delegation(models.Model):
    """Delegation (委托代理): somebody stands in for a posting at named places and days, once a second person agrees.

    `stand_in` is the posting by which they do; there is none while it is only proposed. The reason is sealed.
    """

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="delegations")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations")
    prefixes = ArrayField(models.CharField(max_length=12))
    from_on = models.DateField()
    until_on = models.DateField()
    reason = SealedField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stand_in = models.OneToOneField(
        Posting, null=True, blank=True, on_delete=models.PROTECT, related_name="standing_in_by"
    )
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=models.Q(prefixes__len__gte=1), name="delegation_has_prefix"),
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")), name="delegation_span_forward"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("proposed_by")),
                name="delegation_by_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("to")),
                name="delegation_not_by_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id} to {self.to_id}"
