"""Family relations by GB/T 4761."""

import pytest

from hutong.law.relations import RELATIONS, SPOKEN, read_relation


@pytest.mark.parametrize(("word", "code"), SPOKEN.items())
def test_every_spoken_word_leads_to_a_known_code(word, code):
    assert read_relation(word) == code
    assert code in RELATIONS


@pytest.mark.parametrize(("code", "title"), [(code, zh) for code, (zh, _) in RELATIONS.items()])
def test_title_and_code_lead_to_the_code(code, title):
    assert read_relation(title) == read_relation(code) == code


@pytest.mark.parametrize("word", ["", "邻居", "50", "父 亲"])
def test_unknown_words_are_none(word):
    assert read_relation(word) is None
