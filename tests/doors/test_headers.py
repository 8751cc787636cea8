"""Headers and limits: alike on every answer, whatever became of the request."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory
from django.urls import path

from hutong.desk.guards import public
from hutong.desk.limiting import source_of
from hutong.urls import urlpatterns as addresses
from tests import factories as make

pytestmark = pytest.mark.django_db
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@public
def broken(request):
    raise RuntimeError("柳和清 the page is broken")


@public
def suspicious(request):
    raise SuspiciousOperation("柳和清")


urlpatterns = [*addresses, path("broken/", broken), path("suspicious/", suspicious)]


@pytest.fixture
def answers(settings, signed_in):
    """An answer of each status."""
    settings.ROOT_URLCONF = "tests.doors.test_headers"
    client = Client(raise_request_exception=False)
    office = signed_in(make.person("county_officer"))
    strict = Client(enforce_csrf_checks=True)
    return {
        200: client.get("/sign-in/"),
        302: client.get("/"),
        400: client.get("/suspicious/"),
        "400 by its host": client.get("/", headers={"host": "elsewhere.example"}),
        403: strict.post("/sign-in/", {}),
        404: office.get("/nothing/"),
        500: client.get("/broken/"),
    }


def test_every_answer_has_its_headers(answers):
    for status, answer in answers.items():
        assert str(status).startswith(str(answer.status_code))
        assert {name: answer.get(name) for name in HEADERS} == HEADERS, status
        policy = answer["Content-Security-Policy"]
        assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; ")), status
        assert "unsafe" not in policy and "*" not in policy
        assert "camera=()" in answer["Permissions-Policy"] and "geolocation=()" in answer["Permissions-Policy"]


def test_no_answer_tells_what_broke(answers):
    for answer in answers.values():
        assert "柳和清" not in answer.content.decode()


def test_a_script_runs_only_with_the_answers_own_nonce(client):
    first, second = client.get("/sign-in/"), client.get("/sign-in/")

    nonces = [answer["Content-Security-Policy"].split("'nonce-")[1].split("'")[0] for answer in (first, second)]

    assert nonces[0] != nonces[1]
    page = first.content.decode()
    assert page.count("<script") == page.count(f'nonce="{nonces[0]}"') > 0
    assert "script-src 'nonce-" in first["Content-Security-Policy"]


def test_cookies_are_closed_to_scripts_and_other_sites(client):
    make.person("county_officer")
    client.get("/choose/")
    client.post("/choose/", {})

    for cookie in client.cookies.values():
        assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_who_asks_too_often_is_told_when_to_come_again(settings, signed_in):
    settings.REQUESTS_A_MINUTE = {"person": 3, "address": 2}
    office, other, nobody = signed_in(make.person("county_officer")), signed_in(make.person("approver")), Client()

    assert [office.get("/notices/").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert other.get("/notices/").status_code == 200
    assert [nobody.get("/sign-in/").status_code for _ in range(3)] == [200, 200, 429]
    refused = nobody.get("/sign-in/")
    assert refused["Retry-After"] == "60"
    assert {name: refused.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(("is_production", "source"), [(True, "198.51.100.7"), (False, "127.0.0.1")])
def test_only_the_provinces_own_proxy_says_where_a_request_came_from(settings, is_production, source):
    settings.PRODUCTION = is_production
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})

    assert source_of(request) == source


def test_a_form_that_is_too_long_gets_a_clear_word(signed_in):
    client = signed_in(make.person("county_officer"))
    client.raise_request_exception = False

    answer = client.post("/children/enter/", {"words": "字" * 1_000_000})

    assert answer.status_code == 400
    assert "没有保存任何内容" in answer.content.decode() and "Content-Security-Policy" in answer
