"""A file goes from place to place: offered, asked for, taken on, refused; history keeps the place it had."""

from datetime import timedelta

import pytest
from django.db import connection

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Notice, Task, TrailEntry
from hutong.registry.actions.altering import alter
from hutong.registry.actions.changes import Overtaken, read_document
from hutong.registry.actions.closing import close
from hutong.registry.actions.moving import accept_move, look_at_move, offer_move, refuse_move, request_move
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.models import Child, Move
from hutong.registry.queries import visible_to
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    admitted,
    child,
    line,
    person,
    task,
)
from tests.facts import change, move

pytestmark = pytest.mark.usefixtures("in_english")
ADDRESS = "金山村三组 18 号"


@pytest.fixture
def officer(places):
    return person("county_officer")


@pytest.fixture
def neighbour(places):
    return person("county_officer", NEXT_COUNTY)


def offered(by, whose, to_code=VILLAGE_OF_NEXT_COUNTY, **more):
    values = {"reason": "family_moved", "revision": whose.revision, "on": ON} | more
    return offer_move(by=by, child=whose, to_code=to_code, **values)


def asked_for(by, whose, to_code=VILLAGE_OF_NEXT_COUNTY, **more):
    return request_move(by=by, child=whose, to_code=to_code, reason="with_parents", on=ON, **more)


def test_an_offer_waits_at_the_other_place_which_is_not_responsible_yet(officer, neighbour):
    whose = child()

    waiting = offered(officer, whose, words="随父亲去贺兰")

    assert (waiting.stage, waiting.from_code, waiting.words.open()) == ("offered", VILLAGE, "随父亲去贺兰")
    asked = Task.objects.get(kind="receive_child")
    assert (asked.division_code, asked.due_on, asked.values) == (
        VILLAGE_OF_NEXT_COUNTY,
        ON + timedelta(days=5),
        {"move": waiting.pk},
    )
    entry = TrailEntry.objects.get(act="offer_move")
    assert (entry.subject_key, entry.division_code, entry.details) == (whose.file_number, VILLAGE, {"move": waiting.pk})
    assert not visible_to(neighbour, on=ON).exists() and visible_to(officer, on=ON).exists()
    assert look_at_move(by=neighbour, move=waiting, on=ON) == whose
    assert TrailEntry.objects.filter(act="look_at_move", by=neighbour).exists()


def test_who_accepts_becomes_responsible_and_the_former_county_no_longer_sees(officer, neighbour):
    whose = child(address="旧址 1 号")
    before = change(whose)
    task(kind="get_id", subject_kind="child", subject_key=whose.file_number)
    waiting = offered(officer, whose, living_code=VILLAGE_OF_NEXT_COUNTY, address=ADDRESS)

    accept_move(by=neighbour, move=waiting, on=ON)

    now = Child.objects.get()
    assert (now.responsible_code, now.living_code, now.address.open()) == (VILLAGE_OF_NEXT_COUNTY,) * 2 + (ADDRESS,)
    assert now.revision == 2
    assert not visible_to(officer, on=ON).exists() and visible_to(neighbour, on=ON).get() == whose
    done = whose.changes.get(kind="move")
    assert (done.division_code, done.by, done.reason) == (VILLAGE, neighbour, "family_moved")
    assert read_document(done) == (
        {"responsible_division": VILLAGE, "living_division": VILLAGE, "living_address": "旧址 1 号"},
        {
            "responsible_division": VILLAGE_OF_NEXT_COUNTY,
            "living_division": VILLAGE_OF_NEXT_COUNTY,
            "living_address": ADDRESS,
        },
    )
    before.refresh_from_db()
    assert before.division_code == VILLAGE
    assert Task.objects.get(kind="receive_child").outcome == "accepted"
    assert Task.objects.get(kind="get_id").division_code == VILLAGE_OF_NEXT_COUNTY
    assert ADDRESS not in str(list(TrailEntry.objects.values_list("details", flat=True)))
    assert Move.objects.get().decided_by == neighbour


def test_an_old_move_opens_nothing_to_the_former_county(officer, neighbour):
    waiting = offered(officer, child())
    accept_move(by=neighbour, move=waiting, on=ON)
    for stale in (waiting, Move.objects.get()):
        with pytest.raises(Refused, match="decided already"):
            look_at_move(by=officer, move=stale, on=ON)


def test_what_was_refused_is_not_looked_at_any_more(officer, neighbour):
    waiting = asked_for(neighbour, child())
    refuse_move(by=officer, move=waiting, words="孩子仍住本村", on=ON)
    with pytest.raises(Refused):
        look_at_move(by=neighbour, move=waiting, on=ON)


