"""Identity numbers: no single slip of the finger passes."""

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.iso7064 import mod_37_36

from hutong.law.identity import (
    CHECK_CHARACTERS,
    Sex,
    Verdict,
    check_character,
    file_number,
    is_credit_code,
    is_mistyped_file_number,
    judge_id_number,
    normalise,
    read_file_number,
    temporary_number,
)
from tests.factories import ON, id_number

BIRTH_DATES = st.dates(date(1900, 1, 1), ON)
SEXES = st.sampled_from([Sex.MALE, Sex.FEMALE])
NUMBERS = st.builds(id_number, BIRTH_DATES, SEXES, st.integers(0, 499), st.from_regex(r"[0-9]{4}", fullmatch=True))
SERIALS = st.integers(1, 99_999_999)


def judge(text: str, *, tests_allowed: bool = True):
    return judge_id_number(text, on=ON, tests_allowed=tests_allowed)


@given(BIRTH_DATES, SEXES, st.integers(0, 499))
def test_a_generated_number_is_valid_and_says_birth_date_and_sex(born, sex, at):
    number = id_number(born, sex, at)
    found = judge(number)
    assert (found.verdict, found.fault, found.normalised) == (Verdict.VALID, "", number)
    assert (found.birth_date, found.sex) == (born, sex)


@given(NUMBERS, st.integers(0, 17), st.sampled_from(CHECK_CHARACTERS))
def test_every_single_wrong_character_is_found(number, at, other):
    assume(number[at] != other)
    assert judge(number[:at] + other + number[at + 1 :]).verdict == Verdict.INVALID


@given(NUMBERS, st.integers(0, 16))
def test_every_swap_of_neighbours_is_found(number, at):
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assume(swapped != number)
    assert judge(swapped).verdict == Verdict.INVALID


@given(st.from_regex(r"[0-9]{17}", fullmatch=True))
def test_a_second_opinion_agrees_on_check_characters(body):
    assert check_character(body) == ric.calc_check_digit(body + "0")


@given(NUMBERS, st.lists(st.sampled_from("\u200b\ufeff\u00a0\u3000 \t\r\n'-"), max_size=4), st.integers(0, 18))
def test_spaces_and_invisible_characters_are_put_right(number, noise, at):
    assume(noise)
    found = judge(number[:at] + "".join(noise) + number[at:])
    assert (found.verdict, found.normalised) == (Verdict.NORMALISE, number)


@given(NUMBERS)
def test_full_width_is_put_right(number):
    found = judge("".join(chr(ord(character) + 0xFEE0) for character in number))
    assert (found.verdict, found.normalised) == (Verdict.NORMALISE, number)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)


def test_a_lower_case_x_is_put_right():
    number = next(number for at in range(99) if (number := id_number(at=at)).endswith("X"))
    assert judge(number).verdict == Verdict.VALID
    assert judge(number.lower()).verdict == Verdict.NORMALISE
    assert judge(number.lower()).normalised == number


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("99000020150307002", "length"),
        ("9900002015030700200", "length"),
        ("99000020150307O02X", "characters"),
        ("99000020150307002Y", "characters"),
        ("٩90000201503070021", "characters"),
        ("990000201502290021", "birth_date"),
        ("990000201513010021", "birth_date"),
        ("990000202506030021", "birth_date"),
    ],
)
def test_the_fault_of_a_number_has_a_name(text, fault):
    found = judge(text)
    assert (found.verdict, found.fault) == (Verdict.INVALID, fault)
    assert (found.normalised, found.birth_date, found.sex) == ("", None, None)


def test_the_day_of_birth_is_not_in_the_future_on_that_day():
    assert judge(id_number(born=ON)).verdict == Verdict.VALID


def test_test_numbers_are_refused_where_they_are_not_allowed():
    assert judge(id_number(), tests_allowed=False).fault == "test_number"


def test_a_wrong_test_number_is_called_wrong_before_it_is_called_a_test():
    number = id_number()
    assert judge(number[:17] + "Z", tests_allowed=False).fault == "characters"


def test_the_place_of_issue_is_never_a_reason():
    body = "98765420150307002"
    assert judge(body + check_character(body), tests_allowed=False).verdict == Verdict.VALID


