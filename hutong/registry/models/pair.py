"""Two files that may be one child."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.law.duplicates import DIFFERENT, SAME, UNDOING
from hutong.registry.models.child import Child


class PairState(models.TextChoices):
    """State of a pair (疑似重复状态): an answer is never asked again, unless a person opens it with a reason."""

    OPEN = "open", _("Not answered")
    WAITING = "waiting", _("Waits for a second person")
    SAME = "same", _("One child")
    DIFFERENT = "different", _("Two children")


class Origin(models.TextChoices):
    """Origin of a pair (发现途径)."""

    IMPORT = "import", _("While checking a workbook")
    TYPED = "typed", _("While a child was entered")
    NIGHTLY = "nightly", _("At night, over the whole register")
    PERSON = "person", _("By a person")


class Pair(models.Model):
    """Possible duplicate (疑似重复): two files that may be one child, the lower id first, and what a person answered.

    `probability` and `weight` (bits) are a model's, `waterfall` how they came about: a list of
    `{"field", "level", "weight"}` without a personal value. `origin_key` names the workbook's row it was found at.
    `asked_by` asked two counties on `asked_on` to find out where the child lives.
    """

    first = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    weight = models.FloatField()
    waterfall = models.JSONField(default=list, blank=True)
    model_version = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    origin_key = models.CharField(max_length=60, blank=True)
    found_on = models.DateField()
    state = models.CharField(max_length=10, choices=PairState, default=PairState.OPEN)
    reason = models.CharField(max_length=20, blank=True)
    words = SealedField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-weight", "id")
        indexes = [
            models.Index(fields=["state", "-weight", "id"], name="pair_state"),
            models.Index(fields=["second"], name="pair_second"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_lower_first"),
            models.CheckConstraint(condition=Q(state__in=PairState.values), name="pair_state_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="pair_origin_known"),
            models.CheckConstraint(condition=Q(probability__gte=0, probability__lte=1), name="pair_probability"),
            models.CheckConstraint(
                condition=Q(state=PairState.OPEN, decided_by__isnull=True, decided_at__isnull=True, reason="")
                | Q(
                    ~Q(state=PairState.OPEN),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    reason__in=[*SAME, *DIFFERENT, *UNDOING],
                ),
                name="pair_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class EarlierAnswer(models.Model):
    """Earlier answer (先前判定): what was answered of a pair, and proposed or kept, until somebody opened it again.

    `state` is the answer's own: `waiting` for a proposal that was not agreed to.
    """

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="earlier_answers")
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=20)
    words = SealedField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(auto_now_add=True)
    reopened_words = SealedField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[PairState.WAITING, PairState.DIFFERENT]), name="earlier_answer_is_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[*SAME, *DIFFERENT, *UNDOING]), name="earlier_answer_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class SecondLook(models.Model):
    """Second look (盲复核): a decided pair of the random sample, asked once more of somebody who did not decide it.

    `answer` and its `reason` are empty until then. Whoever looks sees both files, neither score nor answer.
    """

    pair = models.OneToOneField(Pair, on_delete=models.CASCADE, related_name="second_look")
    asked_on = models.DateField()
    answer = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pair",)
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", by__isnull=True, at__isnull=True)
                | Q(answer__in=[PairState.SAME, PairState.DIFFERENT], by__isnull=False, at__isnull=False),
                name="second_look_answered_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
