"""What matters of many children to one month, as one short text each: children alike have the same text.

The law is asked once for each text, not once for each child. A text says nothing of whose it is: a birthday, a first
month and the days of what goes on beyond the month are left out wherever they cannot change the answer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hutong.law.facts import (
    AidFact,
    ChildFacts,
    CircumstanceFact,
    HoldingFact,
    ParentFact,
    PlacementFact,
    StudyFact,
)
from hutong.law.months import Month

CHILDREN = """CREATE TEMPORARY TABLE run_child ON COMMIT DROP AS
SELECT child.id AS whose, child.birth_date, CASE WHEN child.closed_reason = 'died' THEN child.closed_on END AS died_on,
       child.responsible_code AS division_code, child.county_prefix AS place,
       NULL::date AS looks_from, NULL::bigint AS digest, false AS recount
  FROM (SELECT DISTINCT coalesce(file.canonical_id, file.id) AS id
          FROM registry_categoryholding AS holding JOIN registry_child AS file ON file.id = holding.child_id
         WHERE holding.category = ANY(%(paid)s) AND holding.from_on < %(next)s) AS held
  JOIN registry_child AS child USING (id)
 WHERE child.responsible_code LIKE %(prefix)s"""
"""The children of a place who hold a paid category, or held one (核定对象)."""
FILES = """CREATE TEMPORARY TABLE run_file ON COMMIT DROP AS
SELECT whose, whose AS file_id FROM run_child
UNION ALL SELECT file.canonical_id, file.id FROM registry_child AS file JOIN run_child ON whose = file.canonical_id"""
"""All files of the children of `run_child`."""
JOINED = """CREATE TEMPORARY TABLE run_joined ON COMMIT DROP AS
SELECT whose, file_id FROM run_file WHERE whose <> file_id"""
"""Those of them that are joined to another."""

CIRCUMSTANCE = """'["' || one.kind || '",' || coalesce(one.grade::text, 'null') || ',"' || one.disability_class || '",'
    || coalesce('"' || one.from_on || '"', 'null') || ',' || coalesce('"' || one.until_on || '"', 'null') || ']'"""
SHORT = """'["' || one.kind || '",' || coalesce(one.grade::text, 'null') || ',"' || one.disability_class || '",null,'
    || CASE WHEN one.until_on < %(next)s THEN '"' || one.until_on || '"' ELSE 'null' END || ']'"""
"""A circumstance that stands alone: when it began is of no weight, nor when it ends after the month."""

FACE = f"""CREATE TEMPORARY TABLE run_face ON COMMIT DROP AS
WITH held AS (
    SELECT whose, count(*) AS held, min(from_on) AS decided,
           string_agg('["' || category || '","' || from_on || '",' || coalesce('"' || until_on || '"', 'null') || ']',
                      ',' ORDER BY from_on, holding.id) AS whole,
           string_agg('["' || category || '","' || greatest(date_trunc('month', from_on)::date, %(year_ago)s) || '",'
                      || CASE WHEN until_on < %(next)s THEN '"' || until_on || '"' ELSE 'null' END || ']', ',') AS short
      FROM run_file JOIN registry_categoryholding AS holding ON holding.child_id = file_id
     WHERE category = ANY(%(paid)s) AND from_on < %(next)s AND (until_on IS NULL OR until_on >= %(first)s)
     GROUP BY run_file.whose),
told AS (
    SELECT run_file.whose, parent.role, parent.is_unknown, count(one.id) AS told,
           min(parent.from_on) FILTER (WHERE parent.role LIKE 'adoptive%%') AS adopted_on,
           coalesce(string_agg(DISTINCT {CIRCUMSTANCE}, ','), '') AS whole,
           coalesce(string_agg(DISTINCT {SHORT}, ','), '') AS short
      FROM run_file JOIN held USING (whose)
      JOIN registry_parent AS parent ON parent.child_id = file_id AND parent.until_on IS NULL
      LEFT JOIN registry_circumstance AS one ON one.parent_id = parent.id
     GROUP BY run_file.whose, parent.role, parent.name, parent.is_unknown),
parents AS (
    SELECT whose, max(told) AS told, min(adopted_on) AS adopted_on,
           string_agg('["' || role || '",' || is_unknown || ',[' || whole || ']]', ',' ORDER BY role, whole) AS whole,
           string_agg('["' || role || '",' || is_unknown || ',[' || short || ']]', ',' ORDER BY role, short) AS short
      FROM told GROUP BY whose),
own AS (
    SELECT run_file.whose, count(*) AS told, string_agg({CIRCUMSTANCE}, ',' ORDER BY one.from_on) AS whole,
           string_agg({SHORT}, ',') AS short
      FROM run_file JOIN held USING (whose)
      JOIN registry_circumstance AS one ON one.child_id = file_id AND parent_id IS NULL AND kind = ANY(%(own)s)
     GROUP BY run_file.whose),
