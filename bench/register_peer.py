"""The peer of the import benchmark on equal terms: django-import-export writes the same children, too.

Its resource reads the sheet's words as the register keeps them, refuses what a broken number, date, village or word
makes impossible, seals the same values under the same keys, and writes the child, the guardian, the category and an
entry of the trail into our tables, with their indexes and constraints. What makes a row right and ready are our own
functions, so that only the way differs. Left away, in its favour: staging, what the register says of a row, a sheet's
other faults, batches that can be withdrawn, a second person, linkage, and the commit.
"""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.widgets import Widget

from bench.ground import TODAY
from bench.workbook import KNOWN
from hutong.accounts.models import TrailEntry
from hutong.divisions.reference import listed
from hutong.kit.names import spell
from hutong.law.categories import read_category
from hutong.law.ethnic_groups import read_ethnic_group
from hutong.law.identity import Sex, Verdict, judge_id_number
from hutong.law.relations import read_relation
from hutong.registry.actions.entering import number_of
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import id_index, matching_index, phone_index
from hutong.registry.models import CategoryHolding, Child, Guardian

NUMBER = "证件号码"
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE}
CODES = dict(zip(KNOWN, (column.code for column in CHILDREN.columns if column.in_template), strict=True))
FIRST_ID = 80_000_000
"""Its children's ids, far from those of the register."""


class IndexWidget(Widget):
    """Index widget: a child is looked for by the blind index of its number."""

    def clean(self, value: str, row: Mapping[str, Any] | None = None, **more: Any) -> bytes:
        """The index of what the cell says."""
        return id_index(value)

    def render(self, value: Any, obj: Any = None, **more: Any) -> str:
        """Nothing: an index is not shown."""
        return ""


class RegisterResource(ModelResource):
    """Register resource: the default mode; the child first, then what belongs to it, row by row."""

    number = Field(attribute="id_index", column_name=NUMBER, widget=IndexWidget())

    class Meta:
        model = Child
        fields = ("number",)
        import_id_fields = ("number",)

    def __init__(self) -> None:
        super().__init__()
        self.ids = count(FIRST_ID)
        self.villages = {line.code for line in listed("64")}

    def before_import_row(self, row: dict[str, Any], **more: Any) -> None:
        """The row's words as the register keeps them. Raises ValidationError for what cannot be."""
        row["said"] = said = _said(row)
        number = judge_id_number(said["id_number"], on=TODAY, tests_allowed=True)
        fits = number.birth_date == date.fromisoformat(said["birth_date"]) and number.sex == said["sex"]
        if number.verdict == Verdict.INVALID or not fits:
            raise ValidationError({NUMBER: "the number does not fit"})
        if {said["living_division"], said["registered_division"]} - self.villages:
            raise ValidationError("no such village")

    def import_instance(self, instance: Child, row: Mapping[str, Any], **more: Any) -> None:
        """The child's columns, sealed as they are assigned."""
        super().import_instance(instance, row, **more)
        said = row["said"]
        instance.pk = next(self.ids)
        instance.file_number, instance.registered_at = number_of(instance.pk), timezone.now()
        instance.name, instance.sex, instance.ethnic_group = said["name"], said["sex"], said["ethnic_group"]
        instance.pinyin, instance.initials, instance.sorting = spell(said["name"])
        instance.birth_date = date.fromisoformat(said["birth_date"])
        instance.id_number, instance.matching_index = said["id_number"], matching_index(said)
        instance.registered_code, instance.living_code = said["registered_division"], said["living_division"]
        instance.responsible_code, instance.address = said["living_division"], said["living_address"]

    def after_save_instance(self, instance: Child, row: Mapping[str, Any], **more: Any) -> None:
        """What belongs to the child."""
        for one in _belongings(instance, row["said"]):
            one.save(force_insert=True)

    def after_import(self, dataset: Any, result: Any, **more: Any) -> None:
        """Nothing: the sequence, which only the owner may set, has not been used."""


class BulkRegisterResource(RegisterResource):
    """Bulk register resource: the bulk mode; what belongs to a batch of children is written in bulk after them."""

    class Meta:
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True
        instance_loader_class = CachedInstanceLoader

    def __init__(self) -> None:
        super().__init__()
        self.belongings: list[tuple[Guardian, CategoryHolding, TrailEntry]] = []

    def after_save_instance(self, instance: Child, row: Mapping[str, Any], **more: Any) -> None:
        """What belongs to the child waits for its batch."""
        self.belongings.append(_belongings(instance, row["said"]))

    def bulk_create(self, using_transactions: bool, dry_run: bool, *more: Any, **others: Any) -> None:
        """The batch's children, and what belongs to them."""
        super().bulk_create(using_transactions, dry_run, *more, **others)
        for at, model in enumerate((Guardian, CategoryHolding, TrailEntry)):
            model.objects.bulk_create([one[at] for one in self.belongings])
        self.belongings.clear()


def _said(row: Mapping[str, str]) -> dict[str, str]:
    """What the row says by column code, in the register's words; "" where it knows none."""
    said = {code: row[header] or "" for header, code in CODES.items()}
    return said | {
        "sex": SEXES[said["sex"]],
        "ethnic_group": read_ethnic_group(said["ethnic_group"]) or "",
        "category": read_category(said["category"]) or "",
        "guardian_relation": read_relation(said["guardian_relation"]) or "",
    }


def _belongings(child: Child, said: Mapping[str, str]) -> tuple[Guardian, CategoryHolding, TrailEntry]:
    number, phone = said["guardian_id_number"], said["guardian_phone"]
    guardian = Guardian(
        child=child,
        name=said["guardian_name"],
        relation=said["guardian_relation"],
        id_number=number,
        id_index=id_index(number),
        phone=phone,
        phone_index=phone_index(phone),
    )
    holding = CategoryHolding(child=child, category=said["category"], from_on=said["category_from"])
    entry = TrailEntry(
        act="admit", subject_kind="child", subject_key=child.file_number, division_code=child.responsible_code
    )
    return guardian, holding, entry
