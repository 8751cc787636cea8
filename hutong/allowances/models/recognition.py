"""What becomes of a recognition after the decision: reviews, suspensions, the end."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.law.recognition_review import DIED, ENDINGS, SUSPENSIONS
from hutong.law.recognition_review import Finding as Examined
from hutong.registry.models import CategoryHolding
from hutong.registry.models.child import CODE_FORM, Child

REASON_AT_MOST = 30


class Finding(models.TextChoices):
    """Finding of a review (复核结论): what the person who looked found."""

    CONTINUES = "continues", _("It goes on")
    SUSPENDED = "suspended", _("Suspended")
    ENDS = "ends", _("It is to end")


class OfRecognition(models.Model):
    """What happened to a recognition (认定后续): of which category holding, in which file, when, where, by whom."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="%(class)ss")
    holding = models.ForeignKey(CategoryHolding, on_delete=models.PROTECT, related_name="%(class)ss")
    division_code = models.CharField(max_length=12)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = SealedField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.holding_id} {self.on}"

    @property
    def file(self) -> Child:
        """The child's leading file (主档案)."""
        return self.child.leading


class RecognitionReview(OfRecognition):
    """Recognition review (年度复核): somebody looked whether it still holds, with what the law found beside it.

    `due_on` is the day by which it was due. `answer` and the sealed `reasons` are the law's, as they stood beside the
    evidence; whoever finds otherwise says why in `words`.
    """

    due_on = models.DateField()
    finding = models.CharField(max_length=10, choices=Finding)
    answer = models.CharField(max_length=10)
    reasons = SealedField()
    differs = models.BooleanField()

    class Meta:
        ordering = ("holding", "on", "id")
        constraints = [
            models.UniqueConstraint(fields=["holding", "on"], name="review_once_a_day"),
            models.CheckConstraint(condition=Q(finding__in=Finding.values), name="review_finding_known"),
            models.CheckConstraint(condition=Q(answer__in=[one.value for one in Examined]), name="review_answer_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="review_code_form"),
            models.CheckConstraint(condition=Q(differs=False) | Q(words__isnull=False), name="review_differs_in_words"),
        ]


class RecognitionSuspension(OfRecognition):
    """Recognition suspension (暂停保障): from a month on nothing is paid until somebody lifts it or the end is decided.

    One person suspends. `again_from` is the first month paid again; whoever reported a death does not lift it.
    """

    reason = models.CharField(max_length=REASON_AT_MOST)
    happened_on = models.DateField()
    from_month = models.DateField()
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    again_from = models.DateField(null=True, blank=True)
    answer_words = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("holding", "on", "id")
        indexes = [
            models.Index(fields=["division_code", "on"], condition=Q(lifted_on__isnull=True), name="suspension_open")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["holding"], condition=Q(lifted_on__isnull=True), name="suspension_one_open"
            ),
            models.CheckConstraint(condition=Q(reason__in=list(SUSPENSIONS)), name="suspension_reason_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="suspension_code_form"),
            models.CheckConstraint(
                condition=Q(from_month__day=1) & (Q(again_from__isnull=True) | Q(again_from__day=1)),
                name="suspension_first_days",
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_by__isnull=True, again_from__isnull=True)
                | Q(lifted_on__gte=F("on"), lifted_by__isnull=False, again_from__gte=F("from_month")),
                name="suspension_lifted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(reason=DIED) | Q(lifted_by__isnull=True) | ~Q(lifted_by=F("by")),
                name="suspension_of_the_dead_lifted_by_another",
            ),
        ]


class EndStage(models.TextChoices):
    """Stage of an end (终止办理状态): one person proposes it, another confirms or rejects it."""

    PROPOSED = "proposed", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Ended")
    REJECTED = "rejected", _("Rejected")


class RecognitionEnd(OfRecognition):
    """Recognition end (终止保障): why, since when, the first month that is not paid; two people's decision.

    One proposes, another confirms or rejects. `answer` and the sealed `reasons` are the law's, as they stood at the
    proposal.
    """

    stage = models.CharField(max_length=10, choices=EndStage, default=EndStage.PROPOSED)
    reason = models.CharField(max_length=REASON_AT_MOST)
    happened_on = models.DateField()
    from_month = models.DateField()
    answer = models.CharField(max_length=10)
    reasons = SealedField()
    differs = models.BooleanField()
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer_words = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("holding", "on", "id")
        indexes = [models.Index(fields=["division_code", "stage", "-decided_on"], name="end_place")]
        constraints = [
            models.UniqueConstraint(fields=["holding"], condition=Q(stage=EndStage.PROPOSED), name="end_one_proposed"),
            models.CheckConstraint(condition=Q(stage__in=EndStage.values), name="end_stage_known"),
            models.CheckConstraint(condition=Q(reason__in=list(ENDINGS)), name="end_reason_known"),
            models.CheckConstraint(condition=Q(answer__in=[one.value for one in Examined]), name="end_answer_known"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="end_code_form"),
            models.CheckConstraint(condition=Q(from_month__day=1), name="end_from_a_first_day"),
            models.CheckConstraint(condition=Q(differs=False) | Q(words__isnull=False), name="end_differs_in_words"),
            models.CheckConstraint(
                condition=Q(stage=EndStage.PROPOSED, decided_by__isnull=True, decided_on__isnull=True)
                | ~Q(stage=EndStage.PROPOSED) & Q(decided_by__isnull=False, decided_on__gte=F("on")),
                name="end_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="end_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(stage=EndStage.REJECTED) | Q(answer_words__isnull=False), name="end_rejected_in_words"
            ),
        ]
