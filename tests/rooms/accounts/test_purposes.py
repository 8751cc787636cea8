"""Saying what a child's closed parts are opened for."""

from datetime import UTC, datetime, timedelta

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.models import Purpose, TrailEntry
from hutong.accounts.queries import active_purpose
from tests.factories import COUNTY, NEXT_COUNTY, ON, VILLAGE, grant, person

AT = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def state(by, **more):
    values = {
        "scope_kind": "child", "scope_key": "64-0000-0001-K", "division_code": VILLAGE,
        "reason": "visit", "words": "", "on": ON, "at": AT,
    }  # fmt: skip
    return state_purpose(by=by, **values | more)


def test_a_purpose_covers_a_task_for_fifteen_minutes():
    officer = person("county_officer")
    stated = state(officer)
    moments = (AT, AT + timedelta(minutes=14, seconds=59), AT + timedelta(minutes=15), AT - timedelta(seconds=1))
    held = [active_purpose(officer, "child", "64-0000-0001-K", at=at) for at in moments]
    assert held == [stated, stated, None, None]
    assert active_purpose(person("county_officer"), "child", "64-0000-0001-K", at=AT) is None
    assert active_purpose(officer, "child", "64-0000-0002-K", at=AT) is None


def test_the_words_are_sealed_and_the_trail_only_refers_to_them():
    stated = state(person("county_officer"), reason="other", words="  核对信访来信  ")
    stated.refresh_from_db()
    entry = TrailEntry.objects.get(act="state_purpose")
    assert stated.words.open() == "核对信访来信" and "信访" not in str(stated.words)
    assert entry.details == {"reason": "other", "purpose": stated.pk}
    assert (entry.subject_key, entry.division_code) == ("64-0000-0001-K", VILLAGE)


@pytest.mark.parametrize(
    "said", [{"reason": "curiosity"}, {"reason": "other", "words": " 查 "}, {"words": "长" * 201}], ids=str
)
def test_a_purpose_that_says_nothing_is_refused(said):
    with pytest.raises(Refused):
        state(person("county_officer"), **said)
    assert not Purpose.objects.exists() and not TrailEntry.objects.exists()


@pytest.mark.parametrize(("role", "place"), [("county_officer", NEXT_COUNTY), ("finance", COUNTY), ("auditor", "64")])
def test_whoever_does_not_see_the_child_states_no_purpose(role, place):
    with pytest.raises(NotAllowed):
        state(person(role, place))


def test_overseers_and_whoever_was_granted_the_child_state_one():
    granted = person("institution_staff")
    grant(granted, "64-0000-0001-K")
    assert state(granted).person == granted
    assert state(person("region_officer", "64")).reason == "visit"
