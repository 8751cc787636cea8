"""By page: an institution applies with its county, and an adoptive family for a disabled orphan."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from tests.applications import DECIDED
from tests.factories import TOWNSHIP, person
from tests.rooms.allowances.test_own_paths import adopted_orphan, foundling, in_institution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


@pytest.fixture(autouse=True)
def on_the_day(settings):
    """It is the day of the decision, and everybody reads English."""
    settings.TODAY = DECIDED
    settings.LANGUAGE_CODE = "en"
    with override("en"):
        yield


def test_an_institution_is_offered_to_the_county_alone(signed_in):
    whose = foundling(date(2026, 5, 1))
    in_institution(whose)
    begin = reverse("desk:apply", args=[whose.file_number])
    said = {"category": "orphan_institution", "kind": "institution", "name": "福利院"}
    officer, supervisor = signed_in(person("county_officer")), signed_in(person("township_supervisor", TOWNSHIP))
    assert 'value="institution"' not in supervisor.get(begin).content.decode()
    assert supervisor.post(begin, said).status_code == 422

    assert 'value="institution"' in officer.get(begin).content.decode()
    address = officer.post(begin, said).headers["Location"]
    page = officer.get(address).content.decode()
    assert "2026年6月30日满60日" in page and "The county takes every step" in page
    assert "public notice given on" in page
    page = supervisor.get(address).content.decode()
    assert "/submit/" not in page and "/withdraw/" not in page


def test_an_adoptive_family_sees_what_is_asked_for(signed_in):
    whose = adopted_orphan()
    officer = signed_in(person("county_officer"))
    said = {"category": "orphan_kin", "kind": "guardian", "name": "柳建平", "relation": "57"}
    address = officer.post(reverse("desk:apply", args=[whose.file_number]), said).headers["Location"]

    page = officer.get(address).content.decode()
    assert "Certificate of adoption" in page and "Adopted disabled orphan who keeps receiving" in page
