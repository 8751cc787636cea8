"""Ethnic groups by GB/T 3304."""

import pytest

from hutong.law.ethnic_groups import ETHNIC_GROUPS, read_ethnic_group, title


@pytest.mark.parametrize(("code", "name"), ETHNIC_GROUPS.items())
def test_name_and_code_lead_to_the_code(code, name):
    assert {read_ethnic_group(said) for said in (name, f"{name}族", code, title(code))} == {code}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("01", "汉族"),
        ("03", "回族"),
        ("05", "维吾尔族"),
        ("26", "东乡族"),
        ("30", "土族"),
        ("56", "基诺族"),
        ("97", "其他"),
        ("", ""),
    ],
)
def test_titles_as_they_are_said(code, said):
    assert title(code) == said


def test_there_are_56_groups_and_two_more_codes():
    assert len(ETHNIC_GROUPS) == len(set(ETHNIC_GROUPS.values())) == 58
    assert list(ETHNIC_GROUPS)[-3:] == ["56", "97", "98"]


@pytest.mark.parametrize("word", ["", "族", "回回", "57", "3", "汉族族"])
def test_unknown_words_are_none(word):
    assert read_ethnic_group(word) is None
