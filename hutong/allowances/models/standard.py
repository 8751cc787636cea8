"""Standards that a region, a city or a county sets by a document of its own."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import BigIntegerField, F, Func, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from hutong.kit.uploads import Attachment
from hutong.law.division_code import prefix_of
from hutong.law.standards import SCHEMES, LocalStandard

PLACE_FORM = r"^\d{6}000000$"
NUMBER_AT_MOST, TITLE_AT_MOST, WORDS_AT_MOST = 60, 200, 300


class StandardStage(models.TextChoices):
    """Stage of a standard (标准办理状态): one person proposes it, another confirms or refuses it."""

    PROPOSED = "proposed", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not agreed to")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def _point(number: Cast | Func) -> Func:
    """A number as a range, which GiST can compare without an extension."""
    return Func(number, number, Value("[]"), function="int8range")


class Standard(models.Model):
    """Standard (保障标准): what a scheme pays a month at a place, from a first to a last day, and by which document.

    The place is a province, a city or a county; the nearest one counts. `is_lower`: it lies below the one above it or
    the one before it, and `words` say why. One without a last day ends when another takes its place (`replaced_by`).
    `told_on` is the day on which those who pay heard that it holds.
    """

    scheme = models.CharField(max_length=12)
    division_code = models.CharField(max_length=12)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    amount_fen = models.PositiveIntegerField()
    document_number = models.CharField(max_length=NUMBER_AT_MOST)
    document_title = models.CharField(max_length=TITLE_AT_MOST)
    is_lower = models.BooleanField()
    words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    stage = models.CharField(max_length=10, choices=StandardStage, default=StandardStage.PROPOSED)
    proposed_on = models.DateField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer_words = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=WORDS_AT_MOST, blank=True)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced")
    told_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("division_code", "scheme", "-from_on", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(scheme__in=list(SCHEMES)), name="standard_scheme_known"),
            models.CheckConstraint(condition=Q(division_code__regex=PLACE_FORM), name="standard_place_form"),
            models.CheckConstraint(condition=Q(from_on__day=1), name="standard_from_a_first_day"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")), name="standard_span_forward"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="standard_pays_something"),
            models.CheckConstraint(
                condition=~Q(document_number="") & ~Q(document_title=""), name="standard_has_a_document"
            ),
            models.CheckConstraint(condition=Q(is_lower=False) | ~Q(words=""), name="standard_lower_in_words"),
            models.CheckConstraint(condition=Q(stage__in=StandardStage.values), name="standard_stage_known"),
            models.CheckConstraint(
                condition=Q(stage=StandardStage.PROPOSED, decided_by__isnull=True, decided_on__isnull=True)
                | Q(stage=StandardStage.WITHDRAWN, decided_by__isnull=True, decided_on__isnull=True)
                | ~Q(stage=StandardStage.PROPOSED) & Q(decided_by__isnull=False, decided_on__gte=F("proposed_on")),
                name="standard_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="standard_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(stage=StandardStage.REFUSED) | ~Q(answer_words=""), name="standard_refused_in_words"
            ),
            models.CheckConstraint(
                condition=Q(stage=StandardStage.WITHDRAWN, withdrawn_on__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_why="")
                | ~Q(stage=StandardStage.WITHDRAWN)
                & Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True, withdrawn_why=""),
                name="standard_withdrawn_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(decided_on__isnull=True) | Q(withdrawn_on__lt=F("from_on")),
                name="standard_withdrawn_before_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(until_on__isnull=False), name="standard_replaced_ends"
            ),
            models.UniqueConstraint(
                fields=["scheme", "division_code"],
                condition=Q(stage=StandardStage.PROPOSED),
                name="standard_one_proposed",
            ),
            ExclusionConstraint(
                name="standard_one_at_a_time",
                condition=Q(stage=StandardStage.CONFIRMED),
                expressions=[
                    (_point(Cast("division_code", BigIntegerField())), "&&"),
                    (_point(Func(F("scheme"), Value(0), function="hashtextextended")), "&&"),
                    (Func(F("from_on"), F("until_on"), Value("[]"), function="daterange"), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.division_code} {self.from_on}"

    @property
    def fact(self) -> LocalStandard:
        """What the law is told of it (标准事实)."""
        return LocalStandard(
            scheme=self.scheme,
            prefix=prefix_of(self.division_code),
            from_on=self.from_on,
            until_on=self.until_on,
            amount_fen=self.amount_fen,
            number=self.document_number,
            title=self.document_title,
        )


class StandardPaper(Attachment):
    """Paper of a standard (标准文件): the document that sets it, as it was signed."""

    standard = models.OneToOneField(Standard, on_delete=models.PROTECT, related_name="paper")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(Attachment.Meta):
        ordering = ("standard",)
