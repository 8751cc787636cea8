"""Organisations: registered where one keeps them, read by those they serve, and what the database refuses."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.network.actions.organisations import alter_organisation, close_organisation, register_organisation
from hutong.network.models import Organisation
from hutong.network.queries import (
    Filters,
    organisation_with_number,
    organisations,
    organisations_taking_children,
    visible_organisations,
)
from tests.around import credit_code, organisation
from tests.factories import (
    CITY,
    COUNTY,
    NEXT_COUNTY,
    ON,
    PROVINCE,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "divisions")]
CODE, TOMORROW, BEFORE = f"{COUNTY}000000", ON + timedelta(days=1), date(2023, 12, 31)


def registered(by=None, **more):
    values = {"kind": "protection_centre", "name": "贺兰县未成年人救助保护中心", "division_code": CODE, "from_on": ON}
    return register_organisation(by=by or person("county_officer"), on=ON, **values | more)


def altered(one, by=None, **more):
    values = {"name": one.name, "credit_code": one.credit_code, "from_on": one.from_on}
    return alter_organisation(by=by or person("county_officer"), organisation=one, on=ON, **values | more)


def closed(one, by=None, until_on=ON):
    return close_organisation(by=by or person("county_officer"), organisation=one, until_on=until_on, on=ON)


def test_an_organisation_is_registered_altered_and_closed_with_its_entries():
    officer, code = person("county_officer"), credit_code()
    one = registered(officer, name=" 贺兰县 未保中心 ", credit_code=f" {code.lower()} ")
    assert (one.name, one.credit_code, one.until_on) == ("贺兰县未保中心", code, None)

    assert altered(one, officer, name="贺兰县儿童中心", from_on=ON - timedelta(days=3)).name == "贺兰县儿童中心"
    assert closed(one, officer).until_on == ON

    entries = TrailEntry.objects.filter(subject_kind="organisation", subject_key=str(one.pk)).order_by("id")
    assert [(entry.act, entry.division_code, entry.details) for entry in entries] == [
        ("register_organisation", CODE, {}),
        ("alter_organisation", CODE, {"columns": ["name", "from_on"]}),
        ("close_organisation", CODE, {}),
    ]


def test_one_of_the_region_is_registered_by_the_region():
    region = person("region_officer", PROVINCE)
    assert registered(region, division_code="640000000000", kind="welfare_institution").pk
    assert registered(region, division_code=VILLAGE, kind="childrens_home").pk


@pytest.mark.parametrize(
    ("role", "prefix"),
    [("county_officer", NEXT_COUNTY), ("approver", COUNTY), ("township_supervisor", TOWNSHIP), ("auditor", PROVINCE)],
)
def test_nobody_else_keeps_organisations(role, prefix):
    one, somebody = organisation(), person(role, prefix)
    for act in (lambda: registered(somebody), lambda: altered(one, somebody, name="甲"), lambda: closed(one, somebody)):
        with pytest.raises(NotAllowed):
            act()
    assert not TrailEntry.objects.filter(subject_kind="organisation").exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "circus"}, "Choose the kind"),
        ({"division_code": f"{COUNTY}999000"}, "Choose the place"),
        ({"name": "\u3000 "}, "name of the organisation"),
        ({"name": "长" * 101}, "at most 100"),
        ({"credit_code": "12640122000000001X"}, "credit code is wrong"),
        ({"credit_code": "12"}, "credit code is wrong"),
        ({"from_on": TOMORROW}, "first day lies in the future"),
    ],
)
def test_what_cannot_be_is_refused(said, why):
    with pytest.raises(Refused, match=why):
        registered(**said)
    assert not Organisation.objects.exists()


def test_a_credit_code_is_registered_once_at_a_time():
    code = credit_code()
    one = registered(credit_code=code)
    other = organisation(name="另一机构")
    for act in (lambda: registered(name="乙", credit_code=code), lambda: altered(other, credit_code=code)):
        with pytest.raises(Refused, match="credit code is registered already"):
            act()
    closed(one)
    became = registered(kind="welfare_institution", credit_code=code)
    assert (became.kind, became.credit_code) == ("welfare_institution", code)


def test_a_name_is_registered_once_at_a_place_and_kind():
    registered()
    with pytest.raises(Refused, match="registered at this place already"):
        registered()
    assert registered(kind="welfare_institution").pk and registered(division_code=VILLAGE).pk


def test_what_is_closed_stays_as_it_was_and_nothing_ends_before_it_begins():
    one = organisation()
    for until_on, why in ((TOMORROW, "in the future"), (BEFORE, "before the first")):
        with pytest.raises(Refused, match=why):
            closed(one, until_on=until_on)
    closed(one)
    for act in (lambda: closed(one), lambda: altered(one, name="甲")):
        with pytest.raises(Refused, match="is closed"):
            act()


def test_nothing_altered_is_refused():
    with pytest.raises(Refused, match="Nothing differs"):
        altered(organisation())


PLACES = {
    "region": "640000000000", "city": "640100000000", "county": CODE, "village": VILLAGE,
    "township": VILLAGE_OF_NEXT_TOWNSHIP, "neighbour": VILLAGE_OF_NEXT_COUNTY, "other city": "640300000000",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "prefix", "read"),
    [
        ("village_director", VILLAGE, {"region", "city", "county", "village"}),
        ("township_supervisor", TOWNSHIP, {"region", "city", "county", "village"}),
        ("county_officer", COUNTY, {"region", "city", "county", "village", "township"}),
        ("finance", COUNTY, {"region", "city", "county", "village", "township"}),
        ("county_officer", NEXT_COUNTY, {"region", "city", "neighbour"}),
        ("city_officer", CITY, {"region", "city", "county", "village", "township", "neighbour"}),
        ("auditor", PROVINCE, set(PLACES)),
        ("county_officer", "620825", set()),
        ("institution_staff", COUNTY, set()),
        ("system_administrator", PROVINCE, set()),
    ],
)
def test_the_organisations_of_ones_places_are_read_and_those_above_that_serve_them(role, prefix, read):
    made = {name: organisation(name=name, division_code=code) for name, code in PLACES.items()}
    somebody = person(role, prefix)
    assert {one.name for one in visible_organisations(somebody, on=ON)} == read
    for name, one in made.items():
        assert (organisation_with_number(somebody, one.pk, on=ON) is not None) == (name in read)


def test_the_list_is_narrowed_by_kind_words_and_code_and_leaves_out_what_is_closed():
    officer, code = person("county_officer"), credit_code()
    home = organisation(kind="childrens_home", name="李俊村儿童之家", division_code=VILLAGE)
    hospital = organisation(kind="hospital", name="贺兰县人民医院", credit_code=code)
    gone = organisation(name="旧儿童之家", until_on=ON - timedelta(days=1))
    last_day = organisation(kind="donor", name="今日止", until_on=ON)

    def named(**said):
        return {one.pk for one in organisations(officer, Filters(**said), on=ON)}

    assert named() == {home.pk, hospital.pk, last_day.pk}
    assert named(with_closed=True) == {home.pk, hospital.pk, last_day.pk, gone.pk}
    assert named(kind="hospital") == {hospital.pk}
    assert named(text="儿童之家") == {home.pk}
    assert named(text=code[:12].lower()) == {hospital.pk}
    assert named(kind="hospital", text="儿童之家") == set()


def test_the_list_begins_with_ones_own_places():
    for name in ("region", "city", "village", "county"):
        organisation(name=name, division_code=PLACES[name])
    found = organisations(person("county_officer"), Filters(), on=ON)
    assert [one.name for one in found] == ["county", "village", "region", "city"]


def test_children_are_raised_in_institutions_that_work_on_the_day():
    officer = person("county_officer")
    city = organisation(kind="welfare_institution", division_code="640100000000")
    ours = organisation()
    organisation(kind="hospital"), organisation(until_on=ON - timedelta(days=1)), organisation(from_on=TOMORROW)
    organisation(division_code=VILLAGE_OF_NEXT_COUNTY)
    assert {one.pk for one in organisations_taking_children(officer, on=ON)} == {city.pk, ours.pk}


def two_of_one_code():
    code = credit_code()
    organisation(credit_code=code), organisation(credit_code=code)


VIOLATIONS = {
    "organisation_kind_known": lambda: organisation(kind="circus"),
    "organisation_has_name": lambda: organisation(name=""),
    "organisation_code_form": lambda: organisation(division_code=COUNTY),
    "organisation_credit_code_form": lambda: organisation(credit_code="12"),
    "organisation_span_forward": lambda: organisation(from_on=ON, until_on=ON - timedelta(days=1)),
    "organisation_credit_code_open_once": two_of_one_code,
    "organisation_open_once": lambda: [organisation(name="甲"), organisation(name="甲")],
}


@pytest.mark.parametrize(("constraint", "violate"), VIOLATIONS.items())
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()


def test_every_constraint_of_the_network_is_tried():
    models = apps.get_app_config("network").get_models()
    assert {one.name for model in models for one in model._meta.constraints} == {*VIOLATIONS}
