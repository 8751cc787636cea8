"""The sealed trail: sealing and verifying millions of entries, sealing against an import, and the entry of a look.

`seal` and `verify` are of TRAIL_ENTRIES entries (10 million unless said otherwise) made in transactions of a thousand;
`stand_alone` is `tools/verify_trail.py` on an export of them. `import` compares an import of 50,000 rows with sealing
what it wrote. `child_page` asks a child's page by turns with its entry and without, in one process: medians.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".build" / "bench-trail"
TODAY = date(2026, 11, 24)
os.environ |= {"HUTONG_DATA": str(DATA), "HUTONG_TODAY": TODAY.isoformat(), "DJANGO_SETTINGS_MODULE": "hutong.settings"}
os.environ.pop("DATABASE_URL", None)
os.environ.pop("HUTONG_OWNER_URL", None)
shutil.rmtree(DATA, ignore_errors=True)
DATA.parent.mkdir(exist_ok=True)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.workbook import children_workbook  # noqa: E402
from hutong.accounts.access import child_looks, counted, files_looked_at  # noqa: E402
from hutong.accounts.actions.exporting import export_trail  # noqa: E402
from hutong.accounts.actions.sealing import seal_trail  # noqa: E402
from hutong.accounts.models import Person, Posting, TrailEntry  # noqa: E402
from hutong.accounts.sealed import verify  # noqa: E402
from hutong.divisions.actions.load import load_shipped  # noqa: E402
from hutong.gateways.embedded_postgres import prepare_roles  # noqa: E402
from hutong.kit.cipher import keys  # noqa: E402
from hutong.registry.actions import admission, judging, opening, staging  # noqa: E402
from hutong.registry.models import Child  # noqa: E402

ENTRIES = int(os.environ.get("TRAIL_ENTRIES", "10000000"))
IMPORTED, TIMES, WARM_UP, A_TRANSACTION = 50_000, 400, 40, 1000
INVENTED = """
INSERT INTO accounts_trailentry (by_id, role, act, subject_kind, subject_key, division_code, details)
SELECT %(by)s, 'county_officer', CASE WHEN at %% 3 = 0 THEN 'reveal' ELSE 'open_child' END, 'child',
       '64-' || at %% 50000, '640122100' || 200 + at %% 40,
       CASE WHEN at %% 3 = 0 THEN '{"field": "guardian-phone", "row": 7, "purpose": 12}'::jsonb ELSE '{}' END
  FROM generate_series(%(first)s::int, %(last)s::int) AS at"""


@contextmanager
def province() -> Iterator[tuple[Person, Person]]:
    """A migrated province without children, in a folder that is removed afterwards."""
    try:
        with settings.EMBEDDED_DATABASE.attached():
            connections["owner"].ensure_connection()
            prepare_roles(connections["owner"].connection)
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            load_shipped("64")
            yield _somebody("importer", "county_officer"), _somebody("approver", "approver")
            connections.close_all()
    finally:
        settings.EMBEDDED_DATABASE.stop()
        shutil.rmtree(DATA, ignore_errors=True)


def _somebody(username: str, role: str) -> Person:
    person = Person.objects.create(username=username, name=username)
    Posting.objects.create(person=person, role=role, prefixes=["64"], from_on=date(2020, 1, 1))
    return person


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure_import(importer: Person, approver: Person) -> dict[str, float]:
    """An import of 50,000 rows, and the sealing of all it wrote into the trail."""
    content = children_workbook(IMPORTED)
    seal_trail()

    def bring_in() -> None:
        batch = staging.receive(by=importer, content=content, name="bench.xlsx", on=TODAY)
        admission.admit(by=approver, batch=judging.judge(batch=batch, on=TODAY), on=TODAY)

    before = TrailEntry.objects.count()
    seconds = timed(bring_in)
    written = TrailEntry.objects.count() - before
    sealing = timed(seal_trail)
    return {
        "import_seconds": round(seconds, 2),
        "entries": written,
        "seal_seconds": round(sealing, 2),
        "seal_share_of_import": round(sealing / seconds, 3),
    }


def measure_page(officer: Person) -> dict[str, float]:
    """Medians of a child's page with its entry and without, in milliseconds."""
    numbers = list(Child.objects.values_list("file_number", flat=True)[: TIMES + WARM_UP])
    client, recorded = Client(), opening._record
    client.force_login(officer)
    took: dict[str, list[float]] = {"with": [], "without": []}
    for at, number in enumerate(numbers):
        for kind in ("with", "without") if at % 2 else ("without", "with"):
            opening._record = recorded if kind == "with" else lambda *_all, **_named: None  # type: ignore[assignment]
            seconds = timed(lambda number=number: _page(client, number))  # type: ignore[misc]
            if at >= WARM_UP:
                took[kind].append(seconds * 1000)
    opening._record = recorded
    medians = {kind: round(median(spans), 2) for kind, spans in took.items()}
    return medians | {"ratio": round(medians["with"] / medians["without"], 3), "wanted_at_most": 1.2}


