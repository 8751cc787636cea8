"""Signing in: what closes it, what opens it, and that nothing tells whether there is such an account."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from hutong.accounts.actions.attempts import unlock_sign_in
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.people import renew_password
from hutong.accounts.actions.signing_in import check_password
from hutong.accounts.models import Person, SignInAttempt, TrailEntry
from hutong.accounts.sign_ins import is_locked
from hutong.law.sign_in import sign_in_rules
from tests.factories import ON, person

AT = datetime(2025, 6, 2, 1, tzinfo=UTC)
RULES = sign_in_rules(ON)
SPAN = RULES.attempts.span
MINUTE = timedelta(minutes=1)
RIGHT, WRONG = "a-long-password", "a-wrong-password"


@pytest.fixture
def someone(db):
    return Person.objects.create_person("wang-qinghe", "王清和", RIGHT)


def attempt(password=WRONG, username="wang-qinghe", source="10.0.0.1", at=AT):
    return check_password(username=username, password=password, source=source, at=at, on=ON)


def fail(times, **more):
    for _ in range(times):
        assert attempt(**more) is None


def acts():
    return list(TrailEntry.objects.order_by("id").values_list("act", flat=True))


@pytest.fixture
def hashes(monkeypatch):
    """How many hashes were computed, of either kind: both take the same time."""
    counted = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher, name, lambda *given, real=real, **named: counted.append(1) or real(*given, **named)
        )
    return counted


def test_the_right_password_fits_and_leaves_no_attempt(someone):
    assert attempt(RIGHT) == someone
    assert not SignInAttempt.objects.exists() and not acts()


def test_five_wrong_attempts_close_the_account_to_the_right_password_too(someone):
    fail(RULES.attempts.account)
    assert is_locked(someone, at=AT, on=ON)
    assert attempt(RIGHT, at=AT + SPAN - MINUTE) is None
    assert attempt(RIGHT, at=AT + SPAN) == someone
    assert acts() == ["sign_in_failed"] * 5 + ["lock_sign_in", "sign_in_failed"]


def test_what_comes_while_it_is_closed_does_not_prolong_it(someone):
    fail(RULES.attempts.account)
    fail(20, at=AT + SPAN - MINUTE, source="10.0.0.2")
    assert attempt(RIGHT, at=AT + SPAN) == someone


def test_fifty_without_a_success_close_it_until_somebody_unlocks(someone):
    for block in range(RULES.attempts.until_unlocked // RULES.attempts.account):
        fail(RULES.attempts.account, at=AT + block * SPAN)
    later = AT + timedelta(days=30)
    assert attempt(RIGHT, at=later) is None and is_locked(someone, at=later, on=ON)
    unlock_sign_in(by=person("security_administrator", "64"), person=someone, on=ON)
    assert attempt(RIGHT, at=later) == someone
    assert "unlock_sign_in" in acts()


def test_one_source_is_closed_whatever_names_it_tries(someone):
    for number in range(RULES.attempts.source):
        fail(1, username=f"nobody-{number}", source="10.9.9.9")
    assert attempt(RIGHT, source="10.9.9.9") is None
    assert attempt(RIGHT, source="10.0.0.1") == someone


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{"is_active": False}, {"password": "!"}], ids=str)
def test_a_closed_account_and_one_without_a_password_never_fit(more):
    whom = Person.objects.create_person("wang-qinghe", "王清和", RIGHT)
    Person.objects.filter(pk=whom.pk).update(**more)
    assert attempt(RIGHT) is None


def test_a_one_time_password_expires(someone):
    password = renew_password(by=person("security_administrator", "64"), person=someone, on=ON, at=AT)
    assert attempt(password, at=AT + timedelta(hours=72)) is None
    assert attempt(password, at=AT + timedelta(hours=72) - MINUTE) == someone


def test_nothing_that_was_typed_and_no_address_is_kept(someone):
    fail(1, username="柳安宁 640122", source="203.0.113.77")
    fail(1, source="203.0.113.77")
    kept = str(list(SignInAttempt.objects.values())) + str(list(TrailEntry.objects.values()))
    assert not [word for word in ("柳安宁", "640122", "203.0.113.77", WRONG, "wang-qinghe") if word in kept]
    unknown, known = TrailEntry.objects.order_by("id")
    assert (unknown.subject_kind, known.subject_kind) == ("sign_in_name", "person")
    assert len(unknown.subject_key) == 32 and known.subject_key == str(someone.pk)


def test_the_same_number_of_hashes_and_questions_whoever_is_named(someone, hashes, django_assert_num_queries):
    Person.objects.create_person("closed", "尹清和", RIGHT, is_active=False)
    Person.objects.create(username="without", name="尹清和", password="!")
    fail(RULES.attempts.account, username="locked")
    questions = 11
    for username in ("wang-qinghe", "nobody", "closed", "without"):
        hashes.clear()
        with django_assert_num_queries(questions):
            fail(1, username=username)
        assert len(hashes) == 1, username
    hashes.clear()
    fail(1, username="locked")
    assert len(hashes) == 1


@pytest.mark.django_db
def test_only_an_administrator_of_the_place_unlocks_and_never_oneself():
    by = person("security_administrator", "64")
    with pytest.raises(Refused):
        unlock_sign_in(by=by, person=by, on=ON)
    with pytest.raises(NotAllowed):
        unlock_sign_in(by=person("county_officer"), person=by, on=ON)


def test_many_at_once_are_not_more(committed_database):
    whom = Person.objects.create_person("wang-qinghe", "王清和", RIGHT)
    judged = []
    real = Person.check_password

    def counted(self, password):
        judged.append(1)
        return real(self, password)

    def guess():
        attempt()
        connection.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Person, "check_password", counted)
        threads = [Thread(target=guess) for _ in range(20)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

    assert len(judged) <= RULES.attempts.account
    assert is_locked(whom, at=AT, on=ON)
