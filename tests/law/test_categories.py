"""Categories: what officers write leads to a code, and what must stay unwritten does not."""

from datetime import date

import pytest

from hutong.law.categories import CATEGORIES, HIV_WORDS, SPOKEN, age_limit, read_category


@pytest.mark.parametrize(("word", "code"), SPOKEN.items())
def test_every_spoken_word_leads_to_a_known_code(word, code):
    assert read_category(word) == code
    assert code in CATEGORIES


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda category: category.code)
def test_title_number_and_code_lead_to_the_category(category):
    half_width = category.title_zh.replace("（", "(").replace("）", ")")
    assert {read_category(said) for said in (category.title_zh, half_width, category.number, category.code)} == {
        category.code
    }


@pytest.mark.parametrize("word", ["", "04", "hiv", "HIV", "艾滋病", "艾滋病病毒感染儿童", "其他", "100"])
def test_what_is_no_category_or_must_not_be_one_is_none(word):
    assert read_category(word) is None


def test_the_infection_is_no_holding_code():
    said = " ".join(f"{one.code} {one.title_zh} {one.title_en}" for one in CATEGORIES.values())
    assert not any(word.lower() in said.lower() for word in (*HIV_WORDS, "aids"))
    assert "04" not in {category.number for category in CATEGORIES.values()}


def test_money_is_bound_to_orphans_and_de_facto_children_alone():
    paid = {category.code for category in CATEGORIES.values() if category.paid}
    assert paid == {"orphan_institution", "orphan_kin", "de_facto"}


def test_numbers_and_titles_name_one_category_each():
    for values in ([one.number for one in CATEGORIES.values()], [one.title_zh for one in CATEGORIES.values()]):
        assert len(values) == len(set(values))


def test_left_behind_and_migrant_end_at_16_all_others_at_18():
    limits = {code: age_limit(date(2026, 6, 1), code) for code in CATEGORIES}
    assert {code for code, limit in limits.items() if limit == 16} == {"left_behind", "migrant"}
    assert {*limits.values(), age_limit(date(2026, 6, 1))} == {16, 18}