def test_within_ones_own_area_it_is_handed_over_at_once(officer):
    whose = child()

    done = offered(officer, whose, VILLAGE_OF_NEXT_TOWNSHIP)

    assert (done.stage, done.decided_by) == ("accepted", officer)
    assert Child.objects.get().responsible_code == VILLAGE_OF_NEXT_TOWNSHIP
    assert not Task.objects.filter(closed_at__isnull=True).exists()
    assert visible_to(officer, on=ON).exists()


def test_a_township_offers_to_the_next_one_and_does_not_answer_itself(places):
    supervisor = person("township_supervisor", TOWNSHIP)
    waiting = offered(supervisor, child(), VILLAGE_OF_NEXT_TOWNSHIP)
    assert waiting.stage == "offered"
    with pytest.raises(NotAllowed):
        accept_move(by=supervisor, move=waiting, on=ON)


def test_who_asks_gets_the_file_once_the_holding_place_gives_it(officer, neighbour):
    whose = child()

    waiting = asked_for(neighbour, whose, living_code=VILLAGE_OF_NEXT_COUNTY)

    assert Task.objects.get(kind="give_child").division_code == VILLAGE
    assert TrailEntry.objects.get(act="request_move").division_code == VILLAGE_OF_NEXT_COUNTY
    assert Child.objects.get().responsible_code == VILLAGE
    with pytest.raises(NotAllowed):
        accept_move(by=neighbour, move=waiting, on=ON)
    with pytest.raises(NotAllowed):
        accept_move(by=person("county_officer", NEXT_COUNTY), move=waiting, on=ON)
    accept_move(by=officer, move=waiting, on=ON)
    assert Child.objects.get().responsible_code == VILLAGE_OF_NEXT_COUNTY
    assert Task.objects.get(kind="give_child").outcome == "accepted"


def test_who_asked_does_not_answer_even_where_they_may_do_both(places):
    both = person("township_supervisor", TOWNSHIP, NEXT_COUNTY)
    waiting = asked_for(both, child())
    with pytest.raises(Refused, match="other place"):
        accept_move(by=both, move=waiting, on=ON)


@pytest.mark.parametrize(("role", "prefix"), [("approver", COUNTY), ("village_director", VILLAGE), ("payer", COUNTY)])
def test_the_wrong_role_moves_nothing(places, role, prefix):
    whose, wrong = child(), person(role, prefix)
    with pytest.raises(NotAllowed):
        offered(wrong, whose)
    with pytest.raises(NotAllowed):
        accept_move(by=wrong, move=move(whose, from_code=VILLAGE_OF_NEXT_COUNTY, to_code=VILLAGE), on=ON)


def test_the_neighbour_offers_and_refuses_nothing_of_ours(officer, neighbour):
    whose = child()
    with pytest.raises(NotAllowed):
        offered(neighbour, whose)
    waiting = offered(officer, whose, VILLAGE_OF_NEXT_COUNTY)
    with pytest.raises(NotAllowed):
        refuse_move(by=person("county_officer", "640181"), move=waiting, words="不是我处", on=ON)
    with pytest.raises(NotAllowed):
        look_at_move(by=person("county_officer", "640181"), move=waiting, on=ON)
    assert Move.objects.get().stage == "offered"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"to_code": VILLAGE}, "responsible already"),
        ({"to_code": "640122999999"}, "opens as you type"),
        ({"to_code": "640122000000"}, "village or a township"),
        ({"living_code": "640122999999"}, "opens as you type"),
        ({"reason": "died"}, "Choose a reason"),
        ({"words": "长" * 501}, "500"),
    ],
)
def test_what_does_not_fit_is_refused(officer, more, said):
    whose = child()
    with pytest.raises(Refused, match=said):
        offered(officer, whose, **{"to_code": VILLAGE_OF_NEXT_COUNTY} | more)
    assert not Move.objects.exists()


def test_a_closed_file_and_an_overtaken_one_are_not_offered(officer):
    closed = child(closed_on=ON, closed_reason="grown_up", holdings=[])
    with pytest.raises(Refused, match="closed"):
        offered(officer, closed)
    with pytest.raises(Overtaken):
        offered(officer, child(), revision=9)


def test_one_hand_over_waits_at_a_time(officer, neighbour):
    whose = child()
    offered(officer, whose)
    with pytest.raises(Refused, match="waits for an answer"):
        asked_for(neighbour, whose)


