"""Receiving and judging: everything lies in staging, nothing in the register."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.kit.staging import State, Verdict
from hutong.registry.actions import judging, staging
from hutong.registry.intake.payload import read_payload
from hutong.registry.models import Child, ImportBatch
from hutong.registry.queries import batch_problems, batches
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    ON,
    TOWNSHIP,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    judged,
    line,
    line_of,
    person,
    posting,
    received,
    workbook,
)

pytestmark = pytest.mark.usefixtures("divisions")


def receive(content: bytes, *, by: object = None, division: str = "", on: date = ON) -> ImportBatch:
    return staging.receive(by=by or person("county_officer"), content=content, name="a.xlsx", on=on, division=division)


def test_the_same_file_is_the_same_batch():
    content, importer = workbook([line()]), person("county_officer")
    first = receive(content, by=importer)
    assert receive(content, by=importer) == receive(content) == judging.judge(batch=first, on=ON) == first
    assert receive(content, by=importer).state == State.JUDGED
    assert ImportBatch.objects.count() == 1


def test_the_same_file_for_another_place_is_another_batch():
    content = workbook([line()])
    assert receive(content) != receive(content, by=person("county_officer", NEXT_COUNTY))
    assert receive(content, by=person("township_supervisor", TOWNSHIP)).division_code == f"{TOWNSHIP}000"


def test_a_file_comes_in_sealed_and_with_an_entry_in_the_trail():
    content = workbook([line()])
    batch = receive(content)
    entry = TrailEntry.objects.get(act="receive_import")
    assert (entry.subject_key, entry.by, entry.division_code) == (str(batch.pk), batch.imported_by, f"{COUNTY}000000")
    assert entry.details == {"digest": batch.digest}
    assert batch.file.content.open_bytes() == content
    assert content[:200] not in batch.file.content.token


@pytest.mark.parametrize("role", ["approver", "village_director", "payer", "region_officer", "security_administrator"])
def test_who_may_not_import_is_refused(role):
    with pytest.raises(NotAllowed):
        receive(workbook([line()]), by=person(role))
    with pytest.raises(NotAllowed):
        receive(workbook([line()]), by=person(role), division=COUNTY)
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("division", [NEXT_COUNTY, "6401", "64", "640122101"])
def test_nobody_imports_for_a_place_that_is_not_theirs(division):
    with pytest.raises(NotAllowed):
        receive(workbook([line()]), by=person("township_supervisor", TOWNSHIP), division=division)


def test_nobody_imports_after_their_last_day():
    importer = person()
    posting(importer, until_on=date(2025, 6, 1))
    with pytest.raises(NotAllowed):
        receive(workbook([line()]), by=importer)


def test_who_works_for_several_places_says_which():
    importer = person("county_officer", COUNTY, NEXT_COUNTY)
    with pytest.raises(Refused):
        receive(workbook([line()]), by=importer)
    assert receive(workbook([line()]), by=importer, division=NEXT_COUNTY).division_code == f"{NEXT_COUNTY}000000"


def test_rows_are_judged_into_staging_and_the_register_stays_as_it_was():
    known = child()
    rows = [line(), line_of(known), line(guardian_phone="无"), line(living_division=VILLAGE_OF_NEXT_COUNTY)]
    batch = judged([*rows, rows[0]], by=person("county_officer"))
    assert list(batch.rows.values_list("number", "verdict")) == [
        (2, "new"), (3, "same"), (4, "invalid"), (5, "outside"), (6, "repeat"),
    ]  # fmt: skip
    counts = {"new": 1, "same": 1, "changed": 0, "possible": 0, "repeat": 1, "outside": 1, "invalid": 1}
    assert (batch.state, batch.counts, batch.rows_total, batch.rows_done) == (State.JUDGED, counts, 5, 5)
    assert [(problem.row, problem.problem.code) for problem in batch_problems(batch)] == [
        (4, "phone_form"), (5, "outside"), (6, "repeat"),
    ]  # fmt: skip
    assert Child.objects.get() == known


def test_a_staged_row_is_sealed_and_says_what_was_read():
    row = line(name="柳安宁")
    batch = judged([row], by=person("county_officer"))
    staged = batch.rows.get()
    assert "柳安宁".encode() not in staged.payload.token
    assert read_payload(staged).values["name"] == "柳安宁"
    assert read_payload(staged).responsible_code == row["living_division"]


def test_judging_opens_the_tasks_that_follow():
    batch = judged([line(), line(), line(guardian_phone="无")], by=person("county_officer"))
    tasks = Task.objects.filter(subject_kind="import_batch", subject_key=str(batch.pk), closed_at=None)
    assert set(tasks.values_list("kind", "role", "values__rows")) == {
        ("admit_batch", "approver", 2), ("mend_batch", "county_officer", 1),
    }  # fmt: skip


def test_judging_begun_again_gives_the_same_rows():
    batch = received([line(), line()], by=person("county_officer"))
    judging.judge(batch=batch, on=ON)
    numbers = list(batch.rows.values_list("number", "verdict"))
    judging.judge(batch=batch, on=ON)
    assert list(batch.rows.values_list("number", "verdict")) == numbers == [(2, "new"), (3, "new")]


def test_progress_is_told_slice_by_slice():
    told = []
    judging.judge(
        batch=received([line(), line()], by=person("county_officer")),
        on=ON,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(2, 2)]


def test_a_file_without_known_headers_waits_and_is_the_same_batch_again():
    importer, content = person("county_officer"), workbook([{"备注": "无"}])
    batch = judging.judge(batch=receive(content, by=importer), on=ON)
    assert (batch.state, batch.fault, batch.rows.count()) == (State.UNMATCHED, "no_header", 0)
    assert receive(content, by=importer) == batch
    assert not Task.objects.exists()


def test_a_refused_file_says_why_and_may_come_again():
    importer, content, fault = person("county_officer"), b"%PDF-1.7", "not_a_workbook"
    batch = judging.judge(batch=receive(content, by=importer), on=ON)
    assert (batch.state, batch.fault, batch.rows_total, batch.rows.count()) == (State.REFUSED, fault, 0, 0)
    assert [(one.row, one.problem.code) for one in batch_problems(batch)] == [(None, fault)]
    assert receive(content, by=importer) != batch
    assert not Task.objects.exists()


def test_rows_outside_the_place_or_the_posting_are_outside():
    rows = [line(), line(living_division=VILLAGE_OF_NEXT_TOWNSHIP)]
    importer = person()
    posting(importer, exclusions=[TOWNSHIP])
    assert list(judged(rows, by=importer).rows.values_list("verdict", flat=True)) == ["outside", "new"]
    for_township = judged(rows, by=person("county_officer"), division=TOWNSHIP)
    assert list(for_township.rows.values_list("verdict", flat=True)) == ["new", "outside"]


def test_batches_are_seen_where_one_imports_or_admits():
    batch = judged([line()], by=person("county_officer"))
    seen = {role: batches(person(role), on=ON).contains(batch) for role in ("county_officer", "approver", "payer")}
    assert seen == {"county_officer": True, "approver": True, "payer": False}
    assert not batches(person("approver", NEXT_COUNTY), on=ON).exists()
    assert not batches(person("township_supervisor", TOWNSHIP), on=ON).exists()
    assert set(batch.counts) == set(Verdict.values)