@given(SERIALS)
def test_a_file_number_is_read_however_it_was_typed(serial):
    number = file_number("64", serial)
    typed = [number, number.replace("-", ""), number.lower(), f" {number} ", number.replace("-", " ")]
    assert [read_file_number(text) for text in typed] == [number] * len(typed)
    assert number[:2] == "64" and int(number[3:7] + number[8:12]) == serial


@given(SERIALS, st.integers(0, 10), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_every_wrong_character_of_a_file_number_is_found(serial, at, other):
    compact = file_number("64", serial).replace("-", "")
    assume(compact[at] != other)
    assert read_file_number(compact[:at] + other + compact[at + 1 :]) is None


@given(SERIALS, st.integers(0, 9))
def test_swapped_neighbours_of_a_file_number_are_found_but_where_iso_7064_cannot(serial, at):
    compact = file_number("64", serial).replace("-", "")
    swapped = compact[:at] + compact[at + 1] + compact[at] + compact[at + 2 :]
    assume(swapped != compact)
    is_refused = _remainder(compact) != _remainder(swapped) or not swapped[:10].isdigit()
    assert (read_file_number(swapped) is None) == is_refused


def _remainder(compact: str) -> int:
    """MOD 37-36 written down once more, from the standard."""
    product = 36
    for character in compact[:-1]:
        total = (product + int(character, 36)) % 36 or 36 if character.isdigit() else -1
        product = total * 2 % 37
    return (product + int(compact[-1], 36)) % 36 if product >= 0 else -1


@pytest.mark.parametrize("text", ["", "64", "64-0000-0001", "6400000001", "64-0000-0001-é", "AB-0000-0001-K", "档案"])
def test_what_is_no_file_number_is_none(text):
    assert read_file_number(text) is None


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [("12990000MB0A00001C", True), (" 12990000mb0a00001c ", True), ("12990000MB0A00001D", False), ("", False)],
)
def test_a_credit_code_is_checked_by_its_last_character(text, is_valid):
    assert is_credit_code(text) is is_valid


@given(SERIALS, SERIALS)
def test_temporary_numbers_say_county_and_serial_and_no_two_are_alike(serial, other):
    assume(serial != other)
    number = temporary_number("640122100200", serial)
    assert re.fullmatch(r"LS640122\d{8}[0-9A-Z]", number) and int(number[8:16]) == serial
    assert number != temporary_number("640122100200", other)
    assert number != temporary_number("640121100200", serial)


@given(SERIALS, st.integers(2, 16), st.sampled_from("0123456789"))
def test_every_wrong_digit_of_a_temporary_number_is_found(serial, at, other):
    number = temporary_number("640122", serial)
    assume(number[at] != other)
    assert mod_37_36.is_valid(number)
    assert not mod_37_36.is_valid(number[:at] + other + number[at + 1 :])


def test_a_temporary_number_is_never_taken_for_an_id_or_a_file_number():
    number = temporary_number("640122", 31)
    assert judge(number).verdict == Verdict.INVALID
    assert read_file_number(number) is None and not is_mistyped_file_number(number)


def test_a_letter_stands_at_the_end_alone():
    number = id_number()
    assert judge(f"{number[:16]}X{number[17]}").fault == "characters"


def test_a_file_number_with_one_wrong_character_is_called_mistyped():
    number = file_number("64", 317_728)
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    assert is_mistyped_file_number(wrong) and is_mistyped_file_number(wrong.replace("-", "").lower())
    assert not is_mistyped_file_number(number)


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",  # a telephone
        "王小明",
        "6400317728",
        "640031772800",
        "A4003177280",
        "640031772A0",
        "",
    ],
)
def test_what_is_written_otherwise_is_no_mistyped_file_number(text):
    assert read_file_number(text) is None and not is_mistyped_file_number(text)


@pytest.mark.parametrize("body", ["640031772", "64003177280", "AB00317728", "640031772A"])
def test_a_check_character_that_fits_makes_no_file_number_of_something_else(body):
    text = body + mod_37_36.calc_check_digit(body)
    assert mod_37_36.is_valid(text) and read_file_number(text) is None
