"""What a standard would do to the register (标准试算): shapes of facts out of the tables, and the law's answer to each.

The tables are asked once, whatever the number of children: it is the database that finds out who is alike.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hutong.accounts.models import Person
from hutong.accounts.queries import jurisdiction_of
from hutong.allowances.models import Standard
from hutong.allowances.standards import READ, parameters_with
from hutong.divisions.queries import valid_on
from hutong.law.disclosure import small_count
from hutong.law.division_code import Level, full, prefix_of
from hutong.law.facts import AidFact, ChildFacts, HoldingFact, PlacementFact, StudyFact
from hutong.law.months import Month, months_between
from hutong.law.rules import Rules
from hutong.law.standards import SCHEME_OF
from hutong.law.what_if import Changed, Effect, Shape, by_place, changed, effect_of, parts_of

SHAPES = """
WITH asked AS (
    SELECT asked.*, (first - make_interval(months => waiting))::date AS long_ago,
           (first - make_interval(years => grown - 1))::date AS young
      FROM unnest(%(firsts)s::date[], %(days)s::date[], %(grown)s::int[], %(waiting)s::int[])
           AS asked(first, day, grown, waiting)
), said(first, child, county, born, holdings, kind, aids, studies) AS (
    SELECT asked.first, led.id, led.county_prefix,
           CASE WHEN led.birth_date > asked.young THEN asked.young + 1 ELSE led.birth_date END,
           CASE WHEN count(*) = 1
                THEN min(holding.category || ' ' ||
                         greatest(date_trunc('month', holding.from_on)::date, asked.long_ago))
                ELSE string_agg(holding.category || ' ' || holding.from_on, ',' ORDER BY holding.from_on, holding.id)
           END,
           NULL, NULL, NULL
      FROM registry_categoryholding AS holding
      JOIN registry_child AS file ON file.id = holding.child_id
      JOIN registry_child AS led ON led.id = coalesce(file.canonical_id, file.id)
      JOIN asked ON holding.from_on < asked.first + interval '1 month'
                AND (holding.until_on IS NULL OR holding.until_on >= asked.first)
                AND (led.closed_on IS NULL OR led.closed_on >= asked.first)
     WHERE holding.category = ANY(%(categories)s) AND led.county_prefix = ANY(%(counties)s)
       AND NOT EXISTS (SELECT FROM allowances_recognitionsuspension AS stopped
                        WHERE stopped.holding_id = holding.id AND stopped.from_month <= asked.first
                          AND (stopped.again_from IS NULL OR stopped.again_from > asked.first))
     GROUP BY asked.first, asked.young, asked.long_ago, led.id
    UNION ALL
    SELECT asked.first, coalesce(file.canonical_id, file.id), NULL, NULL, NULL, placement.kind, NULL, NULL
      FROM protection_placement AS placement JOIN registry_child AS file ON file.id = placement.child_id
      JOIN asked ON asked.day BETWEEN placement.from_on AND coalesce(placement.until_on, 'infinity')
    UNION ALL
    SELECT asked.first, coalesce(file.canonical_id, file.id), NULL, NULL, NULL, NULL,
           aid.kind || ' ' || coalesce(aid.fen_per_month, aid.household_fen_per_month / aid.members), NULL
      FROM registry_otheraid AS aid JOIN registry_child AS file ON file.id = aid.child_id
      JOIN asked ON asked.day BETWEEN aid.from_on AND coalesce(aid.until_on, 'infinity')
    UNION ALL
    SELECT asked.first, coalesce(file.canonical_id, file.id), NULL, NULL, NULL, NULL, NULL,
           study.level || ' ' || study.is_full_time
      FROM registry_study AS study JOIN registry_child AS file ON file.id = study.child_id
      JOIN asked ON asked.day BETWEEN study.from_on AND coalesce(study.until_on, 'infinity')
     WHERE file.birth_date <= asked.young
), each AS (
    SELECT first, max(county) AS county, max(born) AS born, max(holdings) AS holdings, min(kind) AS kind,
           string_agg(aids, ',' ORDER BY aids) AS aids, string_agg(DISTINCT studies, ',') AS studies
      FROM said GROUP BY first, child HAVING max(county) IS NOT NULL
)
SELECT first, county, born, holdings, coalesce(kind, ''), coalesce(aids, ''), coalesce(studies, ''), count(*)
  FROM each GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
