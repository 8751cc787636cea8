"""Study, health and what else a child receives."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.law.aid import AIDS, OF_HOUSEHOLD
from hutong.law.study import LEVELS
from hutong.registry.models.dated import DatedFact, span_forward


class Study(DatedFact):
    """Study (就学): one school and level at a time."""

    level = models.CharField(max_length=24)
    school = models.CharField(max_length=100, blank=True)
    is_full_time = models.BooleanField(default=True)

    class Meta(DatedFact.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(level__in=list(LEVELS)), name="study_level_known"),
            models.CheckConstraint(condition=Q(from_on__isnull=False), name="study_begins"),
            span_forward("study_span_forward"),
        ]


class HealthKind(models.TextChoices):
    """Kind of a health fact (健康事项)."""

    GENERAL = "general", _("General health")
    ILLNESS = "illness", _("Illness")
    ALLERGY = "allergy", _("Allergy")
    MEDICINE = "medicine", _("Regular medicine")
    MIND = "mind", _("Mind and behaviour")
    OTHER = "other", _("Other")


class Sensitivity(models.TextChoices):
    """Field class (敏感级别): who sees a value without more, only for the case, or only by name."""

    ORDINARY = "ordinary", _("Ordinary")
    SENSITIVE = "sensitive", _("Sensitive")
    SECRET = "secret", _("Secret")


class HealthFact(DatedFact):
    """Health fact (健康情况): always sealed; what it says of a secret one is in the words alone, not in the kind."""

    kind = models.CharField(max_length=12, choices=HealthKind)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity)
    words = SealedField()

    class Meta(DatedFact.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=HealthKind.values), name="health_kind_known"),
            models.CheckConstraint(condition=Q(sensitivity__in=Sensitivity.values), name="health_sensitivity_known"),
            models.CheckConstraint(
                condition=~Q(sensitivity=Sensitivity.SECRET) | Q(kind=HealthKind.OTHER), name="health_secret_is_other"
            ),
            models.CheckConstraint(
                condition=~Q(kind=HealthKind.MIND) | ~Q(sensitivity=Sensitivity.ORDINARY), name="health_mind_guarded"
            ),
            span_forward("health_span_forward"),
        ]


class OtherAid(DatedFact):
    """Other aid (其他待遇): the child's own by the month in fen, or the household's with its number of heads."""

    kind = models.CharField(max_length=20)
    fen_per_month = models.PositiveIntegerField(null=True, blank=True)
    household_fen_per_month = models.PositiveIntegerField(null=True, blank=True)
    members = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(DatedFact.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(AIDS)), name="aid_kind_known"),
            models.CheckConstraint(
                condition=Q(fen_per_month__isnull=False, household_fen_per_month__isnull=True, members__isnull=True)
                | Q(
                    fen_per_month__isnull=True,
                    household_fen_per_month__isnull=False,
                    members__isnull=False,
                    members__gte=1,
                ),
                name="aid_own_or_household",
            ),
            models.CheckConstraint(
                condition=Q(members__isnull=True) | Q(kind__in=[*sorted(OF_HOUSEHOLD), "other"]),
                name="aid_of_household",
            ),
            models.CheckConstraint(condition=Q(from_on__isnull=False), name="aid_begins"),
            span_forward("aid_span_forward"),
        ]
