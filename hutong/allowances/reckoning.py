"""Reckoning a month for a whole place: texts to the law, its answers to lines; earlier months where things changed."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hutong.allowances.facing import Cut, face, facts_of, fingerprint, gather, narrow
from hutong.allowances.models import Basis, Run
from hutong.law.allowance import Due, due_for
from hutong.law.division_code import ancestors, prefix_of
from hutong.law.entitlement import entitlement_of
from hutong.law.holds import BY_HAND, ENDED, NO_PAYEE, TO_DECIDE, TOPPED
from hutong.law.months import Month, months_between
from hutong.law.parameters import Parameters
from hutong.law.rules import STANDARDS, Rules
from hutong.treasury.actions.beneficiaries import open_beneficiaries

PAID = tuple(code for code in STANDARDS if code != "hiv")
"""The categories that a holding of which is paid for; an infection stands under seal."""
OWN = ("parents_not_found",)
"""What of the child itself an allowance rests on."""
LIVING = "living"
"""The scheme of the treasury (资金项目): basic living allowances of all categories, one a child and month."""
COUNTED = ("allowance_", "overlap_", "ending_", "over_18", "age_limit", "placements_", "institution_placements")
"""Parameters whose change changes amounts: the beginnings of their codes."""


@dataclass(frozen=True)
class Answer:
    """Answer (核定答复) to one text: the category, fen, why it waits, the basis."""

    place: str
    face: str
    category: str
    amount_fen: int
    hold: str
    basis: int


class Reckoner:
    """Whoever reckons for one run (核算): `parameters` in force, each county's rules looked up once."""

    def __init__(self, run: Run, parameters: Parameters) -> None:
        self._run, self._parameters, self.month = run, parameters, Month.of(run.month)
        self._rules: dict[str, Rules] = {}

    def reckon(self) -> None:
        """Writes the lines of the run (生成明细): of its month, then of earlier ones where something changed.

        Whole sets are joined, whatever the database believes of their size: after a large import it knows nothing.
        """
        _execute("SET LOCAL enable_nestloop = off", {})
        self._write()
        _execute("SET LOCAL enable_nestloop TO DEFAULT", {})

    def _write(self) -> None:
        places = gather(prefix_of(self._run.division_code), self.month, paid=PAID)
        if not places:
            return
        self._rules = {place: Rules(self._parameters, place) for place in places}
        fingerprint(paid=PAID, rules={place: _fingerprint(self._parameters, place) for place in places})
        _execute(CARDS, {"on": self._run.cut_off_on})
        self._say_since_when()
        self._lines_of(self.month)
        _execute(REMEMBER, {"run": self._run.pk})
        narrow()
        for month in self._months_again():
            self._lines_of(month)
            _execute(OVERPAID, self._values(month))
        ((self._run.joined,),) = _all(JOINED, {"run": self._run.pk})
        self._run.save()

    def _cut(self, month: Month) -> Cut:
        terms = next(iter(self._rules.values())).terms(month)
        return Cut(month, self._run.cut_off_on if month == self.month else terms.day)

    def _say_since_when(self) -> None:
        """From which month on each child is looked at, and whose earlier months are counted again."""
        code = self._run.division_code
        around = {"above": ancestors(code), "prefix": f"{prefix_of(code)}%", "paid": list(PAID)}
        _execute(SINCE, around | {"month": self._run.month})
        _execute(CHANGED, {"open": [NO_PAYEE, BY_HAND]})
        ((last,),) = _all(LAST, around)
        if last:
            month = Month.of(last)
            _execute(NEW_HERE, around | {"last": last, "until": month.last})
            _execute(SKIPPED, {"next": month.plus(1).first, "month": self._run.month})

    def _months_again(self) -> list[Month]:
        ((found,),) = _all("SELECT min(looks_from) FROM run_child")
        return months_between(Month.of(found), self.month.plus(-1)) if found else []

    def _lines_of(self, month: Month) -> None:
        """What is due for a month and was not paid for it yet."""
        self._answer(self._cut(month))
        _execute(PAID_FOR, {"month": month.first})
        _execute(LINES, self._values(month))

    def _values(self, month: Month) -> dict[str, object]:
        return {"run": self._run.pk, "month": month.first}

    def _answer(self, cut: Cut) -> None:
        """Makes the table `run_answer`: for each text and place what the law says."""
        face(cut, paid=PAID, own=OWN)
        answers = list(_kept(self._asked(cut)))
        _execute("DROP TABLE IF EXISTS run_answer", {})
        _execute(ANSWERS, {name: [getattr(one, name) for one in answers] for name in Answer.__dataclass_fields__})

    def _asked(self, cut: Cut) -> Iterator[tuple[str, str, Due]]:
        for place, text in _all("SELECT DISTINCT place, face FROM run_face ORDER BY 1, 2"):
            facts = facts_of(text, cut.month)
            due = due_for(entitlement_of(facts, self._rules[place]), cut.month, cut_off=cut.day.day)
            yield place, text, due._replace(category=due.category or facts.holdings[-1].category)


