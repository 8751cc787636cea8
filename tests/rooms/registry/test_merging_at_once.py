"""Two people join, part or change the same files at the same moment: one act stands, and the links stay whole."""

import pytest

from hutong.accounts.models import TrailEntry
from hutong.registry.actions.altering import alter
from hutong.registry.actions.comparing import say_different
from hutong.registry.actions.holding import begin_holding
from hutong.registry.actions.merging import confirm_merge, propose_merge, refuse_merge, undo_merge
from hutong.registry.actions.moving import offer_move
from hutong.registry.models import Change, Child, Merge, Move
from tests.factories import ON, VILLAGE_OF_NEXT_COUNTY, child, nearby_places, person
from tests.facts import joined_to, merge_proposed, pair_of
from tests.rooms.registry.test_at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_database", "in_english")
ROUNDS = 5
TWINS = {"reason": "twins", "on": ON}


def roots_follow_from_links() -> bool:
    """Whether each file leads where its open links lead."""
    above = dict(Merge.objects.filter(stage="done").values_list("joined", "leading"))

    def root(one: int) -> int:
        return root(above[one]) if one in above else one

    return all((led or one) == root(one) for one, led in Child.objects.values_list("pk", "canonical"))


def test_of_two_people_who_confirm_a_merge_one_does():
    merge, approvers = merge_proposed(child(), child()), (person("approver"), person("approver"))

    outcomes = at_once(*(lambda by=by: confirm_merge(by=by, merge=merge, on=ON) for by in approvers))

    assert outcomes == ["done", "refused"]
    assert TrailEntry.objects.filter(act="confirm_merge").count() == 2  # one for each file
    assert roots_follow_from_links()


def test_a_confirmation_and_a_refusal_of_a_merge_are_one_decision():
    merge, first, second = merge_proposed(child(), child()), person("approver"), person("approver")

    outcomes = at_once(
        lambda: confirm_merge(by=first, merge=merge, on=ON),
        lambda: refuse_merge(by=second, merge=merge, words="不", on=ON),
    )

    assert outcomes == ["done", "refused"]
    assert Child.objects.filter(canonical__isnull=False).exists() == (Merge.objects.get().stage == "done")


def test_same_and_different_are_one_answer():
    pair = pair_of(child(), child())
    officers = person("county_officer"), person("county_officer")
    same = {"leading": pair.first.file_number, "reason": "entered_twice", "on": ON}
    same |= {"words": "两份档案都已核对", "has_compared": True}

    outcomes = at_once(
        lambda: propose_merge(by=officers[0], pair=pair, **same),
        lambda: say_different(by=officers[1], pair=pair, **TWINS),
    )

    assert outcomes == ["done", "refused"]
    pair.refresh_from_db()
    assert (pair.state == "waiting") == Merge.objects.exists()


def test_of_two_people_who_undo_a_merge_one_does():
    merge, officers = joined_to(child(), child()), (person("county_officer"), person("approver"))

    outcomes = at_once(*(lambda by=by: undo_merge(by=by, merge=merge, **TWINS) for by in officers))

    assert outcomes == ["done", "refused"]
    assert not Child.objects.filter(canonical__isnull=False).exists()


def test_a_chain_is_joined_above_while_it_is_parted_below():
    for _round in range(ROUNDS):
        low, middle, high = child(), child(), child()
        below, above = joined_to(middle, low), merge_proposed(high, middle)
        officer, approver = person("county_officer"), person("approver")

        outcomes = at_once(
            lambda by=officer, merge=below: undo_merge(by=by, merge=merge, **TWINS),
            lambda by=approver, merge=above: confirm_merge(by=by, merge=merge, on=ON),
        )

        assert outcomes == ["done", "done"]
        assert roots_follow_from_links()


def test_two_links_of_one_chain_are_made_at_one_moment():
    for _round in range(ROUNDS):
        low, middle, high = child(), child(), child()
        merges = merge_proposed(middle, low), merge_proposed(high, middle)
        approvers = person("approver"), person("approver")

        outcomes = at_once(
            *(
                lambda by=by, merge=merge: confirm_merge(by=by, merge=merge, on=ON)
                for by, merge in zip(approvers, merges, strict=True)
            )
        )

        assert set(outcomes) <= {"done", "refused"} and "done" in outcomes
        assert roots_follow_from_links()


def test_a_proposal_on_a_file_that_is_being_joined_is_not_lost_from_sight():
    said = {"category": "de_facto", "from_on": ON, "revision": 1, "reason": "happened", "on": ON}
    for _round in range(ROUNDS):
        leading, joined = child(holdings=[]), child(holdings=[])
        merge, officer, approver = merge_proposed(leading, joined), person("county_officer"), person("approver")

        outcomes = at_once(
            lambda by=officer, whose=joined: begin_holding(by=by, child=whose, **said),
            lambda by=approver, merge=merge: confirm_merge(by=by, merge=merge, on=ON),
        )

        assert outcomes == ["done", "refused"]
        is_joined = Child.objects.filter(pk=joined.pk, canonical__isnull=False).exists()
        assert is_joined != Change.objects.filter(child=joined, stage="proposed").exists()


def test_a_file_is_not_offered_away_while_it_is_being_joined():
    nearby_places()
    said = {"to_code": VILLAGE_OF_NEXT_COUNTY, "reason": "family_moved", "revision": 1, "on": ON}
    for _round in range(ROUNDS):
        leading, joined = child(), child()
        merge, officer, approver = merge_proposed(leading, joined), person("county_officer"), person("approver")

        outcomes = at_once(
            lambda by=officer, whose=joined: offer_move(by=by, child=whose, **said),
            lambda by=approver, merge=merge: confirm_merge(by=by, merge=merge, on=ON),
        )

        assert outcomes == ["done", "refused"]
        is_joined = Child.objects.filter(pk=joined.pk, canonical__isnull=False).exists()
        assert is_joined != Move.objects.filter(child=joined).exists()


def test_a_correction_of_a_file_that_is_being_joined_stands_or_is_refused():
    for _round in range(ROUNDS):
        leading, joined = child(), child()
        merge, officer, approver = merge_proposed(leading, joined), person("county_officer"), person("approver")

        outcomes = at_once(
            lambda by=officer, whose=joined: alter(
                by=by, child=whose, values={"name": "柳新名"}, revision=1, reason="corrected", on=ON
            ),
            lambda by=approver, merge=merge: confirm_merge(by=by, merge=merge, on=ON),
        )

        joined.refresh_from_db()
        assert "done" in outcomes and set(outcomes) <= {"done", "refused"}
        assert joined.canonical_id == leading.pk
        assert (joined.name == "柳新名") == (outcomes == ["done", "done"])
