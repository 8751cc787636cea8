"""What was looked at, what was decided and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.application import Application
from hutong.kit.cipher import SealedField
from hutong.law.applying import GROUNDS
from hutong.law.recognition import Outcome as Answer

ITEM_AT_MOST = 60


class Verdict(models.TextChoices):
    """Verdict on one item (核对结论)."""

    FITS = "fits", _("It fits")
    DOUBTFUL = "doubtful", _("Doubtful")


class ItemLook(models.Model):
    """Look at an item (逐项核对): one person's verdict on one thing an application rests on; the last one counts.

    `item` names a paper or a circumstance of the file, as `paper-id_card` or `situation-17`.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="looks")
    item = models.CharField(max_length=ITEM_AT_MOST)
    verdict = models.CharField(max_length=10, choices=Verdict)
    words = SealedField(null=True, blank=True)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("application", "id")
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="item_look_verdict_known"),
            models.CheckConstraint(condition=~Q(item=""), name="item_look_of_something"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.FITS) | Q(words__isnull=False), name="item_look_doubt_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.item}"


class Outcome(models.TextChoices):
    """Outcome of a decision (决定)."""

    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not confirmed")


class Decision(models.Model):
    """Decision (认定决定): what the county decided, and what the law as it runs had answered to the same facts.

    `reasons` is a sealed document: code, text and citation of each, as they stood beside the evidence. Whoever decides
    otherwise than the law answers says why in `words`. `from_month` is the first month paid for. The first `round` is
    the decision itself, the second the review of a refusal.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=10, choices=Outcome)
    ground = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=12)
    answer_category = models.CharField(max_length=30, blank=True)
    reasons = SealedField()
    differs = models.BooleanField()
    words = SealedField(null=True, blank=True)
    from_month = models.DateField(null=True, blank=True)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("application", "round")
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="decision_once"),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="decision_round_known"),
            models.CheckConstraint(condition=Q(answer__in=[one.value for one in Answer]), name="decision_answer_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.CONFIRMED, ground="", from_month__isnull=False)
                | Q(outcome=Outcome.REFUSED, ground__in=list(GROUNDS), from_month__isnull=True),
                name="decision_ground_or_month",
            ),
            models.CheckConstraint(
                condition=Q(from_month__isnull=True) | Q(from_month__day=1), name="decision_from_a_first_day"
            ),
            models.CheckConstraint(
                condition=Q(differs=False) | Q(words__isnull=False), name="decision_differs_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"
