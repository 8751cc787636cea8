"""Rows that were there before the people around a child came are filled on the way forward."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from hutong.kit.cipher import keys
from hutong.law.categories import BASIS_LENGTH, Basis
from hutong.law.identity import temporary_number
from hutong.registry.models import CategoryHolding, Child, Guardian
from tests.conftest import empty_database, pointed_at
from tests.factories import BORN, ON, VILLAGE, id_number

BEFORE = [("registry", "0001_initial")]


def migrate(*targets: tuple[str, str]):
    """Migrates the owner's database to these targets, or as far as it goes; the apps as they then are."""
    executor = MigrationExecutor(connections["owner"])
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
    return MigrationExecutor(connections["owner"]).loader.project_state(list(targets)).apps


def put_child(apps, serial: int, *, without: str = ""):
    number = "" if without else id_number(at=serial)
    identity = {"id_number": number, "id_index": bytes([serial]) * 16} if number else {"no_id_reason": without}
    return apps.get_model("registry", "Child").objects.using("owner").create(
        file_number=f"64-0000-000{serial}-K", name="柳安", pinyin="", initials="", sorting="", sex="2",
        birth_date=BORN, matching_index=bytes(16), living_code=VILLAGE, responsible_code=VILLAGE,
        registered_at=timezone.now(), **identity,
    )  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """What was put into a database as it was before, by id; it has been migrated since."""

    numbered: int
    without: int
    overlapping: int
    indexed: int
    number: str


@pytest.fixture(scope="module")
def filled(template_database, django_db_blocker) -> Iterator[Filled]:
    """A database that began as it was before, with rows, and was migrated with them."""
    with django_db_blocker.unblock(), empty_database() as name, pointed_at("owner", name):
        put = put_rows(migrate(*BEFORE))
        migrate()
        yield put
        connections.close_all()


def put_rows(apps) -> Filled:
    """Rows of the historical models."""
    children, holdings, guardians = (
        apps.get_model("registry", model).objects.using("owner") for model in ("Child", "CategoryHolding", "Guardian")
    )
    numbered, without = put_child(apps, 1), put_child(apps, 2, without="弃婴")
    overlapping, indexed = put_child(apps, 3), put_child(apps, 4)
    for category in ("orphan_kin", "dibao"):
        holdings.create(child=without, category=category, from_on=ON)
    guardians.create(child=numbered, name="柳桂兰", relation="62", from_on=ON)
    for _ in range(2):
        holdings.create(child=overlapping, category="dibao", from_on=ON, until_on=ON)
    number = id_number(at=4)
    whole = hmac.digest(keys().index[1], f"id_number\0{number}".encode(), hashlib.sha256)
    children.filter(pk=indexed.pk).update(id_index=whole[:16])
    return Filled(numbered.pk, without.pk, overlapping.pk, indexed.pk, number)


def test_rows_made_before_are_filled(filled):
    numbers = dict(Child.objects.filter(pk__in=[filled.numbered, filled.without]).values_list("pk", "temporary_number"))
    assert numbers == {filled.numbered: None, filled.without: temporary_number(VILLAGE, filled.without)}
    secrets = {one.category: one.secret_basis for one in CategoryHolding.objects.filter(child=filled.without)}
    assert secrets["orphan_kin"].open() == Basis.ORPHAN.ljust(BASIS_LENGTH) and secrets["dibao"] is None
    assert list(Guardian.objects.values_list("kind", "is_entrusted")) == [("kin", False)]
    assert set(Child.objects.values_list("closed_on", "closed_reason")) == {(None, "")}


def test_rows_that_overlap_from_before_stand_until_they_are_touched(filled):
    assert CategoryHolding.objects.filter(child=filled.overlapping).count() == 2


def test_an_index_of_the_first_form_is_found_afterwards(filled):
    found = Child.objects.filter(id_index__in=keys().blinds(filled.number, kind="id_number"))
    assert [one.pk for one in found] == [filled.indexed]