def test_a_refusal_says_why_and_leaves_the_child(officer, neighbour):
    whose = child()
    waiting = offered(officer, whose)
    with pytest.raises(Refused, match="few words"):
        refuse_move(by=neighbour, move=waiting, words=" ", on=ON)

    refuse_move(by=neighbour, move=waiting, words="查无此户", on=ON)

    kept = Move.objects.get()
    assert (kept.stage, kept.answer.open(), kept.decided_by) == ("refused", "查无此户", neighbour)
    assert Child.objects.get().responsible_code == VILLAGE
    assert Task.objects.get(kind="receive_child").outcome == "refused"
    with pytest.raises(Refused, match="decided already"):
        accept_move(by=neighbour, move=waiting, on=ON)
    offered(officer, Child.objects.get())


def test_who_offered_takes_it_back(officer):
    waiting = offered(officer, child())
    refuse_move(by=officer, move=waiting, words="不搬了", on=ON)
    assert Move.objects.get().stage == "taken_back"
    assert TrailEntry.objects.filter(act="take_back_move").exists()


def test_a_move_of_a_file_that_went_elsewhere_can_still_be_taken_back(officer, neighbour):
    whose = child()
    waiting = offered(officer, whose)
    Child.objects.update(responsible_code=NEXT_VILLAGE)
    with pytest.raises(Refused, match="another place"):
        accept_move(by=neighbour, move=waiting, on=ON)
    refuse_move(by=officer, move=waiting, words="管辖已变", on=ON)
    assert offered(officer, Child.objects.get()).from_code == NEXT_VILLAGE


def test_no_other_village_becomes_responsible_while_a_hand_over_waits(officer):
    whose = child()
    offered(officer, whose)
    said = {"living_division": VILLAGE_OF_NEXT_TOWNSHIP}
    with pytest.raises(Refused, match="waits for an answer"):
        alter(by=officer, child=whose, values=said, revision=whose.revision, reason="happened", on=ON)
    assert Child.objects.get().living_code == VILLAGE


def test_a_closed_file_takes_its_hand_over_back(officer, neighbour):
    whose = child()
    waiting = offered(officer, whose)

    close(by=officer, child=whose, closed_on=ON, reason="no_longer_fits", revision=whose.revision, on=ON)

    assert Move.objects.get().stage == "taken_back"
    assert Task.objects.get(kind="receive_child").closed_at
    with pytest.raises(Refused, match="decided already"):
        accept_move(by=neighbour, move=waiting, on=ON)


def test_whoever_asked_hears_the_answer_and_of_a_closed_file_that_it_is_taken_back(officer, neighbour):
    given, closed = child(), child()
    for whose in (given, closed):
        asked_for(neighbour, whose)
    accept_move(by=officer, move=given.moves.get(), on=ON)
    close(by=officer, child=closed, closed_on=ON, reason="died", revision=closed.revision, on=ON)
    told = sorted(Notice.objects.values_list("kind", "recipient"))
    assert told == [("move_accepted", neighbour.pk), ("move_taken_back", neighbour.pk)]


@pytest.mark.parametrize("answer", ["waits", "refused"])
def test_an_import_is_not_withdrawn_over_a_hand_over(officer, neighbour, answer):
    batch = admitted([line()])
    waiting = offered(officer, Child.objects.get())
    if answer == "refused":
        refuse_move(by=neighbour, move=waiting, words="查无此户", on=ON)
    assert withdraw(by=person("approver"), batch=batch, on=ON) == {"removed": 0, "restored": 0, "left": 1}
    connection.check_constraints()
    assert Move.objects.get().child == Child.objects.get()


def test_a_changed_row_is_still_taken_back_whatever_happened_before(officer):
    whose = child()
    change(whose), move(whose, stage="refused")
    row = line(id_number=whose.id_number.open(), name=whose.name, guardian_phone="13900000009")
    batch = admitted([row], only=("changed",))
    assert withdraw(by=person("approver"), batch=batch, on=ON) == {"removed": 0, "restored": 1, "left": 0}


def test_a_closed_file_is_asked_for_and_comes_closed(officer, neighbour):
    whose = child()
    close(by=officer, child=whose, closed_on=ON, reason="moved_out", revision=whose.revision, on=ON)

    accept_move(by=officer, move=asked_for(neighbour, whose), on=ON)

    whose.refresh_from_db()
    assert (whose.responsible_code, whose.closed_reason) == (VILLAGE_OF_NEXT_COUNTY, "moved_out")
