"""What has left the system as a file or on paper."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.law.copies import KINDS, PURPOSES


class CopyState(models.TextChoices):
    """State of a copy (发出件状态)."""

    ASKED = "asked", _("Waits for a second person")
    GIVEN = "given", _("Given")
    DECLINED = "declined", _("Not agreed to")


class Copy(models.Model):
    """Copy (发出件): a list or a printed form that somebody asked for, of whom, for what, and what became of it.

    `subjects` are the keys of whom it tells, `division_code` the place they have in common. `content` is the file, kept
    until `fetch_until`, so that it is the same each time it is fetched. Whoever has it destroys it by `destroy_on`.
    """

    number = models.CharField(max_length=11, unique=True)
    kind = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    receiver = SealedField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="copies")
    asked_at = models.DateTimeField()
    division_code = models.CharField(max_length=12)
    subjects = ArrayField(models.CharField(max_length=14))
    state = models.CharField(max_length=10, choices=CopyState)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_words = SealedField(null=True, blank=True)
    fetch_until = models.DateTimeField(null=True, blank=True)
    content = SealedField(null=True, blank=True)
    first_fetched_at = models.DateTimeField(null=True, blank=True)
    destroy_on = models.DateField(null=True, blank=True)
    destroyed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        indexes = [
            models.Index(fields=["by", "asked_at"], name="copy_by"),
            models.Index(fields=["division_code", "asked_at"], name="copy_place"),
            models.Index(fields=["fetch_until"], condition=Q(content__isnull=False), name="copy_with_content"),
            models.Index(
                fields=["destroy_on"],
                condition=Q(first_fetched_at__isnull=False, destroyed_on__isnull=True),
                name="copy_to_destroy",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="copy_kind_known"),
            models.CheckConstraint(condition=Q(purpose__in=list(PURPOSES)), name="copy_purpose_known"),
            models.CheckConstraint(
                condition=Q(state=CopyState.ASKED, decided_by__isnull=True, decided_at__isnull=True)
                | Q(state=CopyState.GIVEN, decided_at__isnull=False)
                | Q(state=CopyState.DECLINED, decided_at__isnull=False, decided_by__isnull=False),
                name="copy_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="copy_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state=CopyState.GIVEN, fetch_until__isnull=False)
                | ~Q(state=CopyState.GIVEN)
                & Q(fetch_until__isnull=True, content__isnull=True, first_fetched_at__isnull=True),
                name="copy_fetched_when_given",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_on__isnull=True) | Q(first_fetched_at__isnull=False), name="copy_destroyed_after"
            ),
        ]

    def __str__(self) -> str:
        return self.number
