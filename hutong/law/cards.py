"""Bank cards (银行卡号): the digits in one form, and the check digit, which only warns.

Banks issue numbers of 12 to 19 digits. Most end in a check digit by ISO/IEC 7812 (Luhn), passbooks and cards of some
rural banks do not: a number that fails may be right, so it is looked at twice and not refused.
"""

from dataclasses import dataclass

from stdnum import luhn

from hutong.law.identity import normalise

SHORTEST, LONGEST = 12, 19


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A judged card number (卡号): `fault` is one of empty, characters, length; `is_doubtful` where the check digit
    does not fit."""

    number: str = ""
    fault: str = ""
    is_doubtful: bool = False


def judge_card(text: str) -> CardNumber:
    """Judges one card number, however it was typed."""
    number = normalise(text)
    if not number:
        return CardNumber(fault="empty")
    if not (number.isascii() and number.isdigit()):
        return CardNumber(fault="characters")
    if not SHORTEST <= len(number) <= LONGEST:
        return CardNumber(fault="length")
    return CardNumber(number, is_doubtful=not luhn.is_valid(number))
