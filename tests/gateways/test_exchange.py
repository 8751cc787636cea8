"""The exchange with departments: what every way must do, the fake and the files alike."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from hutong.gateways.exchange.fake import FakeExchange
from hutong.gateways.exchange.files import FileExchange
from hutong.gateways.exchange.questions import Question, RefusedQuestions
from hutong.law.circumstances import HIDDEN
from hutong.law.copies import read_copy_number
from hutong.law.data_checks import compare, questions_about
from hutong.law.data_sources import SOURCES, TOPICS, Outcome
from hutong.law.facts import ChildFacts, CircumstanceFact, ParentFact
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from tests.factories import id_number
from tests.gateways.clerk import DUE, OFFICE, ON, PASSWORD, answer_all

LATER = ON + timedelta(2)
NAME, NUMBER = "柳安宁", id_number(date(1985, 3, 7), at=1)


def question(number="q1", source="police", asks="dead", **more):
    return replace(Question(number, source, asks, NAME, NUMBER, ON), **more)


class InMemory:
    """The fake, whose registers answer by themselves."""

    def __init__(self, _folder):
        self.departments = self.exchange = FakeExchange()

    def wait(self, receipt, on):
        """Nothing is to be done."""


class ByFile:
    """The files, which a clerk fills in from the same registers."""

    def __init__(self, folder):
        self.departments = FakeExchange()
        self.exchange = FileExchange(folder, OFFICE, password=PASSWORD)

    def wait(self, receipt, on):
        """Has the clerks of those sources that are quick enough answer."""
        for path in self.exchange.out.glob(f"{receipt.batch}-*"):
            source = next(code for code, one in SOURCES.items() if one.title_zh in path.name)
            ready_on = receipt.asked_on + timedelta(self.departments.days.get(source, 0))
            if ready_on <= on:
                answer = partial(self.departments.answer_to, answered_on=ready_on)
                filled = answer_all(path.read_bytes(), receipt, answer)
                (self.exchange.back / path.name).write_bytes(filled)


@pytest.fixture(params=[InMemory, ByFile], ids=["fake", "files"])
def way(request, tmp_path):
    return request.param(tmp_path)


def ask(way, *questions, on=ON):
    receipt = way.exchange.ask(questions, on=ON, due_on=DUE)
    way.wait(receipt, on)
    return receipt, way.exchange.answers(receipt, on=on)


def said(returned):
    return {answer.number: (answer.outcome, dict(answer.values)) for answer in returned.answers}


def test_a_receipt_holds_the_questions_under_a_number_that_checks_itself(way):
    asked = (question(), question("q2", "prison", "imprisoned"))
    receipt = way.exchange.ask(asked, on=ON, due_on=DUE)
    another = way.exchange.ask(asked, on=ON, due_on=DUE)
    assert (receipt.questions, receipt.asked_on, receipt.due_on) == (asked, ON, DUE)
    assert read_copy_number(receipt.batch) == receipt.batch != another.batch


def test_who_is_found_is_answered_with_the_values_of_the_register(way):
    way.departments.record("police", "dead", NAME, NUMBER, dead=True, died_on=date(2023, 5, 1))
    receipt, returned = ask(way, question())
    assert said(returned) == {"q1": (Outcome.FOUND, {"dead": True, "died_on": date(2023, 5, 1)})}
    assert (returned.problems, returned.waiting) == ((), ())
    assert returned.answers[0].answered_on == ON
    assert returned.answers[0].answered_by
    assert way.exchange.answers(receipt, on=ON) == returned


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: f"{one.source}-{one.about[0]}")
def test_every_field_of_every_topic_comes_back_as_it_is(way, topic):
    values = {field.code: field.choices[-1][0] if field.choices else date(2024, 2, 29) for field in topic.fields}
    if "dead" in values:
        values["dead"] = True
    way.departments.record(topic.source, topic.about[0], NAME, NUMBER, **values)
    _receipt, returned = ask(way, question(source=topic.source, asks=topic.about[-1]))
    assert said(returned) == {"q1": (Outcome.FOUND, values)}
    assert [type(value) for value in returned.answers[0].values.values()] == [type(one) for one in values.values()]


@pytest.mark.parametrize("value", [1, 2, 3, 4])
def test_every_choice_comes_back(way, value):
    way.departments.record("disabled_federation", "disability", NAME, NUMBER, grade=value)
    _receipt, returned = ask(way, question(source="disabled_federation", asks="severe_disability"))
    assert said(returned) == {"q1": (Outcome.FOUND, {"grade": value})}


def test_who_is_not_in_a_register_is_not_found(way):
    way.departments.record("police", "dead", NAME, NUMBER, dead=False)
    asked = [
        question(),
        question("q2", name="柳清和"),
        question("q3", id_number=id_number(at=9)),
        question("q4", "court"),
    ]
    _receipt, returned = ask(way, *asked)
    assert said(returned) == {
        "q1": (Outcome.FOUND, {"dead": False}),
        **{number: (Outcome.NOT_FOUND, {}) for number in ("q2", "q3", "q4")},
    }


def test_fields_that_a_register_leaves_empty_are_not_there(way):
    way.departments.record("prison", "imprisoned", NAME, NUMBER, from_on=date(2023, 5, 1))
    _receipt, returned = ask(way, question(source="prison", asks="imprisoned"))
    assert said(returned) == {"q1": (Outcome.FOUND, {"from_on": date(2023, 5, 1)})}


def test_a_register_that_is_down_says_so(way):
    way.departments.down.add("prison")
    way.departments.record("prison", "imprisoned", NAME, NUMBER, holds=True)
    _receipt, returned = ask(way, question(source="prison", asks="imprisoned"), question("q2"))
    assert said(returned) == {"q1": (Outcome.UNAVAILABLE, {}), "q2": (Outcome.NOT_FOUND, {})}


def test_answers_come_when_a_department_has_them(way):
    way.departments.days["prison"] = 2
    receipt, returned = ask(way, question(), question("q2", "prison", "imprisoned"), on=LATER - timedelta(1))
    assert (list(said(returned)), returned.waiting) == (["q1"], ("q2",))
    way.wait(receipt, LATER)
    later = way.exchange.answers(receipt, on=LATER)
    assert ({*said(later)}, later.waiting) == ({"q1", "q2"}, ())
    assert {one.number: one.answered_on for one in later.answers} == {"q1": ON, "q2": LATER}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"dead": False, "died_on": date(2023, 5, 1)}, "alive_with_death"),
        ({"dead": True, "died_on": ON + timedelta(1)}, "in_future"),
        ({"dead": True, "died_on": date(1985, 3, 6)}, "before_birth"),
    ],
)
def test_what_cannot_be_true_is_a_problem_and_no_answer(way, values, code):
    way.departments.record("police", "dead", NAME, NUMBER, **values)
    _receipt, returned = ask(way, question(), question("q2", "court"))
    assert ([*said(returned)], returned.waiting) == (["q2"], ("q1",))
    (problem,) = returned.problems
    assert (problem.code, problem.sheet, problem.column, problem.stops_row) == (code, "生存状况", "死亡日期", True)


def test_what_comes_back_is_held_against_what_was_claimed(way):
    """From the facts of a child to findings: a father who is claimed imprisoned until 2028 was released."""
    mother, at = ("柳清和", id_number(date(1990, 1, 2), at=5)), date(2026, 3, 1)
    in_prison = CircumstanceFact(kind="imprisoned", from_on=date(2023, 5, 1), until_on=date(2028, 4, 30))
    dead = CircumstanceFact(kind="dead", from_on=date(2020, 2, 2))
    facts = ChildFacts(
        birth_date=date(2015, 3, 7),
        parents=(
            ParentFact(role="father", circumstances=(in_prison,)),
            ParentFact(role="mother", circumstances=(dead,)),
        ),
    )
    people = {"child": ("柳月", id_number(at=2)), "father": (NAME, NUMBER), "mother": mother}
    enquiries = {f"n{number}": one for number, one in enumerate(questions_about(facts, on=ON))}
    way.departments.record("police", "alive", *people["child"], dead=False)
    way.departments.record("prison", "imprisoned", NAME, NUMBER, holds=False, from_on=date(2023, 5, 1), until_on=at)
    way.departments.record("police", "dead", *mother, dead=True, died_on=date(2020, 2, 2))
    way.departments.down.add("court")
    receipt, returned = ask(
        way,
        *(
            Question(number, one.source, one.claim.fact.kind, *people[one.claim.whose], ON)
            for number, one in enquiries.items()
        ),
    )
    rules = Rules(shipped(), "640122000000").on(ON)
    found = {
        (enquiries[answer.number].claim.whose, enquiries[answer.number].source): compare(
            enquiries[answer.number].claim, receipt.said(answer), rules
        ).verdict.value
        for answer in returned.answers
    }
    assert found == {
        ("child", "police"): "consistent",
        ("father", "prison"): "contradicts",
        ("mother", "police"): "consistent",
        ("mother", "court"): "unavailable",
        **{("child", source): "no_data" for source in ("funeral", "health", "adoption", "social_assistance")},
        **{("mother", source): "no_data" for source in ("funeral", "health")},
    }


def test_batches_do_not_mix(way):
    way.departments.record("police", "dead", NAME, NUMBER, dead=True)
    first = way.exchange.ask([question("q1")], on=ON, due_on=DUE)
    second = way.exchange.ask([question("q2", name="柳清和")], on=ON, due_on=DUE)
    for receipt in (first, second):
        way.wait(receipt, ON)
    assert said(way.exchange.answers(first, on=ON)) == {"q1": (Outcome.FOUND, {"dead": True})}
    assert said(way.exchange.answers(second, on=ON)) == {"q2": (Outcome.NOT_FOUND, {})}


@pytest.mark.parametrize(
    ("questions", "code", "number"),
    [
        ([], "no_questions", ""),
        ([question(), question(asks="alive")], "same_number", "q1"),
        ([question(), question("q2", asks=HIDDEN)], "not_askable", "q2"),
        ([question(asks="hiv")], "not_askable", "q1"),
        ([question(source="village")], "not_askable", "q1"),
        ([question(source="prison", asks="dead")], "not_askable", "q1"),
        ([question(name=" ")], "not_a_person", "q1"),
        ([question(id_number="")], "not_a_person", "q1"),
        ([question(" ")], "not_a_person", " "),
    ],
)
def test_what_cannot_be_asked_is_refused_whole(way, questions, code, number):
    with pytest.raises(RefusedQuestions) as refused:
        way.exchange.ask(questions, on=ON, due_on=DUE)
    assert (refused.value.code, refused.value.number) == (code, number)


def test_answers_cannot_be_due_before_they_are_asked_for(way):
    with pytest.raises(RefusedQuestions, match="due"):
        way.exchange.ask([question()], on=ON, due_on=ON - timedelta(1))
    assert way.exchange.ask([question()], on=ON, due_on=ON).due_on == ON


def test_the_fake_keeps_what_was_asked_and_takes_only_what_a_register_can_hold():
    fake = FakeExchange()
    receipt = fake.ask([question()], on=ON, due_on=DUE)
    assert fake.asked == [receipt]
    with pytest.raises(ValueError, match="grade"):
        fake.record("disabled_federation", "disability", NAME, NUMBER, grade=5)
    with pytest.raises(ValueError, match="cause"):
        fake.record("police", "dead", NAME, NUMBER, cause="x")
    with pytest.raises(LookupError):
        fake.record("prison", "dead", NAME, NUMBER)
