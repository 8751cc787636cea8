"""What the database itself refuses in the registry."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from hutong.registry.models import ImportBatch, ImportRow, SenderLayout
from tests.factories import COUNTY, ON, child, guardian_of, holding, id_number, person
from tests.rooms.registry.test_constraints_of_facts import VIOLATIONS as VIOLATIONS_OF_FACTS
from tests.rooms.registry.test_constraints_of_merges import VIOLATIONS as VIOLATIONS_OF_MERGES

BEFORE = ON - timedelta(days=1)
NUMBER = id_number()


def batch(**more: object) -> ImportBatch:
    values = {"digest": "d" * 64, "division_code": f"{COUNTY}000000", "file_name": "a.xlsx"}
    return ImportBatch.objects.create(imported_by=person(), **values | more)


def row(of: ImportBatch) -> ImportRow:
    return ImportRow.objects.create(batch=of, number=2, verdict="new", payload="[]")


def two_rows_alike() -> None:
    one = batch()
    row(one), row(one)


def admitted_by_the_importer() -> None:
    importer = person()
    ImportBatch.objects.create(
        imported_by=importer, admitted_by=importer, admitted_at=timezone.now(), digest="d", division_code="640122000000"
    )


def two_layouts_alike() -> None:
    sender = person()
    for _ in range(2):
        SenderLayout.objects.create(sender=sender, fingerprint="a" * 64)


NUMBERED = {"id_number": "", "no_id_reason": "弃婴", "temporary_number": "LS64012200000001K"}
VIOLATIONS = [
    ("child_file_number", lambda: child(file_number="64-1-K")),
    ("child_file_number", lambda: child(file_number="64-0000-0001-k")),
    ("child_file_number_once", lambda: (child(file_number="64-0000-0001-K"), child(file_number="64-0000-0001-K"))),
    ("id_index", lambda: (child(id_number=NUMBER), child(id_number=NUMBER))),
    ("child_sex_known", lambda: child(sex="9", id_number=NUMBER) and child(sex="3", id_number=id_number())),
    ("child_codes_form", lambda: child(living_code="640122")),
    ("child_codes_form", lambda: child(responsible_code="")),
    ("child_codes_form", lambda: child(registered_code="64012210020x")),
    ("child_temporary_number_once", lambda: (child(**NUMBERED), child(**NUMBERED))),
    ("child_id_or_reason", lambda: child(no_id_reason="弃婴")),
    ("child_id_or_reason", lambda: child(id_number="", no_id_reason="")),
    ("child_id_or_reason", lambda: child(id_index=None)),
    ("child_id_or_reason", lambda: child(id_number="", id_index=b"\1" * 16)),
    ("guardian_one_at_a_time", lambda: guardian_of(child())),
    ("guardian_relation_known", lambda: child(guardian={"relation": "00"})),
    ("guardian_span_forward", lambda: guardian_of(child(), from_on=ON, until_on=BEFORE)),
    ("holding_open_once", lambda: holding(child())),
    ("holding_category_known", lambda: child(holdings=["hiv"])),
    ("holding_span_forward", lambda: holding(child(), "migrant", from_on=ON, until_on=BEFORE)),
    ("import_batch_file_once", lambda: (batch(), batch(state="admitted"))),
    ("import_batch_code_form", lambda: batch(division_code=COUNTY)),
    ("registry_importbatch_admitted_both", lambda: batch(admitted_by=person())),
    ("registry_importbatch_admitted_both", lambda: batch(admitted_at=timezone.now())),
    ("registry_importbatch_second_person", admitted_by_the_importer),
    ("import_row_once", two_rows_alike),
    ("registry_senderlayout_once", two_layouts_alike),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_the_registry_is_tried():
    models = apps.get_app_config("registry").get_models()
    declared = {constraint.name for model in models for constraint in model._meta.constraints}
    assert declared <= {constraint for constraint, _ in VIOLATIONS + VIOLATIONS_OF_FACTS + VIOLATIONS_OF_MERGES}


@pytest.mark.django_db
def test_what_is_legal_is_taken():
    one = child(sex="1", registered_code="620825103205")
    holding(one, until_on=date(2024, 12, 31), from_on=date(2024, 1, 1))
    guardian_of(one, relation="", until_on=date(2024, 12, 31))
    batch(state="withdrawn"), batch(state="refused"), batch()
    assert (one.holdings.count(), one.guardians.count()) == (2, 2)
