"""Second factors: a code and a recovery code are good once; what is lost is reset with a reason and told."""

from base64 import b32decode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import connection

from hutong.accounts.actions import factors
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.passkeys import remove_passkey
from hutong.accounts.actions.sessions import begin_sign_in
from hutong.accounts.actions.signing_in import check_code
from hutong.accounts.models import Notice, Person, SignIn, TrailEntry, Way
from hutong.accounts.sign_ins import factors_of, has_second_factor
from hutong.law.sign_in import sign_in_rules
from tests.factories import ON, passkey, person, posting

AT = datetime(2025, 6, 2, 1, tzinfo=UTC)
STEP = timedelta(seconds=30)
pytestmark = pytest.mark.django_db


@pytest.fixture
def someone():
    made = Person.objects.create_person("wang-qinghe", "王清和", "a-long-password")
    posting(made)
    return made


def secret_of(whom):
    return factors.begin_authenticator(by=whom, name="护童")[0]


def code_of(secret, at=AT):
    padded = secret + "=" * (-len(secret) % 8)
    return TOTP(b32decode(padded), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


def set_up(whom):
    secret = secret_of(whom)
    factors.confirm_authenticator(by=whom, code=code_of(secret), at=AT, on=ON)
    return secret


def check(whom, code, at=AT):
    return check_code(person=whom, code=code, source="10.0.0.1", at=at, on=ON)


def test_an_app_counts_from_its_first_code_on(someone):
    secret = secret_of(someone)
    assert secret_of(someone) == secret
    assert check(someone, code_of(secret)) is None and not has_second_factor(someone)
    with pytest.raises(Refused):
        factors.confirm_authenticator(by=someone, code="000000", at=AT, on=ON)
    factors.confirm_authenticator(by=someone, code=code_of(secret), at=AT, on=ON)
    assert has_second_factor(someone)
    with pytest.raises(Refused):
        secret_of(someone)


def test_the_secret_stands_sealed_in_the_table(someone):
    secret = secret_of(someone)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_authenticator")
        assert b32decode(secret) not in bytes(cursor.fetchone()[0])


def test_a_code_is_good_once_and_for_a_step_to_either_side(someone):
    secret = set_up(someone)
    assert check(someone, code_of(secret)) is None  # it has confirmed the app
    later = AT + 10 * STEP
    assert check(someone, code_of(secret, later - 2 * STEP), later) is None
    assert check(someone, code_of(secret, later - STEP), later) == Way.CODE
    assert check(someone, code_of(secret, later + STEP), later) == Way.CODE
    assert check(someone, code_of(secret, later), later) is None  # earlier than one that was used


def test_wrong_codes_close_the_sign_in_like_wrong_passwords(someone):
    secret = set_up(someone)
    for _ in range(sign_in_rules(ON).attempts.account):
        assert check(someone, "000000", AT + STEP) is None
    assert check(someone, code_of(secret, AT + STEP), AT + STEP) is None
    assert TrailEntry.objects.filter(act="lock_sign_in").exists()


def test_ten_recovery_codes_each_good_once_and_no_longer_than_the_next_ten(someone):
    codes = factors.make_recovery_codes(by=someone, on=ON)
    assert len(set(codes)) == 10
    assert check(someone, codes[0].upper()) == Way.RECOVERY and check(someone, codes[0]) is None
    assert factors_of(someone).codes == 9
    factors.make_recovery_codes(by=someone, on=ON)
    assert check(someone, codes[1]) is None and factors_of(someone).codes == 10
    assert codes[0] not in str(list(TrailEntry.objects.values()))


def test_nobody_uses_the_code_of_another(someone):
    (code, *_rest) = factors.make_recovery_codes(by=someone, on=ON)
    assert check(person("county_officer"), code) is None


def test_the_last_factor_stays(someone):
    set_up(someone)
    with pytest.raises(Refused):
        factors.remove_authenticator(by=someone, at=AT, on=ON)


def test_a_factor_that_changes_ends_every_other_sign_in(someone):
    set_up(someone)
    passkey(someone)
    for act in (
        lambda kept: factors.remove_authenticator(by=someone, kept=kept, at=AT, on=ON),
        lambda kept: factors.confirm_authenticator(
            by=someone, code=code_of(secret_of(someone)), kept=kept, at=AT, on=ON
        ),
        lambda kept: remove_passkey(by=someone, number=someone.passkeys.get().pk, kept=kept, at=AT, on=ON),
    ):
        here, there = (begin_sign_in(person=someone, way=Way.CODE, browser="", at=AT, on=ON) for _ in range(2))
        act(here)
        assert list(SignIn.objects.filter(ended_at__isnull=True)) == [here]
        there.refresh_from_db()
        assert there.ending == "changed"
    with pytest.raises(Refused):
        remove_passkey(by=someone, number=0, at=AT, on=ON) or factors.remove_authenticator(by=someone, at=AT, on=ON)


def test_a_reset_is_told_ends_every_sign_in_and_leads_to_setting_up_anew(someone):
    set_up(someone)
    begin_sign_in(person=someone, way=Way.CODE, browser="", at=AT, on=ON)
    by = person("security_administrator", "64")
    password = factors.reset_factors(by=by, person=someone, reason="lost", on=ON, at=AT)

    someone.refresh_from_db()
    assert someone.check_password(password) and someone.must_change_password
    assert not has_second_factor(someone)
    assert not SignIn.objects.filter(ended_at__isnull=True).exists()
    assert {(notice.kind, notice.recipient, notice.role) for notice in Notice.objects.all()} == {
        ("factors_reset", someone, ""),
        ("factors_reset_of", None, "audit_administrator"),
    }
    assert TrailEntry.objects.get(act="reset_factors").details == {"reason": "lost"}


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_reset_wants_a_reason(someone, reason):
    with pytest.raises(Refused):
        factors.reset_factors(by=person("security_administrator", "64"), person=someone, reason=reason, on=ON, at=AT)


def test_only_the_administrator_of_the_place_resets(someone):
    for by in (person("county_officer"), person("security_administrator", "62")):
        with pytest.raises(NotAllowed):
            factors.reset_factors(by=by, person=someone, reason="lost", on=ON, at=AT)