placed AS (
    SELECT run_file.whose, string_agg('"' || kind || '"', ',' ORDER BY from_on, placement.id) AS whole
      FROM run_file JOIN held USING (whose) JOIN protection_placement AS placement ON placement.child_id = file_id
     WHERE from_on <= %(day)s AND (until_on IS NULL OR until_on >= %(day)s) GROUP BY run_file.whose),
aided AS (
    SELECT run_file.whose,
           string_agg('["' || kind || '",' || coalesce(fen_per_month::text, 'null') || ','
                      || coalesce(household_fen_per_month::text, 'null') || ','
                      || coalesce(members::text, 'null') || ']', ',' ORDER BY from_on, aid.id) AS whole
      FROM run_file JOIN held USING (whose) JOIN registry_otheraid AS aid ON aid.child_id = file_id
     WHERE from_on <= %(day)s AND (until_on IS NULL OR until_on >= %(day)s) GROUP BY run_file.whose),
studied AS (
    SELECT run_file.whose,
           string_agg('["' || level || '",' || is_full_time || ']', ',' ORDER BY from_on, study.id) AS whole
      FROM run_file JOIN held USING (whose) JOIN run_child USING (whose)
      JOIN registry_study AS study ON study.child_id = file_id
     WHERE birth_date <= %(nearly_grown)s AND from_on <= %(day)s AND (until_on IS NULL OR until_on >= %(day)s)
     GROUP BY run_file.whose)
SELECT run_child.whose, run_child.place,
       '[' || CASE WHEN plain AND birth_date > %(nearly_grown)s AND birth_date < %(newborn)s THEN 'null'
                   ELSE '"' || birth_date || '"' END
           || ',' || coalesce('"' || died_on || '"', 'null') || ',' || coalesce('"' || adopted_on || '"', 'null')
           || ',[' || CASE WHEN plain THEN held.short ELSE held.whole END
           || '],[' || coalesce(CASE WHEN plain THEN parents.short ELSE parents.whole END, '')
           || '],[' || coalesce(CASE WHEN plain THEN own.short ELSE own.whole END, '')
           || '],[' || coalesce(placed.whole, '') || '],[' || coalesce(aided.whole, '')
           || '],[' || coalesce(studied.whole, '') || ']]' AS face
  FROM run_child JOIN held USING (whose) LEFT JOIN parents USING (whose) LEFT JOIN own USING (whose)
  LEFT JOIN placed USING (whose) LEFT JOIN aided USING (whose) LEFT JOIN studied USING (whose)
  CROSS JOIN LATERAL (SELECT held = 1 AND coalesce(parents.told, 0) <= 1 AND coalesce(own.told, 0) <= 1
                                   AND adopted_on IS NULL AS plain) AS at
 WHERE run_child.looks_from <= %(first)s"""
"""The text of every child of `run_child` who is looked at in a month and holds something then."""


DIGEST = """UPDATE run_child SET digest = said.digest FROM (
SELECT whose, mod(sum(hashtextextended(line, 0)::numeric), 9223372036854775807)::bigint AS digest FROM (
    SELECT whose, concat_ws(',', 'child', birth_date, died_on, place, %(rules)s::jsonb ->> place) AS line FROM run_child
    UNION ALL SELECT run_file.whose, concat_ws(',', 'holding', category, from_on, 'to', until_on)
      FROM run_file JOIN registry_categoryholding AS holding ON holding.child_id = file_id
     WHERE category = ANY(%(paid)s)
    UNION ALL SELECT run_file.whose, concat_ws(',', 'parent', role, name, is_unknown, parent.from_on, parent.until_on)
      FROM run_file JOIN registry_parent AS parent ON parent.child_id = file_id
    UNION ALL SELECT run_file.whose,
             concat_ws(',', kind, role, grade, disability_class, one.from_on, 'to', one.until_on)
      FROM run_file JOIN registry_circumstance AS one ON one.child_id = file_id
      LEFT JOIN registry_parent AS parent ON parent.id = one.parent_id
    UNION ALL SELECT run_file.whose, concat_ws(',', 'placement', kind, from_on, 'to', until_on)
      FROM run_file JOIN protection_placement AS placement ON placement.child_id = file_id
    UNION ALL SELECT run_file.whose,
             concat_ws(',', 'aid', kind, fen_per_month, household_fen_per_month, members, from_on, 'to', until_on)
      FROM run_file JOIN registry_otheraid AS aid ON aid.child_id = file_id
    UNION ALL SELECT run_file.whose, concat_ws(',', 'study', level, is_full_time, from_on, 'to', until_on)
      FROM run_file JOIN registry_study AS study ON study.child_id = file_id
    UNION ALL SELECT run_file.whose, concat_ws(',', 'suspended', from_month, again_from)
      FROM run_file JOIN allowances_recognitionsuspension AS suspension ON suspension.child_id = file_id
    UNION ALL SELECT whose, concat_ws(',', 'leads', merge.id, stage)
      FROM run_file JOIN registry_merge AS merge ON merge.leading_id = file_id WHERE stage IN ('done', 'undone')
    UNION ALL SELECT whose, concat_ws(',', 'joined', merge.id, stage)
      FROM run_file JOIN registry_merge AS merge ON merge.joined_id = file_id WHERE stage IN ('done', 'undone')
    UNION ALL SELECT whose, concat_ws(',', 'opening', opening.id, paid_through)
      FROM run_file JOIN allowances_opening AS opening ON opening.child_id = file_id WHERE confirmed_by_id IS NOT NULL
) AS said(whose, line) GROUP BY whose) AS said WHERE said.whose = run_child.whose"""
"""One number for all that is known of a child (事实指纹): another once anything of it, or of the rules, is another."""


@dataclass(frozen=True)
class Cut:
    """Cut-off (截止口径): the month a text is made for, and the day whose facts count."""

    month: Month
    day: date


def gather(prefix: str, month: Month, *, paid: Sequence[str]) -> list[str]:
    """Makes the tables `run_child` and `run_file` of a place (核定对象); the counties they are of, as prefixes."""
    values: dict[str, Any] = {"paid": list(paid), "next": month.plus(1).first, "prefix": f"{prefix}%"}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS run_child, run_file, run_joined")
        cursor.execute(CHILDREN, values)
        cursor.execute("ALTER TABLE run_child ADD PRIMARY KEY (whose)")
        cursor.execute(FILES)
        cursor.execute("CREATE INDEX ON run_file (whose)")
        cursor.execute(JOINED)
        cursor.execute("ANALYZE run_child, run_file")
        cursor.execute("SELECT DISTINCT place FROM run_child ORDER BY place")
        return [place for (place,) in cursor.fetchall()]


def fingerprint(*, paid: Sequence[str], rules: Mapping[str, str]) -> None:
    """Says of every child one number for all that is known of it (事实指纹); `rules` one word for each county."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, {"paid": list(paid), "rules": json.dumps(dict(rules))})


