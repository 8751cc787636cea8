"""Batches by console: what was interrupted goes on or ends, and what stays says why."""

import json

import pytest
from typer.testing import CliRunner

from hutong.console.main import app
from hutong.console.printing import Refusal
from hutong.kit.staging import State
from hutong.registry.actions import admission, judging
from hutong.registry.models import Child, ImportBatch
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


def hutong(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments), "--json"])


def answered(*arguments):
    return json.loads(hutong(*arguments).stdout)


def interrupted(*_arguments, **_named):
    raise KeyboardInterrupt


def test_an_interrupted_admission_says_how_to_go_on_and_goes_on_as_it_was_begun(monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 2)
    known, approver = make.child(), make.person("approver")
    rows = [make.line(), make.line(), make.line(), make.line_of(known, ethnic_group="回族")]
    batch = make.judged(rows, by=make.person("county_officer"))
    with monkeypatch.context() as patch:
        patch.setattr(admission, "_keep_verdicts", interrupted)
        stopped = hutong("admit", batch.pk, "--by", approver.username, "--only", "new,changed")

    batch.refresh_from_db()
    assert isinstance(stopped.exception, Refusal) and stopped.exception.status == 1
    assert f"hutong cancel {batch.pk}" in str(stopped.exception)
    assert (batch.state, Child.objects.count()) == (State.ADMITTING, 1)
    assert answered("admit", batch.pk, "--by", approver.username) == {"admitted": 4, "left": []}


def test_an_interrupted_check_says_how_to_go_on_and_begins_anew(monkeypatch, tmp_path):
    officer, book = make.person("county_officer"), tmp_path / "children.xlsx"
    book.write_bytes(make.workbook([make.line(), make.line()]))
    with monkeypatch.context() as patch:
        patch.setattr(judging, "_finish", interrupted)
        stopped = hutong("import", book, "--by", officer.username)

    batch = ImportBatch.objects.get()
    assert isinstance(stopped.exception, Refusal) and f"hutong cancel {batch.pk}" in str(stopped.exception)
    assert (batch.state, batch.rows_done) == (State.RECEIVED, 2)
    again = answered("import", book, "--by", officer.username)
    assert (again["batch"], again["verdicts"]["new"], batch.rows.count()) == (batch.pk, 2, 2)


def test_cancel_ends_what_was_interrupted(monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 1)
    officer, approver = make.person("county_officer"), make.person("approver")
    waiting, begun = make.received([make.line()], by=officer), make.judged([make.line(), make.line()], by=officer)
    admission.begin_admission(by=approver, batch=begun, on=make.ON, only=["new"])
    admission.admit_slice(by=approver, batch=begun, on=make.ON)

    assert answered("cancel", waiting.pk, "--by", officer.username) == {
        "batch": waiting.pk,
        "state": "withdrawn",
        "admitted": 0,
    }
    assert answered("cancel", begun.pk, "--by", approver.username)["admitted"] == 1
    refused = hutong("cancel", begun.pk, "--by", approver.username)
    assert isinstance(refused.exception, Refusal) and refused.exception.status == 1


def test_withdraw_says_of_what_stays_why():
    batch = make.admitted([make.line(), make.line()])
    Child.objects.filter(pk=batch.rows.get(number=3).child_id).update(revision=4)
    told = answered("withdraw", batch.pk, "--by", make.person("approver").username)
    assert told == {
        "admitted": 1,
        "left": [{"row": 3, "verdict": "new", "reason": "changed_since"}],
        "removed": 1,
        "restored": 0,
    }


@pytest.mark.parametrize("only", ["same", ",", "new,possible"])
def test_what_cannot_be_admitted_is_a_wrong_call(only):
    batch = make.judged([make.line()], by=make.person("county_officer"))
    done = hutong("admit", batch.pk, "--by", make.person("approver").username, "--only", only)
    assert isinstance(done.exception, Refusal) and done.exception.status == 2
