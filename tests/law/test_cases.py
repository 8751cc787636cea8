"""The reader of cases: every word is taken, and what is wrong is named with its key."""

from datetime import date

import pytest

from hutong.law.cases import Case, WrongCase, read_cases
from hutong.law.facts import (
    AidFact,
    ChildFacts,
    CircumstanceFact,
    HoldingFact,
    ParentFact,
    PlacementFact,
    StudyFact,
)
from hutong.law.months import Month
from hutong.law.texts import WrongText

BARE = "{name: a, child: {birth_date: 2015-03-07}}"
DAY = date(2020, 1, 2)
WHOLE = """\
- name: whole
  jurisdiction: "640122000000"
  on: 2024-06-03
  months: [2025-12, 2026-01]
  cut_off: 31
  paid: {2025-12: 0, 2026-01: 100}
  death: 2026-02-01
  adoption: 2026-01-01
  child:
    birth_date: 2015-03-07
    sex: female
    adopted: true
    circumstances: [{kind: disability, grade: 4, class: mental, from: 2020-01-02}]
  parents:
    - {role: mother, circumstances: [{kind: out_of_contact, reported_on: 2020-01-02, until: 2020-01-02}]}
    - {role: father, unknown: true}
  holdings: [{category: hiv, decided_on: 2020-01-02, from_month: 2020-02, until_month: 2020-03}]
  placement: [{kind: kin, from: 2020-01-02, until: 2020-01-02}]
  other_aid:
    - {kind: dibao, household_fen_per_month: 90000, members: 3}
    - {kind: other, fen_per_month: 0, until: 2020-01-02}
  study: [{level: master}, {level: compulsory, full_time: false, from: 2020-01-02}]
  expect: {2025-12: 1}
"""


def wrong(text: str) -> WrongCase:
    (found,) = read_cases(f"- {text}\n", name="cases.yaml")
    assert isinstance(found, WrongCase)
    return found


def test_a_bare_case_says_nothing_more():
    (found,) = read_cases(f"- {BARE}", name="cases.yaml")
    assert found == Case("a", "", None, (), ChildFacts(birth_date=date(2015, 3, 7)), False, None, None)


def test_every_word_is_taken():
    (found,) = read_cases(WHOLE, name="cases.yaml")
    assert found == Case(
        name="whole",
        jurisdiction="640122000000",
        on=date(2024, 6, 3),
        months=(Month(2025, 12), Month(2026, 1)),
        child=ChildFacts(
            birth_date=date(2015, 3, 7),
            sex="female",
            is_adopted=True,
            adopted_on=date(2026, 1, 1),
            died_on=date(2026, 2, 1),
            circumstances=(CircumstanceFact(kind="disability", grade=4, disability_class="mental", from_on=DAY),),
            parents=(
                ParentFact(
                    role="mother",
                    circumstances=(CircumstanceFact(kind="out_of_contact", reported_on=DAY, until_on=DAY),),
                ),
                ParentFact(role="father", is_unknown=True),
            ),
            holdings=(
                HoldingFact(category="hiv", decided_on=DAY, from_month=Month(2020, 2), until_month=Month(2020, 3)),
            ),
            placements=(PlacementFact(kind="kin", from_on=DAY, until_on=DAY),),
            other_aid=(
                AidFact(kind="dibao", household_fen_per_month=90_000, members=3),
                AidFact(kind="other", fen_per_month=0, until_on=DAY),
            ),
            study=(StudyFact(level="master"), StudyFact(level="compulsory", is_full_time=False, from_on=DAY)),
            paid={Month(2025, 12): 0, Month(2026, 1): 100},
        ),
        has_paid=True,
        cut_off=31,
        expect={"2025-12": "1"},
    )


