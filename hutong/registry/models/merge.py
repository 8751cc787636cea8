"""Files of one child, joined by a link."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.registry.models.child import Child
from hutong.registry.models.pair import Pair


class MergeStage(models.TextChoices):
    """Stage of a merge (合并状态): proposed by one person, confirmed by another, undone by anybody entitled to it."""

    PROPOSED = "proposed", _("Waits for a second person")
    DONE = "done", _("Joined")
    REFUSED = "refused", _("Not agreed to")
    UNDONE = "undone", _("Undone")


class Merge(models.Model):
    """Merge (合并): a dated link from a joined file to the one that leads. No other row moves.

    The links form trees; `Child.canonical` of each joined file is the root of its own, held by a trigger. `ended` are
    the joined file's categories that ended while it was joined: a list of `{"holding", "before", "after"}`, the last
    days before and after, so that undoing puts them back.
    """

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="merges")
    leading = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="led_merges")
    joined = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="merges")
    stage = models.CharField(max_length=10, choices=MergeStage, default=MergeStage.PROPOSED)
    words = SealedField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = SealedField(null=True, blank=True)
    ended = models.JSONField(default=list, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=20, blank=True)
    undone_words = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["joined"], condition=Q(stage=MergeStage.DONE), name="merge_joined_to_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(stage__in=[MergeStage.PROPOSED, MergeStage.DONE]),
                name="merge_once_for_a_pair",
            ),
            models.CheckConstraint(condition=~Q(leading=F("joined")), name="merge_of_two"),
            models.CheckConstraint(condition=Q(stage__in=MergeStage.values), name="merge_stage_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="merge_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[MergeStage.DONE, MergeStage.UNDONE]) | Q(decided_by__isnull=False),
                name="merge_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(stage=MergeStage.UNDONE, undone_by__isnull=False, undone_at__isnull=False)
                & ~Q(undone_reason="")
                | ~Q(stage=MergeStage.UNDONE) & Q(undone_by__isnull=True, undone_at__isnull=True, undone_reason=""),
                name="merge_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
