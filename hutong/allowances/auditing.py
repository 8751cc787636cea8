"""Audits of a run, set by set: which children of it are to be looked at, and on what grounds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from hutong.accounts.queries import kin_of
from hutong.allowances.models import Run
from hutong.law.calendar import months_after
from hutong.law.over_18 import proof_holds_until
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from hutong.registry.actions.kinship import families_of

PAYABLE = """WITH line AS (SELECT DISTINCT ON (child_id) * FROM allowances_runline
                             WHERE run_id = %(run)s AND hold = '' ORDER BY child_id, month DESC),
file AS (SELECT line.child_id AS whose, line.child_id AS id FROM line
         UNION ALL SELECT canonical_id, child.id FROM registry_child AS child JOIN line ON child_id = canonical_id)
"""
"""The children of a run whom money goes to, and all their files."""
NOW = "(until_on IS NULL OR until_on >= %(on)s) AND (from_on IS NULL OR from_on <= %(on)s)"
FINDINGS: Mapping[str, str] = {
    "died": """SELECT whose FROM file JOIN registry_child AS child USING (id) WHERE child.closed_reason = 'died'
        UNION SELECT child_id FROM line JOIN treasury_payee AS payee ON payee.id = payee_id
               WHERE payee.closed_reason = 'holder_died'""",
    "grown_up": """SELECT child_id FROM line JOIN registry_child AS child ON child.id = child_id
        WHERE birth_date <= %(adult)s AND NOT EXISTS (
              SELECT FROM file JOIN registry_study AS study ON study.child_id = file.id
               WHERE whose = line.child_id AND (study.from_on > %(proved)s OR study.recorded_at > %(proved)s))""",
    "papers_expired": f"""SELECT whose FROM file JOIN registry_circumstance AS one ON one.child_id = file.id
        WHERE one.parent_id IS NOT NULL AND {NOW}
          AND EXISTS (SELECT FROM registry_circumstance_evidence AS shown
                       WHERE shown.circumstance_id = one.id)
          AND NOT EXISTS (SELECT FROM registry_circumstance_evidence AS shown
                           JOIN registry_evidence AS paper ON paper.id = shown.evidence_id
                          WHERE shown.circumstance_id = one.id AND paper.withdrawn_on IS NULL
                            AND (paper.expires_on IS NULL OR paper.expires_on >= %(on)s))""",
    "two_categories": f"""SELECT whose FROM file JOIN registry_categoryholding AS holding ON holding.child_id = file.id
        WHERE category = ANY(%(paid)s) AND {NOW} GROUP BY whose HAVING count(DISTINCT category) > 1""",
    "alike": """SELECT whose FROM file JOIN registry_pair AS pair ON file.id IN (pair.first_id, pair.second_id)
        WHERE pair.state = 'open'""",
    "with_tekun": f"""SELECT whose FROM file JOIN registry_otheraid AS aid ON aid.child_id = file.id
        WHERE kind = 'tekun' AND {NOW}""",
    "stale_dibao": f"""SELECT whose FROM file JOIN registry_otheraid AS aid ON aid.child_id = file.id
        WHERE kind = 'dibao' AND {NOW} AND from_on < %(year_ago)s AND recorded_at < %(year_ago)s""",
    "shared_card": """SELECT line.child_id FROM line JOIN treasury_payee AS payee ON payee.id = payee_id
        WHERE payee.kind = 'person' AND payee.holder_key IN (
              SELECT holder.holder_key FROM line AS other JOIN treasury_payee AS holder ON holder.id = other.payee_id
                LEFT JOIN registry_householdmember AS member ON member.child_id = other.child_id
               GROUP BY 1 HAVING count(DISTINCT coalesce(member.household_id, -other.child_id)) > %(families)s)""",
    "other_holder": f"""SELECT line.child_id FROM line JOIN treasury_payee AS payee ON payee.id = payee_id
        WHERE payee.kind = 'person' AND NOT EXISTS (
              SELECT FROM file JOIN registry_child AS child USING (id)
               WHERE whose = line.child_id AND child.id_index = payee.id_index)
          AND NOT EXISTS (
              SELECT FROM file JOIN registry_guardian AS guardian ON guardian.child_id = file.id
               WHERE whose = line.child_id AND {NOW} AND guardian.id_index = payee.id_index)""",
    "living_parent": f"""SELECT line.child_id FROM line JOIN file ON whose = line.child_id
        JOIN registry_guardian AS guardian ON guardian.child_id = file.id
       WHERE category IN ('orphan_kin', 'orphan_institution') AND guardian.relation IN ('51', '52') AND {NOW}""",
    "not_seen": """SELECT child_id FROM line WHERE NOT EXISTS (
              SELECT FROM file JOIN outreach_visit AS visit ON visit.child_id = file.id
               WHERE whose = line.child_id AND child_seen AND visited_on >= %(half_a_year_ago)s)
          AND EXISTS (SELECT FROM registry_child AS child
                       WHERE child.id = line.child_id AND child.registered_at < %(half_a_year_ago)s)""",
    "moved_out": """SELECT child_id FROM line JOIN registry_child AS child ON child.id = child_id
        WHERE left(living_code, 6) <> county_prefix""",
    "adopted": """SELECT line.child_id FROM line JOIN file ON whose = line.child_id
        JOIN registry_parent AS parent ON parent.child_id = file.id
       WHERE category IN ('orphan_kin', 'orphan_institution') AND parent.role LIKE 'adoptive%%'
         AND parent.until_on IS NULL""",
    "two_ways": f"""SELECT line.child_id FROM line JOIN file ON whose = line.child_id
        JOIN protection_placement AS placement ON placement.child_id = file.id
       WHERE category = 'orphan_kin' AND placement.kind = 'institution' AND {NOW}""",
}
"""What finds whom (核查口径): a statement each, over all children of the run at once."""


def found_in(run: Run, *, on: date) -> dict[str, list[int]]:
    """Whom each audit finds among those a run pays (核查结果), by id of the leading file; audits without a find too."""
    values = _values(run, on=on)
    found = {}
    with connection.cursor() as cursor:
        for code, statement in FINDINGS.items():
            cursor.execute(f"{PAYABLE} SELECT DISTINCT whose FROM ({statement}) AS said(whose) ORDER BY 1", values)
            found[code] = [child for (child,) in cursor.fetchall()]
    found["own_kin"] = sorted(_own_kin(run, on=on))
    return found


def _own_kin(run: Run, *, on: date) -> set[int]:
    """Children with declared kin of whoever prepared the run (回避核查)."""
    kin = kin_of(run.prepared_by, on=on)
    if not (kin.numbers or kin.names):
        return set()
    return families_of(kin, list(run.lines.filter(hold="").values_list("child", flat=True).distinct()))


def _values(run: Run, *, on: date) -> dict[str, Any]:
    rules = Rules(shipped(), run.division_code[:6])
    day = run.cut_off_on
    ended = proof_holds_until(day, rules)
    return {
        "run": run.pk,
        "on": on,
        "adult": months_after(day, -12 * rules.number("age_limit", day)),
        "proved": ended.replace(year=ended.year - 1),
        "paid": list(rules.listed("paid_categories", day)),
        "year_ago": months_after(day, -rules.number("aid_checked_months", day)),
        "half_a_year_ago": months_after(day, -rules.number("seen_months", day)),
        "families": rules.number("families_of_a_card", day),
    }
