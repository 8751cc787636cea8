"""Documents of an office (文书): their kinds, how they are numbered, and the code by which anybody can confirm one."""

import unicodedata

from stdnum.iso7064 import mod_37_36

from hutong.law.copies import SERIAL_CHARACTERS

KINDS = {
    "acceptance_notice": ("受理通知书", "Notice that an application is taken up"),
    "correction_notice": ("补正材料通知书", "Notice of papers that are missing"),
    "recognition_decision": ("认定决定书", "Decision to recognise"),
    "refusal_decision": ("不予认定决定书", "Decision not to recognise"),
    "review_decision": ("复核决定书", "Decision after a review"),
    "change_notice": ("待遇变更通知书", "Notice that an allowance changes"),
    "suspension_notice": ("暂停发放告知书", "Notice that an allowance is suspended"),
    "stop_decision": ("停止发放决定书", "Decision to stop an allowance"),
    "recovery_decision": ("追回资金决定书", "Decision to recover money"),
    "transfer_letter": ("异地申请转办函", "Letter that passes an application on to another province"),
    "withdrawal_letter": ("撤回转办函", "Letter that takes an application back from another province"),
    "reply_letter": ("异地申请办理结果复函", "Reply to the office of another province that sent an application"),
    "payment_application": ("资金支付申请", "Application for payment"),
    "payment_list": ("发放明细清册", "List of payments"),
    "letter": ("函", "Letter"),
}
"""Kinds of documents (文书种类)."""

CODE_CHARACTERS, RANDOM_CHARACTERS, GROUP = SERIAL_CHARACTERS, 15, 4
"""A code is 75 random bits, written in characters of which no two look alike, and one that checks them."""


def document_number(word: str, year: int, serial: int) -> str:
    """The number of a document (文号), `永民〔2026〕12号`: the office's short word, the year, the serial number."""
    return f"{word}〔{year}〕{serial}号"


def check_code(drawn: str) -> str:
    """The check code (核验码) of what was drawn at random, `7K2M-9QXC-4HTW-ABCD`: its last character checks it."""
    whole = drawn + mod_37_36.calc_check_digit(drawn, alphabet=CODE_CHARACTERS)
    return "-".join(whole[at : at + GROUP] for at in range(0, len(whole), GROUP))


def read_check_code(text: str) -> str | None:
    """A check code in its one form, however it was typed, or at the end of an address; None where a character is
    wrong."""
    typed = unicodedata.normalize("NFKC", text).rpartition("#")[2].upper()
    compact = "".join(character for character in typed if character.isalnum())
    is_whole = len(compact) == RANDOM_CHARACTERS + 1 and set(compact) <= set(CODE_CHARACTERS)
    return check_code(compact[:-1]) if is_whole and _is_checked(compact) else None


def _is_checked(compact: str) -> bool:
    return mod_37_36.is_valid(compact, alphabet=CODE_CHARACTERS)
