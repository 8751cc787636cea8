"""What forms say of a child: answers of a day, added by later forms, taken back with their batch."""

from datetime import date

import pytest
from django.db.models import QuerySet

from hutong.kit.staging import Verdict
from hutong.registry import dossier
from hutong.registry.actions import admission
from hutong.registry.actions.withdrawal import withdraw
from hutong.registry.batches import staged_lines
from hutong.registry.models import Child, Observation, Parent
from hutong.registry.queries import RowsRegister
from tests.factories import ON, admitted, child, id_number, judge_rows, judged, line, line_of, person
from tests.facts import circumstance, observation, parent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

FILLED = "2025-05-20"
SAID = {"health": "健康", "schooling": "小学", "income": "务工、务农", "filled_on": FILLED}
FATHER = {"father_name": "柳大山", "father_id_number": id_number(date(1986, 4, 1)), "father_phone": "13900011133"}


def answers(whose: Child) -> list[tuple]:
    rows = whose.observations.order_by("observed_on", "pk")
    return [(one.observed_on.isoformat(), one.question, one.answer.open()) for one in rows]


def parents(whose: Child) -> list[tuple]:
    rows: QuerySet[Parent] = whose.parent_set.order_by("pk")
    return [
        (one.role, one.name, one.is_unknown, one.id_number and one.id_number.open(), one.phone and one.phone.open(),
         one.from_on, one.until_on)
        for one in rows
    ]  # fmt: skip


def taken_in(*rows: dict, on: date = ON) -> object:
    batch = judged(rows, by=person("county_officer"), on=on)
    admission.admit(by=person("approver"), batch=batch, on=on, only=("new", "changed"))
    return batch


def verdict_of(*rows: dict) -> list[Verdict]:
    return [row.verdict for row in judge_rows(rows, register=RowsRegister())]


def test_a_form_is_kept_as_answers_of_its_day():
    row = line(**SAID)
    admitted([row])
    made = Child.objects.get(name=row["name"])
    assert answers(made) == [
        (FILLED, "health", "healthy"),
        (FILLED, "schooling", "primary"),
        (FILLED, "income", "wages、farming"),
    ]
    assert parents(made) == []


def test_a_form_without_its_day_is_of_the_day_of_admission():
    row = line(boarding="是")
    admitted([row])
    assert answers(Child.objects.get(name=row["name"])) == [(ON.isoformat(), "boarding", "yes")]


def test_a_later_form_adds_what_has_changed_and_no_more():
    whose = child()
    observation(whose, "health", "healthy"), observation(whose, "schooling", "kindergarten")
    row = line_of(whose, **SAID)
    assert verdict_of(row) == [Verdict.CHANGED]
    taken_in(row)
    assert answers(whose)[2:] == [(FILLED, "schooling", "primary"), (FILLED, "income", "wages、farming")]
    assert verdict_of(row, line_of(whose, **SAID | {"filled_on": "2025-06-01"})) == [Verdict.SAME, Verdict.REPEAT]


def test_an_older_form_is_weighed_against_what_was_known_on_its_day():
    whose = child()
    observation(whose, "schooling", "junior", observed_on=date(2025, 3, 1))
    row = line_of(whose, schooling="小学", filled_on="2024-03-01")
    taken_in(row)
    assert answers(whose) == [("2024-03-01", "schooling", "primary"), ("2025-03-01", "schooling", "junior")]
    assert verdict_of(row) == [Verdict.SAME]
    latest = dossier.latest_observations(whose, sensitive=True)
    assert {code: one.answer.open() for code, one in latest.items()} == {"schooling": "junior"}


def test_who_may_not_see_what_is_sensitive_sees_the_other_answers():
    whose = child()
    for code, answer in (("health", "ill"), ("schooling", "primary"), ("income", "wages")):
        observation(whose, code, answer)
    assert [one.question for one in dossier.observations_of(whose, sensitive=False)] == ["schooling"]
    shown = [one.question for one in dossier.observations_of(whose, sensitive=True)]
    assert shown == ["health", "schooling", "income"]


def test_father_and_mother_come_with_a_new_child():
    row = line(**FATHER, mother_name="柳素云")
    admitted([row])
    father = ("father", "柳大山", False, FATHER["father_id_number"], "13900011133", None, None)
    assert parents(Child.objects.get(name=row["name"])) == [
        father, ("mother", "柳素云", False, None, None, None, None),
    ]  # fmt: skip
    assert verdict_of(row) == [Verdict.SAME]