def _fingerprint(parameters: Parameters, place: str) -> str:
    """One word for all rules that an amount follows at a place (规则指纹)."""
    said = [
        (parameter.code, parameter.jurisdiction, value.from_on, value.value)
        for parameter in parameters
        if place.startswith(parameter.jurisdiction) and parameter.code.startswith(COUNTED)
        for value in parameter.values
    ]
    return hashlib.sha256(repr(sorted(said, key=repr)).encode()).hexdigest()[:16]


def _kept(asked: Iterable[tuple[str, str, Due]]) -> Iterator[Answer]:
    """Answers with their bases, which are kept once and for all (核定依据)."""
    found = [(place, text, due, _said(due)) for place, text, due in asked if _says_something(due)]
    digests = [_digest(text, lines) for _place, text, _due, lines in found]
    rows = {digest: Basis(digest=digest, facts=json.loads(text), lines=lines)
            for digest, (_place, text, _due, lines) in zip(digests, found, strict=True)}  # fmt: skip
    Basis.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=2000)
    known = dict(Basis.objects.filter(digest__in=list(rows)).values_list("digest", "pk"))
    for digest, (place, text, due, _lines) in zip(digests, found, strict=True):
        yield Answer(place, text, due.category, due.amount_fen, _hold(due), known[digest])


def _says_something(due: Due) -> bool:
    """Whether anything is to be said: nothing of who was decided for this month and is paid from the next."""
    return not any(line.code in ("not_yet", "no_holding", "start_unknown") for line in due.lines)


def _hold(due: Due) -> str:
    if due.is_open:
        return TO_DECIDE
    if due.amount_fen:
        return ""
    return TOPPED if any(line.code == "standard" for line in due.lines) else ENDED


def _said(due: Due) -> list[dict[str, object]]:
    """The sum of a month, line by line (计算明细)."""
    return [
        {"code": line.code, "amount_fen": line.amount_fen, "text": line.text, "citation": line.citation.zh}
        for line in due.lines
    ]


def _digest(text: str, lines: object) -> str:
    return hashlib.sha256(f"{text}{json.dumps(lines, ensure_ascii=False)}".encode()).hexdigest()


def is_as_prepared(run: Run) -> bool:
    """Whether the run can still be paid as it was prepared (核定是否仍然有效).

    It cannot where its children's files were joined or parted since, where another run has paid one of its months, or
    where the bank has paid all the same what is to be sent again.
    """
    ((joined,),) = _all(JOINED_NOW, {"run": run.pk})
    _execute(TO_PAY, {"run": run.pk})
    ((paid,),) = _all(PAID_SINCE, {"scheme": LIVING})
    ((after_all,),) = _all(AFTER_ALL, {"run": run.pk})
    return run.joined in ("", joined) and not paid and not after_all


def link_beneficiaries(run: Run) -> None:
    """Gives every child of the run that is to be paid a key in the treasury (建立保障对象)."""
    children = [child for (child,) in _all(UNLINKED, {"run": run.pk})]
    keys = open_beneficiaries(len(children))
    _execute(LINK, {"children": children, "keys": keys})
    _execute(LINKED, {"run": run.pk})


