"""The schema that ships with the format of cases: it takes what the reader takes, and knows no other word."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from hutong.law import cases
from hutong.law.texts import read_file, read_text

SCHEMA = json.loads((Path(cases.__file__).parent / "case.schema.json").read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)
FILES = sorted((Path(__file__).parent / "cases").rglob("*.yaml"))
WORDS = {
    ("parent", "role"): cases.ROLES,
    ("placement", "kind"): frozenset(cases.PLACEMENTS),
    ("of_child", "kind"): cases.OF_CHILD,
    ("of_parent", "kind"): cases.OF_PARENT,
    ("holding", "category"): cases.HELD,
    ("aid", "kind"): cases.ALL_AIDS,
    ("study", "level"): frozenset(cases.LEVELS),
    ("child", "sex"): cases.SEXES,
}
WRONG = [
    "- {name: a}",
    "- {child: {birth_date: 2015-03-07, colour: red}}",
    "- {child: {birth_date: 2015-3-7}}",
    "- {child: {birth_date: 2015-03-07}, months: [2025-1]}",
    "- {child: {birth_date: 2015-03-07}, parents: [{role: uncle}]}",
    "- {child: {birth_date: 2015-03-07}, other_aid: [{kind: dibao}]}",
    "- {child: {birth_date: 2015-03-07}, jurisdiction: '641'}",
    "- {child: {birth_date: 2015-03-07}, paid: {2025-01: many}}",
]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("noun", "key"), WORDS)
def test_both_know_the_same_words(noun, key):
    assert set(SCHEMA["$defs"][noun]["properties"][key]["enum"]) == set(WORDS[noun, key])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_case_that_is_read_fits_it(file):
    said = read_file(file)
    read = cases.read_cases(file.read_text(encoding="utf-8"), name=file.name)
    for one, case in zip(said, read, strict=True):
        assert VALID.is_valid([one]) == isinstance(case, cases.Case), one["name"]


@pytest.mark.parametrize("text", WRONG)
def test_what_one_refuses_the_other_refuses(text):
    assert not VALID.is_valid(read_text(text, name="a"))
    assert all(isinstance(case, cases.WrongCase) for case in cases.read_cases(text, name="a"))
