"""Two people do something to one child at the same moment, in two connections: each time one act stands."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import TrailEntry
from hutong.registry.actions.altering import alter
from hutong.registry.actions.deciding import confirm, refuse
from hutong.registry.actions.enrolling import enrol
from hutong.registry.actions.facts import record_fact
from hutong.registry.actions.holding import begin_holding
from hutong.registry.actions.moving import offer_move, request_move
from hutong.registry.intake.judge import id_index
from hutong.registry.models import Change, Child, Circumstance, Move
from tests.factories import (
    NEXT_COUNTY,
    ON,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    id_number,
    line,
    nearby_places,
    person,
)
from tests.facts import parent

pytestmark = pytest.mark.usefixtures("committed_database", "in_english")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each: `done` or `refused`, sorted; any other end is named by its kind."""
    outcomes: list[str] = []
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait(timeout=20)
        try:
            act()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(outcomes)


def proposed(whose: Child) -> Change:
    return begin_holding(
        by=person("county_officer"), child=whose, category="de_facto", from_on=ON, revision=1, reason="happened", on=ON
    )


def test_of_two_people_who_confirm_one_does():
    whose, approvers = child(holdings=[]), (person("approver"), person("approver"))
    change = proposed(whose)

    outcomes = at_once(*(lambda by=by: confirm(by=by, change=change, on=ON) for by in approvers))

    assert outcomes == ["done", "refused"]
    assert (whose.holdings.count(), Child.objects.get().revision) == (1, 3)
    assert TrailEntry.objects.filter(act="confirm_change").count() == 1


def test_a_confirmation_and_a_refusal_are_one_decision():
    whose, first, second = child(holdings=[]), person("approver"), person("approver")
    change = proposed(whose)

    outcomes = at_once(
        lambda: confirm(by=first, change=change, on=ON), lambda: refuse(by=second, change=change, words="不", on=ON)
    )

    assert outcomes == ["done", "refused"]
    assert whose.holdings.exists() == (Change.objects.get().stage == "done")


def test_of_two_proposals_one_waits():
    whose = child(holdings=[])

    def propose(category: str) -> Change:
        return begin_holding(
            by=person("county_officer"), child=whose, category=category, from_on=ON, revision=1, reason="happened",
            on=ON,
        )  # fmt: skip

    assert at_once(lambda: propose("de_facto"), lambda: propose("orphan_kin")) == ["done", "refused"]
    assert Change.objects.get().stage == "proposed"


def test_an_offer_and_a_request_are_one_move():
    nearby_places()
    ours, theirs, whose = person("county_officer"), person("county_officer", NEXT_COUNTY), child()
    said = {"child": whose, "to_code": VILLAGE_OF_NEXT_COUNTY, "reason": "family_moved", "on": ON}

    outcomes = at_once(lambda: offer_move(by=ours, revision=1, **said), lambda: request_move(by=theirs, **said))

    assert (outcomes, Move.objects.count()) == (["done", "refused"], 1)


def test_of_two_moves_to_two_places_one_happens():
    nearby_places()
    officers, whose = (person("county_officer"), person("county_officer")), child()
    places = (VILLAGE_OF_NEXT_TOWNSHIP, "640122100201")
    said = {"child": whose, "reason": "family_moved", "revision": 1, "on": ON}

    outcomes = at_once(
        *(
            lambda by=by, place=place: offer_move(by=by, to_code=place, **said)
            for by, place in zip(officers, places, strict=True)
        )
    )

    assert (outcomes, Change.objects.filter(kind="move").count()) == (["done", "refused"], 1)


def test_of_two_who_alter_one_is_overtaken_and_two_children_never_get_one_number():
    nearby_places()
    officers, whose, other, number = [person("county_officer") for _ in range(2)], child(), child(), id_number()

    def act(by, which: Child, **values: str) -> Callable[[], Change]:
        return lambda: alter(by=by, child=which, values=values, revision=1, reason="corrected", on=ON)

    addresses = (act(by, whose, living_address=f"{at} 号") for at, by in enumerate(officers))
    assert at_once(*addresses) == ["done", "refused"]
    Child.objects.update(revision=1)
    assert at_once(*(act(by, one, id_number=number) for by, one in zip(officers, (whose, other), strict=True))) == [
        "done",
        "refused",
    ]
    assert Child.objects.filter(id_index=id_index(number)).count() == 1


def test_of_two_who_enter_one_child_one_does():
    nearby_places()
    said, officers = line(), (person("county_officer"), person("county_officer"))
    assert at_once(*(lambda by=by: enrol(by=by, values=said, on=ON) for by in officers)) == ["done", "refused"]
    assert Child.objects.count() == 1


def test_two_officers_who_record_with_brother_and_sister_do_not_wait_for_each_other_for_ever():
    number = id_number()
    fathers = [parent(child(), "father", id_number=number, id_index=id_index(number)) for _ in range(2)]

    def dead(father) -> Callable[[], object]:
        values = {"kind": "dead", "parent": father, "from_on": ON}
        officer = person("county_officer")
        return lambda: record_fact(
            by=officer, child=father.child, noun="circumstance", values=values, revision=1, reason="happened", on=ON,
            with_siblings=True,
        )  # fmt: skip

    outcomes = at_once(*map(dead, fathers))

    assert outcomes == ["done", "refused"]
    assert Circumstance.objects.count() == 2
