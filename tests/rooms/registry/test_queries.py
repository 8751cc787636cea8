"""Reads of the registry: whose children one sees."""

from datetime import date, timedelta

import pytest

from hutong.registry.dossier import timeline
from hutong.registry.models import Child
from hutong.registry.queries import child_to_open, names_of, visible_to
from tests import factories
from tests.factories import (
    CITY,
    COUNTY,
    NEXT_COUNTY,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    grant,
    holding,
    line_of,
    person,
    posting,
)

pytestmark = pytest.mark.django_db


def places(user: object, on: date = ON) -> list[str]:
    return sorted(visible_to(user, on=on).values_list("responsible_code", flat=True))


@pytest.fixture
def three() -> list[Child]:
    """One child each in a township, in the next township and in the next county."""
    return [child(living_code=code) for code in (VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP, VILLAGE_OF_NEXT_COUNTY)]


@pytest.mark.parametrize(
    ("role", "prefix", "seen"),
    [
        ("village_director", VILLAGE, [VILLAGE]),
        ("township_supervisor", TOWNSHIP, [VILLAGE]),
        ("county_officer", COUNTY, [VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP]),
        ("approver", NEXT_COUNTY, [VILLAGE_OF_NEXT_COUNTY]),
        ("city_officer", CITY, []),
        ("region_officer", "64", []),
        ("finance", COUNTY, []),
        ("auditor", "64", []),
        ("institution_staff", COUNTY, []),
    ],
)
def test_one_sees_the_children_of_ones_prefix(three, role, prefix, seen):
    assert places(person(role, prefix)) == seen


def test_an_exclusion_hides_and_no_posting_shows_nothing(three):
    user = person()
    assert places(user) == []
    posting(user, exclusions=[TOWNSHIP])
    assert places(factories.Person.objects.get(pk=user.pk)) == [VILLAGE_OF_NEXT_TOWNSHIP]


def test_two_postings_show_both_places(three):
    assert places(person("county_officer", COUNTY, NEXT_COUNTY)) == sorted(one.living_code for one in three)


def test_a_grant_opens_one_child_for_its_days(three):
    user = person("institution_staff")
    grant(user, three[2].file_number, from_on=ON, until_on=ON)
    assert [places(user, ON + timedelta(days=days)) for days in (-1, 0, 1)] == [[], [VILLAGE_OF_NEXT_COUNTY], []]


def test_access_follows_the_responsible_place_not_the_living_one():
    moved = child(living_code=VILLAGE_OF_NEXT_COUNTY, responsible_code=VILLAGE)
    assert visible_to(person("county_officer"), on=ON).get() == moved
    assert not visible_to(person("county_officer", NEXT_COUNTY), on=ON).exists()


def test_names_are_told_of_visible_children_alone(three):
    numbers = [one.file_number for one in three]
    assert names_of(person("township_supervisor", TOWNSHIP), numbers, on=ON) == {numbers[0]: three[0].name}


@pytest.mark.parametrize(
    ("role", "prefix", "opens"),
    [("city_officer", CITY, True), ("city_officer", "6402", False), ("approver", COUNTY, False)],
)
def test_only_an_overseer_of_the_place_may_open_with_a_purpose(three, role, prefix, opens):
    assert (child_to_open(person(role, prefix), three[0].file_number, on=ON) is not None) == opens


def test_a_timeline_tells_what_began_and_ended_the_latest_first():
    one = child(holdings=[])
    holding(one, "migrant", from_on=date(2020, 9, 1), until_on=date(2024, 8, 31))
    events = [(event.on, event.code) for event in timeline(one, sensitive=False)]
    assert events[0][1] == "registered"
    assert events[1:] == [
        (date(2025, 1, 1), "guardian_from"),
        (date(2024, 8, 31), "category_until"),
        (date(2020, 9, 1), "category_from"),
        (one.birth_date, "born"),
    ]
    assert line_of(one)["category"] == ""
