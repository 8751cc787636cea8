"""What happened to a file, as officers know it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.registry.models.child import CODE_FORM, Child


class Kind(models.TextChoices):
    """Kind of change (变更类型)."""

    ENTER = "enter", _("Entered")
    LATE = "late", _("Entered after the age limit")
    ALTER = "alter", _("Particulars changed")
    CLOSE = "close", _("File closed")
    REOPEN = "reopen", _("File reopened")
    MOVE = "move", _("Handed over")
    RECODE = "recode", _("Place recoded")


class Stage(models.TextChoices):
    """Stage of a change (办理状态): what moves money is proposed by one person and confirmed by another."""

    PROPOSED = "proposed", _("Waits for a second person")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class Change(models.Model):
    """Change (人员变更): one act on one file, with what stood before, what stands after, and why.

    `before` and `after` are sealed documents by column code; `columns` names them. `bulk` joins what was changed
    together. `division_code` is the place that was responsible when it happened.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DONE)
    on = models.DateField()
    reason = models.CharField(max_length=30, blank=True)
    words = SealedField(null=True, blank=True)
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    before = SealedField(null=True, blank=True)
    after = SealedField(null=True, blank=True)
    bulk = models.UUIDField(null=True, blank=True, db_index=True)
    division_code = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("child", "-at", "-id")
        indexes = [models.Index(fields=["division_code", "kind", "at"], name="change_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(stage=Stage.PROPOSED), name="change_one_proposed_at_a_time"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="change_kind_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="change_stage_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="change_two_people"
            ),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="change_code_form"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MoveStage(models.TextChoices):
    """Stage of a move (迁移状态)."""

    REQUESTED = "requested", _("Asked for; waits for the place that holds the file")
    OFFERED = "offered", _("Offered; waits for the receiving place")
    ACCEPTED = "accepted", _("Handed over")
    REFUSED = "refused", _("Refused")
    TAKEN_BACK = "taken_back", _("Taken back")


class Move(models.Model):
    """Move (迁移): a file goes from one responsible place to another, offered by the one or asked for by the other.

    Until it is accepted the former place is responsible. `words`, `address` and `answer` are sealed.
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="moves")
    stage = models.CharField(max_length=12, choices=MoveStage)
    from_code = models.CharField(max_length=12)
    to_code = models.CharField(max_length=12)
    living_code = models.CharField(max_length=12, blank=True)
    address = SealedField(null=True, blank=True)
    on = models.DateField()
    reason = models.CharField(max_length=30)
    words = SealedField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["to_code", "stage"], name="move_to"),
            models.Index(fields=["from_code", "stage"], name="move_from"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(stage__in=[MoveStage.REQUESTED, MoveStage.OFFERED]),
                name="move_one_open_at_a_time",
            ),
            models.CheckConstraint(condition=Q(stage__in=MoveStage.values), name="move_stage_known"),
            models.CheckConstraint(
                condition=Q(from_code__regex=CODE_FORM)
                & Q(to_code__regex=CODE_FORM)
                & ~Q(from_code=F("to_code"))
                & (Q(living_code="") | Q(living_code__regex=CODE_FORM)),
                name="move_codes_form",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
