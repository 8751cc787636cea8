"""Where nothing can be recorded nothing is done, shown or told but that."""

import pytest

from hutong.accounts.models import Purpose, TrailEntry
from hutong.registry.models import Child
from tests import factories as make
from tests.mutations import as_owner, run

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture(autouse=True)
def places(committed_database):
    make.nearby_places()


REVOKED = "REVOKE INSERT ON accounts_trailentry FROM hutong_app"
REFUSING = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON accounts_trailentry FOR EACH ROW EXECUTE FUNCTION refuse()"""


@pytest.fixture(params=[REVOKED, REFUSING], ids=["revoked", "trigger"])
def break_trail(request):
    """Nothing can be written into the trail from now on."""

    def broken() -> None:
        with as_owner():
            run(request.param)

    return broken


def is_told(answer) -> bool:
    return answer.status_code == 503 and "desk/not_written.html" in {one.name for one in answer.templates}


def test_a_child_is_not_shown(signed_in, break_trail):
    child = make.child(name="柳安宁")
    officer = signed_in(make.person("county_officer"))
    break_trail()
    answer = officer.get(f"/children/{child.file_number}/")
    assert is_told(answer)
    assert "柳安宁" not in answer.content.decode()


def test_nothing_is_saved(signed_in, break_trail):
    child = make.child()
    officer = signed_in(make.person("county_officer"))
    break_trail()
    assert is_told(officer.post(f"/children/{child.file_number}/purpose/", {"reason": "visit"}))
    assert not Purpose.objects.exists()


def test_many_entries_that_cannot_be_written_hold_their_act_back(signed_in, break_trail):
    batch = make.judged([make.line()], by=make.person("county_officer"))
    approver = signed_in(make.person("approver"))
    break_trail()
    assert is_told(approver.post(f"/imports/{batch.pk}/admit/"))
    assert not Child.objects.exists()


def test_even_a_refusal_is_not_told(signed_in, break_trail):
    child = make.child()
    neighbour = signed_in(make.person("county_officer", make.NEXT_COUNTY))
    break_trail()
    assert is_told(neighbour.get(f"/children/{child.file_number}/"))
    assert not TrailEntry.objects.filter(act="refused").exists()