def test_a_withdrawn_batch_takes_answers_and_parents_along():
    row = line(**SAID, **FATHER)
    batch = admitted([row])
    assert dict(withdraw(by=person("approver"), batch=batch, on=ON)) == {"removed": 1, "restored": 0, "left": 0}
    assert not Child.objects.filter(name=row["name"]).exists()
    assert not Observation.objects.exists() and not Parent.objects.exists()


def test_a_mended_detail_of_a_parent_is_written_and_put_back():
    whose = child()
    known = parent(whose, "father", name="柳大山", phone="13900011100")
    circumstance(known)
    before = parents(whose)
    batch = taken_in(line_of(whose, **FATHER))
    assert [one[3:5] for one in parents(whose)] == [(FATHER["father_id_number"], "13900011133")]
    withdraw(by=person("approver"), batch=batch, on=ON)
    assert parents(whose) == before


@pytest.mark.parametrize("role", ["mother", "adoptive_mother"])
def test_another_name_ends_a_parent_and_what_is_known_stays_there(role):
    whose = child()
    known = parent(whose, role, from_on=date(2020, 1, 1))
    circumstance(known)
    before = parents(whose)
    batch = taken_in(line_of(whose, mother_name="汤桂英", mother_phone="13900011144"))
    ended, came = parents(whose)
    assert ended[1] == "柳素云" and ended[-1] == date(2025, 6, 1)
    assert came == (role, "汤桂英", False, None, "13900011144", ON, None)
    assert known.circumstances.count() == 1
    withdraw(by=person("approver"), batch=batch, on=ON)
    assert parents(whose) == before


def test_an_unknown_parent_becomes_known_and_unknown_again():
    whose = child()
    parent(whose, "father", is_unknown=True)
    before = parents(whose)
    batch = taken_in(line_of(whose, **FATHER))
    assert [one[1:3] for one in parents(whose)] == [("", True), ("柳大山", False)]
    withdraw(by=person("approver"), batch=batch, on=ON)
    assert parents(whose) == before


def test_a_parent_who_follows_one_that_has_ended_begins_after_them():
    whose = child()
    parent(whose, "father", name="柳小河", until_on=ON)
    batch = taken_in(line_of(whose, father_name="柳大山"))
    assert parents(whose)[1][-2:] == (date(2025, 6, 3), None)
    withdraw(by=person("approver"), batch=batch, on=ON)
    assert [one[1] for one in parents(whose)] == ["柳小河"]


def test_a_withdrawn_change_takes_its_own_answers_back_alone():
    whose = child()
    observation(whose, "schooling", "kindergarten")
    batch = taken_in(line_of(whose, **SAID))
    assert len(answers(whose)) == 4
    withdraw(by=person("approver"), batch=batch, on=ON)
    assert [one[1:] for one in answers(whose)] == [("schooling", "kindergarten")]


@pytest.mark.parametrize("number", [1, 6])
def test_the_register_is_asked_as_often_for_one_row_as_for_many(django_assert_num_queries, number):
    rows = []
    for _ in range(number):
        whose = child()
        parent(whose), observation(whose)
        rows.append(line_of(whose, **SAID, mother_name="柳素云"))
    with django_assert_num_queries(9):
        assert set(verdict_of(*rows)) == {Verdict.CHANGED}


def test_what_a_row_says_of_parents_is_told_in_the_file_and_answers_are_their_own_history():
    whose = child()
    taken_in(line_of(whose, **FATHER, **SAID))
    (told,) = whose.changes.all()
    assert told.columns == ["father_id_number", "father_name", "father_phone"]
    other = child()
    taken_in(line_of(other, **SAID))
    assert not other.changes.exists() and len(answers(other)) == 3


def test_a_left_out_answer_or_parent_does_not_come_in():
    whose = child()
    officer, approver = person("county_officer"), person("approver")
    batch = judged([line_of(whose, **FATHER, **SAID)], by=officer)
    batch.rows.update(left_out=["father_name", "income"])
    (shown,) = staged_lines(batch, batch.rows.all())
    assert {(one.column, one.before, one.after) for one in shown.changes if not one.is_taken} == {
        ("father_name", "", "柳大山"), ("income", "", "wages、farming"),
    }  # fmt: skip
    admission.admit(by=approver, batch=batch, on=ON, only=("changed",))
    assert parents(whose) == []
    assert [one[1] for one in answers(whose)] == ["health", "schooling"]
    (shown,) = staged_lines(batch, batch.rows.all())
    assert {one.column for one in shown.changes} >= {"health", "schooling"}