@pytest.mark.parametrize(("said", "place"), [("'00'", ""), ("'64'", "64"), ("'640122'", "640122")])
def test_a_place_is_a_code_a_prefix_or_the_country(said, place):
    (found,) = read_cases(f"- {BARE[:-1]}, jurisdiction: {said}}}", name="cases.yaml")
    assert found.jurisdiction == place


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("colour: red", "case: unknown colour"),
        ("jurisdiction: '641'", "case: jurisdiction cannot be read: 641 is no division code"),
        ("on: 2024-6-3", "case: on cannot be read"),
        ("cut_off: 0", "case: cut_off cannot be read: 0 is no day of a month"),
        ("cut_off: 32", "case: cut_off cannot be read: 32 is no day of a month"),
        ("cut_off: -1", "case: cut_off cannot be read: -1 is no whole number"),
        ("cut_off: [1]", "is no whole number"),
        ("cut_off: １", "is no whole number"),
        ("months: 2025-12", "case: months is a list"),
        ("months: [2025-13]", "case: months: "),
        ("paid: 3", "case: paid cannot be read: keys and values are needed"),
        ("paid: {2025-12: 1.5}", "1.5 is no whole number"),
        ("expect: recognised", "case: expect cannot be read: keys and values are needed"),
        ("parents: [{role: uncle}]", "uncle is not one of adoptive_father, adoptive_mother, father, mother"),
        ("parents: [{role: [father]}]", "is not one of"),
        ("parents: [{role: father, age: 3}]", "parent: unknown age"),
        ("parents: [{role: father, unknown: perhaps}]", "true or false, not perhaps"),
        ("parents: [{role: father, unknown: [true]}]", "true or false, not"),
        ("parents: [{unknown: true}]", "parent: role is missing"),
        ("parents: [father]", "parent: keys and values are needed"),
        ("parents: [{role: father, circumstances: [{kind: hiv}]}]", "hiv is not one of"),
        ("parents: [{role: father, circumstances: [{kind: dead, by: 1}]}]", "circumstance: unknown by"),
        (
            "parents: [{role: father, circumstances: [{kind: severe_disability, grade: 5}]}]",
            "5 is no grade from 1 to 4",
        ),
        ("holdings: [{category: hiv, since: 1}]", "holding: unknown since"),
        ("placement: [{kind: kin, where: 1}]", "placement: unknown where"),
        ("other_aid: [{kind: dibao, fen_per_month: 1, who: 1}]", "other_aid: unknown who"),
        ("other_aid: [{kind: dibao}]", "either fen_per_month, or"),
        ("other_aid: [{kind: dibao, household_fen_per_month: 1}]", "either fen_per_month, or"),
        ("other_aid: [{kind: dibao, household_fen_per_month: 1, members: 0}]", "either fen_per_month, or"),
        ("other_aid: [{kind: dibao, fen_per_month: 1, household_fen_per_month: 1, members: 1}]", "either"),
        ("study: [{level: master, at: 1}]", "study: unknown at"),
    ],
)
def test_what_is_wrong_is_named(more, why):
    found = wrong(f"{BARE[:-1]}, {more}}}")
    assert found.name == "a" and why in found.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{name: a}", "child: keys and values are needed"),
        ("{name: a, child: {}}", "child: birth_date is missing"),
        ("{name: a, child: {birth_date: 2015-03-07, colour: red}}", "child: unknown colour"),
        (
            "{name: a, child: {birth_date: 2015-03-07, sex: 1}}",
            "child: sex cannot be read: 1 is not one of female, male",
        ),
        ("{name: a, child: {birth_date: 2015-03-07, adopted: maybe}}", "child: adopted cannot be read"),
    ],
)
def test_what_is_wrong_with_a_child_is_named(text, why):
    assert wrong(text).why.startswith(why)


def test_a_case_without_a_name_is_called_by_its_number_and_none_keeps_others_from_being_read():
    found = read_cases(f"- {{child: {{}}}}\n- {BARE}\n- nothing\n- {{child: {{birth_date: 2015-03-07}}}}\n", name="x")
    assert [one.name for one in found] == ["#1", "a", "#3", "#4"]
    assert [isinstance(one, Case) for one in found] == [False, True, False, True]


@pytest.mark.parametrize("text", ["name: a", "word", ""])
def test_what_is_no_list_is_refused(text):
    with pytest.raises(WrongText, match=r"cases\.yaml: a list of cases is needed"):
        read_cases(text, name="cases.yaml")


@pytest.mark.parametrize(("said", "value"), [("true", True), ("False", False), ("TRUE", True)])
def test_truths_are_read_as_yaml_writes_them(said, value):
    (found,) = read_cases(f"- {{child: {{birth_date: 2015-03-07, adopted: {said}}}}}", name="x")
    assert found.child.is_adopted is value
