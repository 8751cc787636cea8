"""Standing in: two people, named places and days, never two duties of one decision, never passed on."""

from datetime import timedelta

import pytest

from hutong.accounts.actions import delegations
from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.postings import end_posting
from hutong.accounts.actions.tasks import hand_over_tasks
from hutong.accounts.models import Delegation, Notice, Posting, Task, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, open_tasks, people_who_may
from tests.factories import CITY, COUNTY, NEXT_COUNTY, NEXT_VILLAGE, ON, TOWNSHIP, VILLAGE, person, posting, task

DAY = timedelta(days=1)
CONFIRM = Permission.CONFIRM_CHANGES
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def approver():
    return person("approver")


@pytest.fixture
def of_city():
    return person("city_officer", CITY)


@pytest.fixture
def security():
    return person("security_administrator", "64")


def propose(by, to, of=None, **more):
    values = {"prefixes": [COUNTY], "from_on": ON, "until_on": ON + 9 * DAY, "reason": "外出学习", "on": ON}
    held = (of or by).postings.get()
    return delegations.propose_delegation(by=by, posting=held, to=to, **values | more)


def confirmed(by, made, on=ON):
    return delegations.confirm_delegation(by=by, delegation=made, on=on)


def again(whom):
    return type(whom).objects.get(pk=whom.pk)


def test_a_county_borrows_a_checker_from_the_city_for_named_places_and_days(approver, of_city, security):
    made = propose(approver, of_city, prefixes=[TOWNSHIP], from_on=ON + DAY)
    assert not may(again(of_city), CONFIRM, code=VILLAGE, on=ON + DAY)
    confirmed(security, made)
    held = [may(again(of_city), CONFIRM, code=VILLAGE, on=ON + days * DAY) for days in (0, 1, 9, 10)]
    assert held == [False, True, True, False]
    assert not may(again(of_city), CONFIRM, code="640122101200", on=ON + DAY)
    assert of_city in people_who_may(CONFIRM, code=VILLAGE, on=ON + DAY)
    assert may(again(approver), CONFIRM, code=VILLAGE, on=ON + DAY)  # the duty stays with its holder, too


def test_it_is_told_recorded_and_asked_of_the_security_administrator(approver, of_city, security):
    made = propose(approver, of_city)
    assert [one.kind for one in open_tasks(security, on=ON)] == ["confirm_delegation"]
    confirmed(security, made)
    assert not open_tasks(again(security), on=ON)
    assert {(one.kind, one.recipient) for one in Notice.objects.all()} == {
        ("stands_in", of_city), ("is_stood_in_for", approver),
    }  # fmt: skip
    acts = list(TrailEntry.objects.order_by("id").values_list("act", flat=True))
    assert acts == ["propose_delegation", "confirm_delegation"]
    assert "外出" not in str(list(TrailEntry.objects.values())) and "外出" not in str(list(Delegation.objects.values()))


def test_nobody_confirms_what_they_take_part_in(approver, of_city, security):
    other = person("security_administrator", "64")
    by_administrator = propose(security, of_city, of=approver)
    with pytest.raises(Refused):
        confirmed(security, by_administrator)
    confirmed(other, by_administrator)
    for by in (approver, of_city, person("county_officer"), person("security_administrator", "62")):
        with pytest.raises(NotAllowed):
            confirmed(by, propose(approver, person("city_officer", CITY), prefixes=[VILLAGE]))


