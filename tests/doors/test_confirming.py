"""Confirming a document by its check code: everybody may, and learns no more than what stands on the paper's head."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hutong.accounts.actions.documents import issue_document, withdraw_document
from hutong.accounts.documents import Office
from hutong.accounts.models import SignInAttempt, TrailEntry
from hutong.kit.documents import Document
from hutong.law.documents import check_code
from tests import factories as make

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 28)
UNKNOWN = check_code("7K2M9QXC4HTWABC")
PERSONAL = ("柳安宁", "64-0000-0001-9", "经审核", "尹清和", make.VILLAGE, "文书有误")


def issued(**more):
    values = {
        "kind": "refusal_decision", "subject_kind": "child", "subject_key": "64-0000-0001-9",
        "division_code": make.VILLAGE, "office": Office("640122000000", "贺兰县民政局", "贺兰民"),
        "document": Document("不予认定决定书", ("经审核，现决定不予认定。",), recipient="柳安宁"),
        "on": ON, "at": timezone.now(), "by": make.person("county_officer"),
    }  # fmt: skip
    return issue_document(**values | more)


def withdrawn(document):
    return withdraw_document(by=make.person("approver"), document=document, words="文书有误", on=ON)


def asked(code, client=None):
    answer = (client or Client()).post("/confirm/", {"code": code})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_document_that_stands_is_confirmed_however_its_code_is_typed():
    made = issued()
    for typed in (made.check_code, made.check_code.replace("-", " ").lower(), f"http://x/confirm/#{made.check_code}"):
        told = asked(typed)
        for said in (
            "不予认定决定书",
            "贺兰民〔2026〕1号",
            "贺兰县民政局",
            "2026年11月28日",
            made.check_code,
            "<dd>1</dd>",
        ):
            assert said in told
        assert 'class="notice fine"' in told


def test_a_withdrawn_document_says_so():
    made = issued()
    withdrawn(made)
    told = asked(made.check_code)
    assert 'class="notice late"' in told and 'class="notice fine"' not in told


def test_a_replaced_document_names_the_one_that_stands_for_it():
    first = issued()
    second = issued(replaces=first)
    assert second.number in asked(first.check_code)
    assert 'class="notice fine"' in asked(second.check_code)


@pytest.mark.parametrize("state", [lambda made: made, withdrawn, lambda made: issued(replaces=made).replaces])
def test_nothing_personal_is_told_in_any_state(state):
    told = asked(state(issued()).check_code)
    assert not [personal for personal in PERSONAL if personal in told]


@pytest.mark.parametrize("typed", ["", "7K2M", UNKNOWN[:-1] + "A", "<script>", "x" * 300])
def test_what_is_no_code_is_told_and_not_looked_up(typed):
    told = asked(typed)
    assert 'role="alert"' in told and "<script>" not in told
    assert not SignInAttempt.objects.exists()


def test_a_code_that_no_document_bears_is_told_and_counted():
    assert 'role="alert"' in asked(UNKNOWN)
    assert SignInAttempt.objects.count() == 1


def test_whoever_guesses_is_stopped_and_does_not_stop_anybody_from_signing_in():
    made, guesser = issued(), Client(REMOTE_ADDR="10.0.0.1")
    for at in range(50):
        asked(check_code("7K2M9QXC4HTW" + "ABCDEFGH"[at % 8] + "23456789"[at // 8] + "A"), guesser)
    told = asked(made.check_code, guesser)
    assert 'role="alert"' in told and made.number not in told
    assert made.number in asked(made.check_code, Client(REMOTE_ADDR="10.0.0.2"))
    make.person("county_officer", username="officer", password="!")
    guesser.post("/sign-in/", {"username": "officer", "password": "x"})
    assert not TrailEntry.objects.get(act="sign_in_failed").details["closed"]


def test_a_code_in_an_address_is_not_read():
    made = issued()
    told = Client().get("/confirm/", {"code": made.check_code})
    assert made.number not in told.content.decode()


def test_the_answer_is_kept_nowhere_and_needs_no_sign_in():
    for answer in (Client().get("/confirm/"), Client().post("/confirm/", {"code": issued().check_code})):
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


def test_the_page_is_where_the_documents_say(settings):
    assert urlsplit(settings.CONFIRM_URL).path == reverse("desk:confirm")


def test_the_field_is_filled_from_behind_the_hash():
    assert "data-fragment" in Client().get("/confirm/").content.decode()