"""Facts of a month by child, out of every table that says one; then how many children say the same (同类情形查询)."""


@dataclass(frozen=True)
class WhatIf:
    """What-if (标准试算): a month as it would be, by place and in sum; months that would be paid in arrears; how long
    it took to find out."""

    month: Month
    lines: list[Effect]
    total: Effect
    parts: list[tuple[int, int]]
    small: int
    arrears: list[tuple[Month, Effect]]
    shapes: int
    seconds: float

    @property
    def arrears_fen(self) -> int:
        """What the months that have passed would cost more, all together (补发合计); none is taken back by itself."""
        return sum(effect.difference_fen for _month, effect in self.arrears)


def what_if(user: Person, standard: Standard, *, on: date) -> WhatIf:
    """Try a standard on the register of one's own places (试算), as of the month it begins, or this one once it has.

    Months that have passed since it begins are counted each by the facts of its own day.
    """
    began = time.perf_counter()
    month, late = _months(standard, on)
    place = prefix_of(standard.division_code)
    before, after = parameters_with(standard)
    shapes = list(shapes_of(counties(user, standard, on=on), sorted({*late, month}), Rules(before, place)))
    found = changed(shapes, standard.scheme, before, after)
    now, small = [one for one in found if one.month == month], small_count(on=on, jurisdiction=place)
    return WhatIf(
        month,
        by_place(now, small),
        effect_of(now),
        parts_of(now, small),
        small,
        [(one, _of_month(found, one)) for one in late],
        len(shapes),
        time.perf_counter() - began,
    )


def _months(standard: Standard, on: date) -> tuple[Month, list[Month]]:
    """The month that is tried, and those that lie between the first day and it; a last day ends them."""
    first, now = Month.of(standard.from_on), Month.of(on)
    last = Month.of(standard.until_on) if standard.until_on else None
    month = min(max(first, now), last or max(first, now))
    return month, months_between(first, min(month, now.plus(-1)))


def _of_month(found: Iterable[Changed], month: Month) -> Effect:
    return effect_of(one for one in found if one.month == month)


def counties(user: Person, standard: Standard, *, on: date) -> list[str]:
    """The counties that a standard is tried on (试算范围): of its place, and of the user's own."""
    area, place = jurisdiction_of(user, READ, on=on), prefix_of(standard.division_code)
    codes = valid_on(on).filter(level=Level.COUNTY, code__startswith=place).values_list("code", flat=True)
    return [prefix_of(code) for code in codes if area.covers(code)]


def shapes_of(within: Sequence[str], months: Sequence[Month], rules: Rules) -> Iterator[Shape]:
    """The shapes of facts of the children who are paid for in counties (同类情形), month by month."""
    firsts = [month.first for month in months]
    asked: dict[str, Any] = {
        "firsts": firsts,
        "days": [rules.terms(month).day for month in months],
        "grown": [rules.number("age_limit", first) for first in firsts],
        "waiting": [rules.number("months_after_decision", first) + 1 for first in firsts],
        "categories": sorted(SCHEME_OF),
        "counties": list(within),
    }
    with connection.cursor() as cursor:
        cursor.execute(SHAPES, asked)
        for first, county, *facts, children in cursor.fetchall():
            yield Shape(Month.of(first), full(county), _facts(*facts), children)


def _facts(born: date, holdings: str, kind: str, aids: str, studies: str) -> ChildFacts:
    return ChildFacts(
        birth_date=born,
        holdings=tuple(
            HoldingFact(category=category, decided_on=date.fromisoformat(day)) for category, day in _pairs(holdings)
        ),
        placements=(PlacementFact(kind=kind),) if kind else (),
        other_aid=tuple(AidFact(kind=one, fen_per_month=int(fen)) for one, fen in _pairs(aids)),
        study=tuple(StudyFact(level=level, is_full_time=is_full == "true") for level, is_full in _pairs(studies)),
    )


def _pairs(text: str) -> Iterator[list[str]]:
    return (one.split(" ") for one in text.split(",") if one)
