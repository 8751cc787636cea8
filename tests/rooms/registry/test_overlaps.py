"""Dated rows that may not overlap: `until_on` is the last day that holds, and the database asks once a statement."""

import json
from datetime import date, timedelta
from threading import Thread
from time import monotonic, sleep

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, connections, transaction
from psycopg.errors import ExclusionViolation

from hutong.registry.models import Guardian, HealthFact, HouseholdMember, Study
from tests.factories import child, guardian_of, holding
from tests.facts import aid, circumstance, disability, health, household, member, parent, payee_link, study

LAST_OF_MAY, FIRST_OF_JUNE, LAST_OF_JUNE = date(2024, 5, 31), date(2024, 6, 1), date(2024, 6, 30)
TO_MAY, FROM_JUNE = {"from_on": date(2024, 1, 1), "until_on": LAST_OF_MAY}, {"from_on": FIRST_OF_JUNE}
FROM_THE_LAST_DAY = {"from_on": LAST_OF_MAY}
UNKNOWN_START = {"from_on": None, "until_on": date(2024, 1, 1)}


def bare() -> object:
    """A child of whom no dated fact is known yet."""
    whose = child(holdings=[])
    whose.guardians.all().delete()
    return whose


def of_one_child(make, **always):
    """A maker of rows of one and the same child."""
    whose = bare()
    return lambda **dates: make(whose, **always | dates)


def of_one_parent():
    one = parent()
    return lambda **dates: circumstance(one, **dates)


def of_one_member():
    whose = bare()
    return lambda **dates: member(child=whose, **dates)


TABLES = {
    "registry_categoryholding": lambda: of_one_child(lambda whose, **more: holding(whose, "dibao", **more)),
    "registry_guardian": lambda: of_one_child(guardian_of),
    "registry_parent": lambda: of_one_child(parent),
    "registry_circumstance": of_one_parent,
    "registry_study": lambda: of_one_child(study),
    "registry_otheraid": lambda: of_one_child(aid),
    "registry_householdmember": of_one_member,
    "registry_payeelink": lambda: of_one_child(payee_link),
}
MAY_BEGIN_UNKNOWN = ("registry_guardian", "registry_parent", "registry_householdmember")
WITHOUT_TRIGGER = {"registry_healthfact"}


@pytest.fixture(params=TABLES)
def row(request, db):
    """Makes rows of one child in one table; `table` names it."""
    make = TABLES[request.param]()
    make.table = request.param
    return make


def refused(table):
    return pytest.raises(IntegrityError, match=f"rows of {table} overlap")


def test_touching_days_do_not_overlap(row):
    row(**TO_MAY), row(**FROM_JUNE)


def test_one_day_in_common_overlaps(row):
    row(**TO_MAY)
    with refused(row.table), transaction.atomic():
        row(**FROM_THE_LAST_DAY)


def test_a_span_within_another_overlaps(row):
    row(**TO_MAY)
    with refused(row.table), transaction.atomic():
        row(from_on=date(2024, 2, 1), until_on=date(2024, 2, 1))


def test_an_open_end_reaches_every_later_day(row):
    row(**FROM_JUNE)
    with refused(row.table), transaction.atomic():
        row(from_on=date(2030, 1, 1), until_on=date(2030, 1, 2))
    row(**TO_MAY)


def test_a_change_of_dates_that_makes_an_overlap_is_refused(row):
    first, second = row(**TO_MAY), row(**FROM_JUNE)
    for changed, column, day in ((first, "until_on", FIRST_OF_JUNE), (second, "from_on", LAST_OF_MAY)):
        with refused(row.table), transaction.atomic():
            type(changed).objects.filter(pk=changed.pk).update(**{column: day})
    type(first).objects.filter(pk=first.pk).update(until_on=date(2024, 4, 30))


def test_other_children_do_not_stand_in_the_way(row):
    row(**TO_MAY)
    other = TABLES[row.table]()
    other(**TO_MAY)


@pytest.mark.django_db
@pytest.mark.parametrize("table", MAY_BEGIN_UNKNOWN)
def test_an_unknown_beginning_reaches_every_earlier_day(table):
    make = TABLES[table]()
    make(**UNKNOWN_START)
    with refused(table), transaction.atomic():
        make(from_on=date(1999, 1, 1), until_on=date(1999, 1, 1))
    make(from_on=date(2024, 1, 2))


@pytest.mark.django_db
def test_what_differs_in_its_keys_may_stand_side_by_side():
    whose = bare()
    holding(whose, "dibao"), holding(whose, "migrant")
    guardian_of(whose), guardian_of(whose, kind="entrusted")
    mother, father = parent(whose), parent(whose, "father")
    circumstance(mother), circumstance(father), circumstance(father, "drug_rehab"), disability(whose)
    aid(whose), aid(whose, kind="tekun", fen_per_month=1)
    together = household()
    member(together), member(together, name="柳安", relation="51")
    health(whose), health(whose)
    assert HealthFact.objects.filter(child=whose).count() == HouseholdMember.objects.filter(name__gt="").count() == 2


