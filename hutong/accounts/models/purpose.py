"""What somebody opens a child's closed parts for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField


class PurposeReason(models.TextChoices):
    """Reason for looking (查看事由)."""

    RECOGNITION = "recognition", _("Work on a recognition")
    VISIT = "visit", _("Visit the family at home")
    VERIFY = "verify", _("Verify what the file says")
    CONTACT = "contact", _("Get in touch with the family")
    PAYMENT = "payment", _("Check a payment")
    COMPLAINT = "complaint", _("Answer a letter or a visitor")
    AUDIT = "audit", _("Audit or inspection")
    OTHER = "other", _("Something else")


class Purpose(models.Model):
    """Purpose (查看目的): why one person opens the closed parts of one subject, for as long as `purpose_minutes` says.

    The words that were typed are sealed: the trail refers to this row and never repeats them.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="purposes")
    scope_kind = models.CharField(max_length=30)
    scope_key = models.CharField(max_length=60)
    reason = models.CharField(max_length=20, choices=PurposeReason)
    words = SealedField(null=True, blank=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-opened_at", "-id")
        indexes = [
            models.Index(fields=["scope_kind", "scope_key", "person", "expires_at"], name="purpose_scope"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(reason__in=PurposeReason.values), name="purpose_reason_known"),
            models.CheckConstraint(
                condition=~models.Q(reason=PurposeReason.OTHER) | models.Q(words__isnull=False),
                name="purpose_other_in_words",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("opened_at")), name="purpose_span_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.scope_kind}:{self.scope_key}"
