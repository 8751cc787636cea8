"""Nouns of the divisions: the dated division and the succession of one by another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.law.division_code import Level

CODE_PATTERN = r"^\d{12}$"
LEVELS = {
    Level.PROVINCE: _("Province"),
    Level.CITY: _("City"),
    Level.COUNTY: _("County"),
    Level.TOWNSHIP: _("Township"),
    Level.VILLAGE: _("Village"),
}


class Kind(models.TextChoices):
    """Kind of unit (单位性质): only administrative units belong in a coverage denominator."""

    ADMINISTRATIVE = "administrative", _("Administrative")
    FUNCTIONAL = "functional", _("Farm or development zone, statistics only")
    VIRTUAL = "virtual", _("Virtual living area, statistics only")


class Division(models.Model):
    """Division (行政区划): one place under one code for one span of days.

    `valid_from` empty means since before the list began; `valid_until` is the last day that holds. A code that is
    withdrawn stays, so that history keeps its words.
    """

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=10, choices=LEVELS)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ADMINISTRATIVE)
    pinyin = models.CharField(max_length=200)
    initials = models.CharField(max_length=60)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("code", "valid_from")
        indexes = [
            models.Index(fields=["level", "code"], name="division_level_code"),
            models.Index(fields=["initials"], name="division_initials"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="division_code_once", nulls_distinct=False),
            models.CheckConstraint(condition=models.Q(code__regex=CODE_PATTERN), name="division_code_form"),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="division_span_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """Succession (沿革): from this day the second code stands where the first stood (merger, split, upgrade).

    `along`: the place only went along with the one it lies in, whose own succession says the same of all below it.
    """

    from_code = models.CharField(max_length=12)
    to_code = models.CharField(max_length=12)
    on = models.DateField()
    document = models.CharField(max_length=200, blank=True)
    along = models.BooleanField(default=False)

    class Meta:
        ordering = ("on", "from_code", "to_code")
        indexes = [models.Index(fields=["to_code"], name="succession_to")]
        constraints = [
            models.UniqueConstraint(fields=["from_code", "to_code", "on"], name="succession_once"),
            models.CheckConstraint(
                condition=models.Q(from_code__regex=CODE_PATTERN)
                & models.Q(to_code__regex=CODE_PATTERN)
                & ~models.Q(from_code=models.F("to_code")),
                name="succession_codes_form",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_code} → {self.to_code}"
