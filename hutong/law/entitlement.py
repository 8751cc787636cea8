"""Entitlement (保障资格): in which months a child is paid for which category, and why not in the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hutong.law.citation import Reason
from hutong.law.facts import ChildFacts, CircumstanceFact, HoldingFact
from hutong.law.months import Month
from hutong.law.rules import InForce, Rules
from hutong.law.situations import DE_FACTO, LOST, ORPHAN, is_one_of

ORPHANS = frozenset({"orphan_institution", "orphan_kin"})
DAY = timedelta(days=1)
ENDINGS = {"death": "死亡", "adoption": "被收养", "circumstance": "认定情形消失"}


@dataclass(frozen=True, slots=True)
class Held:
    """A paid category and its months (在保类别): no last month, it goes on; `why` it does not."""

    category: str
    first: Month
    last: Month | None
    why: Reason | None

    def covers(self, month: Month) -> bool:
        """Whether a month is one of them."""
        return self.first <= month and (self.last is None or month <= self.last)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Entitlement (保障资格) of a child at a place: what is held, and the last month before study must be proved."""

    child: ChildFacts
    rules: Rules
    held: tuple[Held, ...]
    last_by_age: Month
    by_age: Reason
    nothing: Reason

    @property
    def first(self) -> Month | None:
        """The first month of all."""
        return min((held.first for held in self.held), default=None)

    def why_not(self, month: Month) -> Reason:
        """Why nothing is held in a month (不发原因)."""
        before = [held for held in self.held if held.last is not None and held.last < month]
        if before:
            last = max(before, key=lambda held: (held.last, held.first))
            return last.why or self.nothing
        if self.held:
            return _not_yet(min(self.held, key=lambda held: held.first), self.rules)
        return self.nothing


def entitlement_of(child: ChildFacts, rules: Rules) -> Entitlement:
    """What a child is entitled to, of the categories recognised (保障资格认定结果)."""
    held = tuple(filter(None, (_held(one, child, rules) for one in child.holdings)))
    birthday, age = rules.of_age(child.birth_date)
    paid = rules.value("ending_birthday", birthday)
    last = Month.of(birthday).plus(rules.number("ending_birthday", birthday) - 1)
    text = f"{birthday}满{age}周岁，自{last.plus(1)}起停发；未见可继续保障的就读情况"
    return Entitlement(child, rules, held, last, Reason("of_age", text, paid.citation), _nothing(child, rules))


def _held(holding: HoldingFact, child: ChildFacts, rules: Rules) -> Held | None:
    first = _first(holding, rules)
    if first is None:
        return None
    first = max(first, Month.of(child.birth_date))
    if holding.category not in rules.listed("paid_categories", first.first):
        return None
    last, why = min(_endings(holding, first, child, rules), key=lambda one: one[0], default=(None, None))
    return Held(holding.category, first, last, why)


def _first(holding: HoldingFact, rules: Rules) -> Month | None:
    if holding.from_month or holding.decided_on is None:
        return holding.from_month
    return Month.of(holding.decided_on).plus(rules.number("months_after_decision", holding.decided_on))


def _endings(holding: HoldingFact, first: Month, child: ChildFacts, rules: Rules) -> Iterator[tuple[Month, Reason]]:
    if holding.until_month:
        text = f"认定保障至{holding.until_month}止"
        yield holding.until_month, Reason("ended", text, rules.value("paid_categories", first.first).citation)
    if child.died_on:
        yield _ending("death", child.died_on, rules)
    if child.adopted_on and child.adopted_on >= min(first.first, holding.decided_on or first.first):
        yield _ending("adoption", child.adopted_on, rules)
    for circumstances in _bases(holding.category, child, rules):
        last_day = _last_day(circumstances, first)
        if last_day:
            yield _ending("circumstance", last_day, rules)


def _ending(code: str, on: date, rules: Rules) -> tuple[Month, Reason]:
    last = Month.of(on).plus(rules.number(f"ending_{code}", on) - 1)
    text = f"{on}{ENDINGS[code]}，自{last.plus(1)}起停发"
    return last, Reason(f"ended_by_{code}", text, rules.value(f"ending_{code}", on).citation)


def _bases(category: str, child: ChildFacts, rules: Rules) -> Iterator[tuple[CircumstanceFact, ...]]:
    """What a category rests on, each part of which must go on: of either parent, or that none was found."""
    if category == "hiv":
        return
    tables = (ORPHAN,) if category in ORPHANS else (ORPHAN, LOST, DE_FACTO)
    for parent in child.parents:
        if not parent.is_unknown:
            counting = tuple(one for one in parent.circumstances if is_one_of(one, tables, _at_last(one, rules)))
            yield counting or parent.circumstances  # none of them counts: a person has decided otherwise
    if category in ORPHANS:
        yield tuple(one for one in child.circumstances if one.kind == "parents_not_found")


def _at_last(fact: CircumstanceFact, rules: Rules) -> InForce:
    """The rules by which a circumstance is judged when it ends; an open one by the latest."""
    return rules.on(fact.until_on or date.max)


def _last_day(circumstances: tuple[CircumstanceFact, ...], first: Month) -> date | None:
    """The last day of the stretch that the first month falls into, several circumstances one after another; None: open.

    Where it was over before the first month, that last day.
    """
    ended: date | None = None
    for one in sorted(circumstances, key=lambda one: one.from_on or date.min):
        begun = one.from_on or date.min
        if ended is not None and begun > ended + DAY and (ended >= first.first or begun > first.last):
            break
        if one.until_on is None:
            return None
        ended = max(ended or date.min, one.until_on)
    return ended


def _not_yet(held: Held, rules: Rules) -> Reason:
    citation = rules.value("months_after_decision", held.first.first).citation
    return Reason("not_yet", f"自{held.first}起发放", citation)


def _nothing(child: ChildFacts, rules: Rules) -> Reason:
    """Why a child of whom no paid category is held gets nothing."""
    citation = rules.value("paid_categories", date.max).citation
    paid = rules.listed("paid_categories", date.max)
    if not child.holdings:
        return Reason("no_holding", "未认定保障类别", citation)
    if any(one.category in paid for one in child.holdings):
        return Reason("start_unknown", "未见认定日期和起发月份，无法计算", citation)
    return Reason("never_paid", "所认定类别不发放基本生活费（补贴）", citation)
