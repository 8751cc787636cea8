"""What the database itself refuses in the accounts."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from tests.factories import ON, grant, person, posting, task

BEFORE = ON - timedelta(days=1)
ALIKE = {"kind": "mend_batch", "subject_key": "7"}
VIOLATIONS = [
    ("posting_has_prefix", lambda: posting(person(), prefixes=[])),
    ("posting_role_known", lambda: posting(person(), "emperor")),
    ("posting_span_forward", lambda: posting(person(), from_on=ON, until_on=BEFORE)),
    ("grant_span_forward", lambda: grant(person(), "x", from_on=ON, until_on=BEFORE)),
    ("grant_has_reason", lambda: grant(person(), "x", reason="")),
    ("task_open_once", lambda: (task(**ALIKE), task(**ALIKE))),
    ("task_closed_with_outcome", lambda: task(closed_at="2025-06-01T08:00Z")),
    ("task_closed_with_outcome", lambda: task(outcome="admitted")),
    ("username", lambda: (person(username="a"), person(username="a"))),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_the_accounts_is_tried():
    models = apps.get_app_config("accounts").get_models()
    declared = {constraint.name for model in models for constraint in model._meta.constraints}
    assert declared <= {constraint for constraint, _ in VIOLATIONS}


@pytest.mark.django_db
def test_a_span_may_be_one_day():
    posting(person(), from_on=ON, until_on=ON), grant(person(), "x", from_on=ON, until_on=ON)


@pytest.mark.django_db
def test_who_holds_a_posting_cannot_be_deleted():
    holder = person("county_officer")
    with pytest.raises(ProtectedError):
        holder.delete()


@pytest.mark.django_db
def test_an_entry_of_the_trail_belongs_to_somebody_who_exists():
    with pytest.raises(IntegrityError, match="by_id"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            """INSERT INTO accounts_trailentry
                      (by_id, role, act, subject_kind, subject_key, division_code, details)
               VALUES (987654321, '', 'look', 'child', 'x', '', '{}')"""
        )
