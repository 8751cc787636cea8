"""Receiving an application by page: from a search that found nothing here to the word to the family."""

import pytest
from django.urls import reverse

from hutong.allowances.models import Application
from hutong.allowances.models.application import State
from tests import factories as make
from tests.applications import Away, unattended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
THERE = make.VILLAGE_OF_NEXT_COUNTY[:9]
TYPED = {"category": "de_facto", "kind": "guardian", "name": "柳桂兰", "relation": "62"}


@pytest.fixture(autouse=True)
def in_english(settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def supervisor(signed_in):
    return signed_in(make.person("township_supervisor", THERE))


def address_after_search(client, child) -> str:
    found = client.post(reverse("desk:search"), {"q": child.id_number.open()}, follow=True).content.decode()
    assert child.file_number not in found
    return reverse("desk:receive_application") + found.split(reverse("desk:receive_application"))[1].split('"')[0]


def test_it_is_received_handed_in_and_passed_on(supervisor, signed_in):
    child = unattended()
    address = address_after_search(supervisor, child)
    assert supervisor.post(address, TYPED | {"name": ""}).status_code == 422
    answer = supervisor.post(address, TYPED)
    made = Application.objects.get()
    assert answer.url == reverse("desk:application", args=[made.pk])
    page = supervisor.get(answer.url).content.decode()
    for words in ("What the family brings here", "Received at", reverse("desk:papers", args=[child.file_number])):
        assert words in page
    for step in ("submit", "accept"):
        assert supervisor.post(reverse("desk:take_step", args=[made.pk, step]), {"words": ""}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.received_at) == (State.ACCEPTED, THERE.ljust(12, "0"))
    page = supervisor.get(answer.url).content.decode()
    assert reverse("desk:take_step", args=[made.pk, "check"]) not in page
    home = signed_in(make.person("township_supervisor", make.TOWNSHIP)).get(answer.url).content.decode()
    assert reverse("desk:take_step", args=[made.pk, "check"]) in home
    assert "What the family brings here" not in home


def test_a_parent_and_a_situation_are_recorded_there(supervisor):
    child = unattended()
    supervisor.post(address_after_search(supervisor, child), TYPED)
    for noun in ("parent", "circumstance"):
        assert supervisor.get(reverse("desk:record", args=[child.file_number, noun])).status_code == 200
    for noun in ("guardian", "study", "health", "aid"):
        assert supervisor.get(reverse("desk:record", args=[child.file_number, noun])).status_code == 404
    assert supervisor.get(reverse("desk:alter", args=[child.file_number])).status_code == 404


def test_the_family_is_told_and_the_file_is_closed(signed_in):
    away = Away()
    made = away.confirmed()
    client = signed_in(away.director)
    page = client.get(reverse("desk:application", args=[made.pk])).content.decode()
    assert "to tell the family" in page
    address = reverse("desk:take_step", args=[made.pk, "tell"])
    assert address in page
    assert client.post(address, {"words": ""}).status_code == 302
    made.refresh_from_db()
    assert made.told_on is not None


def test_without_a_search_of_ones_own_there_is_no_form(supervisor):
    assert supervisor.get(reverse("desk:receive_application")).status_code == 404
    assert supervisor.post(reverse("desk:receive_application") + "?said=x", TYPED).status_code == 404
