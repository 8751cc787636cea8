"""A household is founded and joined, its members come and go."""

from datetime import timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.registry.actions.changes import Overtaken, WrongValues, read_document
from hutong.registry.actions.household import add_member, end_member, found_household, join_household
from hutong.registry.dossier import household, siblings
from hutong.registry.models import Change, Child, Household, HouseholdMember
from tests.factories import COUNTY, NEXT_COUNTY, ON, VILLAGE, VILLAGE_OF_NEXT_COUNTY, child, person
from tests.facts import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


@pytest.fixture
def officer():
    return person("county_officer")


def acted(act, by, whose, **more):
    now = Child.objects.get(pk=whose.pk)
    return act(by=by, child=now, **{"revision": now.revision, "reason": "happened", "on": ON} | more)


def founded(by, whose=None):
    whose = whose or child()
    acted(found_household, by, whose, kind="rural")
    return whose


def added(by, whose, **more):
    acted(add_member, by, whose, **{"name": "柳 桂兰", "relation": "62", "from_on": ON - DAY} | more)
    return HouseholdMember.objects.get(child=None, until_on=None)


def test_a_household_is_founded_and_a_sister_joins(officer):
    whose, sister = child(), child()

    change = acted(found_household, officer, whose, kind="rural", words="同住祖孙")
    joined = acted(join_household, officer, sister, sibling=whose)

    kept = Household.objects.get()
    assert (kept.kind, kept.division_code) == ("rural", VILLAGE)
    assert {one.child for one in household(whose)} == {whose, sister}
    assert siblings(officer, whose, on=ON) == [sister]
    assert read_document(change) == ({}, {"household": str(kept.pk)}) == read_document(joined)
    assert (change.division_code, change.words.open(), Child.objects.get(pk=whose.pk).revision) == (
        VILLAGE,
        "同住祖孙",
        2,
    )
    assert set(TrailEntry.objects.values_list("subject_key", flat=True)) == {whose.file_number, sister.file_number}


def test_a_grandmother_comes_and_leaves_without_her_name_in_the_trail(officer):
    whose = founded(officer)

    row = added(officer, whose)
    assert (row.name, row.relation, row.from_on) == ("柳桂兰", "62", ON - DAY)
    ended = acted(end_member, officer, whose, member=row, until_on=ON)

    assert HouseholdMember.objects.get(pk=row.pk).until_on == ON
    assert read_document(ended) == ({"member": "柳桂兰"}, {})
    assert "桂兰" not in str(list(TrailEntry.objects.values_list("details", flat=True)))
    with pytest.raises(Refused, match="ended already"):
        acted(end_member, officer, whose, member=row, until_on=ON)


@pytest.mark.parametrize(
    ("more", "column"), [({"name": "1"}, "name"), ({"relation": "00"}, "relation"), ({"from_on": ON + DAY}, "from_on")]
)
def test_a_member_that_does_not_fit_is_named(more, column, officer):
    whose = founded(officer)
    with pytest.raises(WrongValues) as wrong:
        added(officer, whose, **more)
    assert [problem.column for problem in wrong.value.problems] == [column]


def test_what_does_not_fit_is_refused(officer):
    whose, alone = founded(officer), child()
    row = added(officer, whose)
    with pytest.raises(WrongValues):
        acted(found_household, officer, alone, kind="palace")
    with pytest.raises(WrongValues):
        acted(end_member, officer, whose, member=row, until_on=ON - 2 * DAY)
    with pytest.raises(Refused, match="has changed meanwhile"):
        founded(officer, whose)
    with pytest.raises(Refused, match="has changed meanwhile"):
        added(officer, alone)
    with pytest.raises(Refused, match="no household yet"):
        acted(join_household, officer, alone, sibling=child())
    with pytest.raises(Overtaken):
        acted(join_household, officer, alone, sibling=whose, revision=5)
    with pytest.raises(Refused, match="Choose a reason"):
        acted(join_household, officer, alone, sibling=whose, reason="died")
    closed = child(closed_on=ON, closed_reason="died", holdings=[])
    with pytest.raises(Refused, match="closed"):
        founded(officer, closed)


def test_the_household_of_a_child_elsewhere_is_not_joined(officer):
    theirs = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    founded(person("county_officer", NEXT_COUNTY), theirs)
    with pytest.raises(Refused, match="in your area"):
        acted(join_household, officer, child(), sibling=theirs)


def test_a_member_of_another_household_is_not_ended_through_ones_own(officer):
    whose, stranger = founded(officer), member()
    with pytest.raises(Refused, match="ended already"):
        acted(end_member, officer, whose, member=stranger, until_on=ON)
    assert HouseholdMember.objects.get(pk=stranger.pk).until_on is None


def test_a_brother_is_ended_on_his_own_page_alone(officer):
    whose, brother = founded(officer), child()
    acted(join_household, officer, brother, sibling=whose)
    his = HouseholdMember.objects.get(child=brother)
    with pytest.raises(Refused):
        acted(end_member, officer, whose, member=his, until_on=ON)
    acted(end_member, officer, brother, member=his, until_on=ON)
    assert household(brother) == []


def test_who_leaves_today_joins_another_tomorrow(officer):
    whose, brother = founded(officer), founded(officer)
    acted(end_member, officer, brother, member=HouseholdMember.objects.get(child=brother), until_on=ON)
    for act in (
        lambda: acted(join_household, officer, brother, sibling=whose),
        lambda: founded(officer, brother),
    ):
        with pytest.raises(Refused, match="from tomorrow"):
            act()
    acted(join_household, officer, brother, sibling=whose, on=ON + DAY)
    assert siblings(officer, whose, on=ON + DAY) == [brother]


@pytest.mark.parametrize(("role", "prefix"), [("county_officer", NEXT_COUNTY), ("approver", COUNTY)])
def test_the_neighbour_and_the_wrong_role_change_no_household(role, prefix, officer):
    whose, stranger = founded(officer), person(role, prefix)
    row = added(officer, whose)
    for act in (
        lambda: founded(stranger),
        lambda: acted(join_household, stranger, child(), sibling=whose),
        lambda: acted(add_member, stranger, whose, name="柳宁", relation="71"),
        lambda: acted(end_member, stranger, whose, member=row, until_on=ON),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Change.objects.count() == 2
