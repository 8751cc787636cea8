"""Looking at one child: nothing is seen without an entry in the trail."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.models import Grant, Person, Purpose, TrailEntry
from hutong.registry.actions.opening import look, open_with_purpose, reveal
from hutong.registry.models import Child
from tests.factories import CITY, NEXT_COUNTY, ON, VILLAGE, child, grant, guardian_of, person

pytestmark = pytest.mark.django_db


def entries() -> list[tuple]:
    return list(TrailEntry.objects.values_list("act", "subject_key", "division_code", "details"))


def test_a_look_is_recorded():
    by, one = person("county_officer"), child()
    assert look(by=by, file_number=one.file_number, on=ON) == one
    assert entries() == [("open_child", one.file_number, VILLAGE, {})]
    assert TrailEntry.objects.get().by == by


@pytest.mark.parametrize(
    ("role", "prefix"), [("county_officer", NEXT_COUNTY), ("city_officer", CITY), ("finance", "64")]
)
def test_a_child_of_others_and_no_child_at_all_look_the_same(role, prefix):
    by, one = person(role, prefix), child()
    assert look(by=by, file_number=one.file_number, on=ON) is look(by=by, file_number="64-0000-0000-0", on=ON) is None
    assert entries() == []


AT = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)


def stated(by: Person, whose: Child, *, at: datetime = AT) -> Purpose:
    """A purpose stated for a child."""
    return state_purpose(
        by=by,
        scope_kind="child",
        scope_key=whose.file_number,
        division_code=whose.responsible_code,
        reason="verify",
        on=ON,
        at=at,
    )


def shown(by: Person, whose: Child, value: str, *, number: int = 0, at: datetime = AT) -> str:
    """A closed value shown at a moment."""
    return reveal(by=by, child=whose, value=value, number=number, on=ON, at=at)


def reveals() -> list[tuple]:
    return [entry for entry in entries() if entry[0] == "reveal"]


@pytest.mark.parametrize(
    ("value", "plain"),
    [("child-id_number", "99000020150307006X"), ("child-address", "甘露街 1 号"), ("guardian-phone", "13912345678")],
)
def test_each_revealed_value_is_recorded_without_the_value(value, plain):
    by = person("county_officer")
    one = child(id_number="99000020150307006X", address="甘露街 1 号", guardian={"phone": "13912345678"})
    former = guardian_of(one, phone="13900000000", until_on=date(2024, 12, 31))
    number = one.guardians.exclude(pk=former.pk).get().pk if value == "guardian-phone" else 0
    purpose = stated(by, one)
    assert shown(by, one, value, number=number) == plain
    details = {"field": value, "row": number, "purpose": purpose.pk}
    assert reveals() == [("reveal", one.file_number, VILLAGE, details)]


def test_what_is_not_there_is_not_revealed():
    one, other = child(id_number=""), child(guardian={"phone": "13912345678"})
    by = person("county_officer")
    stated(by, one)
    theirs = other.guardians.get().pk
    for value in ("child-id_number", "child-address", "guardian-phone"):
        with pytest.raises(NotAllowed):
            shown(by, one, value, number=theirs)
    assert reveals() == []


def test_one_purpose_covers_fifteen_minutes_of_one_child_for_one_person():
    by, one, other = person("county_officer"), child(address="甘露街 1 号"), child(address="甘露街 2 号")
    with pytest.raises(PurposeNeeded):
        shown(by, one, "child-address")
    stated(by, one)
    assert shown(by, one, "child-address", at=AT + timedelta(minutes=14)) == "甘露街 1 号"
    with pytest.raises(PurposeNeeded):
        shown(by, one, "child-address", at=AT + timedelta(minutes=15, seconds=1))
    with pytest.raises(PurposeNeeded):
        shown(by, other, "child-address")
    with pytest.raises(PurposeNeeded):
        shown(person("county_officer"), one, "child-address")
    assert len(reveals()) == 1


@pytest.mark.parametrize(
    ("role", "prefix"), [("village_director", VILLAGE), ("payer", "64"), ("county_officer", NEXT_COUNTY)]
)
def test_who_may_not_reveal_is_refused(role, prefix):
    with pytest.raises(NotAllowed):
        shown(person(role, prefix), child(), "child-id_number")
    assert entries() == []


@pytest.mark.parametrize("value", ["child-name", "payload", "guardians", "", "child-id_index", "health-kind"])
def test_only_sealed_values_are_revealed(value):
    with pytest.raises(NotAllowed):
        shown(person("county_officer"), child(), value)


def test_a_grant_shows_the_page_but_reveals_nothing():
    by, one = person("institution_staff", NEXT_COUNTY), child()
    grant(by, one.file_number)
    assert look(by=by, file_number=one.file_number, on=ON) == one
    with pytest.raises(NotAllowed):
        shown(by, one, "child-address")


def test_an_overseer_opens_one_child_for_one_day_and_says_why():
    by, one, other = person("city_officer", CITY), child(), child()
    assert open_with_purpose(by=by, file_number=one.file_number, purpose=" 复核举报线索 ", on=ON) == one
    given = Grant.objects.get()
    assert entries() == [("open_with_purpose", one.file_number, VILLAGE, {"grant": given.pk})]
    assert (given.reason.open(), given.given_by) == ("复核举报线索", by)
    again = Person.objects.get(pk=by.pk)
    assert look(by=again, file_number=one.file_number, on=ON) == one
    assert look(by=again, file_number=other.file_number, on=ON) is None
    assert look(by=again, file_number=one.file_number, on=ON + timedelta(days=1)) is None


@pytest.mark.parametrize("purpose", ["", "   ", "看看", " 看 ", "abc"])
def test_a_purpose_is_said_in_a_few_words(purpose):
    with pytest.raises(Refused):
        open_with_purpose(by=person("city_officer", CITY), file_number=child().file_number, purpose=purpose, on=ON)
    assert (entries(), Grant.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("role", "prefix"), [("city_officer", "6402"), ("county_officer", "640122"), ("auditor", "64")]
)
def test_who_does_not_oversee_the_place_opens_nothing(role, prefix):
    with pytest.raises(Refused):
        open_with_purpose(by=person(role, prefix), file_number=child().file_number, purpose="复核举报线索", on=ON)
    assert not Grant.objects.exists()
