"""Bank results (银行处理结果): what a bank answers to a payment, in plain states with what to do next.

Everything here is recalled: no bank's list of codes was at hand. The states, their patterns and what follows from each
are dated and provisional (`parameters/system/bank_results.yaml`) until the bank that pays has shown its own.

A payment that may have arrived is never to be sent again: where code and words name different states the more careful
one counts, and a code alone lets nothing be sent again. Nothing follows by itself; a person takes the next step.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from hutong.law.citation import Citation, cite
from hutong.law.texts import read_file

FILE = Path(__file__).parent / "parameters" / "system" / "bank_results.yaml"
PAID, OTHER, UNCLEAR = "paid", "other", "unclear"
UNSETTLED = frozenset({"pending", UNCLEAR})
"""States that are no result yet (未定结果): neither paid nor failed."""


class Need(IntEnum):
    """Need (所需处理) of a payment that came back; the greater, the more careful."""

    NONE = 0
    RETRY = 1
    CARD = 2
    PERSON = 3


@dataclass(frozen=True, slots=True)
class BankState:
    """State of a payment (支付结果), and what is done next about it."""

    code: str
    title_zh: str
    title_en: str
    action_zh: str
    action_en: str
    need: Need
    codes: frozenset[str]
    words: tuple[re.Pattern[str], ...]

    @property
    def is_retryable(self) -> bool:
        """Whether it can be sent again as it is (可按原信息重发)."""
        return self.need is Need.RETRY

    @property
    def needs_card(self) -> bool:
        """Whether card, holder or bank have to be mended first (须更正账户)."""
        return self.need is Need.CARD

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to ask first (须先查问)."""
        return self.need is Need.PERSON


@dataclass(frozen=True, slots=True)
class BankResults:
    """Table of results (结果对照表) that holds from a day on, in the order in which words are looked for."""

    from_on: date
    citation: Citation
    states: Mapping[str, BankState]


def bank_results(on: date) -> BankResults:
    """The table that holds on a day. Raises LookupError for a day before the first."""
    held = [table for table in _tables() if table.from_on <= on]
    if not held:
        raise LookupError(on)
    return held[-1]


@lru_cache(maxsize=10_000)
def state_of(code: str, words: str, *, on: date) -> BankState:
    """The state that a bank means with a code and its words (判断结果); what is not known is `other`.

    Raises LookupError for a day before the first table.
    """
    states = bank_results(on).states
    said, clean = _compact(code), _compact(words)
    by_code = next((state for state in states.values() if said in state.codes), None)
    by_words = next((state for state in states.values() if _names(state, clean)), None)
    if PAID in (by_words and by_words.code, by_code and by_code.code):
        agrees = by_words is by_code or (by_words is None and not clean) or (by_code is None)
        return states[PAID if agrees else UNCLEAR]
    meant = [state for state in (by_words, by_code) if state]
    return max(meant, key=lambda state: state.need, default=states[OTHER])


def _compact(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _names(state: BankState, words: str) -> bool:
    return any(pattern.search(words) for pattern in state.words)


@cache
def _tables() -> tuple[BankResults, ...]:
    return tuple(sorted((_read(one) for one in read_file(FILE)), key=lambda table: table.from_on))


def _read(said: dict[str, Any]) -> BankResults:
    states = {one["code"]: _state(one) for one in said["states"]}
    return BankResults(date.fromisoformat(said["from"]), cite(said["citation"]), states)


def _state(said: dict[str, Any]) -> BankState:
    return BankState(
        code=said["code"],
        title_zh=said["zh"],
        title_en=said["en"],
        action_zh=said["action_zh"],
        action_en=said["action_en"],
        need=Need[said["need"].upper()],
        codes=frozenset(said["codes"]),
        words=tuple(re.compile(pattern) for pattern in said["words"]),
    )
