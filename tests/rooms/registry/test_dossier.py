"""Reads around one child: what holds first, what is sensitive only where it may be shown, nothing of a neighbour."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hutong.accounts.models import Person
from hutong.registry import dossier
from hutong.registry.intake.judge import id_index
from hutong.registry.models import Move
from tests.factories import (
    NEXT_COUNTY,
    ON,
    TOWNSHIP,
    VILLAGE_OF_NEXT_COUNTY,
    child,
    guardian_of,
    holding,
    id_number,
    person,
)
from tests.facts import aid, change, circumstance, disability, health, household, member, move, parent, study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


def test_the_family_shows_what_holds_first_and_circumstances_only_where_they_may_be_shown():
    whose = child()
    old = guardian_of(whose, guardian_name="柳大山", from_on=date(2020, 1, 1), until_on=date(2020, 12, 31))
    mother, father = parent(whose, until_on=ON), parent(whose, "father")
    prison = circumstance(father)

    seen, hidden = dossier.family(whose, sensitive=True), dossier.family(whose, sensitive=False)

    assert [one.pk for one in seen.guardians][-1] == old.pk and seen.parents == [father, mother]
    assert list(seen.parents[0].circumstances.all()) == [prison]
    assert [list(one.circumstances.all()) for one in hidden.parents] == [[], []]
    assert seen.household == []


def test_a_household_is_whoever_is_there_now():
    whose, sister, together = child(), child(), household()
    member(together, child=whose), member(together, child=sister)
    member(together, until_on=ON, from_on=ON), member(household(), child=child())
    here = dossier.household(whose)
    assert {one.child for one in here} == {whose, sister}
    assert dossier.member_of(whose, here[1].pk) == here[1]
    assert dossier.member_of(child(), here[1].pk) is None


def test_siblings_are_found_by_the_household_and_by_a_parents_number_alone():
    officer, number = person("county_officer"), id_number()
    known = {"id_number": number, "id_index": id_index(number)}
    whose, near, far = child(), child(), child(living_code=VILLAGE_OF_NEXT_COUNTY)
    gone, namesake, housemate = child(closed_on=ON, closed_reason="died"), child(), child()
    for one in (whose, near, far, gone):
        parent(one, **known)
    parent(namesake)
    together = household()
    member(together, child=whose), member(together, child=housemate)

    assert {one.pk for one in dossier.siblings(officer, whose, on=ON)} == {near.pk, housemate.pk}
    assert dossier.siblings(person("county_officer", NEXT_COUNTY), whose, on=ON) == [far]
    assert [other.child for other in dossier.siblings_parents(whose.parent_set.get())] == [near, far]
    assert dossier.siblings_parents(namesake.parent_set.get()) == []


def test_life_tells_by_class_and_never_what_is_secret():
    whose = child()
    health(whose, sensitivity="ordinary"), health(whose), health(whose, sensitivity="secret", kind="other")
    disability(whose), circumstance(parent(whose)), study(whose), aid(whose)

    seen, hidden = dossier.life(whose, sensitive=True), dossier.life(whose, sensitive=False)

    assert [one.kind for one in seen.circumstances] == ["disability"] and hidden.circumstances == []
    assert sorted(one.sensitivity for one in seen.health) == ["ordinary", "sensitive"]
    assert [one.sensitivity for one in hidden.health] == ["ordinary"]
    assert len(seen.study) == len(hidden.study) == len(seen.aid) == len(hidden.aid) == 1


def test_one_fact_is_found_by_its_child_its_noun_and_its_class():
    whose, other = child(), child()
    prison, secret = circumstance(parent(whose)), health(whose, sensitivity="secret", kind="other")
    allergy, school = health(whose), study(whose)

    def found(noun, fact, of=whose, sensitive=True):
        return dossier.fact_of(of, noun, fact.pk, sensitive=sensitive)

    assert [found("circumstance", prison), found("health", allergy), found("study", school)] == [
        prison,
        allergy,
        school,
    ]
    assert found("circumstance", prison, sensitive=False) is None and found("health", allergy, sensitive=False) is None
    assert found("health", secret) is None
    assert found("study", school, other) is None and found("nothing", school) is None
    assert dossier.parent_of(whose, prison.parent.pk) and dossier.parent_of(other, prison.parent.pk) is None
    written = change(whose)
    assert dossier.change_of(whose, written.pk) and dossier.change_of(other, written.pk) is None
    held = whose.holdings.get()
    assert dossier.holding_of(whose, held.pk) and dossier.holding_of(other, held.pk) is None


def test_holdings_that_are_open_come_first():
    whose = child(holdings=[])
    ended, older, newer = (
        holding(whose, "migrant", until_on=ON),
        holding(whose, "dibao"),
        holding(whose, "tekun", from_on=ON),
    )
    assert dossier.holdings(whose) == [newer, older, ended]


@pytest.mark.parametrize(
    "column",
    ["circumstance.kind", "circumstance.until_on", "circumstance.note", "circumstance.grade", "health.kind",
     "health.words", "health.from_on"],
)  # fmt: skip
def test_changes_of_sensitive_parts_are_shown_by_right(column):
    whose = child()
    plain, sensitive, sealed = change(whose), change(whose, columns=[column]), change(whose, columns=["sealed"])
    assert set(dossier.changes(whose, sensitive=False)) == {plain}
    assert set(dossier.changes(whose, sensitive=True)) == {plain, sensitive}
    assert set(dossier.changes(whose, sensitive=True, sealed=True)) == {plain, sensitive, sealed}


def test_what_waits_is_found_and_what_is_decided_is_not():
    whose = child()
    assert dossier.proposal(whose) is None and dossier.open_move(whose) is None
    change(whose, stage="refused"), move(whose, stage="refused")
    waits, moving = change(whose, stage="proposed"), move(whose)
    assert (dossier.proposal(whose), dossier.open_move(whose)) == (waits, moving)
    assert list(dossier.waiting(Move.objects.all())) == [moving]


def seen_by(user: Person) -> list[Move]:
    return list(dossier.moves(user, on=ON))


def test_moves_are_seen_at_both_ends_and_nowhere_else():
    one = move(child())
    for user in (person("county_officer"), person("county_officer", NEXT_COUNTY)):
        assert seen_by(user) == [one] and dossier.move_with_number(user, one.pk, on=ON) == one
    for user in (person("county_officer", "640181"), person("approver"), person("township_supervisor", "640122101")):
        assert seen_by(user) == [] and dossier.move_with_number(user, one.pk, on=ON) is None
    assert seen_by(person("township_supervisor", TOWNSHIP)) == [one]


def test_the_timeline_holds_all_that_has_a_day_the_latest_first():
    whose = child()
    study(whose), aid(whose), circumstance(parent(whose))
    change(whose, kind="close", reason="moved_out"), change(whose, kind="close", stage="refused")
    move(whose, stage="accepted", decided_at=timezone.now(), decided_by=person())

    events = dossier.timeline(whose, sensitive=True)

    codes = [event.code for event in events]
    assert sorted(codes) == sorted(
        ["born", "registered", "category_from", "guardian_from", "study_from", "aid_from", "circumstance_from",
         "file_close", "file_move"]
    )  # fmt: skip
    assert [event.on for event in events] == sorted((event.on for event in events), reverse=True)
    plain = dossier.timeline(whose, sensitive=False)
    assert [event.code for event in plain] == [code for code in codes if code != "circumstance_from"]
