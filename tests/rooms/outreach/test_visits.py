"""Visits: recorded by whoever visits, read with the file, corrected by another record, and never changed."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.models import TrailEntry
from hutong.console.doctor import APPEND_ONLY_TABLES
from hutong.kit.cipher import SealedField, keys, put_in_force
from hutong.outreach.actions.opening import reveal
from hutong.outreach.actions.rekeying import in_use, reindex, reseal, tables
from hutong.outreach.actions.visiting import Said, record_visit
from hutong.outreach.models import Statement, Visit
from hutong.outreach.queries import last_seen_on, statement_of, timeline, visit_of, visits_of
from hutong.registry.actions.changes import JoinedFile
from tests.around import statement, visit
from tests.factories import (
    BORN,
    COUNTY,
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    PROVINCE,
    TOWNSHIP,
    VILLAGE,
    child,
    grant,
    kin,
    person,
)
from tests.facts import joined_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NEIGHBOUR = Said("邻居", "常听见孩子哭", "柳大山")
DAY = timedelta(days=1)


def recorded(whose=None, by=None, **more):
    values = {
        "visited_on": ON, "way": "in_person", "purpose": "routine", "child_seen": True, "findings": "住处安全",
    }  # fmt: skip
    by = by or person("village_director", VILLAGE)
    return record_visit(by=by, child=whose or child(), on=ON, **values | more)


def test_a_visit_is_recorded_with_what_others_said_and_its_entry():
    whose, director = child(), person("village_director", VILLAGE)
    said = (NEIGHBOUR, Said("老师", "作业按时"))
    made = recorded(whose, director, findings=" 住处安全 ", statements=said, visited_on=ON - DAY)

    now = Visit.objects.get(pk=made.pk)
    assert (now.child, now.by, now.visited_on, now.division_code) == (whose, director, ON - DAY, VILLAGE)
    assert now.findings.open() == "住处安全" and now.child_seen and now.corrects is None
    told = [(one.relation_to_child, one.name and one.name.open(), one.words.open()) for one in now.statements.all()]
    assert told == [("邻居", "柳大山", "常听见孩子哭"), ("老师", None, "作业按时")]
    entry = TrailEntry.objects.get(act="record_visit")
    assert (entry.subject_key, entry.division_code) == (whose.file_number, VILLAGE)
    assert entry.details == {"visit": now.pk, "way": "in_person", "statements": 2}


@pytest.mark.parametrize(
    ("role", "prefix"), [("village_director", VILLAGE), ("township_supervisor", TOWNSHIP), ("county_officer", COUNTY)]
)
def test_directors_supervisors_and_officers_record(role, prefix):
    assert recorded(by=person(role, prefix)).pk


@pytest.mark.parametrize(
    ("role", "prefix"),
    [("village_director", NEXT_VILLAGE), ("county_officer", NEXT_COUNTY), ("approver", COUNTY), ("auditor", PROVINCE)],
)
def test_nobody_else_does(role, prefix):
    with pytest.raises(NotAllowed):
        recorded(by=person(role, prefix))
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"visited_on": ON + DAY}, "in the future"),
        ({"visited_on": BORN - DAY}, "not born yet"),
        ({"way": "dream"}, "Choose the way"),
        ({"purpose": "tea"}, "Choose what"),
        ({"way": "telephone"}, "seen at its home"),
        ({"way": "neighbours"}, "seen at its home"),
        ({"findings": "  "}, "Say what was found"),
        ({"findings": "长" * 501}, "at most 500"),
        ({"statements": [Said("邻居", " ")]}, "what was stated"),
        ({"statements": [Said("邻居", "长" * 501)]}, "what was stated"),
        ({"statements": [Said(" ", "好")]}, "who stated it"),
        ({"statements": [Said("长" * 31, "好")]}, "who stated it"),
    ],
)
def test_what_cannot_be_is_refused(said, why):
    with pytest.raises(Refused, match=why):
        recorded(**said)
    assert not Visit.objects.exists() and not TrailEntry.objects.filter(act="record_visit").exists()


def test_one_may_visit_on_the_day_of_birth_and_see_by_video():
    assert recorded(visited_on=BORN).pk and recorded(way="video").pk


def test_nobody_visits_their_own_kin_and_a_closed_file_takes_nothing():
    director, whose = person("village_director", VILLAGE), child()
    kin(director, name=whose.guardians.get().name)
    with pytest.raises(Refused, match="kin"):
        recorded(whose, director)
    with pytest.raises(Refused, match="closed"):
        recorded(child(closed_on=ON, closed_reason="grown_up"))


def test_a_joined_file_is_read_with_the_leading_one_and_not_written_to():
    leading, joined = child(), child()
    before = visit(joined, visited_on=ON - 5 * DAY)
    joined_to(leading, joined)
    with pytest.raises(JoinedFile):
        recorded(joined)
    after = recorded(leading)
    director = person("village_director", VILLAGE)
    assert list(visits_of(director, leading, ON)) == [after, before]
    assert [(event.on, event.file) for event in timeline(leading)] == [
        (ON, ""), (ON - 5 * DAY, joined.file_number),
    ]  # fmt: skip
    assert recorded(leading, corrects=before).corrects == before


def test_a_correction_is_a_record_of_its_own_and_takes_the_place_of_the_other():
    whose, officer = child(), person("county_officer")
    first = visit(whose, visited_on=ON - DAY)
    again = recorded(whose, officer, visited_on=ON - 2 * DAY, child_seen=False, corrects=first)
    assert TrailEntry.objects.get(act="correct_visit").details["corrects"] == first.pk
    assert last_seen_on(whose) is None
    assert [event.on for event in timeline(whose)] == [again.visited_on]
    with pytest.raises(Refused, match="corrected already"):
        recorded(whose, officer, corrects=first)
    with pytest.raises(Refused, match="another child"):
        recorded(whose, officer, corrects=visit())
    assert recorded(whose, officer, corrects=again).corrects == again


def test_the_last_day_a_child_was_seen_is_that_of_all_its_files():
    whose = child()
    assert last_seen_on(whose) is None
    visit(whose, visited_on=date(2025, 3, 1)), visit(whose, visited_on=date(2025, 4, 1))
    visit(whose, visited_on=date(2025, 5, 1), way="telephone", child_seen=False)
    assert last_seen_on(whose) == date(2025, 4, 1)
    other = child()
    visit(other, visited_on=date(2025, 5, 20))
    joined_to(whose, other)
    assert last_seen_on(type(whose).objects.get(pk=whose.pk)) == date(2025, 5, 20)


@pytest.mark.parametrize(
    ("role", "prefix", "sees"),
    [
        ("village_director", VILLAGE, True),
        ("approver", COUNTY, True),
        ("village_director", NEXT_VILLAGE, False),
        ("county_officer", NEXT_COUNTY, False),
        ("region_officer", PROVINCE, False),
    ],
)
def test_visits_are_seen_by_whoever_sees_the_child(role, prefix, sees):
    made, somebody = visit(), person(role, prefix)
    said = statement(made)
    assert visits_of(somebody, made.child, ON).exists() == sees
    assert (visit_of(somebody, made.child, made.pk, on=ON) == made) == sees
    assert (statement_of(somebody, made.child, said.pk, on=ON) == said) == sees
    assert visit_of(somebody, child(), made.pk, on=ON) is None


def test_whom_a_grant_shows_the_child_sees_its_visits():
    made, worker = visit(), person("social_worker", COUNTY)
    grant(worker, made.child.file_number)
    assert visits_of(worker, made.child, ON).exists()


def opened(by, made, value="visit-findings", number=None, *, purpose=True):
    at = timezone.now()
    if purpose:
        state_purpose(
            by=by, scope_kind="child", scope_key=made.child.file_number, division_code=VILLAGE, reason="visit", on=ON,
            at=at,
        )  # fmt: skip
    return reveal(by=by, child=made.child, value=value, number=number or made.pk, on=ON, at=at)


def test_what_was_found_opens_for_a_purpose_to_whoever_sees_what_is_sensitive_and_to_the_visitor():
    director = person("village_director", VILLAGE)
    made = visit(by=director)
    said, officer = statement(made), person("county_officer")
    for somebody in (officer, director):
        with pytest.raises(PurposeNeeded):
            opened(somebody, made, purpose=False)
        assert opened(somebody, made) == "家中整洁，孩子在校"
        assert opened(somebody, made, "statement-words", said.pk) == "奶奶照顾得好"
        assert opened(somebody, made, "statement-name", said.pk) == "柳大山"
    for values in TrailEntry.objects.filter(act="reveal").values_list("details", flat=True):
        assert values["field"] in ("visit-findings", "statement-words", "statement-name")
    assert TrailEntry.objects.filter(act="reveal", subject_key=made.child.file_number).count() == 6


def test_another_director_of_the_village_opens_nothing_of_it():
    made, colleague = visit(), person("village_director", VILLAGE)
    for value, number in (("visit-findings", made.pk), ("statement-words", statement(made).pk), ("visit-by", made.pk)):
        with pytest.raises(NotAllowed):
            opened(colleague, made, value, number)
    unnamed = statement(made, name=None)
    with pytest.raises(NotAllowed):
        opened(person("county_officer"), made, "statement-name", unnamed.pk)


CHANGES = [
    "UPDATE {table} SET id = id", "UPDATE {table} SET id = id WHERE false", "DELETE FROM {table}", "TRUNCATE {table}",
]  # fmt: skip
SEALED_CHANGES = [
    "UPDATE outreach_visit SET findings = substr(findings, 1, 2)", "UPDATE outreach_statement SET words = name",
    "UPDATE outreach_statement SET name = NULL", "UPDATE outreach_visit SET visited_on = visited_on - 1",
    "UPDATE outreach_visit SET child_seen = false", "UPDATE outreach_statement SET relation_to_child = 'x'",
]  # fmt: skip


@pytest.mark.parametrize(
    "statement_",
    [
        *(said.format(table=table) for said in CHANGES for table in ("outreach_visit", "outreach_statement")),
        *SEALED_CHANGES,
    ],
)
def test_nothing_recorded_can_be_changed_or_taken_away(statement_):
    statement()
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement_)
    assert refused.value.__cause__.sqlstate == "42501"
    assert {"outreach_visit", "outreach_statement"} <= APPEND_ONLY_TABLES.keys()


def test_a_change_of_keys_reaches_what_cannot_be_changed_otherwise(tmp_path, settings):
    path = tmp_path / "keys.json"
    path.write_bytes(settings.KEYS_FILE.read_bytes())
    settings.KEYS_FILE = path
    made = statement()
    put_in_force(keys().with_data_key(1))

    assert reseal(by=None, on=ON).rows == 2
    assert reindex(by=None, on=ON).rows == 0

    assert set(in_use(SealedField)) == {keys().mark}
    now = Statement.objects.get(pk=made.pk)
    assert (now.name.open(), now.words.open(), now.visit.findings.open()) == (
        "柳大山",
        "奶奶照顾得好",
        "家中整洁，孩子在校",
    )
    with transaction.atomic(), connection.cursor() as cursor:  # as `hutong keys retire` waits for writers to end
        cursor.execute(f"LOCK TABLE {', '.join(one.model._meta.db_table for one in tables(SealedField))} IN SHARE MODE")


def corrected_twice():
    first = visit()
    visit(first.child, corrects=first), visit(first.child, corrects=first)


def corrects_itself():
    following = visit().pk + 1
    visit(pk=following, corrects_id=following)


VIOLATIONS = [
    ("visit_way_known", lambda: visit(way="dream", child_seen=False)),
    ("visit_purpose_known", lambda: visit(purpose="tea")),
    ("visit_seen_by_way", lambda: visit(way="telephone")),
    ("visit_code_form", lambda: visit(division_code=COUNTY)),
    ("visit_corrects_another", corrects_itself),
    ("visit_corrected_once", corrected_twice),
    ("statement_has_relation", lambda: statement(relation_to_child="")),
]


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_outreach_is_tried():
    models = apps.get_app_config("outreach").get_models()
    assert {one.name for model in models for one in model._meta.constraints} == {name for name, _ in VIOLATIONS}
