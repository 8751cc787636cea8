"""Cancelling: a check ends and its rows go; an admission ends with what is in."""

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.kit.staging import State
from hutong.registry import jobs
from hutong.registry.actions import admission, judging
from hutong.registry.actions.cancelling import cancel
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.batches import progress_of, running_batches
from hutong.registry.intake import judge as intake
from hutong.registry.models import Child, ImportBatch
from tests.factories import COUNTY, NEXT_COUNTY, ON, judged, line, person, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


def test_a_check_that_is_cancelled_ends_after_its_slice_and_leaves_no_rows(monkeypatch):
    monkeypatch.setattr(intake, "SLICE", 2)
    importer, told = person("county_officer"), []
    batch = received([line() for _ in range(6)], by=importer)

    def stop(done, total):
        told.append(done)
        if done == 4:
            cancel(by=importer, batch=ImportBatch.objects.get(), on=ON)

    assert judging.judge(batch=batch, on=ON, progress=stop).state == State.WITHDRAWN
    assert (told, batch.rows.count(), Task.objects.count()) == ([2, 4], 0, 0)
    assert TrailEntry.objects.get(act="cancel_import").details == {"phase": "received"}
    assert not TrailEntry.objects.filter(act="judge_import").exists()


def test_the_same_file_may_come_again_after_its_check_was_cancelled():
    rows, importer = [line()], person("county_officer")
    first = received(rows, by=importer)
    cancel(by=importer, batch=first, on=ON)
    second = judged(rows, by=importer)
    assert (second.state, second.pk == first.pk) == (State.JUDGED, False)


def test_a_check_begun_by_another_process_stops_the_one_before(monkeypatch):
    monkeypatch.setattr(intake, "SLICE", 2)
    batch = received([line() for _ in range(6)], by=person("county_officer"))
    told, again = [], []

    def begin_again(done, total):
        told.append(done)
        if done == 2 and not again:
            again.append(judging.judge(batch=ImportBatch.objects.get(), on=ON))

    judging.judge(batch=batch, on=ON, progress=begin_again)
    assert (told, batch.state, batch.rows.count()) == ([2], State.JUDGED, 6)
    assert TrailEntry.objects.filter(act="judge_import").count() == 1


def test_an_admission_that_is_cancelled_keeps_what_is_in_and_the_rest_for_later(monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 2)
    approver, told = person("approver"), []
    batch = judged([line() for _ in range(6)], by=person("county_officer"))

    def stop(done):
        told.append(done)
        if done == 4:
            cancel(by=approver, batch=ImportBatch.objects.get(), on=ON)

    assert admission.admit(by=approver, batch=batch, on=ON, progress=stop) == 4
    assert (told, batch.state, Child.objects.count()) == ([2, 4], State.ADMITTED, 4)
    assert TrailEntry.objects.get(act="cancel_import").details == {"phase": "admitting"}
    assert not TrailEntry.objects.filter(act="admit_import").exists()
    assert Task.objects.filter(kind="admit_batch", closed_at=None).exists()
    assert (admission.admit(by=approver, batch=batch, on=ON), Child.objects.count()) == (2, 6)


def test_a_cancelled_admission_may_be_withdrawn(monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 1)
    approver = person("approver")
    batch = judged([line(), line()], by=person("county_officer"))
    admission.begin_admission(by=approver, batch=batch, on=ON, only=["new"])
    admission.admit_slice(by=approver, batch=batch, on=ON)
    cancel(by=approver, batch=batch, on=ON)
    assert withdraw(by=approver, batch=batch, on=ON) == {"removed": 1, "restored": 0, "left": 0}


def test_a_job_that_finds_its_batch_cancelled_does_nothing():
    approver = person("approver")
    waiting, begun = received([line()], by=person("county_officer")), judged([line()], by=person("county_officer"))
    admission.begin_admission(by=approver, batch=begun, on=ON, only=["new"])
    cancel(by=person("county_officer"), batch=waiting, on=ON)
    cancel(by=approver, batch=begun, on=ON)
    jobs.judge_batch(batch_id=waiting.pk, on=ON.isoformat())
    jobs.admit_batch(batch_id=begun.pk, by_id=approver.pk, on=ON.isoformat())
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {State.WITHDRAWN, State.ADMITTED}
    assert not Child.objects.exists()


def test_what_does_not_run_is_not_cancelled():
    batch = judged([line()], by=person("county_officer"))
    with pytest.raises(Refused):
        cancel(by=person("approver"), batch=batch, on=ON)
    assert ImportBatch.objects.get().state == State.JUDGED


@pytest.mark.parametrize(("role", "prefix"), [("approver", COUNTY), ("county_officer", NEXT_COUNTY)])
def test_who_does_not_import_here_cancels_no_check(role, prefix):
    batch = received([line()], by=person("county_officer"))
    with pytest.raises(NotAllowed):
        cancel(by=person(role, prefix), batch=batch, on=ON)


@pytest.mark.parametrize(("role", "prefix"), [("county_officer", COUNTY), ("approver", NEXT_COUNTY)])
def test_who_does_not_admit_here_stops_no_admission(role, prefix):
    batch = judged([line()], by=person("county_officer"))
    admission.begin_admission(by=person("approver"), batch=batch, on=ON, only=["new"])
    with pytest.raises(NotAllowed):
        cancel(by=person(role, prefix), batch=batch, on=ON)


def test_progress_counts_what_this_admission_has_brought_in(monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 2)
    approver = person("approver")
    batch = judged([line() for _ in range(5)], by=person("county_officer"))
    admission.begin_admission(by=approver, batch=batch, on=ON, only=["new"])
    assert (progress_of(batch).done, progress_of(batch).total, progress_of(batch).left) == (0, 5, None)
    admission.admit_slice(by=approver, batch=batch, on=ON)
    now = progress_of(batch)
    assert (now.done, now.total, now.percent) == (2, 5, 40)
    assert now.left is not None and now.left.total_seconds() > 0
    cancel(by=approver, batch=batch, on=ON)
    admission.begin_admission(by=approver, batch=batch, on=ON, only=["new"])
    assert (progress_of(batch).done, progress_of(batch).total) == (0, 3)


def test_running_batches_are_those_of_ones_own_places():
    officer = person("county_officer")
    running = received([line()], by=officer)
    judged([line()], by=officer)
    assert [one.batch for one in running_batches(officer, on=ON)] == [running]
    assert running_batches(person("county_officer", NEXT_COUNTY), on=ON) == []
