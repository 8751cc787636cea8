"""What somebody should know and need not do."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from hutong.accounts.roles import ROLES

TO_A_PERSON = models.Q(recipient__isnull=False, role="", division_code="")
TO_A_ROLE = models.Q(recipient__isnull=True) & ~models.Q(role="") & ~models.Q(division_code="")


class Notice(models.Model):
    """Notice (通知): word to one person, or to a role at a division. What must be done is a task, not a notice.

    `kind` says which words the desk uses; `values` fills them and holds nothing personal.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    role = models.CharField(max_length=40, blank=True, choices={code: role.title for code, role in ROLES.items()})
    division_code = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    subject_kind = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["recipient", "created_at"], name="notice_person"),
            models.Index(fields=["role", "division_code", "created_at"], name="notice_role"),
        ]
        constraints = [models.CheckConstraint(condition=TO_A_PERSON | TO_A_ROLE, name="notice_has_one_address")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_key}"


class NoticeRead(models.Model):
    """Reading of a notice (通知已读): one person has read one notice."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["person", "notice"], name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.person_id}"
