"""The parents of a child."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import BlindIndexField, SealedField
from hutong.kit.names import clean_phone
from hutong.registry.models.dated import DatedFact, span_forward


class Role(models.TextChoices):
    """Role of a parent (父母身份): by birth, or by adoption from the day of registration."""

    FATHER = "father", _("Father")
    MOTHER = "mother", _("Mother")
    ADOPTIVE_FATHER = "adoptive_father", _("Adoptive father")
    ADOPTIVE_MOTHER = "adoptive_mother", _("Adoptive mother")


class Parent(DatedFact):
    """Parent (父母): natural or adoptive; one of each role at a time. Unknown is a statement, not an empty name."""

    role = models.CharField(max_length=20, choices=Role)
    is_unknown = models.BooleanField(default=False)
    name = models.CharField(max_length=50, blank=True)
    id_number = SealedField(null=True, blank=True)
    id_index = BlindIndexField(of="id_number", kind="id_number", null=True, db_index=True)
    phone = SealedField(null=True, blank=True)
    phone_index = BlindIndexField(of="phone", kind="phone", clean=clean_phone, null=True, db_index=True)

    class Meta(DatedFact.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="parent_role_known"),
            models.CheckConstraint(
                condition=Q(is_unknown=True, name="", id_number__isnull=True) | Q(is_unknown=False) & ~Q(name=""),
                name="parent_named_or_unknown",
            ),
            span_forward("parent_span_forward"),
        ]