JOINED = """SELECT md5(coalesce(string_agg(concat(whose, ' ', file_id), ',' ORDER BY file_id), ''))
  FROM run_joined WHERE whose IN (SELECT child_id FROM allowances_runline WHERE run_id = %(run)s)"""
JOINED_NOW = """WITH paid AS (SELECT DISTINCT child_id FROM allowances_runline WHERE run_id = %(run)s)
SELECT md5(coalesce(string_agg(concat(canonical_id, ' ', id), ',' ORDER BY id), '')) FROM (
    SELECT canonical_id, id FROM registry_child JOIN paid ON canonical_id = child_id
    UNION ALL SELECT canonical_id, id FROM registry_child JOIN paid ON id = child_id WHERE canonical_id IS NOT NULL
) AS joined"""
TO_PAY = """DROP TABLE IF EXISTS run_to_pay, run_payee_file;
CREATE TEMPORARY TABLE run_to_pay ON COMMIT DROP AS
SELECT id, child_id, month, kind, amount_fen, basis_id FROM allowances_runline
 WHERE run_id = %(run)s AND hold = '' AND again IS NULL;
CREATE TEMPORARY TABLE run_payee_file ON COMMIT DROP AS
SELECT DISTINCT child_id AS whose, child_id AS file_id FROM run_to_pay
UNION ALL SELECT canonical_id, id FROM registry_child WHERE canonical_id IN (SELECT child_id FROM run_to_pay);
ANALYZE run_to_pay, run_payee_file"""
PAID_SINCE = """WITH paid AS (
    SELECT line.id, sum(due.amount_fen) AS amount_fen
      FROM run_to_pay AS line JOIN run_payee_file ON whose = line.child_id
      JOIN allowances_beneficial AS link ON link.child_id = file_id
      JOIN treasury_due AS due
        ON (due.beneficiary_id, due.month, due.scheme) = (link.beneficiary_id, line.month, %(scheme)s) GROUP BY 1)
SELECT count(*) FROM run_to_pay AS line JOIN paid USING (id) JOIN allowances_basis AS basis ON basis.id = basis_id
 WHERE kind = 'regular' OR paid.amount_fen + line.amount_fen
       > (SELECT sum((one ->> 'amount_fen')::bigint) FROM jsonb_array_elements(basis.lines) AS one)"""
"""Lines whose month was paid since, beyond what is due for it; the basis adds up to that."""
PAID_AFTER_ALL = """EXISTS (SELECT FROM treasury_bankreturn AS told, jsonb_array_elements(told.faults) AS fault
    WHERE told.batch_id = attempt.batch_id AND fault ->> 'code' = 'paid_after_all'
      AND (fault ->> 'number')::bigint = attempt.id)"""
"""Whether the bank says of an attempt that it was paid after all (先报失败后报成功): nothing is sent again."""
AFTER_ALL = f"""SELECT count(*)
  FROM allowances_runline AS line JOIN treasury_attempt AS attempt ON attempt.due_id = again
 WHERE run_id = %(run)s AND hold = '' AND {PAID_AFTER_ALL}"""
ANSWERS = """CREATE TEMPORARY TABLE run_answer ON COMMIT DROP AS
SELECT * FROM unnest(%(place)s::varchar[], %(face)s::text[], %(category)s::varchar[], %(amount_fen)s::int[],
                     %(hold)s::varchar[], %(basis)s::bigint[])
    AS said(place, face, category, amount_fen, hold, basis_id)"""
