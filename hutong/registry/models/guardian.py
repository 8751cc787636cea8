"""Who looks after the child."""

from django.db import models

from hutong.kit.cipher import BlindIndexField, SealedField
from hutong.kit.names import clean_phone
from hutong.law.relations import RELATIONS
from hutong.registry.models.child import Child


class Guardian(models.Model):
    """Guardian (监护人) of one child for a span of days, with the relation by GB/T 4761."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="guardians")
    name = models.CharField(max_length=50)
    relation = models.CharField(max_length=2, blank=True)
    id_number = SealedField(null=True, blank=True)
    id_index = BlindIndexField(of="id_number", kind="id_number", null=True, db_index=True)
    phone = SealedField(null=True, blank=True)
    phone_index = BlindIndexField(of="phone", kind="phone", clean=clean_phone, null=True, db_index=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("child", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(until_on__isnull=True), name="guardian_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(relation="") | models.Q(relation__in=list(RELATIONS)),
                name="guardian_relation_known",
            ),
            models.CheckConstraint(
                condition=models.Q(from_on__isnull=True)
                | models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="guardian_span_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
