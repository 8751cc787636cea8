"""Days used by page: every number opens its applications; names are for whoever may open the file."""

import re
from html import unescape

import pytest
from django.urls import reverse

from tests import factories as make
from tests.applications import Office
from tests.rooms.allowances.test_durations import late

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
PERIOD = {"period": "2026-Q2"}


@pytest.fixture(autouse=True)
def in_english(settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def decided():
    return Office().confirmed(), late()


def numbers(page: str) -> list[tuple[str, str]]:
    """Each number of the figures and its address."""
    return [
        (number, unescape(href))
        for href, number in re.findall(r'<a href="([^"]*/days/list/[^"]*)" aria-label="[^"]*">([\d.,%]+)</a>', page)
    ]


def rows(page: str) -> int:
    """How many lines its list has."""
    return page.count('<tr><th scope="row">')


@pytest.mark.parametrize(
    ("role", "prefix"), [("county_officer", make.COUNTY), ("city_officer", make.CITY), ("region_officer", "64")]
)
def test_every_number_opens_the_applications_it_counts(signed_in, decided, role, prefix):
    client = signed_in(make.person(role, prefix))
    page = client.get(reverse("desk:application_days"), PERIOD).content.decode()
    found = numbers(page)
    assert len(found) % 5 == 0 and len(found) >= 20
    for at in range(0, len(found), 5):
        count, _median, _most, share, late_ones = found[at : at + 5]
        listed = {
            href: client.get(href).content.decode().count('<tr><th scope="row">')
            for _number, href in found[at : at + 5]
        }
        assert listed[count[1]] == int(count[0]) and listed[late_ones[1]] == int(late_ones[0])
        assert round(100 * listed[share[1]] / listed[count[1]]) == int(share[0].rstrip("%"))


def test_names_and_reasons_are_for_who_may_open_the_file(signed_in, decided):
    made, slow = decided
    asked = PERIOD | {"which": "late"}
    county = signed_in(make.person("county_officer", make.COUNTY))
    page = county.get(reverse("desk:application_days_list"), asked).content.decode()
    assert slow.file.name in page and "等待答复" in page and made.file.name not in page
    for role, prefix in (("city_officer", make.CITY), ("region_officer", "64"), ("finance", make.COUNTY)):
        page = signed_in(make.person(role, prefix)).get(reverse("desk:application_days_list"), asked).content.decode()
        assert slow.number in page and slow.file.name not in page and "等待答复" not in page


def test_the_region_goes_down_to_a_township(signed_in, decided):
    client = signed_in(make.person("region_officer", "64"))
    for place, below in (("", make.CITY), (make.CITY, make.COUNTY), (make.COUNTY, make.TOWNSHIP)):
        page = client.get(reverse("desk:application_days"), PERIOD | {"place": place}).content.decode()
        assert f"place={below}" in page
    assert f"/applications/days/?period=2026-Q2&amp;place={make.TOWNSHIP}" not in page


def test_an_empty_period_says_so(signed_in):
    client = signed_in(make.person("county_officer", make.COUNTY))
    assert "Nothing was decided" in client.get(reverse("desk:application_days")).content.decode()
    assert "None" in client.get(reverse("desk:application_days_list"), {"part": "telling"}).content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"period": "x"}, {"period": "2026-Q5"}, {"place": "62"}, {"place": "640121"}, {"place": "6401x2"}, {"place": "6"}],
)
def test_what_is_no_period_or_no_place_of_theirs_is_not_there(signed_in, asked):
    client = signed_in(make.person("county_officer", make.COUNTY))
    for name in ("application_days", "application_days_list"):
        assert client.get(reverse(f"desk:{name}"), asked).status_code == 404


@pytest.mark.parametrize("asked", [{"part": "nothing"}, {"which": "some"}])
def test_a_list_of_nothing_is_not_there(signed_in, asked):
    client = signed_in(make.person("county_officer", make.COUNTY))
    assert client.get(reverse("desk:application_days_list"), asked).status_code == 404


def test_not_for_who_sees_no_figures(signed_in):
    for role, prefix in (("township_supervisor", make.TOWNSHIP), ("village_director", make.VILLAGE)):
        client = signed_in(make.person(role, prefix))
        assert client.get(reverse("desk:application_days")).status_code == 404
        page = client.get(reverse("desk:applications")).content.decode()
        assert reverse("desk:application_days") not in page


def test_the_application_says_who_used_how_many_days(signed_in, decided):
    made, slow = decided
    client = signed_in(make.person("county_officer", make.COUNTY))
    page = client.get(reverse("desk:application", args=[made.pk])).content.decode()
    for said in ("Days used by step", "2 of 5 working days", "3 of 5 working days", "5 of 10 working days"):
        assert said in page
    assert "10 of 5 working days" in client.get(reverse("desk:application", args=[slow.pk])).content.decode()


@pytest.mark.parametrize(("role", "prefix"), [("city_officer", make.CITY), ("finance", make.COUNTY)])
def test_who_has_no_applications_finds_it_in_the_rail(signed_in, role, prefix):
    page = signed_in(make.person(role, prefix)).get(reverse("desk:today")).content.decode()
    assert f'href="{reverse("desk:application_days")}"' in page
