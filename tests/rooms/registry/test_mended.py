"""What once went wrong with batches that overlap, and what is missing about a child."""

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Person, Task, TrailEntry
from hutong.kit.staging import State
from hutong.registry.actions import admission, completing, judging, staging, withdrawal
from hutong.registry.batches import staged_lines
from hutong.registry.models import Child, ImportBatch
from hutong.registry.queries import guardian_of
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    ON,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    admitted,
    child,
    id_number,
    judged,
    line,
    person,
    task,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
BOTH = ("new", "changed")


def test_a_county_never_takes_another_countys_child():
    row = line()
    theirs = row | {"living_division": VILLAGE_OF_NEXT_COUNTY}
    ours = judged([row], by=person("county_officer"))
    second = judged([theirs], by=person("county_officer", NEXT_COUNTY), division=NEXT_COUNTY)
    admission.admit(by=person("approver"), batch=ours, on=ON)

    came = admission.admit(by=person("approver", NEXT_COUNTY), batch=second, on=ON, only=BOTH)

    assert came == 0
    assert Child.objects.get().responsible_code == VILLAGE
    assert second.rows.get().problems[-1]["code"] == "exists_elsewhere"


def test_a_child_whom_another_place_holds_opens_one_request_there():
    held = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    row = line(id_number=held.id_number.open(), name=held.name)
    for extra in ("", "备注"):
        judged(
            [row | {"guardian_phone": "13900000001"} | ({"school": extra} if extra else {})],
            by=person("county_officer"),
        )

    asked = Task.objects.get(kind="hand_over")

    assert (asked.subject_key, asked.division_code, asked.role) == (
        held.file_number,
        VILLAGE_OF_NEXT_COUNTY,
        "county_officer",
    )
    assert asked.values == {"place": "银川市 贺兰县"}


def test_a_batch_withdrawn_between_two_slices_stays_withdrawn():
    approver = person("approver")
    batch = judged([line(), line()], by=person("county_officer"))
    admission.begin_admission(by=approver, batch=batch, on=ON, only=["new"])
    withdrawal.withdraw(by=approver, batch=batch, on=ON)

    with pytest.raises(Refused):
        admission.admit_slice(by=approver, batch=batch, on=ON)
    with pytest.raises(Refused):
        admission.finish_admission(by=approver, batch=batch, on=ON)

    assert not Child.objects.exists()
    assert ImportBatch.objects.get().state == State.WITHDRAWN


def test_judging_an_admitted_batch_again_changes_nothing():
    batch = admitted([line()])

    judging.judge(batch=batch, on=ON)

    assert batch.state == State.ADMITTED
    assert batch.rows.get().admitted_at


def test_two_changes_are_taken_back_the_latest_first():
    known = child(guardian={"phone": "13900000001"})
    said = {"id_number": known.id_number.open(), "name": known.name}
    phones = []
    batches = [admitted([line(**said, guardian_phone=f"1390000000{at}")], only=BOTH) for at in (2, 3)]

    for batch in reversed(batches):
        withdrawal.withdraw(by=person("approver"), batch=batch, on=ON)
        phones.append(guardian_of(Child.objects.get()).phone.open())

    assert phones == ["13900000002", "13900000001"]


def test_what_a_withdrawal_left_can_be_taken_back_later():
    row = line()
    first = admitted([row])
    later = admitted([row | {"guardian_phone": "13900000009"}], only=BOTH)
    approver = person("approver")
    assert withdrawal.withdraw(by=approver, batch=first, on=ON)["left"] == 1
    withdrawal.withdraw(by=approver, batch=later, on=ON)

    assert withdrawal.withdraw(by=approver, batch=first, on=ON)["removed"] == 1
    assert not Child.objects.exists()