@pytest.mark.parametrize(
    "more",
    [
        {"until_on": ON + 30 * DAY}, {"from_on": ON - DAY}, {"until_on": ON - DAY}, {"reason": " x "},
        {"prefixes": []}, {"prefixes": [NEXT_COUNTY]}, {"prefixes": ["6401"]},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_refused(approver, of_city, more):
    with pytest.raises(Refused):
        propose(approver, of_city, **more)


def test_thirty_days_are_allowed(approver, of_city):
    assert propose(approver, of_city, until_on=ON + 29 * DAY)


def test_nobody_gets_two_duties_of_one_decision(approver, security):
    with pytest.raises(Refused, match="duties of two different people"):
        propose(approver, person("county_officer"))
    later = person("city_officer", CITY)
    made = propose(approver, later)
    posting(later, "county_officer", COUNTY)
    with pytest.raises(Refused, match="duties of two different people"):
        confirmed(security, made)
    assert propose(approver, person("county_officer", NEXT_COUNTY))  # elsewhere it is no decision of theirs


def test_two_stand_ins_do_not_add_up_to_one_decision(approver, of_city, security):
    officer = person("county_officer")
    confirmed(security, propose(approver, of_city))
    with pytest.raises(Refused, match="duties of two different people"):
        propose(officer, again(of_city))


def test_two_duties_that_came_together_all_the_same_do_nothing(of_city):
    posting(of_city, "approver", COUNTY), posting(of_city, "county_officer", TOWNSHIP)
    with pytest.raises(Refused, match="two duties"):
        require(of_city, CONFIRM, code=VILLAGE, on=ON)
    require(of_city, CONFIRM, code="640122101200", on=ON)


def test_who_stands_in_passes_it_on_to_nobody(approver, of_city, security):
    made = confirmed(security, propose(approver, of_city))
    with pytest.raises(Refused, match="passes it on to nobody"):
        delegations.propose_delegation(
            by=of_city, posting=made.stand_in, to=person("city_officer", CITY), prefixes=[COUNTY], from_on=ON,
            until_on=ON, reason="外出学习", on=ON,
        )  # fmt: skip


@pytest.mark.parametrize("role", ["security_administrator", "auditor", "village_director"])
def test_some_duties_are_nobody_elses(role, of_city, security):
    holder = person(role, VILLAGE if role == "village_director" else "64")
    with pytest.raises(Refused):
        propose(holder, of_city, prefixes=holder.postings.get().prefixes)


def test_one_is_not_stood_in_for_by_oneself_nor_by_a_stranger_or_director(approver):
    for to in (approver, person(), person("village_director", NEXT_VILLAGE), person("city_officer", is_active=False)):
        with pytest.raises(Refused):
            propose(approver, to)
    with pytest.raises(NotAllowed):
        propose(person("county_officer"), person("city_officer", CITY), of=approver)


def test_it_is_ended_at_once_or_before_it_began(approver, of_city, security):
    for begins, ended_on, left in ((ON, ON, 0), (ON, ON + 3 * DAY, 1), (ON + DAY, ON, 0)):
        made = confirmed(security, propose(approver, of_city, from_on=begins))
        delegations.end_delegation(by=approver, delegation=made, on=ended_on)
        assert not may(again(of_city), CONFIRM, code=VILLAGE, on=ended_on)
        assert Posting.objects.filter(person=of_city, role="approver").count() == left
        Delegation.objects.filter(pk=made.pk).update(stand_in=None)
        Posting.objects.filter(person=of_city, role="approver").delete()


def test_it_ends_with_the_posting(approver, of_city, security):
    confirmed(security, propose(approver, of_city))
    end_posting(by=security, posting=approver.postings.get(), until_on=ON + 2 * DAY, on=ON)
    assert may(again(of_city), CONFIRM, code=VILLAGE, on=ON + 2 * DAY)
    assert not may(again(of_city), CONFIRM, code=VILLAGE, on=ON + 3 * DAY)


def test_what_was_decided_is_not_decided_again(approver, of_city, security):
    made = delegations.refuse_delegation(by=security, delegation=propose(approver, of_city), on=ON)
    for act in (delegations.confirm_delegation, delegations.refuse_delegation, delegations.end_delegation):
        with pytest.raises(Refused):
            act(by=security, delegation=made, on=ON)
    assert not Posting.objects.filter(person=of_city, role="approver").exists()


def test_open_tasks_go_over_in_one_act_and_what_is_no_duty_stays(security):
    leaver, follower = person("county_officer"), person("county_officer")
    mine = [task(holder=leaver) for _ in range(3)]
    elsewhere = task(holder=leaver, division_code="640121100200")
    assert hand_over_tasks(by=security, person=leaver, to=follower, on=ON) == (3, 1)
    assert {one.holder for one in Task.objects.filter(pk__in=[one.pk for one in mine])} == {follower}
    assert Task.objects.get(pk=elsewhere.pk).holder == leaver
    assert TrailEntry.objects.get().details == {"to": follower.pk, "tasks": [one.pk for one in mine]}
    assert Notice.objects.get().recipient == follower


def test_tasks_go_to_nobody_who_may_not_do_them(security):
    leaver = person("county_officer")
    task(holder=leaver)
    for to in (
        person("finance"),
        person("county_officer", NEXT_COUNTY),
        leaver,
        person("county_officer", is_active=False),
    ):
        with pytest.raises(Refused):
            hand_over_tasks(by=security, person=leaver, to=to, on=ON)
    with pytest.raises(NotAllowed):
        hand_over_tasks(by=person("finance"), person=leaver, to=person("county_officer"), on=ON)
    assert hand_over_tasks(by=leaver, person=leaver, to=person("county_officer"), on=ON) == (1, 0)
