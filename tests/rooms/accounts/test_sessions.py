"""Sign-ins: what ends them, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from hutong.accounts.actions.people import choose_password, close_account, renew_password
from hutong.accounts.actions.postings import end_posting
from hutong.accounts.actions.sessions import begin_sign_in, end_others, end_sign_in, keep_sign_in, prove_anew
from hutong.accounts.models import Ending, Person, TrailEntry, Way
from hutong.accounts.sign_ins import is_fresh, sign_ins_of
from hutong.law.sign_in import sign_in_rules
from tests.factories import ON, person, posting

AT = datetime(2025, 6, 2, 1, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
RULES = sign_in_rules(ON)
pytestmark = pytest.mark.django_db


def begin(whom, at=AT, way=Way.CODE):
    return begin_sign_in(person=whom, way=way, browser="Edge, Windows", at=at, on=ON)


def keep(sign_in, at=AT, on=ON):
    return keep_sign_in(person=Person.objects.get(pk=sign_in.person_id), number=sign_in.pk, at=at, on=on)


def ended(sign_in):
    sign_in.refresh_from_db()
    return sign_in.ending


@pytest.mark.parametrize("role", ["county_officer", "finance", "security_administrator", "village_director"])
def test_a_sign_in_ends_by_idleness_and_by_age_as_its_role_has_it(role):
    whom = person(role)
    limits = RULES.limits([role])
    idle, old = begin(whom), begin(whom)
    assert keep(idle, AT + limits.idle - SECOND)
    assert keep(idle, AT + 2 * limits.idle - SECOND) is None and ended(idle) == Ending.IDLE
    at = AT
    while at + limits.idle < AT + limits.whole:
        at += limits.idle - SECOND
        assert bool(keep(old, at)) == (at < AT + limits.whole)
    assert keep(old, AT + limits.whole) is None and ended(old) == Ending.OLD


def test_of_two_roles_the_stricter_counts():
    mixed = RULES.limits(["county_officer", "finance"])
    assert mixed.idle == RULES.limits(["finance"]).idle < RULES.limits(["county_officer"]).idle
    assert mixed.whole == RULES.limits(["finance"]).whole


def test_in_the_demonstration_no_time_ends_it_and_it_is_always_fresh():
    whom = person("county_officer", is_demonstration=True)
    sign_in = begin(whom)
    assert keep(sign_in, AT + 20 * DAY)
    assert is_fresh(sign_in, whom, at=AT + 20 * DAY, on=ON)


def test_a_posting_that_ends_signs_out_at_the_next_request():
    whom = person("county_officer")
    sign_in = begin(whom)
    by = person("security_administrator", "64")
    end_posting(by=by, posting=whom.postings.get(), until_on=ON, on=ON)
    assert keep(sign_in)
    assert keep(sign_in, on=ON + DAY) is None and ended(sign_in) == Ending.POSTING


def test_a_posting_that_begins_signs_nobody_out():
    sign_in = begin(person("county_officer"))
    posting(sign_in.person, "psychologist")
    assert keep(sign_in)


@pytest.mark.parametrize(
    ("act", "ending"),
    [
        (lambda by, whom: renew_password(by=by, person=whom, on=ON, at=AT), Ending.CHANGED),
        (lambda by, whom: close_account(by=by, person=whom, reason="left", on=ON, at=AT), Ending.CLOSED),
    ],
)
def test_what_an_administrator_changes_ends_every_sign_in(act, ending):
    whom = person("county_officer")
    sign_ins = [begin(whom), begin(whom)]
    act(person("security_administrator", "64"), whom)
    assert [(keep(one), ended(one)) for one in sign_ins] == [(None, ending)] * 2


def test_a_new_password_of_ones_own_keeps_this_sign_in_and_ends_the_others():
    whom = person("county_officer")
    here, there = begin(whom), begin(whom)
    choose_password(by=whom, password="a-quiet-long-word", kept=here, on=ON, at=AT)
    assert keep(here) and not keep(there)


def test_the_others_are_ended_and_nobody_elses():
    whom, other = person("county_officer"), begin(person("county_officer"))
    here, there = begin(whom), begin(whom)
    begin(whom, at=AT - DAY)
    assert {one.pk for one in sign_ins_of(whom, at=AT, on=ON)} == {here.pk, there.pk}
    assert end_others(by=whom, kept=here, at=AT, on=ON) == 2
    assert keep(here) and not keep(there) and keep(other)


def test_who_has_signed_out_is_out_and_nobody_takes_the_sign_in_of_another():
    sign_in = begin(person("county_officer"))
    assert keep_sign_in(person=person("county_officer"), number=sign_in.pk, at=AT, on=ON) is None
    end_sign_in(sign_in=sign_in, at=AT, on=ON)
    assert keep(sign_in) is None
    assert list(TrailEntry.objects.order_by("id").values_list("act", flat=True)) == ["sign_in", "sign_out"]


def test_a_proof_covers_ten_minutes_and_is_renewed():
    whom = person("county_officer")
    sign_in, later = begin(whom), AT + RULES.fresh
    assert is_fresh(sign_in, whom, at=later - SECOND, on=ON) and not is_fresh(sign_in, whom, at=later, on=ON)
    prove_anew(sign_in=sign_in, way=Way.CODE, at=later, on=ON)
    assert is_fresh(sign_in, whom, at=later, on=ON)