AROUND = "state = 'approved' AND (division_code = ANY(%(above)s) OR division_code LIKE %(prefix)s)"
"""Approved runs of the place, of what lies in it and of what it lies in."""
SINCE = f"""UPDATE run_child
   SET looks_from = greatest(begun.month, opening.month,
                             CASE WHEN opening.month IS NULL THEN least(since.month, known.month) END)
  FROM (SELECT whose, date_trunc('month', min(from_on))::date AS month
          FROM run_file JOIN registry_categoryholding AS holding ON holding.child_id = file_id
         WHERE category = ANY(%(paid)s) GROUP BY 1) AS begun
  LEFT JOIN (SELECT whose, max(paid_through + interval '1 month')::date AS month
               FROM run_file JOIN allowances_opening AS opening ON opening.child_id = file_id
              WHERE confirmed_by_id IS NOT NULL
                AND NOT EXISTS (SELECT FROM allowances_opening AS later
                                 WHERE later.replaces_id = opening.id AND later.confirmed_by_id IS NOT NULL)
              GROUP BY 1) AS opening USING (whose)
  LEFT JOIN (SELECT whose, min(run.month) AS month
               FROM run_file JOIN allowances_reckoned AS reckoned ON reckoned.child_id = file_id
               JOIN allowances_run AS run ON run.id = run_id AND run.state = 'approved'
              GROUP BY 1) AS known USING (whose)
  CROSS JOIN (SELECT coalesce(min(month), %(month)s) AS month FROM allowances_run WHERE {AROUND}) AS since
 WHERE begun.whose = run_child.whose"""
CHANGED = """UPDATE run_child SET recount = true
  FROM run_child AS now LEFT JOIN (
      SELECT DISTINCT ON (child_id) child_id AS whose, reckoned.digest
        FROM allowances_reckoned AS reckoned JOIN run_child ON whose = child_id
        JOIN allowances_run AS run ON run.id = run_id AND run.state = 'approved'
       ORDER BY child_id, run.batch_id DESC) AS before USING (whose)
  LEFT JOIN (
      SELECT DISTINCT held.child_id AS whose
        FROM allowances_runline AS held JOIN run_child ON whose = held.child_id
        JOIN allowances_run AS run ON run.id = held.run_id AND run.state = 'approved'
       WHERE held.hold <> '' AND held.hold = ANY(%(open)s) AND NOT EXISTS (
           SELECT FROM allowances_runline AS later
             JOIN allowances_run AS anew ON anew.id = later.run_id AND anew.batch_id > run.batch_id
            WHERE (later.child_id, later.month) = (held.child_id, held.month) AND later.hold = '')
  ) AS waiting USING (whose)
 WHERE now.whose = run_child.whose AND (before.digest IS DISTINCT FROM now.digest OR waiting.whose IS NOT NULL)"""
"""Whose facts are others than when they were last reckoned, and whose line still waits for what is no fact (待发)."""
LAST = f"SELECT max(month) FROM allowances_run WHERE {AROUND} AND purpose <> 'anew'"
NEW_HERE = f"""UPDATE run_child SET recount = true
 WHERE NOT recount AND looks_from <= %(last)s AND whose IN (
           SELECT run_file.whose FROM run_file JOIN registry_categoryholding AS holding ON holding.child_id = file_id
            WHERE category = ANY(%(paid)s) AND from_on <= %(until)s AND (until_on IS NULL OR until_on >= %(last)s))
   AND whose NOT IN (
       SELECT line.child_id FROM allowances_runline AS line JOIN allowances_run AS run ON run.id = line.run_id
        WHERE line.month = %(last)s AND run.month = %(last)s AND purpose <> 'anew'
          AND run.id IN (SELECT id FROM allowances_run WHERE {AROUND}))"""
"""Whoever holds something and did not stand in the last run of the place: away then, or not known yet (新到对象)."""
SKIPPED = """UPDATE run_child SET recount = true, looks_from = greatest(looks_from, %(next)s)
 WHERE NOT recount AND %(next)s < %(month)s"""