def _page(client: Client, number: str) -> None:
    if client.get(f"/children/{number}/").status_code != 200:
        raise SystemExit("the page does not open")


def fill(by: Person) -> None:
    """The entries, in transactions of a thousand."""
    with connection.cursor() as cursor:
        for first in range(1, ENTRIES + 1, A_TRANSACTION):
            cursor.execute(INVENTED, {"by": by.pk, "first": first, "last": min(first + A_TRANSACTION - 1, ENTRIES)})


def measure_chain(by: Person) -> dict[str, object]:
    """Writing, sealing, verifying, exporting and verifying the export."""
    seconds = {"write": timed(lambda: fill(by))}
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE accounts_trailentry")
    seconds["seal"] = timed(seal_trail)
    public_key = keys().public_key
    found = []
    seconds["verify"] = timed(lambda: found.append(verify([], public_key=public_key)))
    if found[0].fault or found[0].entries < ENTRIES:
        raise SystemExit(str(found[0]))
    seconds["yearly_report"] = timed(_report)
    file = DATA / "trail.jsonl"
    seconds["export"] = timed(lambda: _export(file))
    command = [sys.executable, str(ROOT / "tools" / "verify_trail.py"), str(file), "--public-key", public_key.hex()]
    seconds["stand_alone"] = timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
    return {
        "entries": found[0].entries,
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "entries_a_second": {name: round(found[0].entries / value) for name, value in seconds.items()},
        "megabytes": _sizes(),
        "verify_wanted_seconds_for_10_million": 600,
        "verify_seconds_for_10_million": round(seconds["verify"] / found[0].entries * 10_000_000),
    }


def _report() -> None:
    """All figures of the yearly report, by an auditor of the province."""
    auditor = _somebody("auditor", "auditor")
    found = child_looks(auditor, year=timezone.localdate().year, on=TODAY)
    counted(("month", "county", "role", "purpose", "person"), found)
    files_looked_at(found)


def _export(file: Path) -> None:
    with file.open("wb") as target:
        for line in export_trail(by=None, on=TODAY):
            target.write(line + b"\n")


def _sizes() -> dict[str, int]:
    asked = {
        "entries": "pg_table_size('accounts_trailentry')",
        "indexes": "pg_indexes_size('accounts_trailentry')",
        "order_index": "pg_relation_size('trail_order')",
        "seals": "pg_total_relation_size('accounts_trailseal')",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked.values())}")
        return {name: size // 1024**2 for name, size in zip(asked, cursor.fetchone(), strict=True)}


def main() -> None:
    """Prints what was measured."""
    with province() as (importer, approver):
        document = {"import": measure_import(importer, approver), "child_page": measure_page(importer)}
        document["chain"] = measure_chain(importer)
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
