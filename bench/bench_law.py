"""A million child-months of allowances, with lines and citations, on one core; no database.

The naive way asks the same functions but remembers nothing: rules and entitlement are made anew each time.
It is timed on fewer child-months of the same children; `ratio` is by child-month. `arrears` are children whose last
month asks for all months before it. `seconds` are of the processor: others may use the machine as well. `total_fen`
of both must be the same.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from random import Random

from hutong.law.allowance import due_for
from hutong.law.arrears import answer_months
from hutong.law.entitlement import entitlement_of
from hutong.law.facts import AidFact, ChildFacts, HoldingFact, PlacementFact, StudyFact
from hutong.law.months import Month, months_between
from hutong.law.parameters import shipped
from hutong.law.rules import Rules

CHILD_MONTHS, NAIVE_CHILDREN, ARREARS_CHILDREN, SEED = 1_000_000, 40, 2_000, 17
MONTHS = months_between(Month(2024, 1), Month(2026, 12))
COUNTIES = ["640121000000", "640122000000", "640221000000", "640324000000", "640402000000", "640502000000"]


def children(count: int, *, seed: int) -> list[ChildFacts]:
    """Invented children: a third with other aid, a few raised in institutions, some who come of age."""
    chance = Random(seed)
    return [_child(chance) for _ in range(count)]


def _child(chance: Random) -> ChildFacts:
    birth_date = date(chance.randint(2006, 2020), chance.randint(1, 12), chance.randint(1, 28))
    category = chance.choice(["orphan_institution", "orphan_kin", "de_facto", "de_facto", "de_facto"])
    aid = AidFact(kind="dibao", household_fen_per_month=chance.randint(50_000, 300_000), members=chance.randint(2, 6))
    nursing = AidFact(kind="disability_nursing", fen_per_month=12_000)
    return ChildFacts(
        birth_date=birth_date,
        holdings=(HoldingFact(category=category, decided_on=date(chance.randint(2019, 2025), 3, 14)),),
        placements=(PlacementFact(kind="institution"),) if category == "orphan_institution" else (),
        other_aid=chance.choice([(), (), (), (aid,), (aid, nursing)]),
        study=(StudyFact(level="undergraduate", from_on=date(2024, 9, 1)),) if birth_date.year < 2008 else (),
    )


def quick(asked: list[ChildFacts]) -> int:
    """Every child over all months, rules made once a county."""
    places = [Rules(shipped(), county) for county in COUNTIES]
    total = 0
    for at, child in enumerate(asked):
        entitlement = entitlement_of(child, places[at % len(places)])
        total += sum(due_for(entitlement, month).amount_fen for month in MONTHS)
    return total


def naive(asked: list[ChildFacts]) -> int:
    """The same, remembering nothing."""
    return sum(
        due_for(entitlement_of(child, Rules(shipped(), COUNTIES[at % len(COUNTIES)])), month).amount_fen
        for at, child in enumerate(asked)
        for month in MONTHS
    )


def arrears(asked: list[ChildFacts]) -> int:
    """The last month of every child, with everything before it."""
    rules = Rules(shipped(), COUNTIES[0])
    answers = (answer_months(entitlement_of(child, rules), [MONTHS[-1]], paid={MONTHS[0]: 90_000}) for child in asked)
    return sum(answer.amount_fen for answered in answers for answer in answered)


def _timed(run: Callable[[list[ChildFacts]], int], asked: list[ChildFacts]) -> tuple[int, float]:
    start = time.process_time()
    return run(asked), time.process_time() - start


def main() -> None:
    """Prints the document."""
    asked = children(-(-CHILD_MONTHS // len(MONTHS)), seed=SEED)
    total, seconds = _timed(quick, asked)
    few = quick(asked[:NAIVE_CHILDREN])
    slow, slow_seconds = _timed(naive, asked[:NAIVE_CHILDREN])
    _, arrears_seconds = _timed(arrears, asked[:ARREARS_CHILDREN])
    count = len(asked) * len(MONTHS)
    per_naive = slow_seconds / (NAIVE_CHILDREN * len(MONTHS))
    document = {
        "child_months": count,
        "seconds": round(seconds, 2),
        "child_months_a_second": round(count / seconds),
        "total_fen": total,
        "naive_microseconds_a_child_month": round(per_naive * 1e6, 1),
        "ratio": round(per_naive / (seconds / count), 1),
        "same_total": few == slow,
        "arrears": {"children": ARREARS_CHILDREN, "seconds": round(arrears_seconds, 2)},
    }
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
