"""One child is entered by hand, with the rules of a workbook; nobody twice, nothing paid alone."""

from datetime import date
from uuid import uuid4

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import Task, TrailEntry
from hutong.kit.cipher import keys
from hutong.registry.actions.changes import WrongValues, read_document
from hutong.registry.actions.closing import close
from hutong.registry.actions.deciding import confirm
from hutong.registry.actions.enrolling import AlreadyThere, ElsewhereThere, MayBeElsewhere, MayBeThere, enrol
from hutong.registry.models import Change, Child
from hutong.registry.queries import guardian_of
from tests.factories import (
    COUNTY,
    NEXT_COUNTY,
    ON,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    id_number,
    line,
    person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "in_english")]
OVER_18 = date(2006, 5, 1)


def enrolled(by=None, *, said=None, **more):
    return enrol(by=by or person("county_officer"), values=said or line(), on=ON, **more)


def test_a_child_is_entered_with_guardian_and_categories():
    supervisor = person("township_supervisor", TOWNSHIP)
    said = line(category="低保、流动", category_from="2025-02-01", guardian_phone="13900000001", living_address="三组")

    done = enrolled(supervisor, said=said, words="入户时发现")

    whose = Child.objects.get()
    assert (done.child, done.waits, whose.revision, whose.responsible_code) == (whose, False, 2, VILLAGE)
    assert (whose.name, whose.id_number.open(), whose.address.open()) == (said["name"], said["id_number"], "三组")
    assert bytes(whose.matching_index) == keys().blind(whose.known_by, kind="matching")
    assert (guardian_of(whose).name, guardian_of(whose).phone.open()) == ("柳桂兰", "13900000001")
    assert list(whose.holdings.order_by("category").values_list("category", "from_on")) == [
        ("dibao", date(2025, 2, 1)),
        ("migrant", date(2025, 2, 1)),
    ]
    change = Change.objects.get()
    assert (change.kind, change.by, change.division_code, change.reason) == ("enter", supervisor, VILLAGE, "")
    before, after = read_document(change)
    assert before == {} and after["category"] == "dibao migrant" and after["id_number"] == said["id_number"]
    entry = TrailEntry.objects.get(act="enter_child")
    assert entry.details == {"change": change.pk, "columns": change.columns}
    assert said["name"] not in str(entry.details)


def test_a_child_without_a_number_gets_a_temporary_one():
    enrolled(said=line(no_id_reason="弃婴", id_number=None))
    whose = Child.objects.get()
    assert whose.temporary_number and whose.no_id_reason == "弃婴"


@pytest.mark.parametrize("word", ["事实无人抚养", "社会散居孤儿"])
def test_what_is_paid_is_proposed_and_not_held(word):
    officer = person("county_officer")

    done = enrolled(officer, said=line(category=f"低保、{word}", decision_number="永民〔2025〕1号"))

    assert done.waits and [row.category for row in done.child.holdings.all()] == ["dibao"]
    waiting = Change.objects.get(stage="proposed")
    assert Task.objects.get(kind="confirm_change").subject_key == done.child.file_number
    with pytest.raises(Refused, match="Another person"):
        confirm(by=officer, change=waiting, on=ON)
    confirm(by=person("approver"), change=waiting, on=ON)
    paid = done.child.holdings.exclude(category="dibao").get()
    assert (paid.from_on, paid.decision_number) == (ON, "永民〔2025〕1号")


def test_two_paid_categories_at_once_are_refused():
    with pytest.raises(WrongValues) as wrong:
        enrolled(said=line(category="事实无人抚养、社会散居孤儿"))
    assert [problem.code for problem in wrong.value.problems] == ["paid_categories"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": None}, "required"),
        ({"id_number": "99"}, "id_length"),
        ({"category": "社会散居孤儿", "guardian_relation": "父亲"}, "orphan_with_parent"),
        ({"category": "艾滋病"}, "category_confidential"),
        ({"living_division": None}, "required"),
    ],
)
def test_a_row_with_an_error_is_refused(cells, code):
    with pytest.raises(WrongValues) as wrong:
        enrolled(said=line(**cells))
    assert code in [problem.code for problem in wrong.value.problems]
    assert not Child.objects.exists()


def test_a_late_entry_wants_a_reason_of_its_own():
    said = line(birth_date=OVER_18.isoformat(), id_number=id_number(OVER_18))
    for reason in ("", "corrected"):
        with pytest.raises(Refused, match="Choose a reason"):
            enrolled(said=said, late_reason=reason)

    enrolled(said=said, late_reason="still_studying")

    change = Change.objects.get()
    assert (change.kind, change.reason) == ("late", "still_studying")
    assert TrailEntry.objects.filter(act="late_child").exists()


