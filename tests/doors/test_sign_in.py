"""Signing in by page: second factor, sign-ins that end, and answers that tell nothing."""

import re
from base64 import b32decode
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from django.utils.timezone import now

from hutong.accounts.models import Authenticator, Person, SignIn, Way
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
PASSWORD = "a-long-password"
CODES = re.compile(r"\b(?:[a-z2-9]{4}-){2}[a-z2-9]{4}\b")
SECRET = re.compile(r"<code>([A-Z2-7 ]+)</code>")
TOKEN = re.compile(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"|"X-CSRFToken": "[^"]*"')


@pytest.fixture
def someone():
    made = Person.objects.create_person("wang-qinghe", "王清和", PASSWORD)
    make.posting(made, "county_officer")
    return made


def sign_in(client, username="wang-qinghe", password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": username, "password": password} | more)


def code_of(secret, later=0):
    padded = secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8)
    return TOTP(b32decode(padded), 6, SHA1(), 30).generate(int(now().timestamp()) + later).decode()


def set_up(client):
    """The app's secret and the recovery codes of somebody who has just signed in by password."""
    (secret,) = SECRET.findall(client.get("/second-factor/app/").content.decode())
    told = client.post("/second-factor/app/", {"code": code_of(secret)}).content.decode()
    return secret, CODES.findall(told)


def test_the_first_sign_in_sets_up_a_second_factor_before_anything_else(someone, client):
    sign_in(client)
    for address in ("/", "/children/", "/people/", "/notices/", "/kin/", "/sign-in/again/"):
        assert client.get(address).url == "/second-factor/", address
    assert client.get("/second-factor/").status_code == 200
    wrong = client.post("/second-factor/app/", {"code": "000000"}).content.decode()
    assert 'role="alert"' in wrong and client.get("/").url == "/second-factor/"

    _secret, codes = set_up(client)

    assert len(codes) == 10 and client.get("/").status_code == 200
    assert not CODES.search(client.get("/second-factor/").content.decode())
    assert SignIn.objects.get(ended_at__isnull=True).way == Way.CODE


def test_then_a_code_is_asked_for_and_the_password_alone_opens_nothing(someone, client):
    sign_in(client)
    secret, _codes = set_up(client)
    second = Client()
    assert sign_in(second, next="/children/").url == "/sign-in/code/"
    assert second.get("/children/").url.startswith("/sign-in/")
    assert 'role="alert"' in second.post("/sign-in/code/", {"code": "000000"}).content.decode()
    assert second.post("/sign-in/code/", {"code": code_of(secret, 30)}).url == "/children/"
    assert second.get("/children/").status_code == 200


def test_a_recovery_code_stands_in_once(someone, client):
    sign_in(client)
    _secret, (code, *_rest) = set_up(client)
    for is_good in (True, False):
        other = Client()
        sign_in(other)
        assert (other.post("/sign-in/code/", {"code": code}).status_code == 302) == is_good


def test_the_second_step_wants_the_first_and_does_not_wait_for_ever(someone, client, monkeypatch):
    assert client.get("/sign-in/code/").url == "/sign-in/"
    sign_in(client)
    set_up(client)
    other = Client()
    sign_in(other)
    monkeypatch.setattr("hutong.desk.views.sign_in.now", lambda: now() + timedelta(minutes=11))
    assert other.get("/sign-in/code/").url == "/sign-in/"


def answer_to(username, password):
    client = Client()
    answer = sign_in(client, username, password)
    return answer.status_code, TOKEN.sub("", answer.content.decode()).replace(username, "")


def test_answers_are_the_same_whoever_is_named(someone):
    Person.objects.create_person("shut", "尹清和", PASSWORD, is_active=False)
    expired = {"must_change_password": True, "password_expires_at": now() - timedelta(hours=1)}
    Person.objects.create_person("outworn", "尹清和", PASSWORD, **expired)
    wanted = answer_to("nobody", "wrong")
    for username, password in [("wang-qinghe", "wrong"), ("shut", PASSWORD), ("outworn", PASSWORD)]:
        assert answer_to(username, password) == wanted, username
    for _ in range(6):
        locked = answer_to("wang-qinghe", "wrong")
    assert locked == wanted and answer_to("wang-qinghe", PASSWORD) == wanted


def test_another_site_is_never_the_next_page(someone, client):
    make.sign_in(client, someone)
    assert sign_in(Client(), next="https://elsewhere.example/").url == "/"


def test_a_sign_in_that_was_ended_is_out_at_the_next_request(someone, client):
    made = make.sign_in(client, someone)
    assert client.get("/").status_code == 200
    SignIn.objects.filter(pk=made.pk).update(ended_at=now(), ending="others")
    assert client.get("/").url == "/sign-in/?next=/"
    assert "sign-in" in client.get("/sign-in/").content.decode()


def test_a_session_without_a_sign_in_is_nobodys(someone, client):
    client.force_login(someone)
    assert client.get("/").url == "/sign-in/?next=/"


def test_ones_other_sign_ins_are_listed_and_ended(someone, client):
    make.sign_in(client, someone, browser="Edge, Windows")
    other = Client()
    make.sign_in(other, someone, browser="WeChat, Android")
    assert "WeChat, Android" in client.get("/second-factor/").content.decode()
    client.post("/second-factor/end-others/")
    assert other.get("/").url == "/sign-in/?next=/" and client.get("/").status_code == 200


OLD = now() - timedelta(minutes=11)
ADMINISTERING = ("/people/open/", "/people/{}/post/", "/people/{}/password/", "/people/{}/unlock/",
                 "/people/{}/second-factor/", "/people/{}/close/", "/people/{}/reopen/", "/second-factor/")  # fmt: skip


@pytest.mark.parametrize("address", ADMINISTERING)
def test_keys_open_only_to_who_has_just_proved_who_they_are(address, someone, client):
    by = make.person("security_administrator", "64")
    sign_in = make.sign_in(client, by, proved_at=OLD)
    address = address.format(someone.pk)
    for answer in (client.get(address), client.post(address, headers={"Referer": f"http://testserver{address}"})):
        assert answer.url.startswith("/sign-in/again/?next=%2F"), address
    SignIn.objects.filter(pk=sign_in.pk).update(proved_at=now())
    assert not client.get(address).headers.get("Location", "").startswith("/sign-in/again/")


@pytest.mark.parametrize("step", ["payee", "payee/card"])
def test_money_opens_only_to_who_has_just_proved_who_they_are(step, client):
    make.sign_in(client, make.person("county_officer"), proved_at=OLD)
    address = f"/children/{make.child().file_number}/{step}/"
    assert client.get(address).url.startswith("/sign-in/again/?next=")


def test_a_proof_is_password_and_code_and_leads_back(someone, client):
    sign_in(client)
    secret, _codes = set_up(client)
    SignIn.objects.update(proved_at=OLD)
    asked = {"password": PASSWORD, "code": code_of(secret, 30), "next": "/second-factor/"}
    for wrong in ({"password": "wrong"}, {"code": "000000"}, {"code": ""}):
        assert client.post("/sign-in/again/", asked | wrong).status_code == 200
        assert client.get("/second-factor/").status_code == 302
    assert client.post("/sign-in/again/", asked).url == "/second-factor/"
    assert client.get("/second-factor/").status_code == 200


def test_in_the_demonstration_a_person_is_chosen_and_nothing_is_asked(client):
    make.person("security_administrator", "64", username="somebody", is_demonstration=True)
    client.post("/be/", {"person": "somebody"})
    SignIn.objects.update(proved_at=OLD - timedelta(days=1), seen_at=OLD, begun_at=OLD - timedelta(days=1))
    assert client.get("/people/open/").status_code == 200


def test_a_lost_factor_is_reset_and_set_up_anew(someone, client):
    sign_in(client)
    set_up(client)
    by = Client()
    make.sign_in(by, make.person("security_administrator", "64"))
    told = by.post(f"/people/{someone.pk}/second-factor/", {"reason": "lost"}).content.decode()
    assert client.get("/").url == "/sign-in/?next=/"
    sign_in(client, password=CODES.search(told)[0])
    assert client.get("/").url == "/password/"
    client.post("/password/", {"new_password1": "a-quiet-long-word", "new_password2": "a-quiet-long-word"})
    assert client.get("/").url == "/second-factor/"
    assert not Authenticator.objects.filter(person=someone).exists()


def test_a_passkey_that_nobody_has_signs_nobody_in(client):
    client.post("/sign-in/passkey/request/")
    for answer in ("", "{}", '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}', "[" * 5000):
        assert client.post("/sign-in/passkey/", {"answer": answer}).status_code == 200
        client.post("/sign-in/passkey/request/")
    assert client.get("/").url == "/sign-in/?next=/"
