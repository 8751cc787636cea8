"""Standing in and handing over by page."""

from datetime import timedelta

import pytest

from hutong.accounts.clock import today
from hutong.accounts.models import Delegation, Task
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


@pytest.fixture
def of_city():
    return make.person("city_officer", make.CITY, username="ma-qingyun", name="马清云")


def said(approver, **more):
    days = {"from_on": today().isoformat(), "until_on": (today() + timedelta(5)).isoformat()}
    held = {"posting": approver.postings.get().pk, "places": "640122100 640122101"}
    values = held | days | {"to": "ma-qingyun", "reason": "外出学习"}
    return values | more


def test_a_stand_in_is_proposed_agreed_to_and_ended(signed_in, of_city):
    approver = make.person("approver")
    client, security = signed_in(approver), signed_in(make.person("security_administrator", "64"))
    assert client.post("/stand-ins/", said(approver)).url == "/stand-ins/"
    made = Delegation.objects.get()
    assert made.prefixes == ["640122100", "640122101"]
    assert f"/stand-ins/{made.pk}/" in security.get("/").content.decode()

    page = security.get(f"/stand-ins/{made.pk}/").content.decode()
    assert "外出学习" in page and f"/stand-ins/{made.pk}/confirm/" in page
    assert f"/stand-ins/{made.pk}/confirm/" not in client.get(f"/stand-ins/{made.pk}/").content.decode()
    security.post(f"/stand-ins/{made.pk}/confirm/")
    made.refresh_from_db()
    assert made.stand_in.person == of_city
    client.post(f"/stand-ins/{made.pk}/end/")
    made.refresh_from_db()
    assert made.closed_on == today() and "马清云" in client.get("/stand-ins/").content.decode()


@pytest.mark.parametrize(
    "more",
    [{"to": "nobody"}, {"to": ""}, {"places": "贺兰"}, {"places": "640121"}, {"posting": "0"}, {"reason": ""},
     {"until_on": (today() + timedelta(40)).isoformat()}],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_said_and_stays_typed(signed_in, of_city, more):
    approver = make.person("approver")
    page = signed_in(approver).post("/stand-ins/", said(approver, **more)).content.decode()
    assert 'role="alert"' in page and not Delegation.objects.exists()


def test_an_administrator_proposes_for_somebody_and_another_agrees(signed_in, of_city):
    approver = make.person("approver")
    by, other = (signed_in(make.person("security_administrator", "64")) for _ in range(2))
    by.post(f"/people/{approver.pk}/stand-ins/", said(approver))
    made = Delegation.objects.get()
    for client, agrees in ((by, False), (other, True)):
        client.post(f"/stand-ins/{made.pk}/confirm/")
        made.refresh_from_db()
        assert bool(made.stand_in) == agrees


def test_a_stand_in_is_seen_by_who_takes_part_alone(signed_in, of_city):
    made = make.delegation(of_city)
    assert signed_in(of_city).get(f"/stand-ins/{made.pk}/").status_code == 200
    for other in (make.person("approver"), make.person("security_administrator", "62")):
        client = signed_in(other)
        assert client.get(f"/stand-ins/{made.pk}/").status_code == 404
        assert client.post(f"/stand-ins/{made.pk}/confirm/").status_code == 404


def test_open_tasks_are_handed_over_from_a_list_without_names(signed_in):
    leaver, follower, child = make.person("county_officer"), make.person("county_officer"), make.child()
    task = make.task(holder=leaver, kind="guardian_phone", subject_kind="child", subject_key=child.file_number)
    client = signed_in(make.person("security_administrator", "64"))
    page = client.get(f"/people/{leaver.pk}/tasks/").content.decode()
    assert child.name not in page and child.file_number not in page and "2025" in page
    assert client.post(f"/people/{leaver.pk}/tasks/", {"to": follower.pk}).url == f"/people/{leaver.pk}/"
    assert Task.objects.get(pk=task.pk).holder == follower