@pytest.mark.django_db
def test_a_childs_own_circumstance_is_one_at_a_time():
    whose = bare()
    disability(whose, until_on=LAST_OF_MAY)
    with refused("registry_circumstance"), transaction.atomic():
        disability(whose, grade=4, from_on=LAST_OF_MAY)
    disability(whose, grade=4, from_on=FIRST_OF_JUNE)


@pytest.mark.django_db
def test_rows_of_one_statement_are_held_against_each_other():
    whose = bare()
    halves = [Study(child=whose, level="compulsory", **dates) for dates in (TO_MAY, FROM_THE_LAST_DAY)]
    with refused("registry_study"), transaction.atomic():
        Study.objects.bulk_create(halves)
    halves[1].from_on = FIRST_OF_JUNE
    Study.objects.bulk_create(halves)


@pytest.mark.django_db
def test_an_entrusted_carer_who_becomes_guardian_beside_the_guardian_is_refused():
    whose = bare()
    guardian_of(whose, until_on=LAST_OF_JUNE, from_on=FIRST_OF_JUNE)
    carer = guardian_of(whose, kind="entrusted", until_on=LAST_OF_JUNE, from_on=FIRST_OF_JUNE)
    with refused("registry_guardian"), transaction.atomic():
        Guardian.objects.filter(pk=carer.pk).update(kind="kin")


@pytest.mark.django_db
def test_every_dated_table_has_its_trigger_for_inserts_and_updates_by_the_statement():
    dated = {
        model._meta.db_table
        for model in apps.get_app_config("registry").get_models()
        if {"from_on", "until_on"} <= {field.name for field in model._meta.get_fields()}
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT tgrelid::regclass::text, tgname, tgtype::int & 1 FROM pg_trigger
                WHERE NOT tgisinternal AND tgname LIKE 'no\\_overlap\\_%'"""
        )
        found = set(cursor.fetchall())
    triggers = ("no_overlap_insert", "no_overlap_update")
    assert dated == TABLES.keys() | WITHOUT_TRIGGER
    assert found >= {(table, name, 0) for table in TABLES for name in triggers}


@pytest.mark.django_db
def test_a_statement_of_many_rows_asks_once():
    statement = """EXPLAIN (ANALYZE, FORMAT JSON)
        INSERT INTO registry_study (child_id, from_on, until_on, level, school, is_full_time, recorded_at)
        SELECT child, day, day, 'compulsory', '', true, now()
          FROM unnest(%s) AS child, generate_series(date '2000-01-01', date '2000-01-20', '1 day') AS day"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [[bare().pk for _ in range(5)]])
        (plan,) = cursor.fetchone()
    explained = plan if isinstance(plan, list) else json.loads(plan)
    calls = {one["Trigger Name"]: one["Calls"] for one in explained[0]["Triggers"]}
    assert (Study.objects.count(), calls["no_overlap_insert"]) == (100, 1)


def copy_studies(rows) -> None:
    columns = "child_id, from_on, until_on, level, school, is_full_time, recorded_at"
    statement = f"COPY registry_study ({columns}) FROM STDIN"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for whose, day in rows:
            copy.write_row((whose, day, day, "compulsory", "", True, "2025-06-02 00:00:00+08"))


@pytest.mark.django_db
def test_five_thousand_rows_come_by_copy_and_one_overlap_among_them_refuses_all():
    children = [bare().pk for _ in range(10)]
    days = [date(2000, 1, 1) + timedelta(days=at) for at in range(500)]
    rows = [(whose, day) for whose in children for day in days]
    with pytest.raises(ExclusionViolation, match="rows of registry_study overlap"):
        copy_studies([*rows, (children[3], days[250])])
    assert Study.objects.count() == 0
    copy_studies(rows)
    assert Study.objects.count() == 5_000


def waits_for_a_lock() -> None:
    """Returns when another connection of this database waits for a lock."""
    last = monotonic() + 20
    while monotonic() < last:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize(("first_ends", "second"), [("commit", "refused"), ("rollback", "taken")])
def test_of_two_transactions_that_add_halves_of_an_overlap_one_wins(committed_database, first_ends, second):
    whose, outcome = bare(), []

    def add_the_other_half() -> None:
        try:
            study(whose, **FROM_THE_LAST_DAY)
            outcome.append("taken")
        except IntegrityError:
            outcome.append("refused")
        connections.close_all()

    thread = Thread(target=add_the_other_half)
    with transaction.atomic():
        study(whose, **TO_MAY)
        thread.start()
        waits_for_a_lock()
        transaction.set_rollback(first_ends == "rollback")
    thread.join(timeout=20)
    assert (outcome, Study.objects.count()) == ([second], 1)