def test_the_eighteenth_birthday_is_late_and_the_day_before_is_not():
    for born, kind in ((date(2007, 6, 2), "late"), (date(2007, 6, 3), "enter")):
        said = line(birth_date=born.isoformat(), id_number=id_number(born))
        done = enrolled(said=said, late_reason="never_entered")
        change = Change.objects.get(child=done.child)
        assert (change.kind, change.reason) == (kind, "never_entered" if kind == "late" else "")


@pytest.mark.parametrize("differs", [False, True])
def test_a_child_of_ours_is_not_entered_twice(differs):
    known = child()
    said = line(id_number=known.id_number.open(), name="柳另名" if differs else known.name)
    with pytest.raises(AlreadyThere, match="There is a file") as there:
        enrolled(said=said)
    assert there.value.file_number == known.file_number
    assert Child.objects.count() == 1


@pytest.mark.parametrize("with_number", [True, False])
def test_a_closed_file_is_to_be_reopened(with_number):
    known = child() if with_number else child(id_number="")
    close(by=person("county_officer"), child=known, closed_on=ON, reason="moved_out", revision=1, on=ON)
    identity = {"id_number": known.id_number.open()} if with_number else {"no_id_reason": "户口待办", "id_number": None}
    with pytest.raises(AlreadyThere, match="Reopen it") as there:
        enrolled(said=line(name=known.name, **identity))
    assert there.value.file_number == known.file_number


@pytest.mark.parametrize("closed", [{}, {"closed_on": ON, "closed_reason": "died"}])
def test_of_a_child_elsewhere_it_is_told_that_it_is_elsewhere_and_nothing_else(closed):
    theirs = child(living_code=VILLAGE_OF_NEXT_COUNTY, name="柳远方", **closed)
    with pytest.raises(ElsewhereThere) as elsewhere:
        enrolled(said=line(id_number=theirs.id_number.open()))
    told = str(elsewhere.value.reason) + str(vars(elsewhere.value))
    assert all(word not in told for word in (theirs.file_number, "柳远方", "贺兰", NEXT_COUNTY, "losed"))
    assert not hasattr(elsewhere.value, "file_number") and Child.objects.count() == 1


def test_of_a_child_without_a_number_a_person_says_whether_it_is_the_one_elsewhere():
    theirs = child(living_code=VILLAGE_OF_NEXT_COUNTY, id_number="")
    said = line(name=theirs.name, no_id_reason="户口待办", id_number=None)
    with pytest.raises(MayBeElsewhere) as elsewhere:
        enrolled(said=said)
    assert theirs.file_number not in str(elsewhere.value.reason)

    enrolled(said=said, is_another=True)

    assert Child.objects.filter(name=theirs.name).count() == 2


def test_a_namesake_is_decided_by_a_person():
    known = child(id_number="")
    said = line(name=known.name, guardian_name="柳桂英")
    with pytest.raises(MayBeThere) as may_be:
        enrolled(said=said)
    assert may_be.value.file_number == known.file_number
    enrolled(said=said, is_another=True)
    assert Child.objects.count() == 2


def test_a_township_learns_no_file_number_of_the_next_one():
    known = child(id_number="", living_code=VILLAGE_OF_NEXT_TOWNSHIP)
    said = line(name=known.name, guardian_name="柳桂英")
    with pytest.raises(MayBeThere) as may_be:
        enrolled(person("township_supervisor", TOWNSHIP), said=said)
    assert may_be.value.file_number == ""


def test_is_another_does_not_open_a_second_file_of_one_number():
    known = child()
    with pytest.raises(AlreadyThere):
        enrolled(said=line(id_number=known.id_number.open()), is_another=True)


@pytest.mark.parametrize(
    ("role", "prefix"),
    [("county_officer", NEXT_COUNTY), ("township_supervisor", "640122101"), ("approver", COUNTY), ("payer", COUNTY)],
)
def test_the_neighbour_and_the_wrong_role_enter_nobody(role, prefix):
    with pytest.raises(NotAllowed):
        enrolled(person(role, prefix))


@pytest.mark.parametrize("has_gone", [False, True])
def test_what_is_sent_twice_is_entered_once_and_the_second_time_shows_the_file(has_gone):
    said, once = line(no_id_reason="弃婴", id_number=None), uuid4()
    whose = enrolled(said=said, once=once).child
    if has_gone:
        close(by=person("county_officer"), child=whose, closed_on=ON, reason="died", revision=whose.revision, on=ON)
    with pytest.raises(AlreadyThere, match="Reopen" if has_gone else "There is a file") as there:
        enrolled(said=said, once=once, is_another=True)
    assert there.value.file_number == whose.file_number and Child.objects.count() == 1
