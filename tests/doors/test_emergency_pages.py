"""Emergencies by page: from a search that found nothing here to the opened file, and its review."""

import pytest
from django.urls import reverse

from hutong.accounts.models import EmergencyAccess
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
TYPED = {"reason": "found", "words": "夜间在车站发现"}


def opened(client, child) -> EmergencyAccess:
    found = client.post(reverse("desk:search"), {"q": child.id_number.open()}, follow=True)
    page = found.content.decode()
    assert child.file_number not in page
    address = page.split(reverse("desk:open_in_emergency"))[1].split('"')[0]
    answer = client.post(reverse("desk:open_in_emergency") + address, TYPED)
    assert answer.url == reverse("desk:child", args=[child.file_number])
    return EmergencyAccess.objects.get()


def test_a_file_of_another_place_opens_and_is_reviewed(signed_in):
    child, stranger = make.child(), make.person("county_officer", make.NEXT_COUNTY)
    client = signed_in(stranger)
    access = opened(client, child)
    page = reverse("desk:emergency", args=[access.pk])

    assert child.name in client.get(reverse("desk:child", args=[child.file_number])).content.decode()
    assert 'name="verdict"' not in client.get(page).content.decode()
    approver = signed_in(make.person("approver"))
    assert TYPED["words"] in approver.get(page).content.decode()
    assert approver.post(page, {"verdict": "unjustified", "words": ""}).status_code == 422
    assert approver.post(page, {"verdict": "justified", "words": ""}).status_code == 302
    assert 'name="verdict"' not in approver.get(page).content.decode()


def test_without_a_search_of_ones_own_there_is_no_form(signed_in):
    client = signed_in(make.person("county_officer", make.NEXT_COUNTY))

    assert client.get(reverse("desk:open_in_emergency")).status_code == 404
    assert client.post(reverse("desk:open_in_emergency") + "?said=x", TYPED).status_code == 404


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        ("approver", make.NEXT_COUNTY, 200),  # set over who opened it
        ("county_officer", make.COUNTY, 200),
        ("audit_administrator", "64", 200),
        ("city_officer", "6401", 200),
        ("township_supervisor", make.TOWNSHIP, 404),
        ("finance", make.COUNTY, 404),
        ("city_officer", "6402", 404),
        ("approver", "640324", 404),
    ],
)
def test_one_emergency_is_seen_by_those_whom_it_concerns(signed_in, role, place, status):
    access = opened(signed_in(make.person("county_officer", make.NEXT_COUNTY)), make.child())
    client = signed_in(make.person(role, place))

    assert client.get(reverse("desk:emergency", args=[access.pk])).status_code == status
    listed = client.get(reverse("desk:emergencies"))
    assert (f"/emergencies/{access.pk}/" in listed.content.decode()) == (status == 200)
