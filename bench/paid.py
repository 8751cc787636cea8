"""A province of children who are paid for, written straight into a database of its own that is dropped afterwards."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".build" / "bench-run"
os.environ |= {"HUTONG_DATA": str(DATA), "DJANGO_SETTINGS_MODULE": "hutong.settings"}
os.environ.pop("DATABASE_URL", None)
os.environ.pop("HUTONG_OWNER_URL", None)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from hutong.accounts.models import Person, Posting  # noqa: E402
from hutong.divisions.actions.load import load_shipped  # noqa: E402
from hutong.treasury.books import Matter, book_of, post  # noqa: E402
from hutong.treasury.models import Fund  # noqa: E402
from hutong.treasury.models.book import BookKind, EntryKind  # noqa: E402

PROVINCE, BEGUN = "640000000000", date(2020, 1, 1)
FEN = 10**15
CHILDREN = """
INSERT INTO registry_child (id, file_number, name, pinyin, initials, sorting, sex, birth_date, ethnic_group, id_number,
        id_index, matching_index, no_id_reason, registered_code, living_code, responsible_code, closed_reason, revision,
        registered_at)
SELECT at, '64-' || to_char(at / 10000 + 1000, 'FM0000-') || to_char(at %% 10000, 'FM0000') || '-B', '柳安' || at,
       'liuan', 'la', 'la', 1 + at %% 2,
       date '2009-06-01' + (at * 7919 %% 6000)::int, '01', decode(md5('n' || at), 'hex'), decode(md5('i' || at), 'hex'),
       decode(md5('m' || at), 'hex'), '', '', village.code, village.code, '', 1, now()
  FROM generate_series(1, %(children)s) AS at
  JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS number, count(*) OVER () AS of FROM divisions_division
         WHERE level = (SELECT max(level) FROM divisions_division)) AS village ON number = at * 31 %% of"""
FACTS = (
    """INSERT INTO registry_categoryholding (child_id, category, from_on, basis, decision_number, secret_basis)
SELECT id, category, date '2024-01-01' + (id % 400)::int, '', '',
       CASE WHEN category = 'orphan_kin' THEN decode(md5('s' || id), 'hex') END
  FROM (SELECT id, (ARRAY['de_facto','de_facto','de_facto','de_facto','de_facto','de_facto','de_facto','orphan_kin',
        'orphan_kin','orphan_institution'])[1 + id % 10] AS category
          FROM registry_child) AS one""",
    """INSERT INTO registry_parent (child_id, role, is_unknown, name, recorded_at)
SELECT id, role, false, '柳' || role || id, now()
  FROM registry_child CROSS JOIN (VALUES ('father'), ('mother')) AS one(role)
 WHERE id % 10 <> 9""",
    """INSERT INTO registry_circumstance
    (child_id, parent_id, kind, disability_class, grade, from_on, until_on, recorded_at)
SELECT child_id, id, kind, CASE WHEN kind = 'severe_disability' THEN 'mental' ELSE '' END,
       CASE WHEN kind = 'severe_disability' THEN 1 + id % 2 END, date '2020-01-01' + (id % 1400)::int,
       CASE WHEN kind = 'imprisoned' THEN date '2026-06-30' + (id % 2000)::int END, now()
  FROM (SELECT *, CASE WHEN role = 'father' OR child_id % 10 IN (7, 8) THEN 'dead'
                       ELSE (ARRAY['imprisoned', 'out_of_contact', 'severe_disability'])[1 + id % 3] END AS kind
          FROM registry_parent) AS parent""",
    """INSERT INTO registry_circumstance (child_id, parent_id, kind, disability_class, from_on, recorded_at)
SELECT child_id, id, 'severe_illness', '', date '2022-01-01' + (id % 700)::int, now()
  FROM registry_parent WHERE role = 'mother' AND child_id % 17 = 0 AND child_id % 10 NOT IN (7, 8)""",
    """INSERT INTO registry_otheraid (child_id, kind, household_fen_per_month, members, from_on, until_on, recorded_at)
SELECT id, 'dibao', 60000 + (id % 12) * 10000, 2 + id % 4, date '2025-01-01' + (id % 300)::int,
       CASE WHEN id % 5 = 0 THEN date '2026-12-31' END, now() FROM registry_child WHERE id % 8 = 0""",
    """INSERT INTO registry_study (child_id, level, school, is_full_time, from_on, recorded_at)
SELECT id, 'senior_high', '永宁中学', true, date '2025-09-01', now()
  FROM registry_child WHERE birth_date < '2010-01-01'""",
    """INSERT INTO treasury_payee (key, holder_key, kind, name, id_number, id_index, credit_code, card, card_index,
        card_tail, bank_name, opened_on, closed_reason)
SELECT left(md5('k' || id), 20), left(md5('h' || id), 20), 'person', '柳桂' || id, decode(md5('p' || id), 'hex'),
       decode(md5('q' || id), 'hex'), '', decode(md5('c' || id), 'hex'), decode(md5('d' || id), 'hex'),
       lpad((id % 10000)::text, 4, '0'), '演示农村商业银行', '2024-01-01', '' FROM registry_child WHERE id % 33 <> 0""",
    """INSERT INTO registry_payeelink (child_id, holder_key, from_on, recorded_at)
SELECT id, left(md5('h' || id), 20), '2024-01-01', now() FROM registry_child WHERE id % 33 <> 0""",
)


@contextmanager
def paid_children(children: int) -> Iterator[tuple[Person, Person]]:
    """So many paid children of a province, money for all of them, and who prepares and who approves."""
    _forget()
    with settings.EMBEDDED_DATABASE.attached():
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        load_shipped("64")
        with connections["default"].cursor() as cursor:
            cursor.execute(CHILDREN, {"children": children})
            for statement in FACTS:
                cursor.execute(statement)
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        payer, approver = (_somebody(role) for role in ("payer", "approver"))
        _grant(payer, approver)
        yield payer, approver
        connections.close_all()
    _forget()


def _forget() -> None:
    if DATA.exists():
        settings.EMBEDDED_DATABASE.stop()
        for path in DATA.iterdir():
            if path != settings.KEYS_FILE:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _somebody(role: str) -> Person:
    person: Person = Person.objects.create(username=role, name="尹清和", password="!")
    Posting.objects.create(person=person, role=role, prefixes=["64"], from_on=BEGUN)
    return person


def _grant(payer: Person, approver: Person) -> None:
    """Money that a province pays from, without a county between."""
    said = {"entered_by": payer, "entered_on": BEGUN, "confirmed_by": approver, "confirmed_on": BEGUN}
    fund = Fund.objects.create(
        division_code=PROVINCE, year=2026, level="region", nature="budget", amount_fen=FEN, document_number="1", **said
    )
    source, available = (book_of(fund, PROVINCE, kind) for kind in (BookKind.SOURCE, BookKind.AVAILABLE))
    post(Matter(EntryKind.RECEIVED, "fund", "1", PROVINCE, approver, BEGUN), {source: -FEN, available: FEN})
