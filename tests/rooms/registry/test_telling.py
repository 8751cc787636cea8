"""A row that looks like a registered child: a person says who it is, then it is admitted like any other."""

from datetime import date

import pytest

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.models import TrailEntry
from hutong.registry.actions.admission import admit
from hutong.registry.actions.telling import say_who
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.models import Child
from tests.factories import NEXT_COUNTY, ON, VILLAGE_OF_NEXT_COUNTY, child, judged, kin, line, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "in_english")]
BORN = date(2016, 1, 13)
LIKE = {"name": "柳静怡", "birth_date": BORN.isoformat(), "sex": "女"}


@pytest.fixture
def whose():
    return child(name="柳静怡", birth_date=BORN, sex="2")


@pytest.fixture
def batch(whose):
    """A row without a number, of another guardian than the registered child has."""
    return judged(
        [line(**LIKE, guardian_name="白桂芳", no_id_reason="户口待办", id_number=None)], by=person("county_officer")
    )


def asked(batch):
    return batch.rows.get()


def test_such_a_row_is_held_with_the_child_it_looks_like(batch, whose):
    assert (asked(batch).verdict, asked(batch).child) == ("possible", whose)
    assert admit(by=person("approver"), batch=batch, on=ON) == 0


def test_the_same_child_is_changed_by_the_row(batch, whose):
    row = say_who(by=batch.imported_by, batch=batch, number=asked(batch).number, answer="same", on=ON)

    assert (row.verdict, row.child) == ("changed", whose)
    assert (batch.counts["possible"], batch.counts["changed"]) == (0, 1)
    assert admit(by=person("approver"), batch=batch, on=ON, only=["changed"]) == 1
    assert Child.objects.count() == 1
    assert whose.guardians.get(until_on__isnull=True).name == "白桂芳"


def test_another_child_comes_in_and_is_not_held_again(batch, whose):
    row = say_who(by=batch.imported_by, batch=batch, number=asked(batch).number, answer="another", on=ON)

    assert (row.verdict, row.child) == ("new", None)
    assert (batch.counts["possible"], batch.counts["new"]) == (0, 1)
    assert admit(by=person("approver"), batch=batch, on=ON) == 1
    assert Child.objects.filter(name="柳静怡").count() == 2


def test_what_came_in_so_is_taken_back_like_the_rest(batch, whose):
    say_who(by=batch.imported_by, batch=batch, number=asked(batch).number, answer="same", on=ON)
    admit(by=person("approver"), batch=batch, on=ON, only=["changed"])

    withdraw(by=person("approver"), batch=batch, on=ON)

    assert whose.guardians.get(until_on__isnull=True).name == "柳桂兰"


def test_a_closed_file_says_so_instead_of_being_changed(batch, whose):
    Child.objects.filter(pk=whose.pk).update(closed_on=ON, closed_reason="no_longer_fits")

    row = say_who(by=batch.imported_by, batch=batch, number=asked(batch).number, answer="same", on=ON)

    assert (row.verdict, row.problems[-1]["code"]) == ("possible", "closed_file")
    assert batch.counts["possible"] == 1
    with pytest.raises(Refused, match="any more"):
        say_who(by=batch.imported_by, batch=batch, number=row.number, answer="another", on=ON)


@pytest.mark.parametrize(("role", "place"), [("county_officer", NEXT_COUNTY), ("finance", "640122")])
def test_who_neither_imports_nor_admits_here_says_nothing(batch, role, place):
    with pytest.raises(NotAllowed):
        say_who(by=person(role, place), batch=batch, number=asked(batch).number, answer="same", on=ON)


def test_nobody_says_who_their_own_kin_is(batch, whose):
    officer = person("county_officer")
    kin(officer, name=whose.name)
    with pytest.raises(Refused, match="kin"):
        say_who(by=officer, batch=batch, number=asked(batch).number, answer="same", on=ON)


@pytest.mark.parametrize("said", [{"answer": ""}, {"answer": "perhaps"}, {"number": 99}], ids=str)
def test_what_cannot_be_said_is_refused(batch, said):
    given = {"number": asked(batch).number, "answer": "same"} | said
    with pytest.raises(Refused):
        say_who(by=batch.imported_by, batch=batch, on=ON, **given)
    assert asked(batch).answer == "" and not TrailEntry.objects.filter(act="say_who").exists()


def test_an_answer_is_given_once_and_recorded_without_names(batch):
    say_who(by=batch.imported_by, batch=batch, number=asked(batch).number, answer="another", on=ON)

    with pytest.raises(Refused, match="any more"):
        say_who(by=batch.imported_by, batch=batch, number=asked(batch).number, answer="same", on=ON)
    assert TrailEntry.objects.get(act="say_who").details == {"row": asked(batch).number, "answer": "another"}


def test_a_row_without_a_number_that_another_place_seems_to_hold_says_so_and_no_more():
    theirs = child(living_code=VILLAGE_OF_NEXT_COUNTY, id_number="")
    said = line(name=theirs.name, no_id_reason="户口待办", id_number=None)
    batch = judged([said], by=person("county_officer"))

    row = asked(batch)

    assert (row.verdict, row.child, row.problems[-1]["code"]) == ("possible", None, "may_exist_elsewhere")
    assert admit(by=person("approver"), batch=batch, on=ON) == 0
