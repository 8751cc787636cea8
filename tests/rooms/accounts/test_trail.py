"""The trail can be added to and read, nothing else."""

import os

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from hutong.accounts.actions.trail import record, record_many
from hutong.accounts.models import TrailEntry
from tests.factories import ON, VILLAGE, person, trail_entry

CHANGES = [
    "UPDATE accounts_trailentry SET act = 'nothing'",
    "DELETE FROM accounts_trailentry",
    "TRUNCATE accounts_trailentry",
]


ROUND_ABOUT = [
    "ALTER TABLE accounts_trailentry DISABLE TRIGGER append_only_rows",
    "DROP TRIGGER append_only_rows ON accounts_trailentry",
    "SET session_replication_role = replica",
    "DROP TABLE accounts_trailentry",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", CHANGES, ids=lambda statement: statement.split()[0])
def test_the_app_role_is_refused(statement):
    kept = trail_entry()
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        cursor.execute(statement)
    assert TrailEntry.objects.get().act == kept.act


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ROUND_ABOUT)
def test_the_app_role_cannot_get_round_it(statement):
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match=r"denied|owner"), transaction.atomic():
        cursor.execute(statement)


def test_a_trigger_refuses_even_the_owner(committed_database):
    trail_entry()
    url = os.environ.get("HUTONG_OWNER_URL") or os.environ["DATABASE_URL"]
    with psycopg.connect(url, dbname=committed_database, autocommit=True) as owner:
        for statement in CHANGES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                owner.execute(statement)
    assert TrailEntry.objects.count() == 1


@pytest.mark.django_db
def test_an_entry_says_who_what_where_and_in_which_transaction():
    by = person("county_officer")
    entry = record(by=by, act="open_child", subject_kind="child", subject_key="x", division_code=VILLAGE, on=ON)
    entry.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT now(), pg_current_xact_id()::text::bigint")
        assert (entry.at, entry.transaction_id) == cursor.fetchone()
    assert (entry.by, entry.role, entry.details) == (by, "county_officer", {})


@pytest.mark.django_db
def test_a_look_by_nobody_in_particular_is_an_entry_too():
    assert record(by=None, act="judge_import", subject_kind="import_batch", subject_key="1", on=ON).by is None


@pytest.mark.django_db
def test_many_entries_are_one_statement(django_assert_num_queries):
    by, subjects = person(), [(f"64-{at}", VILLAGE) for at in range(1000)]
    with django_assert_num_queries(2):  # whose postings, and the entries
        record_many(
            by=by, act="admit_child", subject_kind="child", subjects=subjects, on=ON, details={"import_batch": 7}
        )
    entries = TrailEntry.objects.order_by("id")
    assert [entry.subject_key for entry in entries] == [key for key, _ in subjects]
    assert {(entry.act, entry.by_id, entry.division_code, entry.details["import_batch"]) for entry in entries} == {
        ("admit_child", by.pk, VILLAGE, 7)
    }
    assert all(entry.at and entry.transaction_id for entry in entries)


@pytest.mark.django_db
def test_no_subjects_are_no_entries():
    record_many(by=person(), act="admit_child", subject_kind="child", subjects=[], on=ON)
    assert not TrailEntry.objects.exists()
