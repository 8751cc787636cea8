"""A 50,000 × 40 workbook read, checked and admitted; the peer is django-import-export on the first rows of it.

The peer does less: one table, no guardian, no checks, no encryption, no trail. Its time is taken on PEER_ROWS rows
and given per row, for on all rows it takes minutes.
"""

import json
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context

from django.db import transaction
from import_export import resources
from openpyxl import load_workbook
from tablib import Dataset

from bench.ground import TODAY, province  # first: it sets Django up
from bench.workbook import children_workbook
from hutong.accounts.models import Person
from hutong.divisions.models import Division
from hutong.registry.actions import admission, judging, staging, withdrawal

ROWS, PEER_ROWS = 50_000, 2_000


class PeerResource(resources.ModelResource):
    """The peer's plain way: one table of seven text columns."""

    class Meta:
        model = Division
        import_id_fields = ("code",)
        fields = ("code", "name", "level", "kind", "pinyin", "initials", "source")

    def after_import(self, dataset: Dataset, result: object, **kwargs: object) -> None:
        """Leaves the table's sequence alone: the app role may not set it."""


def measure_ours(content: bytes, importer: Person, approver: Person) -> dict[str, float]:
    """Seconds of receiving, judging and admitting; the register is empty again afterwards."""
    started = time.perf_counter()
    batch = staging.receive(by=importer, content=content, name="bench.xlsx", on=TODAY)
    batch = judging.judge(batch=batch, on=TODAY)
    judged = time.perf_counter()
    admitted = admission.admit(by=approver, batch=batch, on=TODAY)
    ended = time.perf_counter()
    if admitted != ROWS:
        raise SystemExit(f"{admitted} of {ROWS} rows were admitted: {batch.counts}")
    withdrawal.withdraw(by=approver, batch=batch, on=TODAY)
    return {"check": judged - started, "admit": ended - judged, "all": ended - started}


def measure_peer(content: bytes) -> float:
    """Seconds of the peer for PEER_ROWS rows, reading included in proportion."""
    started = time.perf_counter()
    page = load_workbook(BytesIO(content), read_only=True).worksheets[0]
    rows = [row for row, _ in zip(page.iter_rows(min_row=2, values_only=True), range(PEER_ROWS), strict=False)]
    data = Dataset(headers=PeerResource.Meta.fields)
    for at, row in enumerate(rows):
        data.append((f"99{at:010d}", row[0], "village", "virtual", row[13], row[14], row[8]))
    with transaction.atomic():
        result = PeerResource().import_data(data, raise_errors=True)
        transaction.set_rollback(True)
    if result.totals["new"] != PEER_ROWS:
        raise SystemExit("the peer did not import its rows")
    return time.perf_counter() - started


def main() -> None:
    """Prints what was measured."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:  # its memory is not ours
        content = other.submit(children_workbook, ROWS).result()
    with province() as (importer, approver):
        ours = measure_ours(content, importer, approver)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        peer = measure_peer(content)
    per_row, peer_per_row = ours["all"] / ROWS, peer / PEER_ROWS
    document = {
        "rows": ROWS,
        "columns": 40,
        "seconds": {name: round(seconds, 2) for name, seconds in ours.items()},
        "peak_memory_mb": round(memory),
        "peer": "django-import-export, default mode",
        "peer_ms_per_row": round(peer_per_row * 1000, 3),
        "ms_per_row": round(per_row * 1000, 3),
        "times_faster": round(peer_per_row / per_row, 1),
    }
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
