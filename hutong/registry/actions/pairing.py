"""Pairs come in: found by a model or by a person, asked once, where both files are one place's own."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.db import connection, transaction
from django.db.models import Count, F, Min

from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.law.division_code import LENGTH_OF, Level, full, level_of, meeting
from hutong.law.task_days import due_on
from hutong.registry.models import Pair
from hutong.registry.models.pair import Origin, PairState
from hutong.registry.pairs import BOTH_LEAD

SLICE = 5000


@dataclass(frozen=True)
class Found:
    """A pair as a model found it (比对结果): the ids of two files, in any order, and how alike they are.

    `weight` is in bits; `waterfall` a list of `{"field", "level", "weight"}`, nothing else of it is kept.
    """

    first: int
    second: int
    probability: float
    weight: float
    waterfall: Sequence[Mapping[str, object]] = field(default_factory=list)
    model_version: str = ""
    origin: str = Origin.NIGHTLY
    origin_key: str = ""


@transaction.atomic
def propose(pairs: Iterable[Found], *, on: date, by: Person | None = None) -> int:
    """Propose pairs (提出疑似重复), a slice a statement: how many are new, or have another score than before.

    Of a joined file the one that leads is meant. What somebody has answered of these children is not asked again; what
    is open only takes the new score. Whoever calls answers for permission and trail.
    """
    changed, coming = 0, iter(pairs)
    with connection.cursor() as cursor:
        while part := list(islice(coming, SLICE)):
            cursor.execute(PROPOSE, [*_columns(part), on])
            changed += cursor.rowcount
    watch_pairs(on=on, by=by)
    return changed


def _columns(pairs: Sequence[Found]) -> list[list[object]]:
    return [
        [one.first for one in pairs],
        [one.second for one in pairs],
        [one.probability for one in pairs],
        [one.weight for one in pairs],
        [json.dumps([_step(step) for step in one.waterfall]) for one in pairs],
        [one.model_version for one in pairs],
        [str(one.origin) for one in pairs],
        [one.origin_key for one in pairs],
    ]


def _step(step: Mapping[str, object]) -> dict[str, object]:
    return {name: step[name] for name in ("field", "level", "weight")}


PROPOSE = """
WITH said AS (
    SELECT least(a.led, b.led) AS first, greatest(a.led, b.led) AS second, one.probability, one.weight, one.waterfall,
           one.version, one.origin, one.origin_key
      FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::float8[], %s::jsonb[], %s::varchar[], %s::varchar[],
                  %s::varchar[]) AS one(a, b, probability, weight, waterfall, version, origin, origin_key)
      JOIN LATERAL (SELECT coalesce(canonical_id, id) AS led FROM registry_child WHERE id = one.a) AS a ON true
      JOIN LATERAL (SELECT coalesce(canonical_id, id) AS led FROM registry_child WHERE id = one.b) AS b ON true
     WHERE a.led <> b.led
), wanted AS (
    SELECT DISTINCT ON (first, second) * FROM said ORDER BY first, second, weight DESC
), files AS (
    SELECT child.id, coalesce(child.canonical_id, child.id) AS led FROM registry_child AS child
     WHERE child.id IN (SELECT first FROM wanted UNION SELECT second FROM wanted)
        OR child.canonical_id IN (SELECT first FROM wanted UNION SELECT second FROM wanted)
), answered AS (
    SELECT least(a.led, b.led) AS first, greatest(a.led, b.led) AS second FROM registry_pair AS pair
      JOIN files AS a ON a.id = pair.first_id JOIN files AS b ON b.id = pair.second_id
     WHERE pair.state <> 'open'
)
INSERT INTO registry_pair AS pair (first_id, second_id, probability, weight, waterfall, model_version, origin,
                                   origin_key, found_on, state, reason)
SELECT wanted.*, %s::date, 'open', '' FROM wanted
 WHERE NOT EXISTS (SELECT FROM answered WHERE (answered.first, answered.second) = (wanted.first, wanted.second))
    ON CONFLICT (first_id, second_id) DO UPDATE
   SET (probability, weight, waterfall, model_version)
     = (excluded.probability, excluded.weight, excluded.waterfall, excluded.model_version)
 WHERE pair.state = 'open' AND (pair.probability, pair.weight, pair.waterfall, pair.model_version) IS DISTINCT FROM
       (excluded.probability, excluded.weight, excluded.waterfall, excluded.model_version)
"""
ROLES = (
    ("judge_pairs", "township_supervisor"),
    ("judge_pairs", "county_officer"),
    ("bring_together", "city_officer"),
    ("bring_together", "region_officer"),
)
AT_LEVEL = {
    Level.VILLAGE: ROLES[0],
    Level.TOWNSHIP: ROLES[0],
    Level.COUNTY: ROLES[1],
    Level.CITY: ROLES[2],
    Level.PROVINCE: ROLES[3],
}


@transaction.atomic
def watch_pairs(*, on: date, by: Person | None = None) -> None:
    """Watch the pairs (核对疑似重复待办): one open task for each place that holds both files of any, due by the oldest.

    A pair of one township is the township's and the county's, as the list of either shows it; of two counties the city
    or region brings the files together first.
    """
    found = _waiting_by_place()
    for kind, role in ROLES:
        wanted = [
            Wanted(place, place, due_on(kind, on=first, jurisdiction=place), {"pairs": count})
            for (who, place), (count, first) in sorted(found.items())
            if who == (kind, role)
        ]
        keep_tasks(
            kind=kind,
            subject_kind="pairs",
            role=role,
            harm=Harm.ORDINARY,
            wanted=wanted,
            outcome="answered",
            by=by,
        )


def _waiting_by_place() -> dict[tuple[tuple[str, str], str], tuple[int, date]]:
    """How many open pairs each place has, and since when, by who answers there."""
    open_pairs = Pair.objects.filter(BOTH_LEAD, state=PairState.OPEN).order_by()
    rows = open_pairs.values_list(F("first__responsible_code"), F("second__responsible_code"))
    found: dict[tuple[tuple[str, str], str], tuple[int, date]] = {}
    for one, other, count, first in rows.annotate(Count("pk"), Min("found_on")):
        for place in _answering(one, other):
            key = AT_LEVEL[level_of(place)], place
            known = found.get(key, (0, first))
            found[key] = known[0] + count, min(known[1], first)
    return found


def _answering(one: str, other: str) -> list[str]:
    """Where a pair is answered: in the township that holds both, and in the county; above that in one place."""
    place = meeting(one, other)
    if level_of(place) not in (Level.VILLAGE, Level.TOWNSHIP):
        return [place]
    return [full(place[: LENGTH_OF[level]]) for level in (Level.TOWNSHIP, Level.COUNTY)]
