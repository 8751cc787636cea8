"""Identity numbers (证件号码): citizen ID numbers by GB 11643 and our own file numbers.

A number is checked by its form, its birth date and its check character. The place it was issued in is never a
reason to refuse it: counties are abolished, and true numbers keep their codes. No clock: whoever asks gives the day.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
ZEROS = ord("0") * sum(WEIGHTS)  # what the digits weigh too much when they are weighed as bytes
TEST_PREFIX = "99"
MOBILE = re.compile(r"1[3-9]\d{9}")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00a0\u3000 \t\r\n'`’‘-"))


class Sex(StrEnum):
    """Sex (性别), codes of GB/T 2261.1."""

    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"


SEX_WORDS = {
    "男": Sex.MALE,
    "女": Sex.FEMALE,
    "1": Sex.MALE,
    "2": Sex.FEMALE,
    "男性": Sex.MALE,
    "女性": Sex.FEMALE,
}
"""How sex is written in lists (性别写法)."""


class Verdict(StrEnum):
    """What became of a number (判定)."""

    VALID = "valid"
    NORMALISE = "normalise"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A judged citizen ID number (公民身份号码).

    `fault` is one of: empty, length, characters, birth_date, check_character, test_number. `normalised`, `birth_date`
    and `sex` are given unless the verdict is invalid.
    """

    verdict: Verdict
    fault: str = ""
    normalised: str = ""
    birth_date: date | None = None
    sex: Sex | None = None


def normalise(text: str) -> str:
    """Half-width, upper-case, without spaces, invisible characters or the quote that spreadsheets put before text."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return unicodedata.normalize("NFKC", text).translate(INVISIBLE).upper()


def check_character(first_seventeen: str) -> str:
    """The 18th character for 17 digits (GB 11643, MOD 11-2)."""
    total = sum(map(mul, WEIGHTS, first_seventeen.encode())) - ZEROS
    return CHECK_CHARACTERS[total % 11]


def judge_id_number(text: str, *, on: date, tests_allowed: bool) -> IdNumber:
    """Judges one citizen ID number as of the day `on`; numbers with prefix 99 are test numbers."""
    number = normalise(text)
    fault = _fault(number)
    if fault:
        return IdNumber(Verdict.INVALID, fault)
    born = _birth_date(number)
    if born is None or born > on:
        return IdNumber(Verdict.INVALID, "birth_date")
    if check_character(number[:17]) != number[17]:
        return IdNumber(Verdict.INVALID, "check_character")
    if number.startswith(TEST_PREFIX) and not tests_allowed:
        return IdNumber(Verdict.INVALID, "test_number")
    verdict = Verdict.VALID if number == text else Verdict.NORMALISE
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdNumber(verdict, "", number, born, sex)


def _fault(number: str) -> str:
    if not number:
        return "empty"
    if len(number) != 18:
        return "length"
    body, last = number[:17], number[17]
    if not (body.isascii() and body.isdigit() and last in CHECK_CHARACTERS):
        return "characters"
    return ""


def _birth_date(number: str) -> date | None:
    try:
        return date.fromisoformat(number[6:14])
    except ValueError:
        return None


def is_credit_code(text: str) -> bool:
    """Whether a text is a unified social credit code (统一社会信用代码, GB 32100) whose check character fits."""
    return bool(uscc.is_valid(normalise(text)))


def file_number(province: str, serial: int) -> str:
    """File number (档案号), `64-0031-7728-K`: province, eight digits and a check character (ISO 7064, MOD 37-36)."""
    body = f"{province}{serial:08d}"
    return f"{province}-{body[2:6]}-{body[6:]}-{mod_37_36.calc_check_digit(body)}"


def temporary_number(county: str, serial: int) -> str:
    """Temporary number (临时编号) where there is no ID number, `LS64012200001234K`: county, serial, check character."""
    body = f"LS{county[:6]}{serial:08d}"
    return body + str(mod_37_36.calc_check_digit(body))


def is_mistyped_file_number(text: str) -> bool:
    """Whether a text is written like a file number and one character of it is wrong."""
    compact = normalise(text)
    is_written_so = len(compact) == 11 and compact[:10].isdigit() and compact[10:].isalnum()
    return is_written_so and MOBILE.fullmatch(compact) is None and read_file_number(text) is None


def read_file_number(text: str) -> str | None:
    """The file number in its one form, however it was typed, or None where a character is wrong."""
    compact = normalise(text)
    try:
        mod_37_36.validate(compact)
    except ValidationError:
        return None
    if len(compact) != 11 or not compact[:10].isdigit():
        return None
    return f"{compact[:2]}-{compact[2:6]}-{compact[6:10]}-{compact[10]}"
