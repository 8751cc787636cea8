"""Duplicates (重复档案): children whom somebody entered a second time, and twins and siblings who look alike."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import TypeVar

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.demo.children import FEATURED_COUNTIES, InventedChild
from hutong.demo.kinfolk import families
from hutong.demo.people import Invention
from hutong.demo.staff import username
from hutong.demo.writing import Filed
from hutong.law.identity import Sex
from hutong.registry.actions.comparing import compare_files, say_different
from hutong.registry.actions.linking import find_in_register
from hutong.registry.actions.merging import confirm_merge, propose_merge
from hutong.registry.actions.sampling import look_again
from hutong.registry.models import Pair, SecondLook
from hutong.registry.pairs import suggested

ONE_IN, MOST = 150, 48
"""One child in so many has two files; at most so many have."""
LOOK_ALIKES, ANSWERED_PART, WAITING, FAR = 48, 0.66, 2, 12
CHARACTERS = "婷伟佳琳欣宇浩涵怡晨静杰洋萱博文丽娟红燕子雅强梅芳"
OTHERS = "亭玮嘉林新雨昊含宜辰敬捷阳宣勃雯莉鹃虹艳梓娅墙玫方"
OTHER_CHARACTERS = dict(zip(CHARACTERS, OTHERS, strict=True))
WORDS = {"twins": "出生证明核对为双胞胎", "siblings": "户口簿核对为兄弟姐妹"}
NEAR_IN_AGE = timedelta(days=460)
Two = tuple[InventedChild, InventedChild]
Answered = TypeVar("Answered")


class Duplicates:
    """Whoever enters children a second time (重复登记), in the words of another form."""

    def __init__(self, invention: Invention, *, on: date) -> None:
        self._invention, self._random, self._on = invention, invention.random, on
        self.copies: list[Two] = []

    def enter_again(self, children: Sequence[InventedChild], count: int) -> list[InventedChild]:
        """So many second files of open children, mostly of the counties that are shown first."""
        featured = [child for child in children if _is_featured(child) and child.closed_on is None]
        for at, child in enumerate(self._random.sample(featured, min(count, len(featured)))):
            copy = self._copy(child)
            if at % FAR == FAR - 1:
                _carry(copy, self._random.choice([one for one in featured if _county(one) != _county(child)]))
            self.copies.append((child, copy))
        return [copy for _child, copy in self.copies]

    def _copy(self, child: InventedChild) -> InventedChild:
        said = dict(child.said) | {"name": _written_otherwise(child.said["name"], self._random)}
        born = _swapped(child.born) if self._random.random() < 0.15 else child.born
        if said.pop("id_number", ""):
            said |= self._identity(child, born)
        said["birth_date"] = born.isoformat()
        latest = self._on - child.registered_at.date() - timedelta(days=3)
        moment = child.registered_at + max(timedelta(), min(latest, timedelta(days=self._random.randint(40, 400))))
        holdings = [replace(held, decision_number="") for held in child.holdings if held.until_on is None]
        return InventedChild(said, born, child.responsible_code, moment, child.family, holdings)

    def _identity(self, child: InventedChild, born: date) -> dict[str, str]:
        if self._random.random() < 0.7:
            return {"no_id_reason": "户口待办"}
        sex = Sex(child.said["sex"])
        return {"id_number": self._invention.id_number(region=child.family.registered, born=born, sex=sex)}


def _is_featured(child: InventedChild) -> bool:
    return _county(child) in FEATURED_COUNTIES


def _county(child: InventedChild) -> str:
    return child.responsible_code[:6]


def _carry(copy: InventedChild, there: InventedChild) -> None:
    """The second file was made in another county, where the child lives now."""
    copy.said |= {name: there.said[name] for name in ("living_division", "living_address")}
    copy.responsible_code = there.responsible_code


def _written_otherwise(name: str, random: Random) -> str:
    at = [number for number, character in enumerate(name) if number and character in OTHER_CHARACTERS]
    if not at or random.random() < 0.2:
        return name
    return name[: at[0]] + OTHER_CHARACTERS[name[at[0]]] + name[at[0] + 1 :]


def _swapped(born: date) -> date:
    return born.replace(month=born.day, day=born.month) if born.day <= 12 else born


def look_alikes(children: Iterable[InventedChild], random: Random) -> list[Two]:
    """Twins of the counties that are shown first, and brothers and sisters near in age."""
    found: list[Two] = []
    for kin in families(child for child in children if _is_featured(child) and child.closed_on is None):
        found += [pair for pair in combinations(kin.children, 2) if abs(pair[0].born - pair[1].born) < NEAR_IN_AGE]
    return random.sample(found, min(LOOK_ALIKES, len(found)))


class Pairs:
    """Whoever was asked about pairs and answered some (疑似重复): by the real verbs, each by its county's people."""

    def __init__(self, filed: Sequence[Filed], people: dict[str, Person], random: Random, *, on: date) -> None:
        self._files = {id(child): (serial, number) for serial, number, child in filed}
        self._people, self._random, self._on = people, random, on

    def find(self, copies: Sequence[Two], alike: Sequence[Two]) -> None:
        """Looks through the register, answers most of what concerns the copies, compares those who look alike, and
        looks at a sample again."""
        find_in_register(on=self._on - timedelta(days=4))
        pairs = {(pair.first_id, pair.second_id): pair for pair in Pair.objects.select_related("first", "second")}
        asked = [pair for two in copies if (pair := pairs.get(self._key(*two)))]
        for at, pair in enumerate(self._some(asked)):
            with suppress(Refused):  # in two counties, or something else waits
                self._join(pair, is_confirmed=at >= WAITING)
        for one, other in self._some(alike):
            with suppress(Refused):
                self._part(self._compared(one, other), one, other)
        self._look_again()

    def _some(self, found: Sequence[Answered]) -> list[Answered]:
        return self._random.sample(list(found), int(len(found) * ANSWERED_PART))

    def _key(self, one: InventedChild, other: InventedChild) -> tuple[int, int]:
        first, second = sorted((self._files[id(one)][0], self._files[id(other)][0]))
        return first, second

    def _compared(self, one: InventedChild, other: InventedChild) -> Pair:
        """The pair of two files that the officer of the first took for one child's."""
        first, second = (self._files[id(child)][1] for child in (one, other))
        officer = self._people[username("county_officer", _county(one))]
        return compare_files(by=officer, first=first, second=second, on=self._on)

    def _officer(self, role: str, pair: Pair) -> Person:
        return self._people[username(role, pair.first.county_prefix)]

    def _part(self, pair: Pair, one: InventedChild, other: InventedChild) -> None:
        reason = "twins" if one.born == other.born else "siblings"
        officer = self._officer("county_officer", pair)
        say_different(by=officer, pair=pair, reason=reason, words=WORDS[reason], on=self._on)

    def _join(self, pair: Pair, *, is_confirmed: bool) -> None:
        officer, leading = self._officer("county_officer", pair), suggested(pair).file_number
        merge = propose_merge(
            by=officer,
            pair=pair,
            leading=leading,
            reason="entered_twice",
            words="查看过户口簿，是同一个孩子",
            has_compared=True,
            on=self._on,
        )
        if is_confirmed:
            confirm_merge(by=self._officer("approver", pair), merge=merge, on=self._on)

    def _look_again(self) -> None:
        """All that were drawn but the last, which waits."""
        for look in list(SecondLook.objects.select_related("pair__first").order_by("pk"))[:-1]:
            other = self._people[username("county_officer", look.pair.first.county_prefix, 2)]
            look_again(by=other, look=look, answer=look.pair.state, reason=look.pair.reason, on=self._on)


def how_many(children: int) -> int:
    """How many second files there are among so many children (重复份数)."""
    return min(MOST, children // ONE_IN)
