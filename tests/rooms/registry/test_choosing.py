"""What of changed rows is taken: chosen by the second person, for all rows and for each."""

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.kit.staging import State
from hutong.registry.actions import admission
from hutong.registry.actions.choosing import choose
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.batches import differing, rows_left_out, staged_lines
from hutong.registry.models import Change, Child
from hutong.registry.queries import rows_left
from tests.factories import (
    NEXT_COUNTY,
    ON,
    VILLAGE,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    judged,
    line,
    line_of,
    person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]


def batch_of(*rows):
    return judged(rows, by=person("county_officer"))


def leave_out(batch, *columns, rows=None):
    return choose(by=person("approver"), batch=batch, on=ON, left_out=columns, rows=rows or {})


def admit(batch):
    return admission.admit(by=person("approver"), batch=batch, on=ON, only=["changed"])


def test_a_column_left_out_of_all_rows_stays_as_it_is():
    one, two = child(address="甘露街 1 号"), child(address="甘露街 1 号")
    batch = batch_of(*(line_of(known, living_address="甘露街 2 号", ethnic_group="回族") for known in (one, two)))
    leave_out(batch, "living_address")
    assert admit(batch) == 2
    assert {(known.address.open(), known.ethnic_group) for known in Child.objects.all()} == {("甘露街 1 号", "03")}


def test_a_column_left_out_of_one_row_changes_the_other():
    one, two = child(), child()
    batch = batch_of(*(line_of(known, ethnic_group="回族", living_address="甘露街 2 号") for known in (one, two)))
    leave_out(batch, rows={2: ["ethnic_group"]})
    assert admit(batch) == 2
    assert list(Child.objects.order_by("pk").values_list("ethnic_group", flat=True)) == ["", "03"]


@pytest.mark.parametrize("left_out", [["*"], ["ethnic_group"]])
def test_a_row_of_which_nothing_is_left_stays_changed_and_outside(left_out):
    batch = batch_of(line_of(child(), ethnic_group="回族"))
    leave_out(batch, rows={2: left_out})
    assert admit(batch) == 0
    assert (Child.objects.get().revision, Change.objects.count(), batch.state) == (1, 0, State.ADMITTED)
    assert list(rows_left(batch).values_list("verdict", flat=True)) == ["changed"]
    leave_out(batch)
    leave_out(batch, rows={2: []})
    assert admit(batch) == 1


def test_more_rows_left_out_than_a_slice_holds_do_not_hold_it_up(monkeypatch):
    monkeypatch.setattr(admission, "SLICE", 2)
    batch = batch_of(*(line_of(child(), ethnic_group="回族") for _ in range(7)))
    leave_out(batch, rows={number: ["*"] for number in (2, 3, 4, 5, 7)})
    assert admit(batch) == 2
    assert rows_left_out(batch) == rows_left(batch).count() == 5


def test_a_category_and_the_place_that_follows_are_chosen_too():
    known = child(living_code=VILLAGE)
    batch = batch_of(line_of(known, category="残疾儿童", living_division=VILLAGE_OF_NEXT_TOWNSHIP))
    assert dict(differing(batch)) == {"category": 1, "living_division": 1, "responsible_division": 1}
    leave_out(batch, "category", "responsible_division")
    admit(batch)
    known.refresh_from_db()
    assert (known.living_code, known.responsible_code) == (VILLAGE_OF_NEXT_TOWNSHIP, VILLAGE)
    assert list(known.holdings.values_list("category", flat=True)) == ["dibao"]


def test_another_guardian_left_out_brings_no_telephone_to_the_one_there_is():
    known = child(guardian={"phone": "13912345678"})
    batch = batch_of(line_of(known, guardian_name="汤桂英", guardian_phone="13900000000", ethnic_group="回族"))
    leave_out(batch, "guardian_name")
    admit(batch)
    guardian = known.guardians.get()
    assert (guardian.name, guardian.phone.open()) == ("柳桂兰", "13912345678")


def test_what_was_left_out_is_not_there_to_be_taken_back():
    known = child(address="甘露街 1 号")
    batch = batch_of(line_of(known, living_address="甘露街 2 号", ethnic_group="回族"))
    leave_out(batch, "ethnic_group")
    admit(batch)
    assert Change.objects.get().columns == ["living_address"]
    assert withdraw(by=person("approver"), batch=batch, on=ON)["restored"] == 1
    known.refresh_from_db()
    assert (known.address.open(), known.ethnic_group, known.revision) == ("甘露街 1 号", "", 1)


def test_rows_that_are_not_named_keep_their_choice():
    batch = batch_of(*(line_of(child(), ethnic_group="回族") for _ in range(2)))
    leave_out(batch, rows={2: ["*"]})
    leave_out(batch, rows={3: ["ethnic_group"]})
    assert list(batch.rows.order_by("number").values_list("left_out", flat=True)) == [["*"], ["ethnic_group"]]
    (first, second) = staged_lines(batch, batch.rows.order_by("number").select_related("child"))
    assert (first.is_left_out, second.is_left_out) == (True, False)
    assert [one.is_taken for one in (*first.changes, *second.changes)] == [True, False]


def test_only_changed_rows_that_wait_are_chosen_of():
    batch = batch_of(line(), line_of(child(), ethnic_group="回族"))
    admit(batch)
    leave_out(batch, rows={2: ["*"], 3: ["*"]})
    assert set(map(tuple, batch.rows.values_list("left_out", flat=True))) == {()}


def test_who_chooses_is_a_second_person_of_the_place_and_stands_in_the_trail():
    importer = person("county_officer")
    batch = judged([line_of(child(), ethnic_group="回族")], by=importer)
    for who in (importer, person("county_officer"), person("approver", NEXT_COUNTY)):
        with pytest.raises(NotAllowed):
            choose(by=who, batch=batch, on=ON, left_out=["ethnic_group"], rows={})
    leave_out(batch, "ethnic_group", rows={2: []})
    assert TrailEntry.objects.get(act="choose_import").details == {"left_out": ["ethnic_group"], "rows": 1}


@pytest.mark.parametrize(("columns", "rows"), [(["id_number"], {}), ([], {2: ["basis"]}), (["*"], {})])
def test_what_cannot_be_chosen_is_refused(columns, rows):
    batch = batch_of(line_of(child(), ethnic_group="回族"))
    with pytest.raises(Refused):
        choose(by=person("approver"), batch=batch, on=ON, left_out=columns, rows=rows)


def test_nothing_is_chosen_while_rows_come_in_or_after_a_withdrawal():
    batch = batch_of(line_of(child(), ethnic_group="回族"))
    admission.begin_admission(by=person("approver"), batch=batch, on=ON, only=["changed"])
    with pytest.raises(Refused):
        leave_out(batch, "ethnic_group")
    withdraw(by=person("approver"), batch=batch, on=ON)
    with pytest.raises(Refused):
        leave_out(batch, "ethnic_group")
