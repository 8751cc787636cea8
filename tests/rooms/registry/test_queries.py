"""Reads of the registry: whose children one sees, and how one finds a child among them."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.law.calendar import age_on
from hutong.registry.models import Child
from hutong.registry.queries import (
    Filters,
    child_to_open,
    children,
    guardian_of,
    names_of,
    timeline,
    visible_to,
)
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


def found(text: str = "", **more: object) -> set[Child]:
    return set(children(person("county_officer"), Filters(text, **more), on=ON))


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


@pytest.mark.parametrize(
    "text", ["单文静", "文静", " 单 文静 ", "shanwenjing", "ShanWen", "shan wen jing", "swj", "SW"]
)
def test_a_child_is_found_by_name_pinyin_and_initials(text):
    wanted, _other = child(name="单文静"), child(name="柳清和")
    assert found(text) == {wanted}


@pytest.mark.parametrize(
    "change", [str, str.lower, lambda number: f" {number[:6]} {number[6:]} ", lambda number: f"'{number}"]
)
def test_a_child_is_found_by_its_number_however_it_is_typed(change):
    wanted, _other = child(id_number=factories.id_number(at=3)), child()
    assert found(change(wanted.id_number.open())) == {wanted}
    assert found(wanted.id_number.open()[:17]) == set()


@pytest.mark.parametrize(
    ("phone", "typed"),
    [
        ("13912345678", "139 1234 5678"),
        ("13912345678", "13912345678"),
        ("0951-1234567", "09511234567"),
        ("0951-1234567", "0951-1234567"),
    ],
)
def test_a_child_is_found_by_the_phone_of_the_guardian_of_today(phone, typed):
    wanted, former = child(guardian={"phone": phone}), child()
    factories.guardian_of(former, phone=phone, until_on=date(2024, 12, 31))
    assert found(typed) == {wanted}


def test_a_child_is_found_by_its_file_number(three):
    number = three[0].file_number
    assert found(number) == found(number.replace("-", "").lower()) == {three[0]}


@pytest.mark.parametrize("text", ["单文静", "swj", "13912345678"])
def test_nothing_is_found_that_is_not_ones_own_to_see(text):
    child(name="单文静", living_code=VILLAGE_OF_NEXT_COUNTY, guardian={"phone": "13912345678"})
    assert found(text) == set()


def test_signs_that_databases_know_are_only_signs():
    child(name="柳安")
    assert [found(text) for text in ("%", "_", "柳%", "l_", "\\", "'; --", "柳\0")[:6]] == [set()] * 6


def test_filters_narrow():
    girl, boy = child(holdings=["orphan_kin"]), child(sex="1", living_code=VILLAGE_OF_NEXT_TOWNSHIP, id_number="")
    holding(girl, "migrant", until_on=date(2025, 1, 31))
    assert found(category="orphan_kin") == {girl}
    assert found(category="migrant") == set()
    assert found(division=f"{TOWNSHIP}000") == {girl}
    assert (found(sex="1"), found(without_id=True)) == ({boy}, {boy})
    assert found(sex="1", category="orphan_kin") == set()
    assert found() == {girl, boy}


@given(st.dates(date(2005, 1, 1), ON), st.integers(0, 19), st.integers(0, 19))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ages_are_full_years_from_and_to(born, age_from, age_to):
    Child.objects.all().delete()
    one = child(birth_date=born)
    assert (found(age_from=age_from, age_to=age_to) == {one}) == (age_from <= age_on(born, ON) <= age_to)


def test_a_list_of_children_takes_as_many_queries_for_many_as_for_one(django_assert_num_queries):
    user = person("county_officer")
    for _ in range(9):
        child()
    listed = children(user, Filters(), on=ON)
    with django_assert_num_queries(3):
        assert [guardian_of(one).name for one in listed] == ["柳桂兰"] * 9


def test_children_come_in_the_order_of_pinyin():
    for name in ("柳舟", "单安", "尹禾"):
        child(name=name)
    assert [one.name for one in children(person("county_officer"), Filters(), on=ON)] == ["柳舟", "单安", "尹禾"]


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
    events = [(event.on, event.code) for event in timeline(one)]
    assert events[0][1] == "registered"
    assert events[1:] == [
        (date(2025, 1, 1), "guardian_from"),
        (date(2024, 8, 31), "category_until"),
        (date(2020, 9, 1), "category_from"),
        (one.birth_date, "born"),
    ]
    assert line_of(one)["category"] == ""
