"""What waits for somebody."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.accounts.roles import ROLES


class Harm(models.IntegerChoices):
    """Harm (危害程度): what comes first on the desk, before the due date."""

    DANGER = 3, _("A child may be in danger")
    LOSS = 2, _("A child may lose what is due")
    ORDINARY = 1, _("Ordinary")


class Task(models.Model):
    """Task (待办): an opaque subject, where, by when, why, and who holds it. Rooms open them, the desk lists them.

    `kind` says which words the desk uses; `values` fills them and holds nothing personal. Its `besides` are the numbers
    of those who may not do it, for they have taken an earlier step; `only` those of the people it is for alone.
    """

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=60)
    division_code = models.CharField(max_length=12)
    role = models.CharField(max_length=40, choices={code: role.title for code, role in ROLES.items()})
    harm = models.PositiveSmallIntegerField(choices=Harm, default=Harm.ORDINARY)
    due_on = models.DateField()
    values = models.JSONField(default=dict)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("-harm", "due_on", "id")
        indexes = [
            models.Index(
                fields=["role", "division_code", "due_on"],
                condition=models.Q(closed_at__isnull=True),
                name="task_open",
            ),
            models.Index(fields=["subject_kind", "subject_key"], name="task_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_key", "role"],
                condition=models.Q(closed_at__isnull=True),
                name="task_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, outcome="")
                | models.Q(closed_at__isnull=False) & ~models.Q(outcome=""),
                name="task_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_key}"
