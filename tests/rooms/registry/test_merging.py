"""Two files of one child: joined by a link, confirmed by a second person, read as one, parted again exactly."""

import pytest
from django.db import IntegrityError, connection, transaction

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Notice, Task, TrailEntry
from hutong.registry.actions.changes import JoinedFile, locked
from hutong.registry.actions.merging import confirm_merge, refuse_merge, undo_merge
from hutong.registry.models import Child, Merge, Pair
from tests.factories import COUNTY, NEXT_COUNTY, NEXT_VILLAGE, ON, VILLAGE_OF_NEXT_COUNTY, child, kin, person, task
from tests.facts import joined_to, merge_proposed, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def undone(merge, *, by=None):
    return undo_merge(by=by or person("county_officer"), merge=merge, reason="twins", on=ON)


def consistent():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_a_merge_is_one_link_confirmed_by_a_second_person():
    leading, joined, officer, approver = child(), child(), person("county_officer"), person("approver")
    merge = merge_proposed(leading, joined, by=officer)
    assert Child.objects.get(pk=joined.pk).canonical is None
    assert Task.objects.get(kind="confirm_merge").role == "approver"

    confirm_merge(by=approver, merge=merge, on=ON)

    consistent()
    assert Child.objects.get(pk=joined.pk).canonical == leading
    assert Child.objects.get(pk=leading.pk).canonical is None
    assert (Pair.objects.get().state, Merge.objects.get().stage) == ("same", "done")
    assert Task.objects.get(kind="confirm_merge").outcome == "done"
    assert Notice.objects.get(kind="merge_done").recipient == officer
    acts = TrailEntry.objects.filter(act="confirm_merge").values_list("subject_key", flat=True)
    assert set(acts) == {leading.file_number, joined.file_number}


def test_nothing_else_moves():
    leading, joined = child(), child()
    before = [rows_of(one) for one in (leading, joined)]
    joined_to(leading, joined)
    assert Child.objects.get(pk=joined.pk).canonical == leading
    assert [rows_of(one) for one in (leading, joined)] == before


def test_writing_to_a_joined_file_is_refused_and_names_the_one_that_leads():
    leading, joined = child(), child()
    joined_to(leading, joined)
    with pytest.raises(JoinedFile, match=leading.file_number):
        locked(joined, by=person("county_officer"), on=ON)


def test_undoing_gives_both_files_back():
    leading, joined = child(), child()
    before = [rows_of(one) for one in (leading, joined)]
    merge = joined_to(leading, joined)
    undone(merge)
    consistent()
    assert Child.objects.get(pk=joined.pk).canonical is None
    assert [rows_of(one) for one in (leading, joined)] == before
    assert (Pair.objects.get().state, Pair.objects.get().reason) == ("different", "twins")
    assert locked(joined, by=person("county_officer"), on=ON) == joined


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1)])
def test_links_of_a_tree_are_undone_in_any_order(order):
    files = [child() for _ in range(4)]
    merges = [joined_to(files[1], files[0]), joined_to(files[2], files[1]), joined_to(files[2], files[3])]
    assert set(Child.objects.filter(canonical=files[2])) == {files[0], files[1], files[3]}
    for at in order:
        undone(Merge.objects.get(pk=merges[at].pk))
        consistent()
    assert not Child.objects.filter(canonical__isnull=False).exists()


def test_a_link_below_stays_when_one_above_is_undone():
    low, middle, top = child(), child(), child()
    joined_to(middle, low)
    upper = joined_to(top, middle)
    assert Child.objects.get(pk=low.pk).canonical == top
    undone(upper)
    assert Child.objects.get(pk=low.pk).canonical == middle


def test_the_database_refuses_a_canonical_file_that_no_merge_says():
    one, other = child(), child()
    with pytest.raises(IntegrityError, match="does not follow"), transaction.atomic():
        Child.objects.filter(pk=one.pk).update(canonical=other)
        consistent()


