"""Every column of every table is in the register of fields, once; and no entry names a column that is gone."""

import re

import pytest
from django.apps import apps

from hutong.kit.cipher import SealedField
from hutong.law.fields import About, FieldClass, Mask, field, nouns
from hutong.registry.models.life import Sensitivity
from tests.house.test_database import OURS

REGISTERED = {noun.label: noun for noun in nouns()}
WHOLE = ["*"]
OTHERS = [model for model in apps.get_models() if model not in OURS]
TITLE = re.compile(r"(?P<en>[A-Z][\w -]+) \((?P<zh>[\u4e00-\u9fff、／/]+)\)")
SEALED = [
    f"{model._meta.label_lower}.{column.name}"
    for model in OURS
    for column in model._meta.get_fields()
    if isinstance(column, SealedField)
]


def columns(model) -> set[str]:
    """The names of all concrete fields, links to many included."""
    return {column.name for column in model._meta.get_fields() if column.concrete}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_column_is_registered_and_no_other(model):
    label = model._meta.label_lower
    assert label in REGISTERED, f"{label} is missing: add it to hutong/law/fields/{model._meta.app_label}.yaml"
    registered = REGISTERED[label].names
    assert columns(model) - set(registered) == set(), f"missing in {label}"
    assert set(registered) - columns(model) == set(), f"no longer in {label}"
    assert len(registered) == len(set(registered))


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_titles_are_those_of_the_glossary(model):
    noun, said = REGISTERED[model._meta.label_lower], TITLE.match(model.__doc__)
    assert (noun.title_en, noun.title_zh) == (said["en"], said["zh"])
    assert noun.room == model._meta.app_label


@pytest.mark.parametrize("model", OTHERS, ids=lambda model: model._meta.label)
def test_tables_that_are_not_ours_have_one_entry_each(model):
    assert REGISTERED[model._meta.label_lower].names == WHOLE


def test_no_noun_is_registered_that_is_gone():
    assert REGISTERED.keys() == {model._meta.label_lower for model in apps.get_models()}


@pytest.mark.parametrize("path", SEALED)
def test_what_is_sealed_is_not_ordinary(path):
    assert field(path).group.field_class != FieldClass.ORDINARY


def test_the_column_that_protects_the_infected_is_secret_and_few_others_of_a_child():
    secret = {f"{noun.label}.{name}" for noun in nouns() if noun.about == About.CHILD for name in secret_of(noun)}
    application = "allowances.application"
    sealed = {f"{application}.is_confidential", f"{application}.secret_basis"}
    assert secret == {"registry.categoryholding.secret_basis", *sealed}


def secret_of(noun):
    return [name for group in noun.groups if group.field_class == FieldClass.SECRET for name in group.names]


def test_numbers_telephones_and_addresses_are_masked_everywhere():
    masks = {"id_number": Mask.NUMBER, "phone": Mask.CONTACT, "address": Mask.CONTACT}
    for noun in nouns():
        for name in masks.keys() & set(noun.names):
            assert field(f"{noun.label}.{name}").group.mask == masks[name], f"{noun.label}.{name}"


def test_blind_indexes_are_as_sensitive_as_what_they_find():
    for noun in nouns():
        for name in noun.names:
            if name.endswith("_index"):
                assert field(f"{noun.label}.{name}").group.field_class == FieldClass.SENSITIVE, noun.label


def test_a_row_of_health_may_call_itself_what_a_column_may():
    assert list(Sensitivity.values) == [str(one) for one in FieldClass]