def narrow() -> None:
    """Leaves those children alone in both tables whose earlier months are counted again (缩小核定范围)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM run_child WHERE NOT recount;
               DELETE FROM run_file WHERE NOT EXISTS (SELECT FROM run_child WHERE run_child.whose = run_file.whose);
               ANALYZE run_child, run_file"""
        )


def face(cut: Cut, *, paid: Sequence[str], own: Sequence[str]) -> None:
    """Makes the table `run_face` anew: child, place, text (当月事实摘要)."""
    month = cut.month
    values: dict[str, Any] = {
        "first": month.first,
        "next": month.plus(1).first,
        "year_ago": month.plus(-12).first,
        "day": cut.day,
        "nearly_grown": month.plus(-12 * 17).first,
        "newborn": month.plus(-2).first,
        "paid": list(paid),
        "own": list(own),
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS run_face")
        cursor.execute(FACE, values)


def facts_of(text: str, month: Month) -> ChildFacts:
    """The facts that a text says (摘要所载事实), as the law is asked about them for the month."""
    birth, died, adopted, held, parents, own, placed, aided, studied = json.loads(text)
    return ChildFacts(
        birth_date=_day(birth) or date(month.year - 10, 1, 1),
        died_on=_day(died),
        adopted_on=_day(adopted),
        holdings=tuple(_holding(*one) for one in held),
        parents=tuple(
            ParentFact(role=role, is_unknown=unknown, circumstances=tuple(_circumstance(*one) for one in told))
            for role, unknown, told in parents
        ),
        circumstances=tuple(_circumstance(*one) for one in own),
        placements=tuple(PlacementFact(kind=kind) for kind in placed),
        other_aid=tuple(
            AidFact(kind=kind, fen_per_month=fen, household_fen_per_month=whole, members=members)
            for kind, fen, whole, members in aided
        ),
        study=tuple(StudyFact(level=level, is_full_time=full_time) for level, full_time in studied),
    )


def _holding(category: str, decided: str, until: str | None) -> HoldingFact:
    until_on = _day(until)
    return HoldingFact(
        category=category,
        decided_on=date.fromisoformat(decided),
        until_month=Month.of(until_on) if until_on else None,
    )


def _circumstance(kind: str, grade: int | None, of_class: str, from_on: Any, until_on: Any) -> CircumstanceFact:
    return CircumstanceFact(
        kind=kind, grade=grade, disability_class=of_class, from_on=_day(from_on), until_on=_day(until_on)
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