def test_another_guardian_ends_the_one_before_and_brings_no_old_number():
    known = child(guardian={"guardian_name": "柳桂兰", "phone": "13900000001"})
    row = line(id_number=known.id_number.open(), name=known.name, guardian_name="柳桂英", guardian_relation="姑母")

    batch = admitted([row], only=BOTH)

    before, now = Child.objects.get().guardians.order_by("id")
    assert (before.name, before.until_on is not None, now.name, now.phone) == ("柳桂兰", True, "柳桂英", None)
    withdrawal.withdraw(by=person("approver"), batch=batch, on=ON)
    alone = Child.objects.get().guardians.get()
    assert (alone.name, alone.until_on, alone.phone.open()) == ("柳桂兰", None, "13900000001")


def test_a_row_that_says_less_does_not_move_the_child():
    elsewhere = "640122101200"
    known = child(holdings=["de_facto"], registered_code=elsewhere, living_code=VILLAGE, responsible_code=elsewhere)
    row = line(id_number=known.id_number.open(), name=known.name, category=None, guardian_phone="13900000009")

    admitted([row], only=BOTH)

    assert Child.objects.get().responsible_code == elsewhere


def test_the_second_person_sees_what_would_change_masked():
    known = child(guardian={"phone": "13900000001"})
    row = line(id_number=known.id_number.open(), name=known.name, guardian_phone="13911112222", category="低保")
    batch = judged([row], by=person("county_officer"))

    (seen,) = staged_lines(batch, batch.rows.filter(verdict="changed").select_related("child"))

    assert [(change.column, change.before, change.after) for change in seen.changes] == [
        ("guardian_phone", "139****0001", "139****2222")
    ]


def test_looking_at_rows_and_taking_the_file_back_are_recorded():
    officer = person("county_officer")
    batch = judged([line()], by=officer)

    staging.look_at_rows(by=officer, batch=batch, verdict="new", page=1, on=ON)
    assert staging.give_back(by=officer, batch=batch, on=ON)

    acts = set(TrailEntry.objects.filter(by=officer).values_list("act", flat=True))
    assert {"look_at_import", "give_back_import"} <= acts
    with pytest.raises(NotAllowed):
        staging.give_back(by=person("county_officer", NEXT_COUNTY), batch=batch, on=ON)
    with pytest.raises(Refused, match="上传人"):
        staging.give_back(by=person("county_officer"), batch=batch, on=ON)


def test_a_missing_phone_is_filled_in_and_its_task_done():
    known = child()
    waiting = task(kind="guardian_phone", subject_kind="child", subject_key=known.file_number, role="village_director")

    completing.complete_phone(by=person("village_director", VILLAGE), child=known, phone="13900000001", on=ON)

    assert guardian_of(Child.objects.get()).phone.open() == "13900000001"
    assert Task.objects.get(pk=waiting.pk).outcome == "completed"
    assert TrailEntry.objects.get(act="complete").details == {"field": "guardian_phone"}


@pytest.mark.parametrize("phone", ["", "12345", "见备注"])
def test_what_is_no_phone_is_refused(phone):
    with pytest.raises(Refused):
        completing.complete_phone(by=person("village_director", VILLAGE), child=child(), phone=phone, on=ON)


def test_a_missing_number_is_filled_in_only_where_it_is_the_childs():
    officer, known = person("township_supervisor", COUNTY), child(id_number="")
    taken = child().id_number.open()
    for number in ("", "123", id_number(known.birth_date.replace(day=8)), taken):
        with pytest.raises(Refused):
            completing.complete_id_number(by=officer, child=known, number=number, on=ON)

    completing.complete_id_number(by=officer, child=known, number=id_number(known.birth_date), on=ON)

    known.refresh_from_db()
    assert known.id_number and not known.no_id_reason


@pytest.mark.parametrize("role", ["village_director", "approver", "payer"])
def test_who_may_not_fill_in_a_number_does_not(role):
    stranger: Person = person(role, COUNTY)
    with pytest.raises(NotAllowed):
        completing.complete_id_number(by=stranger, child=child(id_number=""), number=id_number(), on=ON)
