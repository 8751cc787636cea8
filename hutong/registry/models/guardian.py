"""Who looks after the child."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import BlindIndexField, SealedField
from hutong.kit.names import clean_phone
from hutong.law.relations import RELATIONS
from hutong.registry.models.child import Child


class Kind(models.TextChoices):
    """Kind of guardian (监护类型): who is responsible, or to whom the responsible person entrusted the care."""

    KIN = "kin", _("Parent or kin")
    ADOPTIVE = "adoptive", _("Adoptive")
    APPOINTED = "appointed", _("Appointed by decision")
    ENTRUSTED = "entrusted", _("Entrusted with the care")


class Guardian(models.Model):
    """Guardian (监护人) of one child for a span of days, with the relation by GB/T 4761.

    One guardian at a time, and beside them at most one person entrusted with the care (受委托照护人).
    """

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="guardians")
    name = models.CharField(max_length=50)
    relation = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.KIN, db_default=Kind.KIN)
    is_entrusted = models.GeneratedField(
        expression=models.Case(models.When(kind=Kind.ENTRUSTED, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )
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
                fields=["child", "is_entrusted"],
                condition=models.Q(until_on__isnull=True),
                name="guardian_one_at_a_time",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="guardian_kind_known"),
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
