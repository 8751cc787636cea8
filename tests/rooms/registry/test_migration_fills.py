"""Rows that were there before the people around a child came are filled on the way forward."""

import hashlib
import hmac

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from hutong.kit.cipher import keys
from hutong.law.categories import BASIS_LENGTH, Basis
from hutong.law.identity import temporary_number
from hutong.registry.models import CategoryHolding, Child, Guardian
from tests.conftest import pointed_at
from tests.factories import BORN, ON, VILLAGE, id_number

BEFORE = [("registry", "0001_initial")]


def migrate(*targets: tuple[str, str]):
    """Migrates the owner's database to these targets, or as far as it goes; the apps as they then are."""
    executor = MigrationExecutor(connections["owner"])
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
    return MigrationExecutor(connections["owner"]).loader.project_state(list(targets)).apps


@pytest.fixture
def before_the_people(committed_database):
    """The historical models of a database as it was before; `committed_database` reads the same rows."""
    with pointed_at("owner", committed_database):
        yield migrate(*BEFORE)
        connections["owner"].close()


def put_child(apps, serial: int, *, without: str = ""):
    number = "" if without else id_number(at=serial)
    identity = {"id_number": number, "id_index": bytes([serial]) * 16} if number else {"no_id_reason": without}
    return apps.get_model("registry", "Child").objects.using("owner").create(
        file_number=f"64-0000-000{serial}-K", name="柳安", pinyin="", initials="", sorting="", sex="2",
        birth_date=BORN, matching_index=bytes(16), living_code=VILLAGE, responsible_code=VILLAGE,
        registered_at=timezone.now(), **identity,
    )  # fmt: skip


def test_rows_made_before_are_filled(before_the_people):
    with_number, without = put_child(before_the_people, 1), put_child(before_the_people, 2, without="弃婴")
    holdings = before_the_people.get_model("registry", "CategoryHolding").objects.using("owner")
    guardians = before_the_people.get_model("registry", "Guardian").objects.using("owner")
    for category in ("orphan_kin", "dibao"):
        holdings.create(child=without, category=category, from_on=ON)
    guardians.create(child=with_number, name="柳桂兰", relation="62", from_on=ON)
    migrate()
    numbers = dict(Child.objects.values_list("pk", "temporary_number"))
    assert numbers == {with_number.pk: None, without.pk: temporary_number(VILLAGE, without.pk)}
    secrets = {one.category: one.secret_basis for one in CategoryHolding.objects.all()}
    assert secrets["orphan_kin"].open() == Basis.ORPHAN.ljust(BASIS_LENGTH) and secrets["dibao"] is None
    assert list(Guardian.objects.values_list("kind", "is_entrusted")) == [("kin", False)]
    assert set(Child.objects.values_list("closed_on", "closed_reason")) == {(None, "")}


def test_rows_that_overlap_from_before_stand_until_they_are_touched(before_the_people):
    whose = put_child(before_the_people, 1)
    holdings = before_the_people.get_model("registry", "CategoryHolding").objects.using("owner")
    for _ in range(2):
        holdings.create(child=whose, category="dibao", from_on=ON, until_on=ON)
    migrate()
    assert CategoryHolding.objects.count() == 2


def test_an_index_of_the_first_form_is_found_afterwards(before_the_people):
    number = id_number()
    whole = hmac.digest(keys().index[1], f"id_number\0{number}".encode(), hashlib.sha256)
    whose = put_child(before_the_people, 1)
    children = before_the_people.get_model("registry", "Child").objects.using("owner")
    children.filter(pk=whose.pk).update(id_index=whole[:16])
    migrate()
    assert [one.pk for one in Child.objects.filter(id_index__in=keys().blinds(number, kind="id_number"))] == [whose.pk]
