"""Looking at one child: nothing is seen without an entry in the trail."""

from datetime import date, timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Grant, Person, TrailEntry
from hutong.registry.actions.opening import look, open_with_purpose, reveal
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


@pytest.mark.parametrize(
    ("field", "value"),
    [("id_number", "99000020150307006X"), ("address", "甘露街 1 号"), ("guardian_phone", "13912345678")],
)
def test_each_revealed_value_is_recorded_without_the_value(field, value):
    one = child(id_number="99000020150307006X", address="甘露街 1 号", guardian={"phone": "13912345678"})
    guardian_of(one, phone="13900000000", until_on=date(2024, 12, 31))
    assert reveal(by=person("county_officer"), child=one, field=field, on=ON) == value
    assert entries() == [("reveal", one.file_number, VILLAGE, {"field": field})]


def test_what_is_not_there_is_revealed_as_nothing_and_still_recorded():
    one = child(id_number="")
    one.guardians.all().delete()
    by = person("county_officer")
    assert [reveal(by=by, child=one, field=field, on=ON) for field in ("id_number", "address", "guardian_phone")] == [
        ""
    ] * 3
    assert len(entries()) == 3


@pytest.mark.parametrize(
    ("role", "prefix"), [("village_director", VILLAGE), ("payer", "64"), ("county_officer", NEXT_COUNTY)]
)
def test_who_may_not_reveal_is_refused(role, prefix):
    with pytest.raises(NotAllowed):
        reveal(by=person(role, prefix), child=child(), field="id_number", on=ON)
    assert entries() == []


@pytest.mark.parametrize("field", ["name", "payload", "guardians", "", "id_index"])
def test_only_sealed_values_are_revealed(field):
    with pytest.raises(NotAllowed):
        reveal(by=person("county_officer"), child=child(), field=field, on=ON)


def test_a_grant_shows_the_page_but_reveals_nothing():
    by, one = person("institution_staff", NEXT_COUNTY), child()
    grant(by, one.file_number)
    assert look(by=by, file_number=one.file_number, on=ON) == one
    with pytest.raises(NotAllowed):
        reveal(by=by, child=one, field="address", on=ON)


def test_an_overseer_opens_one_child_for_one_day_and_says_why():
    by, one, other = person("city_officer", CITY), child(), child()
    assert open_with_purpose(by=by, file_number=one.file_number, purpose=" 复核举报线索 ", on=ON) == one
    given = Grant.objects.get()
    assert entries() == [("open_with_purpose", one.file_number, VILLAGE, {"grant": given.pk})]
    assert (given.reason, given.given_by) == ("复核举报线索", by)
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
