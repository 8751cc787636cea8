"""Whose affairs somebody may not decide."""

from django.conf import settings
from django.db import models

from hutong.kit.cipher import BlindIndexField, SealedField
from hutong.law.relations import KIN


class DeclaredKin(models.Model):
    """Declared kin (申报亲属): a relative of somebody of an office, who does not act in that relative's affairs."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declared_kin")
    name = models.CharField(max_length=50)
    relation = models.CharField(max_length=2)
    id_number = SealedField(null=True, blank=True)
    id_index = BlindIndexField(of="id_number", kind="id_number", null=True, db_index=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("person", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "id_index"],
                condition=models.Q(until_on__isnull=True, id_index__isnull=False),
                name="kin_number_once",
            ),
            models.UniqueConstraint(
                fields=["person", "name", "relation"],
                condition=models.Q(until_on__isnull=True),
                name="kin_name_once",
            ),
            models.CheckConstraint(condition=models.Q(relation__in=list(KIN)), name="kin_relation_known"),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="kin_span_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
