"""A register of a million invented children for benchmarks, kept under .build/ until what it is made from changes."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".build" / "bench-million"
TODAY = date(2026, 11, 24)
os.environ |= {
    "HUTONG_DATA": str(DATA),
    "HUTONG_TODAY": TODAY.isoformat(),
    "DJANGO_SETTINGS_MODULE": "bench.serving",
}
os.environ.pop("DATABASE_URL", None)
os.environ.pop("HUTONG_OWNER_URL", None)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402

from hutong.accounts.models import Person, Posting  # noqa: E402
from hutong.demo.children import Children  # noqa: E402
from hutong.demo.kinds import quotas  # noqa: E402
from hutong.demo.people import Invention  # noqa: E402
from hutong.demo.places import Places  # noqa: E402
from hutong.demo.writing import Secrets, write_children, write_guardians, write_holdings  # noqa: E402
from hutong.divisions.actions.load import load_shipped  # noqa: E402
from hutong.divisions.queries import valid_on  # noqa: E402
from hutong.gateways.embedded_postgres import prepare_roles  # noqa: E402
from hutong.law.identity import file_number  # noqa: E402
from hutong.registry.actions.entering import new_ids  # noqa: E402

CHILDREN, SLICE, SEED = 1_000_000, 50_000, 7
LARGEST_COUNTY = "640422"
PASSWORD = "bench-officer-7"
MADE_FROM = ("hutong/*/migrations/*.py", "hutong/demo/*.py", "hutong/kit/names/*.py", "bench/million.py")

PARENTS = """
INSERT INTO registry_parent (child_id, role, is_unknown, name, phone_index, recorded_at)
SELECT child_id, 'father', false, name, phone_index, now() FROM registry_guardian WHERE relation = '51'"""
CLOSED = """
UPDATE registry_child SET closed_on = '2026-06-30', closed_reason = 'no_longer_fits' WHERE id % 31 = 0"""
TASKS = """
INSERT INTO accounts_task (kind, subject_kind, subject_key, division_code, role, harm, due_on, values,
                           opened_at, outcome)
SELECT 'get_id', 'child', file_number, responsible_code, 'county_officer', 2, date '2026-12-01' + (id % 90)::int,
       '{}', now(), ''
  FROM registry_child WHERE id_number IS NULL AND id % 4 = 0"""


def state_of_the_code() -> str:
    """A digest of all that the register is made from."""
    digest = hashlib.sha256(f"{django.__version__} {CHILDREN}".encode())
    for file in sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def million() -> Iterator[Person]:
    """The register, filled if need be, and an officer of its largest county."""
    filled = DATA / f"filled-{state_of_the_code()}"
    if not filled.exists():
        _forget()
    with settings.EMBEDDED_DATABASE.attached():
        if not filled.exists():
            _fill()
            filled.touch()
        yield Person.objects.get(username="officer")
        connections.close_all()


def _forget() -> None:
    if DATA.exists():
        settings.EMBEDDED_DATABASE.stop()
        for path in DATA.iterdir():
            if path != settings.KEYS_FILE:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _fill() -> None:
    connections["owner"].ensure_connection()
    prepare_roles(connections["owner"].connection)
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    load_shipped("64")
    chance = Random(SEED)
    children = Children(Invention(chance), Places(valid_on(TODAY), chance), on=TODAY, province="64")
    for done in range(0, CHILDREN, SLICE):
        _write(children)
        sys.stderr.write(f"{done + SLICE:,} of {CHILDREN:,} children\n")
    with connections["owner"].cursor() as cursor:
        for statement in (PARENTS, CLOSED, TASKS, "VACUUM ANALYZE"):
            cursor.execute(statement)
    officer = Person.objects.create_person("officer", "尹清和", PASSWORD)
    Posting.objects.create(person=officer, role="county_officer", prefixes=[LARGEST_COUNTY], from_on=date(2020, 1, 1))


def _write(children: Children) -> None:
    invented = [child for kind, wanted in quotas(SLICE).items() for child in children.of_kind(kind, wanted)]
    with transaction.atomic():
        filed = [(at, file_number("64", at), child) for at, child in zip(new_ids(SLICE), invented, strict=True)]
        write_children(filed, lambda done: None)
        write_guardians(filed)
        write_holdings(filed, Secrets(frozenset(), frozenset()))
