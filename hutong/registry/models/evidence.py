"""Papers of a child."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.kit.cipher import SealedField
from hutong.kit.uploads import Attachment
from hutong.law.papers import PAPERS
from hutong.registry.models.child import Child


class Evidence(Attachment):
    """Evidence (证明材料): one paper of a child; the file lies sealed under a random name.

    A sealed one is known only to people named for the child; its kind is “other”. `expires_on` is the last day on which
    the paper counts. A paper is withdrawn with a reason, never overwritten.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=30)
    is_sealed = models.BooleanField(default=False)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    note = SealedField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = SealedField(null=True, blank=True)

    class Meta(Attachment.Meta):
        ordering = ("child", "-added_at", "-id")
        indexes = [
            models.Index(
                fields=["expires_on"],
                condition=Q(expires_on__isnull=False, withdrawn_on__isnull=True),
                name="evidence_expires",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PAPERS)), name="evidence_kind_known"),
            models.CheckConstraint(condition=Q(is_sealed=False) | Q(kind="other"), name="evidence_sealed_is_other"),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="evidence_span_forward",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True, withdrawn_why__isnull=True)
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False, withdrawn_why__isnull=False),
                name="evidence_withdrawn_whole",
            ),
        ]
