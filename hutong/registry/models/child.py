"""The child."""

from django.db import models
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import BlindIndexField, SealedField
from hutong.law.changes import LEAVING
from hutong.law.identity import Sex

CODE_FORM = r"^\d{12}$"
FILE_NUMBER_FORM = r"^\d{2}-\d{4}-\d{4}-[0-9A-Z]$"
SEXES = {Sex.MALE: _("Male"), Sex.FEMALE: _("Female"), Sex.UNSTATED: _("Not stated")}


def known_by(*, name: str, sex: str, birth_date: str, guardian_name: str) -> str:
    """What a child without a number is known again by (比对依据), as one text."""
    return "\0".join((name, sex, birth_date, guardian_name))


class Child(models.Model):
    """Child (儿童): one file. Access follows `responsible_code`; the registered place may lie in another province.

    The ID number, its absence with a reason, and the address are sealed; `id_index` finds an ID without reading it.
    A child without one has a temporary number, kept for good. A closed file stays: `closed_on` is its last day.
    `matching_index` is the blind index of name, sex, birth date and guardian, for children who have no number.
    `canonical` is the file that leads where this one is joined to another; lists hold leading files alone.
    `county_prefix` and `is_closed` follow from the columns they are made of: lists of a county are read in their order.
    """

    file_number = models.CharField(max_length=14)
    name = models.CharField(max_length=50)
    pinyin = models.CharField(max_length=300)
    initials = models.CharField(max_length=60)
    sorting = models.CharField(max_length=600, db_collation="C")
    sex = models.CharField(max_length=1, choices=SEXES)
    birth_date = models.DateField()
    ethnic_group = models.CharField(max_length=2, blank=True)
    id_number = SealedField(null=True, blank=True)
    id_index = BlindIndexField(of="id_number", kind="id_number", null=True, unique=True)
    matching_index = BlindIndexField(of="known_by", kind="matching")
    temporary_number = models.CharField(max_length=18, null=True, blank=True)  # noqa: DJ001  none is not one number
    no_id_reason = models.CharField(max_length=100, blank=True)
    registered_code = models.CharField(max_length=12, blank=True)
    living_code = models.CharField(max_length=12)
    responsible_code = models.CharField(max_length=12)
    address = SealedField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_reason = models.CharField(max_length=30, blank=True, default="", db_default="")
    revision = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()
    canonical = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined_files", db_index=False
    )
    county_prefix = models.GeneratedField(
        expression=Left("responsible_code", 6), output_field=models.CharField(max_length=6), db_persist=True
    )
    is_closed = models.GeneratedField(
        expression=models.Case(models.When(closed_on__isnull=False, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        ordering = ("sorting", "id")
        indexes = [
            models.Index(
                fields=["county_prefix", "is_closed", "sorting", "id"],
                include=["name", "pinyin", "initials", "responsible_code", "birth_date", "sex"],
                condition=models.Q(canonical__isnull=True),
                name="child_list",
            ),
            models.Index(
                fields=["responsible_code", "is_closed", "sorting", "id"],
                include=["county_prefix", "name", "pinyin", "initials", "birth_date", "sex"],
                condition=models.Q(canonical__isnull=True),
                name="child_place",
            ),
            models.Index(fields=["county_prefix", "birth_date"], name="child_birth"),
            models.Index(
                fields=["county_prefix", "sorting", "id"],
                condition=models.Q(id_number__isnull=True, canonical__isnull=True),
                include=["responsible_code", "is_closed"],
                name="child_without_id",
            ),
            models.Index(fields=["name", "birth_date"], name="child_name_birth"),
            models.Index(
                fields=["matching_index"], condition=models.Q(id_index__isnull=True), name="child_matching_without_id"
            ),
            models.Index(fields=["canonical"], condition=models.Q(canonical__isnull=False), name="child_joined"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["file_number"], name="child_file_number_once"),
            models.UniqueConstraint(
                fields=["temporary_number"],
                condition=models.Q(temporary_number__isnull=False),
                name="child_temporary_number_once",
            ),
            models.CheckConstraint(condition=models.Q(file_number__regex=FILE_NUMBER_FORM), name="child_file_number"),
            models.CheckConstraint(condition=models.Q(sex__in=list(SEXES)), name="child_sex_known"),
            models.CheckConstraint(
                condition=models.Q(canonical__isnull=True) | ~models.Q(canonical=models.F("id")),
                name="child_not_joined_to_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(living_code__regex=CODE_FORM)
                & models.Q(responsible_code__regex=CODE_FORM)
                & (models.Q(registered_code="") | models.Q(registered_code__regex=CODE_FORM)),
                name="child_codes_form",
            ),
            models.CheckConstraint(
                condition=models.Q(id_number__isnull=False, id_index__isnull=False, no_id_reason="")
                | models.Q(id_number__isnull=True, id_index__isnull=True, temporary_number__isnull=False)
                & ~models.Q(no_id_reason=""),
                name="child_id_or_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, closed_reason="")
                | models.Q(closed_on__isnull=False, closed_reason__in=list(LEAVING)),
                name="child_closed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.file_number

    @property
    def leading(self) -> "Child":
        """The file that leads (主档案): this one, or the one it is joined to."""
        return self.canonical or self

    @property
    def known_by(self) -> str:
        """What the child is known again by now."""
        guardians = (one for one in self.guardians.all() if one.until_on is None and not one.is_entrusted)
        guardian = next((one.name for one in guardians), "")
        return known_by(name=self.name, sex=self.sex, birth_date=self.birth_date.isoformat(), guardian_name=guardian)