"""Whoever has not changed is looked at again for months without a run (漏核月份)."""
CARDS = """DROP TABLE IF EXISTS run_card;
CREATE TEMPORARY TABLE run_card ON COMMIT DROP AS
SELECT DISTINCT ON (whose) whose, payee.id
  FROM run_file JOIN registry_payeelink AS link ON link.child_id = file_id
  JOIN treasury_payee AS payee ON payee.holder_key = link.holder_key
 WHERE link.from_on <= %(on)s AND (link.until_on IS NULL OR link.until_on >= %(on)s)
   AND payee.opened_on <= %(on)s AND (payee.closed_on IS NULL OR payee.closed_on >= %(on)s)
 ORDER BY whose, file_id = whose DESC, payee.id;
ANALYZE run_card"""
"""The card each child is paid to on the cut-off day (领款账户): that of the leading file, or of another."""
WAITS = """CASE WHEN answer.hold <> '' THEN answer.hold
     WHEN face.whose IN (SELECT run_file.whose FROM run_file
                           JOIN allowances_recognitionsuspension AS suspension ON suspension.child_id = file_id
                          WHERE from_month <= %(month)s AND (again_from IS NULL OR again_from > %(month)s))
     THEN 'suspended' WHEN card.id IS NULL THEN 'no_payee' ELSE '' END"""
PAID_FOR = """CREATE TEMPORARY TABLE IF NOT EXISTS run_paid (whose bigint, amount_fen bigint) ON COMMIT DROP;
TRUNCATE run_paid;
INSERT INTO run_paid SELECT run_file.whose, sum(due.amount_fen)
  FROM treasury_due AS due JOIN allowances_beneficial AS link USING (beneficiary_id)
  JOIN run_file ON file_id = link.child_id
 WHERE due.scheme = 'living' AND due.month = %(month)s GROUP BY 1"""
LINES = f"""INSERT INTO allowances_runline
    (run_id, child_id, month, kind, category, amount_fen, basis_id, payee_id, hold, division_code)
SELECT %(run)s, face.whose, %(month)s,
       CASE WHEN paid.amount_fen IS NULL THEN 'regular' ELSE 'arrears' END, answer.category,
       answer.amount_fen - coalesce(paid.amount_fen, 0), answer.basis_id, card.id, {WAITS}, child.division_code
  FROM run_face AS face JOIN run_answer AS answer USING (place, face) JOIN run_child AS child USING (whose)
  LEFT JOIN run_paid AS paid USING (whose) LEFT JOIN run_card AS card USING (whose)
 WHERE answer.amount_fen > coalesce(paid.amount_fen, 0)
    OR answer.amount_fen = 0 AND paid.amount_fen IS NULL
       AND %(month)s = (SELECT month FROM allowances_run WHERE id = %(run)s)
 ORDER BY child.division_code, face.whose"""
OVERPAID = """INSERT INTO allowances_overpaid (run_id, child_id, month, amount_fen)
SELECT %(run)s, paid.whose, %(month)s, paid.amount_fen - coalesce(answer.amount_fen, 0)
  FROM run_paid AS paid JOIN run_child AS child USING (whose) LEFT JOIN run_face AS face USING (whose)
  LEFT JOIN run_answer AS answer ON (answer.place, answer.face) = (face.place, face.face)
 WHERE child.looks_from <= %(month)s AND paid.amount_fen > coalesce(answer.amount_fen, 0)
   AND coalesce(answer.hold, '') <> 'to_decide'"""
REMEMBER = """INSERT INTO allowances_reckoned (run_id, child_id, digest)
SELECT %(run)s, whose, digest FROM run_child WHERE recount"""
UNLINKED = """SELECT DISTINCT line.child_id FROM allowances_runline AS line
 LEFT JOIN allowances_beneficial AS link USING (child_id)
 WHERE run_id = %(run)s AND hold = '' AND link.child_id IS NULL ORDER BY 1"""
LINK = """INSERT INTO allowances_beneficial (child_id, beneficiary_id)
SELECT * FROM unnest(%(children)s::bigint[], %(keys)s::bigint[])"""
LINKED = """UPDATE allowances_runline AS line SET beneficiary_id = link.beneficiary_id
  FROM allowances_beneficial AS link WHERE line.run_id = %(run)s AND line.hold = '' AND link.child_id = line.child_id"""


def _execute(statement: str, values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _all(statement: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
