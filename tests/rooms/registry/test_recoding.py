"""Children follow a recode of their place; batches, trail and what is closed keep the code they had."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hutong.accounts.actions.divisions import recode_division
from hutong.accounts.actions.guard import NotAllowed
from hutong.accounts.models import Person, Task, TrailEntry
from hutong.accounts.queries import open_tasks
from hutong.law.changes import LEAVING
from hutong.law.division_code import full
from hutong.registry.actions.admission import admit
from hutong.registry.actions.moving import accept_move, offer_move
from hutong.registry.actions.recoding import Followed, follow_recode
from hutong.registry.models import Child, Household, Move
from hutong.registry.queries import batches, visible_to
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_ANOTHER_PROVINCE,
    VILLAGE_OF_NEXT_COUNTY,
    child,
    judged,
    line,
    person,
    task,
)

pytestmark = pytest.mark.usefixtures("divisions")
NEW_TOWNSHIP, HALF, OTHER_HALF = "640122190", "640122100290", "640122100291"
MOVED = NEW_TOWNSHIP + "200"


def admin() -> Person:
    return person("system_administrator", "64")


def recode(before: str, after: str, **more: object) -> None:
    values = {"effective_on": ON, "document": "宁民发〔2025〕9号", "on": ON} | more
    recode_division(by=admin(), from_code=full(before), to_code=full(after), **values)


def codes(one: Child) -> tuple[str, str, str, int]:
    one.refresh_from_db()
    return one.responsible_code, one.living_code, one.registered_code, one.revision


def test_each_of_the_three_codes_follows():
    here = child(registered_code=VILLAGE)
    lives = child(responsible_code=NEXT_VILLAGE, registered_code=VILLAGE_OF_ANOTHER_PROVINCE)
    registered = child(living_code=VILLAGE_OF_NEXT_COUNTY, registered_code=VILLAGE)
    recode(VILLAGE, HALF)

    assert follow_recode(by=admin(), on=ON) == Followed(3, 0, [])

    assert codes(here) == (HALF, HALF, HALF, 2)
    assert codes(lives) == (NEXT_VILLAGE, HALF, VILLAGE_OF_ANOTHER_PROVINCE, 2)
    assert codes(registered) == (VILLAGE_OF_NEXT_COUNTY, VILLAGE_OF_NEXT_COUNTY, HALF, 2)


def test_each_child_has_its_entry_and_the_whole_has_one():
    children = [child(), child()]
    recode(TOWNSHIP, NEW_TOWNSHIP)
    by = admin()
    follow_recode(by=by, on=ON)

    entries = TrailEntry.objects.filter(act="recode_child")
    assert {entry.subject_key for entry in entries} == {one.file_number for one in children}
    assert {(entry.division_code, entry.by) for entry in entries} == {(MOVED, by)}
    assert TrailEntry.objects.get(act="follow_recode").details == {"children": 2, "tasks": 0, "split": []}


def test_following_again_changes_nothing():
    one = child()
    recode(VILLAGE, HALF), follow_recode(by=admin(), on=ON)
    assert follow_recode(by=admin(), on=ON) == Followed(0, 0, [])
    assert codes(one)[3] == 2
    assert TrailEntry.objects.filter(act="follow_recode").count() == 1


def test_a_recode_is_followed_once_it_holds():
    one = child()
    recode(VILLAGE, HALF, effective_on=ON + timedelta(days=1))
    assert follow_recode(by=admin(), on=ON).children == 0
    assert follow_recode(by=admin(), on=ON + timedelta(days=1)).children == 1
    assert codes(one)[0] == HALF


def test_a_chain_is_followed_to_its_end_and_others_stay():
    one, other = child(), child(living_code=NEXT_VILLAGE)
    recode(VILLAGE, HALF), recode(HALF, OTHER_HALF, effective_on=ON + timedelta(days=1))
    follow_recode(by=admin(), on=ON + timedelta(days=1))
    assert (codes(one)[0], codes(other)[0], codes(other)[3]) == (OTHER_HALF, NEXT_VILLAGE, 1)


def test_open_tasks_follow_and_closed_ones_stay():
    waiting = task(division_code=VILLAGE)
    done = task(division_code=VILLAGE, closed_at=timezone.now(), outcome="done", closed_by=person())
    recode(TOWNSHIP, NEW_TOWNSHIP)
    assert follow_recode(by=admin(), on=ON).tasks == 1
    waiting.refresh_from_db(), done.refresh_from_db()
    assert (waiting.division_code, done.division_code) == (MOVED, VILLAGE)


def test_a_batch_keeps_its_code_and_is_seen_by_who_is_posted_to_the_new_one():
    batch = judged([line()], by=person("township_supervisor", TOWNSHIP), division=TOWNSHIP)
    recode(TOWNSHIP, NEW_TOWNSHIP), follow_recode(by=admin(), on=ON)
    batch.refresh_from_db()
    assert batch.division_code == full(TOWNSHIP)
    assert list(batches(person("township_supervisor", NEW_TOWNSHIP), on=ON)) == [batch]
    assert not batches(person("township_supervisor", "640122101"), on=ON).exists()
    assert not batches(person("county_officer", NEXT_COUNTY), on=ON).exists()


def test_between_recode_and_following_no_child_is_out_of_sight():
    one = child()
    recode(TOWNSHIP, NEW_TOWNSHIP)
    for role, prefix in (
        ("township_supervisor", NEW_TOWNSHIP),
        ("village_director", MOVED),
        ("county_officer", COUNTY),
    ):
        assert list(visible_to(person(role, prefix), on=ON)) == [one], role


def test_a_split_place_asks_the_township_and_leaves_its_children():
    one, supervisor = child(), person("township_supervisor", TOWNSHIP)
    recode(VILLAGE, HALF), recode(VILLAGE, OTHER_HALF)

    assert follow_recode(by=admin(), on=ON) == Followed(0, 0, [VILLAGE])

    asked = Task.objects.get(kind="split_place")
    assert (asked.subject_kind, asked.subject_key, asked.values) == ("division", VILLAGE, {"children": 1})
    assert list(open_tasks(supervisor, on=ON)) == [asked]
    assert codes(one) == (VILLAGE, VILLAGE, "", 1)


def test_the_task_is_done_once_no_child_is_left():
    one = child()
    recode(VILLAGE, HALF), recode(VILLAGE, OTHER_HALF)
    follow_recode(by=admin(), on=ON)
    Child.objects.filter(pk=one.pk).update(responsible_code=HALF)
    assert follow_recode(by=admin(), on=ON).split == []
    assert Task.objects.get(kind="split_place").outcome == "assigned"


@pytest.mark.parametrize("role", ["county_officer", "approver", "security_administrator", "region_officer"])
def test_nobody_else_lets_children_follow(role):
    one = child()
    recode(VILLAGE, HALF)
    with pytest.raises(NotAllowed):
        follow_recode(by=person(role, "64"), on=ON)
    assert codes(one)[0] == VILLAGE


def test_it_asks_as_much_for_many_as_for_one(django_assert_max_num_queries):
    for _ in range(30):
        child()
    recode(TOWNSHIP, NEW_TOWNSHIP)
    by = admin()
    with django_assert_max_num_queries(15):
        assert follow_recode(by=by, on=ON).children == 30


def test_a_batch_checked_before_is_admitted_after_and_its_children_follow():
    batch = judged([line()], by=person("township_supervisor", TOWNSHIP), division=TOWNSHIP)
    approver = person("approver")
    recode(TOWNSHIP, NEW_TOWNSHIP), follow_recode(by=admin(), on=ON)

    assert admit(by=approver, batch=batch, on=ON) == 1
    assert follow_recode(by=admin(), on=ON).children == 1
    assert Child.objects.get().responsible_code == MOVED


def test_a_batch_of_a_recoded_county_is_admitted_by_who_goes_on_there():
    batch, approver = judged([line()], by=person("county_officer")), person("approver")
    recode(COUNTY, "640190"), follow_recode(by=admin(), on=ON)

    assert admit(by=Person.objects.get(pk=approver.pk), batch=batch, on=ON) == 1


def waiting_move(one: Child, to_code: str) -> Move:
    return offer_move(
        by=person("county_officer"), child=one, to_code=to_code, reason="family_moved", revision=one.revision, on=ON
    )


def test_a_move_that_waits_follows_and_can_be_accepted():
    one = child()
    move = waiting_move(one, VILLAGE_OF_NEXT_COUNTY)
    recode(TOWNSHIP, NEW_TOWNSHIP), recode(VILLAGE_OF_NEXT_COUNTY, "640121100290"), follow_recode(by=admin(), on=ON)

    accept_move(by=person("county_officer", NEXT_COUNTY), move=move, on=ON)

    move.refresh_from_db()
    assert (move.from_code, move.to_code, move.stage) == (MOVED, "640121100290", "accepted")
    assert codes(one)[0] == "640121100290"


def test_a_move_between_places_that_are_one_now_has_nothing_left_to_decide():
    one = child()
    move = Move.objects.create(
        child=one, stage="offered", from_code=VILLAGE, to_code=NEXT_VILLAGE, on=ON, reason="moved", by=person()
    )
    receive = task(kind="receive_child", subject_kind="child", subject_key=one.file_number)
    recode(VILLAGE, NEXT_VILLAGE), follow_recode(by=admin(), on=ON)

    move.refresh_from_db(), receive.refresh_from_db()
    assert (move.stage, move.from_code, move.to_code) == ("taken_back", VILLAGE, NEXT_VILLAGE)
    assert receive.outcome == "taken_back"


def test_households_follow():
    home = Household.objects.create(division_code=VILLAGE, kind="rural")
    recode(TOWNSHIP, NEW_TOWNSHIP), follow_recode(by=admin(), on=ON)
    home.refresh_from_db()
    assert home.division_code == MOVED


def test_only_open_files_are_to_be_assigned():
    child(closed_on=ON, closed_reason=next(iter(LEAVING)))
    recode(VILLAGE, HALF), recode(VILLAGE, OTHER_HALF)
    assert follow_recode(by=admin(), on=ON).split == []