def test_the_database_refuses_a_merge_that_no_canonical_file_follows():
    merge = joined_to(child(), child())
    with pytest.raises(IntegrityError, match="does not follow"), transaction.atomic():
        Child.objects.filter(pk=merge.joined_id).update(canonical=None)
        consistent()


def test_the_proposer_confirms_nothing():
    officer = person("county_officer")
    merge = merge_proposed(child(), child(), by=officer)
    with pytest.raises(Refused, match="Another person"):
        confirm_merge(by=officer, merge=merge, on=ON)


@pytest.mark.parametrize(("role", "prefix"), [("approver", NEXT_COUNTY), ("county_officer", COUNTY), ("payer", COUNTY)])
def test_the_wrong_person_decides_nothing(role, prefix):
    merge, wrong = merge_proposed(child(), child()), person(role, prefix)
    with pytest.raises(NotAllowed):
        confirm_merge(by=wrong, merge=merge, on=ON)
    with pytest.raises(NotAllowed):
        refuse_merge(by=wrong, merge=merge, words="不同意", on=ON)


@pytest.mark.parametrize("role", ["township_supervisor", "payer", "village_director"])
def test_the_county_alone_undoes(role):
    merge = joined_to(child(), child())
    with pytest.raises(NotAllowed):
        undone(merge, by=person(role, "640122100"))


def test_a_refusal_says_why_and_the_pair_is_asked_again():
    merge = merge_proposed(child(), child())
    with pytest.raises(Refused, match="few words"):
        refuse_merge(by=person("approver"), merge=merge, words=" ", on=ON)
    refuse_merge(by=person("approver"), merge=merge, words="两个孩子我都见过", on=ON)
    assert (Pair.objects.get().state, Merge.objects.get().stage) == ("open", "refused")
    assert Notice.objects.filter(kind="merge_refused").exists()


def test_nobody_decides_about_their_own_kin():
    officer, whose = person("county_officer"), child()
    kin(officer, id_number=whose.id_number.open(), id_index=whose.id_index)
    with pytest.raises(Refused, match="declared kin"):
        merge_proposed(whose, child(), by=officer)


def test_the_file_with_the_number_leads():
    without = child(id_number="")
    with pytest.raises(Refused, match="ID number has to lead"):
        merge_proposed(without, child())


def test_the_open_file_leads():
    closed = child(closed_on=ON, closed_reason="no_longer_fits", holdings=[])
    with pytest.raises(Refused, match="open file has to lead"):
        merge_proposed(closed, child())


def test_files_of_two_counties_are_brought_together_first():
    far = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    officer = person("county_officer", COUNTY, NEXT_COUNTY)
    with pytest.raises(Refused, match="two counties"):
        merge_proposed(child(), far, by=officer)


def test_two_paid_categories_open_a_task_and_nothing_ends():
    leading, joined = child(holdings=["de_facto"]), child(holdings=["orphan_kin"])
    joined_to(leading, joined)
    asked = Task.objects.get(kind="two_paid_categories")
    assert (asked.subject_key, asked.role, asked.values) == (
        leading.file_number,
        "county_officer",
        {"file": joined.file_number},
    )
    assert [one.holdings.get().until_on for one in (leading, joined)] == [None, None]


def test_one_paid_category_asks_nothing():
    joined_to(child(holdings=["de_facto"]), child(holdings=["dibao"]))
    assert not Task.objects.filter(kind="two_paid_categories").exists()


def test_tasks_about_a_joined_file_rest_until_it_is_parted():
    leading, joined = child(), child(living_code=NEXT_VILLAGE)
    waiting = task(kind="get_id", subject_kind="child", subject_key=joined.file_number)
    merge = joined_to(leading, joined)
    waiting.refresh_from_db()
    assert waiting.closed_at
    undone(merge)
    waiting.refresh_from_db()
    assert (waiting.closed_at, waiting.closed_by, waiting.outcome) == (None, None, "")
