"""The tables of the house: foreign keys point down, models match migrations, names open with the Chinese term."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command

ORDER = [
    *("divisions", "accounts", "treasury", "network", "governance"),
    *("registry", "protection", "outreach", "allowances", "care", "insight"),
    *("desk", "portal", "api", "field", "console"),
]
OURS = [model for model in apps.get_models() if model.__module__.startswith("hutong.")]
OPENING = re.compile(r"[A-Z][\w -]+ \([\u4e00-\u9fff、／/]+\)")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model):
    own = ORDER.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if field.concrete and field.is_relation and field.related_model in OURS:
            assert ORDER.index(field.related_model._meta.app_label) <= own, f"{field} points up"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_docstrings_open_with_the_chinese_term(model):
    assert OPENING.match(model.__doc__ or ""), f"{model._meta.label} wants “English term (中文): …”"


@pytest.mark.django_db
def test_models_match_migrations():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
