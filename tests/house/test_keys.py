"""The keys of the house: every sealed column and blind index is reached by a change of keys."""

import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps

from hutong.accounts.actions.rekeying import fields_of
from hutong.console.keys import ROOMS
from hutong.kit.cipher import BlindIndexField, SealedField

KINDS = (SealedField, BlindIndexField)
MODELS = [model for model in apps.get_models() if any(fields_of(model, kind) for kind in KINDS)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_sealed_column_is_reached_by_a_change_of_keys(model):
    for kind in KINDS:
        reached = {table.model for room in ROOMS for table in room.tables(kind)}
        assert model in reached or not fields_of(model, kind), f"{model._meta.label} wants actions/rekeying.py"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_room_has_the_verbs(room):
    for verb in (room.reseal, room.reindex):
        assert list(inspect.signature(verb).parameters) == ["by", "on", "progress"]
    assert callable(room.in_use) and callable(room.tables)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_index_names_what_it_is_made_of(model):
    columns = {column.attname for column in fields_of(model, SealedField)}
    for column in fields_of(model, BlindIndexField):
        assert column.of in columns or isinstance(getattr(model, column.of), property), f"{column}: {column.of}"
        assert column.kind and column.max_length == 16


def test_nothing_is_looked_for_under_one_key_alone():
    package = Path(__file__).resolve().parents[2] / "hutong"
    for file in package.rglob("*.py"):
        found = re.findall(r"(?:filter|exclude|get|first|Q)\([^()]*\w_index=\w", file.read_text())
        assert not found, f"{file.name}: {found}: ask for keys().blinds(…) with __in"


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_an_index_is_no_plain_bytes(model):
    for column in model._meta.local_concrete_fields:
        assert not column.name.endswith("_index") or isinstance(column, BlindIndexField), f"{column}"
