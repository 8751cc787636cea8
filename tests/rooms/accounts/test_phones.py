"""Phones of village child directors: bound face to face, opened by a PIN, locked by five wrong ones."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from hutong.accounts.actions import phones
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.people import open_account
from hutong.accounts.actions.postings import end_posting
from hutong.accounts.actions.sessions import begin_sign_in
from hutong.accounts.actions.signing_in import check_password
from hutong.accounts.models import Device, SignIn, TrailEntry, Way
from hutong.accounts.phones import device_with, directors
from hutong.law.sign_in import is_trivial_pin, sign_in_rules
from tests.factories import COUNTY, ON, TOWNSHIP, VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP, person

AT = datetime(2025, 6, 2, 1, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
RULES = sign_in_rules(ON)
PIN = "271828"
pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor():
    return person("township_supervisor", TOWNSHIP)


@pytest.fixture
def director():
    return person("village_director", VILLAGE, username="ma-heqing")


def opened(by, whom, at=AT):
    return phones.open_binding(by=by, person=whom, on=ON, at=at)[1]


def bind(code, username="ma-heqing", at=AT, source="10.0.0.1"):
    return phones.bind_phone(username=username, code=code, browser="Chrome, Android", source=source, at=at, on=ON)


def bound(by, whom):
    device, token = bind(opened(by, whom))
    return phones.choose_pin(device=device, pin=PIN, on=ON), token


def use(device, pin=PIN):
    return phones.use_pin(device=device, pin=pin, at=AT, on=ON)


def test_a_phone_is_bound_by_the_code_and_opened_by_the_pin(supervisor, director):
    device, token = bound(supervisor, director)
    assert device_with(token) == device and device_with("other") is None
    assert use(device) == director
    assert [one.devices for one in directors(supervisor, on=ON)] == [[device]]
    acts = list(TrailEntry.objects.order_by("id").values_list("act", flat=True))
    assert acts == ["open_binding", "bind_phone", "choose_pin"]


def test_neither_code_nor_pin_nor_token_is_kept(supervisor, director):
    code = opened(supervisor, director)
    device, token = bind(code)
    phones.choose_pin(device=device, pin=PIN, on=ON)
    kept = str(list(Device.objects.values())) + str(list(TrailEntry.objects.values()))
    assert not [word for word in (token, PIN) if word in kept]


def test_a_code_is_good_once_for_ten_minutes_and_until_the_next(supervisor, director):
    code = opened(supervisor, director)
    assert bind(code, at=AT + RULES.binding) is None
    assert bind(code, at=AT + RULES.binding - SECOND)
    assert bind(code) is None
    first, second = opened(supervisor, director), opened(supervisor, director)
    assert (bind(first) is None or first == second) and bind(second)


def test_wrong_codes_close_the_binding_like_wrong_passwords(supervisor, director):
    code = opened(supervisor, director)
    for _ in range(RULES.attempts.account):
        assert bind("000000" if code != "000000" else "000001") is None
    assert bind(code) is None


def test_a_code_is_good_for_its_director_alone(supervisor, director):
    other = person("village_director", VILLAGE, username="ma-other")
    code = opened(supervisor, director)
    assert bind(code, username=other.username) is None and bind(code, username="nobody") is None


def test_only_the_township_of_the_director_binds(supervisor, director):
    elsewhere = person("village_director", VILLAGE_OF_NEXT_TOWNSHIP)
    officer = person("county_officer", COUNTY)
    for by, whom in [(supervisor, elsewhere), (person("county_officer"), director), (supervisor, officer)]:
        with pytest.raises(NotAllowed):
            phones.open_binding(by=by, person=whom, on=ON, at=AT)
    with pytest.raises(NotAllowed):
        phones.end_device(by=person("township_supervisor", "640122101"), number=bound(supervisor, director)[0].pk,
                          at=AT, on=ON)  # fmt: skip


@pytest.mark.parametrize(
    "pin", ["123456", "654321", "111111", "121212", "123123", "199507", "750731", "310775", "112112"]
)
def test_trivial_pins_are_refused(supervisor, director, pin):
    device, _token = bind(opened(supervisor, director))
    assert is_trivial_pin(pin)
    with pytest.raises(Refused):
        phones.choose_pin(device=device, pin=pin, on=ON)


@pytest.mark.parametrize("pin", ["12345", "1234567", "abcdef", "１２３４５６", ""])
def test_a_pin_is_six_digits(supervisor, director, pin):
    device, _token = bind(opened(supervisor, director))
    with pytest.raises(Refused):
        phones.choose_pin(device=device, pin=pin, on=ON)


def test_most_pins_are_left():
    left = sum(not is_trivial_pin(f"{number:06}") for number in range(0, 1_000_000, 7))
    assert left * 7 > 880_000


def test_five_wrong_pins_lock_the_phone_until_it_is_bound_anew(supervisor, director):
    device, _token = bound(supervisor, director)
    for _ in range(RULES.wrong_pins):
        assert use(device, "314159") is None
    assert use(device) is None
    assert TrailEntry.objects.filter(act="lock_phone").count() == 1
    anew, _token = bound(supervisor, director)
    assert use(anew) == director and use(device) is None


def test_a_right_pin_forgets_the_wrong_ones(supervisor, director):
    device, _token = bound(supervisor, director)
    for _ in range(3):
        for _ in range(RULES.wrong_pins - 1):
            assert use(device, "314159") is None
        assert use(device) == director


def test_an_ended_phone_lets_nobody_in_and_signs_out(supervisor, director):
    device, token = bound(supervisor, director)
    begin_sign_in(person=director, way=Way.PIN, browser="", at=AT, on=ON)
    phones.end_device(by=supervisor, number=device.pk, at=AT, on=ON)
    assert use(device) is None and device_with(token) is None
    assert not SignIn.objects.filter(ended_at__isnull=True).exists()


def test_without_the_posting_the_phone_lets_nobody_in(supervisor, director):
    device, _token = bound(supervisor, director)
    posting = director.postings.get()
    end_posting(by=person("security_administrator", "64"), posting=posting, until_on=ON - DAY, on=ON)
    assert use(device) is None


def test_a_director_has_no_password_and_one_that_was_set_opens_nothing(director):
    made, password = open_account(
        by=person("security_administrator", "64"), username="ma-new", name="马和清", organisation="立岗镇",
        role="village_director", prefix=VILLAGE, from_on=ON, until_on=None, on=ON, at=AT,
    )  # fmt: skip
    assert not password and not made.person.has_usable_password()
    director.set_password("a-long-password")
    director.save()
    typed = {"username": director.username, "password": "a-long-password", "source": "10.0.0.1"}
    assert check_password(**typed, at=AT, on=ON) is None


def test_one_hash_whether_the_phone_is_known_or_not(supervisor, director, monkeypatch):
    device, _token = bound(supervisor, director)
    pending, _token = bind(opened(supervisor, director))
    counted = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher, name, lambda *given, real=real, **named: counted.append(1) or real(*given, **named)
        )
    for known in (device, pending, None):
        counted.clear()
        assert use(known, "314159") is None
        assert len(counted) == 1
