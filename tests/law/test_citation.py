"""Citations: an instrument that is there, its article, and a register of instruments in which nothing is misspelt."""

from dataclasses import replace

import pytest

from hutong.law import citation
from hutong.law.citation import Line, Reason, cite, instruments, to_confirm
from hutong.law.texts import WrongText

ONE = "law: {zh: 某法, en: Some law}\n"


@pytest.fixture
def said(monkeypatch, tmp_path):
    """Has the register of instruments say a text."""

    def say(text: str) -> None:
        (tmp_path / "instruments.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(citation, "FILE", tmp_path / "instruments.yaml")
        monkeypatch.setattr(citation, "instruments", instruments.__wrapped__)

    return say


def test_without_an_article_the_whole_instrument_is_cited(said):
    said(ONE)
    found = cite("law")
    assert (found.zh, found.en, found.article, found.instrument.is_provisional) == ("《某法》", "Some law", "", False)


def test_an_instrument_says_number_day_and_whether_it_is_recalled(said):
    said('law: {zh: 某法, en: Some law, number: 一号, issued: "2020-01", provisional: true}\n')
    found = cite("law  第一条 ")
    assert (found.zh, found.en) == ("《某法》（一号）第一条", "Some law, 一号, 第一条")
    assert (found.instrument.issued, found.instrument.is_provisional) == ("2020-01", True)


def test_what_rests_on_something_still_to_be_confirmed_is_named_once_and_in_order(said):
    said(ONE)
    sure = cite("law")
    recalled = replace(sure, is_provisional=True)
    parts = [
        Line("b", 1, "乙", recalled),
        Reason("a", "甲", recalled),
        Reason("c", "丙", sure),
        Reason("b", "乙", recalled),
    ]
    assert to_confirm(parts) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("law: {zh: 某法}\n", "law: zh and en are needed"),
        ("law: {en: Some law}\n", "law: zh and en are needed"),
        ("law: {zh: 某法, en: Some law, colour: red, age: old}\n", "law: age, colour"),
    ],
)
def test_what_is_misspelt_is_named(said, text, why):
    said(text)
    with pytest.raises(WrongText, match=why):
        cite("law")
