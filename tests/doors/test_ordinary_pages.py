"""Ordinary applications in a row: confirmed one by one by keyboard, and nothing out of the ordinary among them."""

from datetime import date

import pytest
from django.urls import reverse

from hutong.accounts.models import TrailEntry
from hutong.allowances.actions import checking
from hutong.allowances.models import Application, Decision
from hutong.allowances.models.application import State
from tests.applications import ACCEPTED, Office, unattended
from tests.factories import nearby_places
from tests.facts import evidence

pytestmark = pytest.mark.django_db
ADDRESS = "/applications/ordinary/"


@pytest.fixture(autouse=True)
def on_time(settings) -> None:
    """The day on which the applications of the factories were checked."""
    settings.TODAY = date(2026, 6, 16)
    nearby_places()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def approver(signed_in, office):
    return signed_in(office.approver)


def shown(client, after: int = 0) -> Application | None:
    page = client.get(ADDRESS, {"after": after})
    found = page.context.get("application")
    return found


def send(client, application: Application):
    mark = client.get(ADDRESS).context["case"].mark
    return client.post(ADDRESS, {"number": application.pk, "mark": mark})


def test_one_after_another_is_confirmed_and_one_is_left(approver, office):
    first, second, third = (office.checked() for _ in range(3))
    assert shown(approver) == first
    assert send(approver, first).url == f"{ADDRESS}?after=0"
    assert shown(approver) == second
    assert shown(approver, second.pk) == third
    page = approver.get(ADDRESS, {"after": second.pk})
    answer = approver.post(ADDRESS, {"number": third.pk, "mark": page.context["case"].mark})
    assert answer.url == f"{ADDRESS}?after={second.pk}"
    assert shown(approver, second.pk) is None
    assert set(Decision.objects.values_list("application", flat=True)) == {first.pk, third.pk}
    looked = TrailEntry.objects.filter(act="open_child", by=office.approver)
    assert {one.file.file_number for one in (first, second, third)} <= set(looked.values_list("subject_key", flat=True))


def test_what_is_out_of_the_ordinary_is_opened_by_itself(approver, office):
    against = checking.check(
        by=office.checker, application=office.accepted(), opinion="disagrees", words="父亲已返家", on=ACCEPTED
    )
    page = approver.get(ADDRESS)
    assert page.context.get("application") is None
    assert reverse("desk:application", args=[against.pk]) in page.content.decode()


def test_one_that_is_late_is_not_among_them(approver, office, settings):
    made = office.checked()
    settings.TODAY = date(2026, 7, 20)
    assert shown(approver) is None
    assert reverse("desk:application", args=[made.pk]) in approver.get(ADDRESS).content.decode()


def test_what_has_changed_since_is_not_confirmed(approver, office):
    whose = unattended()
    made = office.checked(whose)
    mark = approver.get(ADDRESS).context["case"].mark
    evidence(whose, kind="id_card")
    assert approver.post(ADDRESS, {"number": made.pk, "mark": "something else"}).url == f"{ADDRESS}?after={made.pk}"
    made.refresh_from_db()
    assert made.state == State.CHECKED and mark
    assert approver.post(ADDRESS, {"number": 999999, "mark": mark}).status_code == 404
    assert approver.post(ADDRESS, {"number": "x", "mark": mark}).status_code == 404


def test_nobody_else_has_such_a_page(signed_in, office):
    assert signed_in(office.checker).get(ADDRESS).status_code == 404
    assert signed_in(office.director).get(ADDRESS).status_code == 404
