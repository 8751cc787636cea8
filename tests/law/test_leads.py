"""Leads: which lists there are, what a row says, what counts, what is known, and what would be if it were true."""

from datetime import date

import pytest

from hutong.law.data_sources import TOPICS
from hutong.law.facts import ChildFacts, CircumstanceFact, ParentFact
from hutong.law.leads import (
    LISTED_BY,
    LISTS,
    as_if,
    bears,
    can_be_of_a_child,
    fact_of,
    is_alarming,
    is_known,
    is_news,
    kind_of,
    list_about,
    lists_of,
)
from hutong.law.parameters import shipped
from hutong.law.recognition import Outcome, recognise
from hutong.law.rules import Rules

ON, PLACE = date(2026, 6, 10), "640122000000"
RULES = Rules(shipped(), PLACE).on(ON)
SINCE = date(2024, 1, 1)


def fact(kind="imprisoned", **more):
    return CircumstanceFact(**{"kind": kind, "from_on": SINCE} | more)


def test_departments_give_lists_of_what_the_law_names_of_parents():
    said = {(topic.source, kind_of(topic)) for topic in LISTS}
    assert said == {
        ("police", "dead"), ("police", "out_of_contact"), ("police", "liberty_restricted"), ("funeral", "dead"),
        ("court", "dead"), ("court", "declared_missing"), ("court", "guardianship_revoked"), ("court", "imprisoned"),
        ("prison", "imprisoned"), ("rehabilitation", "drug_rehab"), ("immigration", "deported"),
        ("disabled_federation", "severe_disability"), ("health", "dead"), ("health", "severe_illness"),
        ("medical_insurance", "severe_illness"),
    }  # fmt: skip
    assert set(LISTED_BY) == {source for source, _kind in said}


def test_a_list_asks_neither_whether_it_holds_nor_who_was_seen():
    for topic in LISTS:
        assert not {"holds", "dead", "seen_on"} & topic.by_code.keys(), topic
        assert len({one.title_zh for one in lists_of(topic.source)}) == len(lists_of(topic.source))
    assert not [kind_of(topic) for topic in TOPICS if topic.source in ("marriage", "education") and kind_of(topic)]


@pytest.mark.parametrize(("source", "kind"), [("prison", "dead"), ("education", "enrolled"), ("village", "dead")])
def test_what_no_source_gives_a_list_of(source, kind):
    with pytest.raises(LookupError):
        list_about(source, kind)


@pytest.mark.parametrize(
    ("source", "kind", "values", "said"),
    [
        ("funeral", "dead", {"died_on": SINCE}, fact("dead")),
        ("prison", "imprisoned", {"from_on": SINCE, "until_on": ON}, fact(until_on=ON)),
        ("prison", "imprisoned", {}, fact(from_on=None)),
        ("police", "out_of_contact", {"reported_on": SINCE}, fact("out_of_contact", from_on=None, reported_on=SINCE)),
        (
            "disabled_federation", "severe_disability",
            {"disability_class": "visual", "grade": 1, "certificate_valid_until": ON},
            fact("severe_disability", from_on=None, until_on=ON, grade=1, disability_class="visual"),
        ),
    ],
)  # fmt: skip
def test_what_a_row_says(source, kind, values, said):
    assert fact_of(list_about(source, kind), values) == said


def test_of_a_child_itself_a_list_says_that_it_died_and_nothing_else():
    assert [kind_of(topic) for topic in LISTS if can_be_of_a_child(topic)] == ["dead"] * 3
    assert {topic.source for topic in LISTS if can_be_of_a_child(topic)} == {"police", "funeral", "health"}


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (fact(), True),
        (fact(until_on=ON), True),
        (fact(until_on=date(2026, 6, 9)), False),
        (fact("dead"), True),
        (fact("hidden_whereabouts"), False),
        (fact("severe_disability", grade=1, disability_class="visual"), True),
        (fact("severe_disability", grade=4, disability_class="visual"), False),
        (fact("severe_disability"), True),
    ],
)
def test_only_what_may_count_is_kept(said, counts):
    assert bears(said, RULES) is counts


@pytest.mark.parametrize(
    ("said", "known", "is_so"),
    [
        (fact("dead", from_on=ON), fact("dead"), True),
        (fact("dead"), fact(), False),
        (fact(), fact(), True),
        (fact(until_on=ON), fact(), True),
        (fact(until_on=ON), fact(until_on=ON), True),
        (fact(until_on=date(2026, 6, 11)), fact(until_on=ON), False),
        (fact(), fact(until_on=ON), False),
        (fact(from_on=date(2026, 6, 11)), fact(until_on=ON), False),
        (fact(from_on=None, until_on=ON), fact(until_on=ON), True),
        (fact(from_on=date(2023, 1, 1), until_on=date(2023, 12, 31)), fact(), False),
        (fact(from_on=date(2023, 1, 1), until_on=SINCE), fact(), True),
        (fact(), fact(from_on=None), True),
    ],
)
def test_what_a_file_says_already_for_as_long_is_known(said, known, is_so):
    assert is_known(said, [known]) is is_so


def test_as_if_leads_were_true_a_child_would_be_recognised():
    father = ParentFact(role="father", circumstances=(fact("dead"),))
    child = ChildFacts(birth_date=date(2015, 1, 1), parents=(father, ParentFact(role="mother")))
    told = as_if(child, {"mother": [fact(until_on=date(2030, 1, 1))], "father": [fact("dead", from_on=ON)]})
    assert recognise(child, on=ON, jurisdiction=PLACE).outcome is Outcome.REFUSED
    assert recognise(told, on=ON, jurisdiction=PLACE).category == "de_facto"
    assert told.parents[0] == father
    assert child.parents[1].circumstances == ()


def test_two_days_of_one_death_make_one_death():
    child = ChildFacts(birth_date=date(2015, 1, 1), parents=(ParentFact(role="mother"),))
    told = as_if(child, {"mother": [fact("dead"), fact("dead", from_on=ON)]})
    assert told.parents[0].circumstances == (fact("dead"),)


def test_who_is_in_no_file_is_added_and_of_whom_nobody_knows_nothing_is_said():
    child = ChildFacts(birth_date=date(2015, 1, 1), parents=(ParentFact(role="father", is_unknown=True),))
    told = as_if(child, {"mother": [fact("dead")], "father": [fact("dead")], "child": [fact("dead")]})
    assert told.parents == (child.parents[0], ParentFact(role="mother", circumstances=(fact("dead"),)))


@pytest.mark.parametrize(
    ("said", "is_so"),
    [
        (fact("dead"), True),
        (fact(until_on=date(2024, 6, 30)), True),
        (fact(until_on=date(2024, 6, 29)), False),
        (fact(), True),
        (fact(from_on=None, until_on=ON), True),
        (fact("severe_disability", grade=1), False),
        (fact("drug_rehab", until_on=date(2030, 1, 1)), False),
    ],
)
def test_one_parents_death_or_long_sentence_is_news(said, is_so):
    assert is_news(said, RULES) is is_so


@pytest.mark.parametrize(
    ("named", "children", "is_so"), [(20, 100, True), (20, 101, False), (19, 20, False), (500, 1000, True)]
)
def test_a_list_that_names_a_great_part_of_a_county_is_alarming(named, children, is_so):
    assert is_alarming(named, children, RULES) is is_so


def test_a_topic_keeps_its_other_fields():
    custody = list_about("prison", "imprisoned")
    assert [field.code for field in custody.fields] == ["from_on", "until_on"]
