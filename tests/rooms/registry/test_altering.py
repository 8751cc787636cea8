"""The particulars of a child are altered: what stood before and after is kept sealed, who somebody is the county's."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.kit.cipher import keys
from hutong.kit.names import spell
from hutong.kit.staging import Problem
from hutong.registry.actions.altering import ALTERABLE, alter
from hutong.registry.actions.changes import Overtaken, WrongValues, read_document
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.intake.judge import id_index, matching_index
from hutong.registry.intake.problems import sentence
from hutong.registry.models import Change, Child
from hutong.registry.queries import RowsRegister, said_of
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    NEXT_VILLAGE,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_ANOTHER_PROVINCE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    admitted,
    child,
    id_number,
    line,
    person,
    task,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "in_english")]


def altered(by, whose, reason="corrected", **values):
    now = Child.objects.get(pk=whose.pk)
    return alter(by=by, child=now, values=values, revision=now.revision, reason=reason, on=ON)


def problems(by, whose, **values):
    with pytest.raises(WrongValues) as wrong:
        altered(by, whose, **values)
    return sorted((problem.code, problem.column) for problem in wrong.value.problems)


def test_a_township_alters_what_is_not_identity_and_all_of_it_is_written_down():
    supervisor, whose = person("township_supervisor", TOWNSHIP), child(address="旧址 1 号", ethnic_group="01")

    change = alter(
        by=supervisor, child=whose, values={"living_address": " 新址 2 号 ", "ethnic_group": "03"}, revision=1,
        reason="happened", words=" 盖了新房 ", on=ON,
    )  # fmt: skip

    now = Child.objects.get()
    assert (now.address.open(), now.ethnic_group, now.revision) == ("新址 2 号", "03", 2)
    kept = Change.objects.get()
    assert (kept, kept.by, kept.stage, kept.reason, kept.division_code) == (
        change,
        supervisor,
        "done",
        "happened",
        VILLAGE,
    )
    assert kept.words.open() == "盖了新房"
    assert read_document(kept) == (
        {"living_address": "旧址 1 号", "ethnic_group": "01"},
        {"living_address": "新址 2 号", "ethnic_group": "03"},
    )
    entry = TrailEntry.objects.get(act="alter_child")
    assert (entry.subject_key, entry.division_code) == (whose.file_number, VILLAGE)
    assert entry.details == {"change": kept.pk, "columns": ["ethnic_group", "living_address"]}


def test_who_somebody_is_the_county_changes():
    whose, number = child(), id_number(date(2015, 3, 8))
    said = {"name": "柳清禾", "birth_date": "2015-03-08", "id_number": number}
    for column, value in said.items():
        if column == "name":
            with pytest.raises(NotAllowed):
                altered(person("township_supervisor", TOWNSHIP), whose, **{column: value})
    with pytest.raises(NotAllowed):
        altered(person("township_supervisor", TOWNSHIP), whose, **said)

    altered(person("county_officer"), whose, reason="id_issued", **said)

    now = Child.objects.get()
    assert (now.name, now.pinyin, now.birth_date) == ("柳清禾", spell("柳清禾").pinyin, date(2015, 3, 8))
    assert (now.id_number.open(), now.id_index) == (number, id_index(number))
    assert now.matching_index == matching_index(said_of(now))
    assert bytes(now.matching_index).startswith(keys().index_mark)


def test_a_child_without_a_number_is_known_again_by_its_new_name():
    whose = child(id_number="")
    altered(person("county_officer"), whose, name="柳月明")
    now = Child.objects.get()
    assert list(RowsRegister().by_matching([now.known_by])) == [now.known_by]


def test_a_number_that_comes_ends_the_reason_and_the_task_and_one_that_goes_leaves_a_temporary_one():
    officer, whose = person("county_officer"), child(id_number="")
    temporary = whose.temporary_number
    task(kind="get_id", subject_kind="child", subject_key=whose.file_number)
    altered(officer, whose, reason="id_issued", id_number=id_number())
    now = Child.objects.get()
    assert (now.no_id_reason, now.temporary_number, Task.objects.get().outcome) == ("", temporary, "completed")

    altered(officer, whose, id_number="", no_id_reason="境外或无国籍")

    now = Child.objects.get()
    assert (now.id_number, now.id_index, now.no_id_reason) == (None, None, "境外或无国籍")
    assert now.temporary_number == temporary
    born_with = child()
    altered(officer, born_with, id_number="", no_id_reason="弃婴")
    assert Child.objects.get(pk=born_with.pk).temporary_number


def test_a_number_of_another_county_is_taken_and_no_more_is_told():
    officer = person("county_officer")
    theirs = child(living_code=VILLAGE_OF_NEXT_COUNTY, name="柳远方")
    ours = child()
    of_theirs = altered_with(officer, child(), theirs.id_number.open())
    of_ours = altered_with(officer, child(), ours.id_number.open())
    assert of_theirs == of_ours == [("number_taken", "id_number", {})]
    told = sentence_of(of_theirs)
    assert theirs.file_number not in told and "贺兰" not in told and "柳远方" not in told


def altered_with(by, whose, number):
    with pytest.raises(WrongValues) as wrong:
        altered(by, whose, id_number=number)
    return [(problem.code, problem.column, dict(problem.values)) for problem in wrong.value.problems]


def sentence_of(found):
    return " ".join(sentence(Problem(code, column)) for code, column, _values in found)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"name": ""}, [("required", "name")]),
        ({"sex": "1"}, [("sex_contradicts_id", "sex")]),
        ({"birth_date": "2015-03-08"}, [("birth_date_contradicts_id", "birth_date")]),
        ({"birth_date": "2031-01-01"}, [("date_in_future", "birth_date")]),
        ({"id_number": "123"}, [("id_length", "id_number")]),
        ({"id_number": ""}, [("no_id_no_reason", "id_number")]),
        ({"living_division": "640122999999"}, [("division_unknown", "living_division")]),
        ({"living_division": "640122000000"}, [("division_above_township", "living_division")]),
        ({"ethnic_group": "火星族"}, [("ethnic_group_unknown", "ethnic_group")]),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_lost(values, found):
    whose = child(ethnic_group="01")
    assert problems(person("county_officer"), whose, **values) == found
    assert (Child.objects.get().ethnic_group, Change.objects.count()) == ("01", 0)


def test_an_old_fault_of_another_column_does_not_stand_in_the_way():
    whose = child(registered_code="640122999999")
    altered(person("county_officer"), whose, living_address="新址")
    assert Child.objects.get().registered_code == "640122999999"


def test_nothing_new_a_wrong_reason_and_an_overtaken_file_are_refused():
    officer, whose = person("county_officer"), child()
    with pytest.raises(Refused, match="Nothing differs"):
        altered(officer, whose, name=whose.name)
    with pytest.raises(Refused, match="Choose a reason"):
        altered(officer, whose, reason="died", name="柳清禾")
    altered(officer, whose, name="柳清禾")
    with pytest.raises(Overtaken):
        alter(by=officer, child=whose, values={"name": "柳月"}, revision=1, reason="corrected", on=ON)
    closed = child(closed_on=ON, closed_reason="died", holdings=[])
    with pytest.raises(Refused, match="closed"):
        altered(officer, closed, name="柳月")


@pytest.mark.parametrize(
    ("role", "prefix"), [("county_officer", NEXT_COUNTY), ("approver", COUNTY), ("village_director", VILLAGE)]
)
def test_the_neighbour_and_the_wrong_role_alter_nothing(role, prefix):
    with pytest.raises(NotAllowed):
        altered(person(role, prefix), child(), living_address="新址")


def test_a_village_of_ones_own_area_becomes_responsible_and_its_tasks_go_there():
    officer, whose = person("county_officer"), child()
    task(kind="guardian_phone", subject_kind="child", subject_key=whose.file_number, role="village_director")

    change = altered(officer, whose, living_division=VILLAGE_OF_NEXT_TOWNSHIP)

    assert Child.objects.get().responsible_code == VILLAGE_OF_NEXT_TOWNSHIP
    assert (change.division_code, Task.objects.get().division_code) == (VILLAGE, VILLAGE_OF_NEXT_TOWNSHIP)
    assert change.columns == ["living_division", "responsible_division"]


@pytest.mark.parametrize(
    ("role", "prefix", "place"),
    [
        ("township_supervisor", TOWNSHIP, VILLAGE_OF_NEXT_TOWNSHIP),
        ("county_officer", COUNTY, VILLAGE_OF_NEXT_COUNTY),
        ("county_officer", COUNTY, VILLAGE_OF_ANOTHER_PROVINCE),
    ],
)
def test_a_place_of_somebody_else_is_a_hand_over(role, prefix, place):
    whose = child()
    with pytest.raises(Refused):
        altered(person(role, prefix), whose, living_division=place)
    assert Child.objects.get().responsible_code == VILLAGE


def test_where_the_registered_place_is_responsible_a_move_of_the_family_changes_nothing():
    whose = child(holdings=["left_behind"], registered_code=VILLAGE)
    altered(person("county_officer"), whose, living_division=VILLAGE_OF_NEXT_COUNTY)
    now = Child.objects.get()
    assert (now.living_code, now.responsible_code) == (VILLAGE_OF_NEXT_COUNTY, VILLAGE)


def test_where_the_rule_was_never_followed_the_place_stays():
    whose = child(responsible_code=NEXT_VILLAGE)
    altered(person("county_officer"), whose, living_division=VILLAGE_OF_NEXT_TOWNSHIP)
    assert Child.objects.get().responsible_code == NEXT_VILLAGE


def test_only_what_may_be_altered_is_read():
    whose = child()
    with pytest.raises(Refused, match="Nothing differs"):
        altered(person("county_officer"), whose, guardian_name="别人", responsible_division=NEXT_VILLAGE)
    assert "category" not in ALTERABLE


def test_an_import_is_not_withdrawn_over_what_somebody_altered():
    batch = admitted([line(), line()])
    touched = Child.objects.first()
    altered(person("county_officer"), touched, living_address="新址")
    assert withdraw(by=person("approver"), batch=batch, on=ON) == {"removed": 1, "restored": 0, "left": 1}
    assert Child.objects.get() == touched
