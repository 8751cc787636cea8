"""Card numbers: one form, a length that banks issue, and a check digit that only warns."""

import pytest

from hutong.law.cards import judge_card


@pytest.mark.parametrize(
    "text",
    [
        "6222021234567890128",
        "6222 0212 3456 7890 128",
        "６２２２０２１２３４５６７８９０１２８",
        "'6222021234567890128",
    ],
)
def test_a_number_has_one_form_however_it_was_typed(text):
    assert judge_card(text).number == "6222021234567890128"


@pytest.mark.parametrize(
    ("text", "fault"),
    [("", "empty"), (" - ", "empty"), ("62220212345x", "characters"), ("6" * 11, "length"), ("6" * 20, "length"),
     ("六二二二〇二一二三四五六", "characters")],
)  # fmt: skip
def test_what_is_no_card_number_says_why(text, fault):
    judged = judge_card(text)
    assert (judged.number, judged.fault, judged.is_doubtful) == ("", fault, False)


@pytest.mark.parametrize("text", ["6" * 12, "6" * 19])
def test_the_shortest_and_the_longest_that_banks_issue(text):
    assert judge_card(text).fault == ""


@pytest.mark.parametrize(("text", "is_doubtful"), [("4111111111111111", False), ("4111111111111112", True)])
def test_the_check_digit_only_warns(text, is_doubtful):
    judged = judge_card(text)
    assert (judged.number, judged.fault, judged.is_doubtful) == (text, "", is_doubtful)
