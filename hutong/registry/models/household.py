"""Who lives together."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hutong.law.relations import RELATIONS
from hutong.registry.models.child import CODE_FORM, Child
from hutong.registry.models.dated import span_forward


class Kind(models.TextChoices):
    """Kind of registration (户口性质)."""

    RURAL = "rural", _("Rural household")
    URBAN = "urban", _("Urban household")
    COLLECTIVE = "collective", _("Collective household")


class Household(models.Model):
    """Household (家庭户): people who live and are registered together; brothers and sisters share one."""

    division_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=Kind)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="household_code_form"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="household_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class HouseholdMember(models.Model):
    """Household member (家庭成员): a child with a file, or somebody by name, from a first to a last day.

    `relation` is to the child or children of the household. A child belongs to one household at a time.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    child = models.ForeignKey(Child, null=True, blank=True, on_delete=models.CASCADE, related_name="households")
    name = models.CharField(max_length=50, blank=True)
    relation = models.CharField(max_length=2, blank=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("household", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(child__isnull=False, name="", relation="") | Q(child__isnull=True) & ~Q(name=""),
                name="household_member_child_or_name",
            ),
            models.CheckConstraint(
                condition=Q(relation="") | Q(relation__in=list(RELATIONS)), name="household_member_relation"
            ),
            span_forward("household_member_span_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
