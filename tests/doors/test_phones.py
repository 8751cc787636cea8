"""Phones of village child directors by page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hutong.accounts.models import Device, SignIn
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
CODE = re.compile(r'<span class="pin">(\d{6})</span>')
PIN = {"pin": "271828", "again": "271828"}
TOKEN = re.compile(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"|"X-CSRFToken": "[^"]*"')


@pytest.fixture
def director():
    return make.person("village_director", make.VILLAGE, username="ma-heqing", name="马和清")


@pytest.fixture
def supervisor(signed_in):
    return signed_in(make.person("township_supervisor", make.TOWNSHIP))


@pytest.fixture
def code(supervisor, director):
    (told,) = CODE.findall(supervisor.post(f"/phones/{director.pk}/bind/").content.decode())
    return told


def bound(code):
    phone = Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120"})
    phone.post("/phone/bind/", {"username": "ma-heqing", "code": code})
    phone.post("/phone/pin/", PIN)
    return phone


def test_a_phone_is_bound_and_signs_in_by_pin_on_that_phone_alone(code, supervisor):
    phone = bound(code)
    assert phone.get("/").status_code == 200
    phone.post("/sign-out/")
    assert phone.get("/").url == "/sign-in/?next=/"
    assert phone.post("/phone/", {"pin": "314159"}).status_code == 200
    assert phone.post("/phone/", {"pin": "271828"}).url == "/"
    assert Client().get("/phone/").url == "/phone/bind/"
    cookie = phone.cookies["hutong_phone"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert "Chrome, Android" in supervisor.get("/phones/").content.decode()


def test_a_director_has_neither_password_nor_second_factor(code):
    phone = bound(code)
    for address in ("/password/", "/second-factor/", "/second-factor/app/"):
        assert phone.get(address).status_code == 404
    assert 'href="/password/"' not in phone.get("/").content.decode()


def test_the_township_ends_a_phone_at_its_next_request(code, supervisor):
    phone = bound(code)
    supervisor.post(f"/phones/{Device.objects.get().pk}/end/")
    assert phone.get("/").url == "/sign-in/?next=/"
    assert phone.get("/phone/").url == "/phone/bind/"


def test_a_pin_is_chosen_twice_alike(code):
    phone = Client()
    phone.post("/phone/bind/", {"username": "ma-heqing", "code": code})
    assert phone.get("/phone/").url == "/phone/pin/"
    for wrong in ({"pin": "271828", "again": "271829"}, {"pin": "123456", "again": "123456"}):
        assert 'role="alert"' in phone.post("/phone/pin/", wrong).content.decode()
    assert not SignIn.objects.filter(way="pin").exists()


def test_answers_are_the_same_whoever_is_named(code):
    make.person("county_officer", username="officer")
    told = set()
    for username in ("ma-heqing", "officer", "nobody"):
        wrong = "000000" if code != "000000" else "000001"
        answer = Client().post("/phone/bind/", {"username": username, "code": wrong}).content.decode()
        told.add(TOKEN.sub("", answer).replace(username, ""))
    assert len(told) == 1


@pytest.mark.parametrize("role", ["county_officer", "village_director", "security_administrator"])
def test_phones_are_not_for_others(signed_in, role, director):
    client = signed_in(make.person(role, "64"))
    assert client.get("/phones/").status_code == 404
    assert client.post(f"/phones/{director.pk}/bind/").status_code == 404


def test_before_something_leaves_the_pin_proves_who_it_is(code):
    child, phone = make.child(), bound(code)
    SignIn.objects.filter(way="pin").update(proved_at=timezone.now() - timedelta(hours=1))
    page = f"/children/{child.file_number}/print/"
    prove = phone.get(page).url
    assert prove.startswith("/sign-in/again/") and 'name="pin"' in phone.get(prove).content.decode()
    assert 'role="alert"' in phone.post("/sign-in/again/", {"pin": "314159", "next": page}).content.decode()
    assert phone.post("/sign-in/again/", {"pin": "271828", "next": page}).url == page
    assert phone.get(page).status_code == 200
