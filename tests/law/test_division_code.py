"""Division codes, and who is responsible for a child."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.division_code import (
    LENGTH_OF,
    PREFIX_LENGTHS,
    Level,
    ancestors,
    full,
    is_code,
    is_prefix,
    level_of,
    meeting,
    prefix_of,
    responsible,
)

PARTS = [st.integers(1, 10**width - 1).map(lambda part, width=width: f"{part:0{width}}") for width in (2, 2, 2, 3, 3)]
CODES = st.integers(1, 5).flatmap(lambda depth: st.tuples(*PARTS[:depth])).map(lambda parts: full("".join(parts)))
PREFIXES = st.sampled_from(PREFIX_LENGTHS).flatmap(lambda n: st.from_regex(rf"[1-9][0-9]{{{n - 1}}}", fullmatch=True))

LIVING, REGISTERED, STATED, AWAY = "640122100200", "640121100200", "640104001002", "620825103205"


@pytest.mark.parametrize(
    ("code", "level", "prefix"),
    [
        ("640000000000", Level.PROVINCE, "64"),
        ("640100000000", Level.CITY, "6401"),
        ("640122000000", Level.COUNTY, "640122"),
        ("640122100000", Level.TOWNSHIP, "640122100"),
        ("640122100200", Level.VILLAGE, "640122100200"),
        ("640122001001", Level.VILLAGE, "640122001001"),
    ],
)
def test_the_level_stands_in_the_code(code, level, prefix):
    assert (level_of(code), prefix_of(code)) == (level, prefix)


@given(CODES)
def test_a_prefix_and_its_zeros_make_the_code_again(code):
    assert full(prefix_of(code)) == code
    assert len(prefix_of(code)) == LENGTH_OF[level_of(code)]


@given(CODES)
def test_ancestors_lead_down_from_the_province(code):
    above = ancestors(code)
    assert [level_of(one) for one in above] == list(Level)[: len(above)]
    assert len(above) == list(Level).index(level_of(code))
    assert all(code.startswith(prefix_of(one)) and one != code for one in above)


def test_ancestors_of_a_village_are_all_four():
    assert ancestors(LIVING) == ["640000000000", "640100000000", "640122000000", "640122100000"]


@given(PREFIXES)
def test_what_has_the_length_of_a_level_is_a_prefix(prefix):
    assert is_prefix(prefix)
    assert is_code(full(prefix))


@pytest.mark.parametrize(
    "text", ["", "6", "640", "64012", "6401221", "64012210020", "6401221002000", "64a1", "６４", "²²"]
)
def test_what_has_another_length_or_letters_is_no_prefix(text):
    assert not is_prefix(text)


@pytest.mark.parametrize("text", ["", "640122", "6401221002000", "64012210020x", " 640122100200", "640122100200\n"])
def test_what_is_not_twelve_digits_is_no_code(text):
    assert not is_code(text)


@pytest.mark.parametrize("category", ["left_behind", "orphan_kin", "orphan_institution", "de_facto"])
def test_these_follow_the_registered_place(category):
    assert _responsible(registered=REGISTERED, categories={category, "disability"}) == REGISTERED


@pytest.mark.parametrize("category", ["left_behind", "orphan_kin", "orphan_institution", "de_facto"])
def test_registered_in_another_province_or_nowhere_they_follow_the_living_place(category):
    assert _responsible(registered=AWAY, categories={category}) == LIVING
    assert _responsible(registered="", categories={category}) == LIVING


@pytest.mark.parametrize("categories", [set(), {"migrant"}, {"in_difficulty", "dibao"}, {"severe_disability"}])
def test_the_others_follow_the_living_place(categories):
    assert _responsible(registered=REGISTERED, categories=categories) == LIVING


@pytest.mark.parametrize("categories", [set(), {"left_behind"}, {"migrant"}])
def test_what_the_sheet_states_comes_first(categories):
    assert _responsible(stated=STATED, registered=REGISTERED, categories=categories) == STATED


def _responsible(*, stated: str = "", registered: str, categories: set[str]) -> str:
    return responsible(
        stated=stated, registered=registered, living=LIVING, categories=frozenset(categories), province="64"
    )


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ("640122100200", "640122100200", "640122100200"),
        ("640122100200", "640122100201", "640122100000"),
        ("640122100200", "640122101200", "640122000000"),
        ("640122100200", "640121100200", "640100000000"),
        ("640122100200", "640221100200", "640000000000"),
        ("640122100200", "620122100200", "000000000000"),
    ],
)
def test_two_places_meet_in_the_lowest_that_holds_both(one, other, place):
    assert meeting(one, other) == meeting(other, one) == place
