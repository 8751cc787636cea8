"""What is refused to somebody who has signed in leaves an entry, whatever page it was."""

import pytest
from typer.testing import CliRunner

from hutong.accounts.models import TrailEntry
from hutong.console.main import app
from hutong.console.printing import Refusal
from hutong.law.identity import file_number
from hutong.registry.models import Child
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


def refused() -> list[tuple[str, str, str, str, str]]:
    """What was refused, to whom, of what, and why."""
    entries = TrailEntry.objects.filter(act="refused").order_by("id")
    return [
        (one.by.username, one.details["act"], one.subject_kind, one.subject_key, one.details["why"]) for one in entries
    ]


@pytest.fixture
def neighbour(signed_in):
    """An officer of the next county."""
    return signed_in(make.person("county_officer", make.NEXT_COUNTY, username="neighbour"))


@pytest.mark.parametrize("path, act", [("", "child"), ("family/", "family"), ("print/", "ask_form")])
def test_a_look_at_a_child_of_another_place(neighbour, path, act):
    child = make.child()
    assert neighbour.get(f"/children/{child.file_number}/{path}").status_code == 404
    assert refused() == [("neighbour", act, "child", child.file_number, "not_found")]
    assert TrailEntry.objects.get(act="refused").division_code == child.responsible_code


def test_a_number_of_no_file_is_recorded_and_anything_else_that_was_typed_is_not(neighbour):
    nobody = file_number("64", 317_728)
    for number in (nobody, make.id_number(), "64-0031-7728-X"):
        neighbour.get(f"/children/{number}/")
    assert [key for _by, _act, _kind, key, _why in refused()] == [nobody, "", ""]


def test_a_page_of_another_role(signed_in):
    officer = signed_in(make.person("county_officer", username="officer"))
    assert officer.get("/people/").status_code == 404
    assert refused() == [("officer", "people", "page", "", "not_found")]


def test_what_a_verb_refuses_is_recorded_though_the_form_is_shown_again(signed_in):
    child = make.child()
    region = signed_in(make.person("region_officer", "62", username="region"))
    answer = region.post("/children/open/", {"file_number": child.file_number, "purpose": "核对信访来信"})
    assert answer.status_code == 200
    assert refused() == [("region", "open_with_purpose", "child", child.file_number, "refused")]


def test_a_closed_value_one_may_not_see(signed_in):
    child = make.child()
    director = signed_in(make.person("village_director", make.VILLAGE, username="director"))
    director.post(f"/children/{child.file_number}/reveal/child-id_number/0/")
    assert refused() == [("director", "reveal", "child", child.file_number, "not_allowed")]


def test_the_second_person_may_not_be_the_first(signed_in):
    officer = make.person("county_officer", username="both")
    batch = make.judged([make.line()], by=officer)
    officer.postings.update(role="approver")
    signed_in(officer).post(f"/imports/{batch.pk}/admit/")
    assert refused() == [("both", "admit", "import_batch", str(batch.pk), refused()[0][-1])]
    assert not Child.objects.exists()


def test_a_question_back_is_no_refusal(signed_in):
    child = make.child()
    officer = signed_in(make.person("county_officer"))
    officer.post(f"/children/{child.file_number}/reveal/child-id_number/0/")
    officer.get(f"/children/{child.file_number}/")
    assert refused() == []


def test_addresses_that_lead_nowhere_and_strangers_leave_nothing(neighbour, client):
    neighbour.get("/nowhere/")
    neighbour.get("/static/nothing.css")
    client.get(f"/children/{make.child().file_number}/")
    assert refused() == []


def test_what_a_command_is_refused(monkeypatch):
    officer = make.person("county_officer", username="officer")
    words = ["hutong", "recode", "--by", officer.username]
    monkeypatch.setattr("sys.argv", words)
    assert isinstance(CliRunner().invoke(app, words[1:]).exception, Refusal)
    assert refused() == [("officer", "recode", "command", "", "not_allowed")]
