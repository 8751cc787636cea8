"""What is wrong in a case: as data, in the English that programs read, and in the words that people read."""

import pytest
from django.utils.translation import override

from hutong.governance.wording import SAID, case_fault_of
from hutong.law.amount_cases import answer_cases
from hutong.law.cases import WrongCase, read_cases
from hutong.law.faults import ENGLISH, Fault, fault_in
from hutong.law.parameters import shipped

CHILD = "child: {birth_date: 2015-03-07}"
WRONG = [
    ("- 3", "case: keys and values are needed", "keys and their values belong here, each as “key: value”."),
    ("- {on: 2024-06-03}", "child: keys and values are needed", "child: keys and their values belong here"),
    ("- {child: {birth_date: 2015-03-07, colour: red}}", "child: unknown colour", "child: the law knows no key colour"),
    ("- {child: {sex: male}}", "child: birth_date is missing", "child: “birth_date” is missing."),
    (
        f"- {{on: 2024-6-3, {CHILD}}}",
        "case: on cannot be read: Invalid isoformat string: '2024-6-3'",
        "on: “2024-6-3” is no day. Write it as 2026-03-07.",
    ),
    (
        f"- {{on: [a], {CHILD}}}",
        "case: on cannot be read: fromisoformat: argument must be str",
        "on: “['a']” is no day. Write it as 2026-03-07.",
    ),
    (f"- {{months: [2025-1], {CHILD}}}", "case: months: 2025-1", "months: “2025-1” is no month."),
    (f"- {{months: 3, {CHILD}}}", "case: months is a list", "months: a list belongs here"),
    (
        f"- {{jurisdiction: Ningxia, {CHILD}}}",
        "case: jurisdiction cannot be read: Ningxia is no division code",
        "jurisdiction: “Ningxia” is no division code.",
    ),
    (f"- {{cut_off: 32, {CHILD}}}", "case: cut_off cannot be read: 32 is no day of a month", "cut_off: “32” is no"),
    (
        f"- {{paid: {{2025-01: a}}, {CHILD}}}",
        "case: paid cannot be read: a is no whole number",
        "paid: “a” is no",
    ),
    (
        f"- {{expect: [a], {CHILD}}}",
        "case: expect cannot be read: keys and values are needed",
        "expect: keys and",
    ),
    (
        f"- {{parents: [{{role: father, circumstances: [{{kind: dead, grade: 5}}]}}], {CHILD}}}",
        "case: parents: parent: circumstances: circumstance: grade cannot be read: 5 is no grade from 1 to 4",
        "parents › circumstances › grade: “5” is no grade. Write a number from 1 to 4.",
    ),
    (
        f"- {{parents: [{{role: father, unknown: maybe}}], {CHILD}}}",
        "case: parents: parent: unknown cannot be read: true or false, not maybe",
        "parents › unknown: write true or false, not “maybe”.",
    ),
    (
        f"- {{placement: [{{kind: here}}], {CHILD}}}",
        "case: placement: placement: kind cannot be read: here is not one of foster, independent, institution, kin",
        "placement › kind: “here” cannot stand here. One of these can: foster, independent, institution, kin.",
    ),
    (
        f"- {{other_aid: [{{kind: dibao}}], {CHILD}}}",
        "case: other_aid: other_aid: either fen_per_month, or household_fen_per_month with members",
        "other_aid: write either fen_per_month",
    ),
]
UNANSWERED = [
    (f"- {{{CHILD}}}", "case: months is missing", "“months” is missing."),
    (
        f"- {{months: [2026-01], expect: {{2026-01: a}}, {CHILD}}}",
        "expect: a month and its fen are needed: invalid literal for int() with base 10: 'a'",
        "expect: write each month with its sum in fen",
    ),
    (
        f"- {{months: [2026-01], expect: {{2026-02: 1}}, {CHILD}}}",
        "expect: 2026-02 is not among months",
        "expect: 2026-02 is expected, but is not among the months asked for.",
    ),
]


def said(fault: Fault) -> str:
    with override("en"):
        return case_fault_of(fault)


@pytest.mark.parametrize(("text", "english", "words"), WRONG)
def test_a_case_that_cannot_be_read(text, english, words):
    (wrong,) = read_cases(text, name="cases.yaml")

    assert isinstance(wrong, WrongCase)
    assert wrong.why == str(wrong.fault) == english
    assert said(wrong.fault).startswith(words)


@pytest.mark.parametrize(("text", "english", "words"), UNANSWERED)
def test_a_case_that_cannot_be_answered(text, english, words):
    (answer,) = answer_cases(read_cases(text, name="cases.yaml"), shipped())

    assert answer["error"] == english
    assert said(answer["fault"]).startswith(words)


def test_every_fault_has_its_words():
    assert SAID.keys() == ENGLISH.keys() - {"unreadable", "inside"}


def test_what_the_law_or_the_calendar_says_is_passed_on():
    assert (
        said(fault_in(LookupError("x has no value"))) == "the law says nothing for this day and place (x has no value)."
    )
    assert str(fault_in(KeyError("x"))) == "x"
    assert "date value out of range" in said(fault_in(OverflowError("date value out of range")))
