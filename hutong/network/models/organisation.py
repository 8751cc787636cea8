"""Organisations of every kind."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from hutong.law.organisations import ORGANISATIONS

NAME_AT_MOST = 100


class Organisations(models.QuerySet[Any]):
    """Organisations by the day on which they work."""

    def holding_on(self, on: date) -> models.QuerySet[Any]:
        """Those whose first day has come and whose last day has not passed."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on)


class Organisation(models.Model):
    """Organisation (机构): works at a place from its first to its last day, both counted; an empty end is open.

    Another kind is another row: what became of a children's institution stands as its last day and the other's first.
    The credit code is empty where there is none, as of a village's children's home.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=NAME_AT_MOST)
    credit_code = models.CharField(max_length=18, blank=True)
    division_code = models.CharField(max_length=12, db_index=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = Organisations.as_manager()

    class Meta:
        ordering = ("division_code", "kind", "name", "id")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(ORGANISATIONS)), name="organisation_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_name"),
            models.CheckConstraint(condition=Q(division_code__regex=r"^\d{12}$"), name="organisation_code_form"),
            models.CheckConstraint(
                condition=Q(credit_code="") | Q(credit_code__regex=r"^[0-9A-Z]{18}$"),
                name="organisation_credit_code_form",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="organisation_span_forward"
            ),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(until_on__isnull=True) & ~Q(credit_code=""),
                name="organisation_credit_code_open_once",
            ),
            models.UniqueConstraint(
                fields=["division_code", "kind", "name"],
                condition=Q(until_on__isnull=True),
                name="organisation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
