"""What-if (标准试算): what a standard would cost, who gains and who loses; counts and sums, never a name.

The law is asked once for each shape of facts, however many children share it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hutong.law.allowance import due_for
from hutong.law.disclosure import is_small
from hutong.law.entitlement import entitlement_of
from hutong.law.facts import ChildFacts
from hutong.law.months import Month
from hutong.law.parameters import Parameters
from hutong.law.rules import Rules
from hutong.law.standards import SCHEME_OF


class Shape(NamedTuple):
    """Shape (同类情形): facts of a month that so many children of one place share."""

    month: Month
    place: str
    child: ChildFacts
    children: int


class Changed(NamedTuple):
    """Changed due (应发变化): what so many children of a place and category are due for a month, before and after."""

    month: Month
    place: str
    category: str
    before_fen: int
    after_fen: int
    children: int

    @property
    def each_fen(self) -> int:
        """What each of them gets more; less is negative."""
        return self.after_fen - self.before_fen


@dataclass(frozen=True, slots=True)
class Effect:
    """Effect (试算结果) of a standard on some children a month: of a place and category, or of several together."""

    place: str
    category: str
    children: int
    before_fen: int
    after_fen: int
    gain: int
    lose: int

    @property
    def difference_fen(self) -> int:
        """What it costs more a month."""
        return self.after_fen - self.before_fen

    @property
    def stay(self) -> int:
        """How many get the same."""
        return self.children - self.gain - self.lose


def changed(shapes: Iterable[Shape], scheme: str, before: Parameters, after: Parameters) -> list[Changed]:
    """What becomes of everybody who is paid by a scheme (逐类试算), by the parameters before and after."""
    rules: dict[str, tuple[Rules, Rules]] = {}
    found: list[Changed] = []
    for month, place, child, children in shapes:
        if place not in rules:
            rules[place] = Rules(before, place), Rules(after, place)
        old, new = (due_for(entitlement_of(child, one), month) for one in rules[place])
        if SCHEME_OF.get(new.paid_as) == scheme:
            found.append(Changed(month, place, new.category, old.amount_fen, new.amount_fen, children))
    return found


def effect_of(found: Iterable[Changed], place: str = "", category: str = "") -> Effect:
    """All of them together (合计)."""
    found = list(found)
    return Effect(
        place,
        category,
        sum(one.children for one in found),
        sum(one.before_fen * one.children for one in found),
        sum(one.after_fen * one.children for one in found),
        sum(one.children for one in found if one.each_fen > 0),
        sum(one.children for one in found if one.each_fen < 0),
    )


def by_place(found: Iterable[Changed], at_most: int) -> list[Effect]:
    """By place and category (分地区分类别), small ones folded into a last one that names neither.

    What is folded is no small count itself, but where there is nothing to fold it with.
    """
    kept: dict[tuple[str, str], list[Changed]] = defaultdict(list)
    for one in found:
        kept[one.place, one.category].append(one)
    small = [key for key in kept if is_small(_count(kept[key]), at_most)]
    others = sorted(kept.keys() - set(small), key=lambda key: (_count(kept[key]), key))
    while others and is_small(sum(_count(kept[key]) for key in small), at_most):
        small.append(others.pop(0))
    effects = [effect_of(kept[key], *key) for key in sorted(others)]
    return [*effects, effect_of(one for key in small for one in kept[key])] if small else effects


def parts_of(found: Iterable[Changed], at_most: int) -> list[tuple[int, int]]:
    """The sum in parts (计算式): so many children times so much each; of few children one part, whose count is 0."""
    times: Counter[int] = Counter()
    for one in found:
        times[one.each_fen] += one.children
    said = sorted((each, count) for each, count in times.items() if each)
    parts = [(count, each) for each, count in reversed(said) if not is_small(count, at_most)]
    rest = sum(each * count for each, count in said if is_small(count, at_most))
    return [*parts, (0, rest)] if rest else parts


def _count(found: Sequence[Changed]) -> int:
    return sum(one.children for one in found)
