"""Which applications somebody sees, and which wait for them."""

import pytest

from hutong.allowances.models.application import Step
from hutong.allowances.queries import Wanted, application, applications, find, steps_for
from tests.applications import CHECKED, DECIDED, Office, unattended
from tests.factories import NEXT_COUNTY, VILLAGE_OF_NEXT_COUNTY, grant, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    made = Office()
    assert made.director.pk
    assert made.acceptor.pk
    assert made.checker.pk
    assert made.approver.pk
    return made


def mine(user, on=CHECKED):
    return [one.pk for one in find(user, Wanted(mine=True), on=on)]


def test_a_neighbour_county_sees_none(office):
    made = office.accepted()
    stranger = person("county_officer", NEXT_COUNTY)

    assert list(applications(stranger, on=CHECKED)) == []
    assert application(stranger, made.pk, on=CHECKED) is None
    assert application(office.checker, made.pk, on=CHECKED) == made


def test_an_application_goes_where_its_child_goes(office):
    made = office.accepted()
    made.child.responsible_code = VILLAGE_OF_NEXT_COUNTY
    made.child.save()

    assert application(office.checker, made.pk, on=CHECKED) is None
    assert application(person("county_officer", NEXT_COUNTY), made.pk, on=CHECKED) == made


def test_a_grant_opens_it(office):
    made = office.accepted()
    worker = person("county_officer", NEXT_COUNTY)
    grant(worker, made.child.file_number)

    assert application(worker, made.pk, on=CHECKED) == made


def test_what_waits_for_whom(office):
    made = office.submitted()
    assert (mine(office.acceptor), mine(office.checker), mine(office.approver)) == ([made.pk], [made.pk], [])

    made = office.accepted()
    assert mine(office.checker)[-1] == made.pk
    assert made.pk not in mine(office.acceptor)
    assert len(mine(office.checker)) == 2

    made = office.checked()
    assert (made.pk in mine(office.checker), mine(office.approver)) == (False, [made.pk])


def test_a_draft_waits_for_whoever_began_it(office):
    made = office.begun()

    assert (mine(office.director), mine(office.acceptor)) == ([made.pk], [])


def test_lists_go_by_the_last_day_and_ended_ones_backwards(office):
    first, second = office.accepted(), office.submitted()
    done, refused = office.confirmed(), office.refused()

    assert [one.pk for one in find(office.checker, Wanted(is_open=True), on=CHECKED)] == [second.pk, first.pk]
    assert [one.pk for one in find(office.checker, Wanted(is_open=False), on=CHECKED)] == [refused.pk, done.pk]
    assert [one.pk for one in find(office.checker, Wanted(is_late=True), on=DECIDED)] == [second.pk]


def test_the_steps_offered_are_those_that_are_taken(office):
    made = office.accepted()
    checks = {Step.DOUBT, Step.ASK_MORE, Step.CHECK}
    assert set(steps_for(office.checker, made, on=CHECKED)) == {*checks, Step.WITHDRAW}
    assert steps_for(office.acceptor, made, on=CHECKED) == (Step.WITHDRAW,)
    assert steps_for(office.director, made, on=CHECKED) == (Step.WITHDRAW,)
    assert steps_for(office.approver, made, on=CHECKED) == ()

    made = office.checked(unattended())
    assert steps_for(office.approver, made, on=DECIDED) == (Step.SEND_BACK, Step.CONFIRM, Step.REFUSE)
