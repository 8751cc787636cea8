"""Duplicates (重复档案): children whom somebody entered a second time, and twins and siblings who look alike."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from math import exp2
from random import Random

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.demo.children import FEATURED_COUNTIES, InventedChild
from hutong.demo.kinfolk import families
from hutong.demo.people import Invention
from hutong.demo.staff import username
from hutong.demo.writing import Filed
from hutong.law.identity import Sex
from hutong.registry.actions.comparing import say_different
from hutong.registry.actions.merging import confirm_merge, propose_merge
from hutong.registry.actions.pairing import Found, propose
from hutong.registry.actions.sampling import look_again
from hutong.registry.models import Pair, SecondLook
from hutong.registry.models.pair import Origin
from hutong.registry.pairs import suggested

ONE_IN, MOST = 150, 48
"""One child in so many has two files; at most so many have."""
LOOK_ALIKES, ANSWERED_PART, WAITING, FAR = 120, 0.66, 2, 12
CHARACTERS = "婷伟佳琳欣宇浩涵怡晨静杰洋萱博文丽娟红燕子雅强梅芳"
OTHERS = "亭玮嘉林新雨昊含宜辰敬捷阳宣勃雯莉鹃虹艳梓娅墙玫方"
OTHER_CHARACTERS = dict(zip(CHARACTERS, OTHERS, strict=True))
WORDS = {"twins": "出生证明核对为双胞胎", "siblings": "户口簿核对为兄弟姐妹"}
VERSION, NEAR_IN_AGE = "demo", timedelta(days=460)
WEIGHTS = {
    ("start", ""): -9.4,
    ("name", "identical"): 8.4, ("name", "sound"): 6.1, ("name", "surname"): -2.7, ("name", "different"): -6.2,
    ("sex", "same"): 0.9, ("sex", "different"): -6.4,
    ("birth_date", "same"): 8.1, ("birth_date", "swapped"): 6.3, ("birth_date", "different"): -5.8,
    ("id_number", "missing"): 0.0, ("id_number", "both_valid_one_day"): -9.6, ("id_number", "both_valid"): -9.9,
    ("living_division", "village"): 3.2, ("living_division", "township"): 1.4, ("living_division", "different"): -1.9,
    ("guardian_name", "same"): 4.2, ("guardian_name", "different"): -2.8,
    ("guardian_phone", "missing"): 0.0, ("guardian_phone", "same"): 5.3, ("guardian_phone", "different"): -1.2,
}  # fmt: skip
"""Bits by field and level, as a model has them."""
Two = tuple[InventedChild, InventedChild]


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
    """Twins of the counties that are shown first, and brothers and sisters near in age; the most alike first."""
    found: list[Two] = []
    for kin in families(child for child in children if _is_featured(child) and child.closed_on is None):
        found += [pair for pair in combinations(kin.children, 2) if abs(pair[0].born - pair[1].born) < NEAR_IN_AGE]
    random.shuffle(found)
    return sorted(found, key=lambda pair: -_weight(*pair))[:LOOK_ALIKES]


@dataclass(frozen=True)
class _Levels:
    """How far two invented children agree, in the fields of a model."""

    first: InventedChild
    second: InventedChild

    def steps(self) -> Iterator[tuple[str, str]]:
        yield "start", ""
        yield "name", self._name()
        yield "sex", self._alike("sex")
        yield "birth_date", self._born()
        yield "id_number", self._number()
        yield "living_division", self._place()
        yield "guardian_name", self._alike("guardian_name")
        yield "guardian_phone", self._alike("guardian_phone")

    def _said(self, column: str) -> tuple[str, str]:
        return self.first.said.get(column, ""), self.second.said.get(column, "")

    def _alike(self, column: str) -> str:
        one, other = self._said(column)
        return "missing" if not one or not other else "same" if one == other else "different"

    def _name(self) -> str:
        one, other = self._said("name")
        if one == other:
            return "identical"
        if _read(one) == _read(other):
            return "sound"
        return "surname" if one[0] == other[0] else "different"

    def _born(self) -> str:
        if self.first.born == self.second.born:
            return "same"
        return "swapped" if _swapped(self.first.born) == self.second.born else "different"

    def _number(self) -> str:
        if self._alike("id_number") != "different":
            return self._alike("id_number")
        return "both_valid_one_day" if self.first.born == self.second.born else "both_valid"

    def _place(self) -> str:
        one, other = self._said("living_division")
        return "village" if one == other else "township" if one[:9] == other[:9] else "different"


def _weight(one: InventedChild, other: InventedChild) -> float:
    return round(sum(WEIGHTS[step] for step in _Levels(one, other).steps()), 2)


def _read(name: str) -> str:
    """The name with one character for each sound that stands for another here."""
    return "".join(OTHER_CHARACTERS.get(character, character) for character in name)


class Pairs:
    """Whoever found pairs and answered some (疑似重复): by the real verbs, each by its county's people."""

    def __init__(self, filed: Sequence[Filed], people: dict[str, Person], random: Random, *, on: date) -> None:
        self._ids = {id(child): serial for serial, _number, child in filed}
        self._people, self._random, self._on = people, random, on

    def find(self, copies: Sequence[Two], alike: Sequence[Two]) -> None:
        """Proposes all pairs, answers most of them, looks at a sample again."""
        propose([self._found(one, other) for one, other in (*copies, *alike)], on=self._on - timedelta(days=4))
        pairs = {(pair.first_id, pair.second_id): pair for pair in Pair.objects.select_related("first", "second")}
        twins = [two for two in alike if two[0].born == two[1].born]
        for one, other in [*self._some(twins), *(two for two in alike if two not in twins)]:
            self._part(pairs[self._key(one, other)], one, other)
        for at, (one, other) in enumerate(self._some(copies)):
            with suppress(Refused):  # in two counties, or something else waits
                self._join(pairs[self._key(one, other)], is_confirmed=at >= WAITING)
        self._look_again()

    def _some(self, pairs: Sequence[Two]) -> list[Two]:
        return self._random.sample(list(pairs), int(len(pairs) * ANSWERED_PART))

    def _key(self, one: InventedChild, other: InventedChild) -> tuple[int, int]:
        first, second = sorted((self._ids[id(one)], self._ids[id(other)]))
        return first, second

    def _found(self, one: InventedChild, other: InventedChild) -> Found:
        reached, weight = list(_Levels(one, other).steps()), _weight(one, other)
        steps = [{"field": field, "level": level, "weight": WEIGHTS[field, level]} for field, level in reached]
        return Found(*self._key(one, other), 1 / (1 + exp2(-weight)), weight, steps, VERSION, Origin.NIGHTLY)

    def _officer(self, role: str, pair: Pair) -> Person:
        return self._people[username(role, pair.first.county_prefix)]

    def _part(self, pair: Pair, one: InventedChild, other: InventedChild) -> None:
        reason = "twins" if one.born == other.born else "siblings"
        officer = self._officer("county_officer", pair)
        say_different(by=officer, pair=pair, reason=reason, words=WORDS[reason], on=self._on)

    def _join(self, pair: Pair, *, is_confirmed: bool) -> None:
        officer, leading = self._officer("county_officer", pair), suggested(pair).file_number
        merge = propose_merge(by=officer, pair=pair, leading=leading, reason="entered_twice", on=self._on)
        if is_confirmed:
            confirm_merge(by=self._officer("approver", pair), merge=merge, on=self._on)

    def _look_again(self) -> None:
        """All that were drawn but the last, which waits."""
        for look in list(SecondLook.objects.select_related("pair__first").order_by("pk"))[:-1]:
            other = self._people[username("county_officer", look.pair.first.county_prefix, 2)]
            look_again(by=other, look=look, answer=look.pair.state, on=self._on)


def how_many(children: int) -> int:
    """How many second files there are among so many children (重复份数)."""
    return min(MOST, children // ONE_IN)
