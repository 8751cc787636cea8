"""One change on many files: each by itself, what cannot be is left and named; nobody sees what is not theirs."""

from datetime import timedelta

import pytest

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.registry.actions.bulk import AT_MOST, Wanted, change_many, try_bulk
from hutong.registry.models import CategoryHolding, Change, Child
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    holding,
    person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)
MIGRANT = Wanted("begin_category", {"category": "migrant", "day": ON}, "happened", "随班转来")


def run(by, children, wanted, verb=change_many):
    return verb(by=by, file_numbers=[one.file_number for one in children], wanted=wanted, on=ON)


def test_what_can_be_is_done_and_joined_what_cannot_says_why():
    officer, ready, has_it = person("county_officer"), child(), child(holdings=["migrant"])

    outcomes = run(officer, [ready, has_it], MIGRANT)

    assert [(one.child, one.change is not None, one.waits) for one in outcomes] == [
        (ready, True, False),
        (has_it, False, False),
    ]
    assert "holds this category already" in outcomes[1].why and outcomes[0].why == ""
    change = Change.objects.get()
    assert (change.child, change.words.open()) == (ready, "随班转来")
    entry = TrailEntry.objects.get(act="change_many")
    assert (entry.subject_key, entry.details) == (
        str(change.bulk),
        {"operation": "begin_category", "done": 1, "left": 1},
    )
    assert TrailEntry.objects.get(act="alter_child").subject_key == ready.file_number
    assert Child.objects.get(pk=has_it.pk).revision == 1


def test_a_trial_tells_the_truth_and_leaves_nothing():
    officer, ready, has_it = person("county_officer"), child(), child(holdings=["migrant"])
    before = list(CategoryHolding.objects.values_list("child", "category"))

    tried = run(officer, [ready, has_it], MIGRANT, try_bulk)

    assert [one.change is not None for one in tried] == [True, False]
    assert list(CategoryHolding.objects.values_list("child", "category")) == before
    assert not (Change.objects.exists() or TrailEntry.objects.exists() or Task.objects.exists())
    assert set(Child.objects.values_list("revision", flat=True)) == {1}
    done = run(officer, [ready, has_it], MIGRANT)
    assert [one.why for one in done] == [one.why for one in tried]


def test_files_of_another_county_are_not_touched_and_not_told():
    officer, ours, theirs = person("county_officer"), child(), child(living_code=VILLAGE_OF_NEXT_COUNTY)
    wanted = [ours.file_number, theirs.file_number, "64-0000-0000-0", ours.file_number]
    for verb in (try_bulk, change_many):
        outcomes = verb(by=officer, file_numbers=wanted, wanted=MIGRANT, on=ON)
        assert [one.child for one in outcomes] == [ours]
    assert not Change.objects.filter(child=theirs).exists()
    assert TrailEntry.objects.get(act="change_many").details["left"] == 0


def test_five_hundred_at_once_and_not_one_more():
    numbers = [f"64-0000-{at:04d}-0" for at in range(AT_MOST + 1)]
    said = {"by": person("county_officer"), "wanted": MIGRANT, "on": ON}
    for verb in (try_bulk, change_many):
        with pytest.raises(Refused, match="At most 500"):
            verb(file_numbers=numbers, **said)
        assert verb(file_numbers=[*numbers[:AT_MOST], numbers[0]], **said) == []


@pytest.mark.parametrize("operation", ["", "alter", "delete"])
def test_an_unknown_operation_is_refused(operation):
    with pytest.raises(Refused, match="what is to be done"):
        run(person("county_officer"), [child()], Wanted(operation, {}, "happened"))


@pytest.mark.usefixtures("places")
def test_places_change_and_one_that_is_somebody_elses_is_left():
    supervisor, children = person("township_supervisor", TOWNSHIP), [child(), child(living_code=NEXT_VILLAGE)]
    outcomes = run(supervisor, children, Wanted("place", {"place": NEXT_VILLAGE}, "happened"))
    assert [one.why for one in outcomes] == ["", "Nothing differs from what the file says."]
    assert set(Child.objects.values_list("responsible_code", flat=True)) == {NEXT_VILLAGE}
    outcomes = run(supervisor, children, Wanted("place", {"place": VILLAGE_OF_NEXT_TOWNSHIP}, "happened"))
    assert all("Hand the file over" in one.why for one in outcomes)
    outcomes = run(supervisor, children, Wanted("place", {"place": "640122999999"}, "happened"))
    assert all("No division has this code" in one.why for one in outcomes)


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (Wanted("end_category", {"category": "de_facto", "day": ON}, "no_longer_fits"), "alter"),
        (Wanted("close", {"day": ON}, "no_longer_fits"), "close"),
    ],
)
def test_what_is_paid_waits_for_each_by_itself(wanted, kind):
    officer, children = person("county_officer"), [child(holdings=["de_facto"]) for _ in range(3)]

    outcomes = run(officer, children, wanted)

    assert all(one.waits and one.change.kind == kind for one in outcomes)
    assert CategoryHolding.objects.filter(category="de_facto", until_on=None).count() == 3
    assert Task.objects.filter(kind="confirm_change").count() == 3
    assert all("second person" in one.why for one in run(officer, children, wanted))


def test_unpaid_ones_end_and_close_at_once():
    officer, holder, other = person("county_officer"), child(), child(holdings=[])
    outcomes = run(officer, [holder, other], Wanted("end_category", {"category": "dibao", "day": ON}, "happened"))
    assert [bool(one.change) for one in outcomes] == [True, False] and "does not hold" in outcomes[1].why
    outcomes = run(officer, [holder, other], Wanted("close", {"day": ON - DAY}, "moved_out"))
    assert {one.change.bulk for one in outcomes} == {outcomes[0].change.bulk}
    assert Child.objects.filter(closed_on=ON - DAY).count() == 2


def test_days_that_were_held_before_are_left_and_the_others_done():
    officer, held_before, fresh = person("county_officer"), child(holdings=[]), child(holdings=[])
    holding(held_before, "migrant", until_on=ON)
    outcomes = run(officer, [held_before, fresh], MIGRANT)
    assert [bool(one.change) for one in outcomes] == [False, True] and "In these days" in outcomes[0].why


@pytest.mark.parametrize(
    ("role", "prefix"),
    [("approver", COUNTY), ("village_director", VILLAGE), ("payer", COUNTY), ("county_officer", NEXT_COUNTY)],
)
def test_the_wrong_role_changes_nothing(role, prefix):
    outcomes = run(person(role, prefix), [child()], MIGRANT)
    assert all(one.change is None for one in outcomes) and not Change.objects.exists()


def test_the_township_neither_closes_nor_ends_what_is_paid():
    whose = child(holdings=["de_facto"])
    supervisor = person("township_supervisor", TOWNSHIP)
    for wanted in (
        Wanted("close", {"day": ON}, "died"),
        Wanted("end_category", {"category": "de_facto", "day": ON}, "happened"),
        Wanted("begin_category", {"category": "orphan_kin", "day": ON}, "happened"),
    ):
        assert "no right" in run(supervisor, [whose], wanted)[0].why
    assert not Change.objects.exists()


def test_a_wrong_reason_leaves_every_file():
    outcomes = run(person("county_officer"), [child(), child()], Wanted("close", {"day": ON}, "happened"))
    assert [one.why for one in outcomes] == ["Choose a reason."] * 2
