"""Numbers and check codes of documents."""

import pytest

from hutong.law.documents import CODE_CHARACTERS, KINDS, check_code, document_number, read_check_code

DRAWN = "7K2M9QXC4HTWABC"
CODE = check_code(DRAWN)


def test_a_number_is_written_as_offices_do():
    assert document_number("永民", 2026, 12) == "永民〔2026〕12号"


def test_a_code_stands_in_groups_of_four_of_characters_that_do_not_look_alike():
    assert CODE.startswith("7K2M-9QXC-4HTW-ABC") and len(CODE) == 19
    assert set(CODE) <= {*CODE_CHARACTERS, "-"} and not {*"01IO"} & {*CODE_CHARACTERS}
    assert len(CODE_CHARACTERS) ** len(DRAWN) >= 2**60


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", " "),
        f"  {CODE.replace('-', '')}\n",
        CODE.replace("-", "—"),
        CODE.replace("-", "·"),
        "".join(chr(ord(character) + 0xFEE0) for character in CODE),
        f"https://hutong.example/confirm/#{CODE}",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_check_code(typed) == CODE


def test_one_wrong_character_is_always_found():
    compact = CODE.replace("-", "")
    for at, right in enumerate(compact):
        for other in set(CODE_CHARACTERS) - {right}:
            assert read_check_code(compact[:at] + other + compact[at + 1 :]) is None


@pytest.mark.parametrize("typed", ["", "7K2M", CODE + "A", CODE.replace("7", "0"), "核验码", CODE[:-1] + "é", "#"])
def test_what_is_no_code_is_none(typed):
    assert read_check_code(typed) is None


def test_each_kind_has_a_title_in_both_languages():
    assert all(zh and en and len(kind) <= 20 for kind, (zh, en) in KINDS.items())
