"""Lists that departments give unasked, and what of them is about a family in the register."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import SealedField
from hutong.law.data_checks import WHOSE
from hutong.law.data_sources import SOURCES
from hutong.law.leads import LISTED_BY
from hutong.registry.models import Child
from hutong.registry.models.child import CODE_FORM

GIVEN_BY_AT_MOST = 100


class DepartmentList(models.Model):
    """Department list (部门推送名单): a workbook that a department gave, as an office took it, known by its digest.

    Its rows are not kept but where they are leads; what was wrong with rows is kept by row and column, without their
    content. `is_alarming`: it names so many children of `alarm_place` that a second person says first whether it is
    right.
    """

    source = models.CharField(max_length=20)
    division_code = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    given_by = models.CharField(max_length=GIVEN_BY_AT_MOST, blank=True)
    given_on = models.DateField()
    taken_on = models.DateField()
    rows = models.PositiveIntegerField()
    faulty = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField()
    problems = models.JSONField(default=list)
    is_alarming = models.BooleanField(default=False)
    alarm_place = models.CharField(max_length=12, blank=True)
    alarm_children = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["division_code", "-id"], name="department_list_place")]
        constraints = [
            models.UniqueConstraint(fields=["division_code", "digest"], name="department_list_once"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="department_list_code_form"),
            models.CheckConstraint(condition=Q(source__in=LISTED_BY), name="department_list_source_known"),
            models.CheckConstraint(
                condition=Q(is_alarming=False, alarm_place="", alarm_children=0)
                | Q(is_alarming=True, alarm_place__regex=CODE_FORM, alarm_children__gt=0),
                name="department_list_alarm_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def title(self) -> str:
        """The source in Chinese."""
        return SOURCES[self.source].title_zh


class ListRuling(models.Model):
    """List ruling (名单核定): a second person says whether a list that names so many is right; else it stays aside."""

    list = models.OneToOneField(DepartmentList, on_delete=models.PROTECT, related_name="ruling")
    is_sound = models.BooleanField()
    words = SealedField()
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.pk}"


class Lead(models.Model):
    """Lead (线索): what a department says of a parent of a child, or of the child; no circumstance, and no fact.

    `said` is a sealed document: what holds, from when to when, and the name it was said of. It stays as it is; how it
    ended stands beside it. `row` is its place among the rows of the list that could be read, sheet after sheet.
    """

    list = models.ForeignKey(DepartmentList, on_delete=models.PROTECT, related_name="leads")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="leads")
    whose = models.CharField(max_length=20)
    said = SealedField()
    names_agree = models.BooleanField()
    row = models.PositiveIntegerField()

    class Meta:
        ordering = ("child", "-names_agree", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(whose__in=list(WHOSE)), name="lead_whose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class How(models.TextChoices):
    """How a lead ended (线索办理结果)."""

    RECORDED = "recorded", _("recorded as a circumstance")
    APPLIED = "applied", _("an application was begun")
    NAMESAKE = "namesake", _("another person of the same name or number")
    KNOWN = "known", _("known already")
    UNTRUE = "untrue", _("not true")


CLOSING = (How.NAMESAKE, How.KNOWN, How.UNTRUE)
"""With what a lead is closed without anything following from it (不采用)."""


class LeadEnd(models.Model):
    """Lead end (线索办结): what became of a lead, by whom; whoever closes it without more says why, sealed."""

    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="end")
    how = models.CharField(max_length=10, choices=How)
    words = SealedField(null=True, blank=True)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(how__in=How.values), name="lead_end_how_known"),
            models.CheckConstraint(
                condition=Q(how__in=CLOSING, words__isnull=False) | ~Q(how__in=CLOSING), name="lead_end_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
