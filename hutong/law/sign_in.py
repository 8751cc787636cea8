"""Sign-in rules (登录规则): how often somebody may try, and how long what was given out holds; dated, by day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hutong.law.texts import read_file

FILE = Path(__file__).parent / "parameters" / "system" / "sign_in.yaml"
OTHERS = "others"
PIN_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong attempts (失败次数) that close a sign-in for a `span`; `until_unlocked` of them until somebody unlocks."""

    account: int
    source: int
    span: timedelta
    until_unlocked: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a sign-in lasts (会话时限): without a page, and at all."""

    idle: timedelta
    whole: timedelta


@dataclass(frozen=True, slots=True)
class SignInRules:
    """What holds for signing in from a day on (登录规则)."""

    from_on: date
    is_provisional: bool
    attempts: Attempts
    one_time_password: timedelta
    half_way: timedelta
    fresh: timedelta
    binding: timedelta
    wrong_pins: int
    delegation: timedelta
    sessions: Mapping[str, Limits]

    def limits(self, roles: Iterable[str]) -> Limits:
        """The limits for somebody who holds these roles: the strictest of each kind."""
        held = [self.sessions.get(role, self.sessions[OTHERS]) for role in roles] or [self.sessions[OTHERS]]
        return Limits(min(one.idle for one in held), min(one.whole for one in held))


def sign_in_rules(on: date) -> SignInRules:
    """The rules that hold on a day. Raises LookupError for a day before the first."""
    held = [rules for rules in _rules() if rules.from_on <= on]
    if not held:
        raise LookupError(on)
    return held[-1]


@cache
def _rules() -> tuple[SignInRules, ...]:
    return tuple(sorted((_read(one) for one in read_file(FILE)), key=lambda rules: rules.from_on))


def _read(said: dict[str, Any]) -> SignInRules:
    attempts, sessions = said["attempts"], said["sessions"]
    return SignInRules(
        from_on=date.fromisoformat(said["from"]),
        is_provisional=said["provisional"] == "true",
        attempts=Attempts(
            int(attempts["account"]),
            int(attempts["source"]),
            timedelta(minutes=int(attempts["minutes"])),
            int(attempts["until_unlocked"]),
        ),
        one_time_password=timedelta(hours=int(said["one_time_password_hours"])),
        half_way=timedelta(minutes=int(said["half_way_minutes"])),
        fresh=timedelta(minutes=int(said["fresh_minutes"])),
        binding=timedelta(minutes=int(said["binding_minutes"])),
        wrong_pins=int(said["wrong_pins"]),
        delegation=timedelta(days=int(said["delegation_days"])),
        sessions=MappingProxyType({role: _limits(one) for role, one in sessions.items()}),
    )


def _limits(said: dict[str, str]) -> Limits:
    return Limits(timedelta(minutes=int(said["idle_minutes"])), timedelta(hours=int(said["hours"])))


def is_trivial_pin(pin: str) -> bool:
    """Whether a PIN is guessed first (过于简单): a row, a repetition, or a date of a lifetime."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    is_row = steps in ({1}, {9})
    is_repeated = pin == pin[:3] * 2 or len(set(pin)) < 3
    return is_row or is_repeated or _is_a_day(pin)


def _is_a_day(pin: str) -> bool:
    """Whether six digits are a date, with the year first or last, or a month after a year of four digits."""
    days = {pin[2:], pin[:4], f"{pin[2:4]}{pin[:2]}"}
    is_month = pin[:2] in ("19", "20") and "01" <= pin[4:] <= "12"
    return is_month or any("01" <= day[:2] <= "12" and "01" <= day[2:] <= "31" for day in days)
