"""A 50,000 × 40 workbook read, checked and admitted; the peer is django-import-export on the same file.

`seconds` are ours: `check` from the file's bytes to judged rows, `admit` until all children are in the register.
`peer_seconds` are for all rows too, for each way of `bench/peer.py`: into the same register or into one table of text,
in its default or in its bulk mode. Its reading of the whole file is measured once; its trial run and its import are
measured on the first PEER_ROWS rows and scaled, for on all rows they take minutes. `times_faster` compares our check
and admission with its reading, trial run and import, `times_faster_without_trial` with its reading and import alone.
`peak_memory_mb` is the most that this process held before the peer began, and the most that its helper held.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from bench.ground import TODAY, province  # first: it sets Django up
from bench.peer import measure_peer
from bench.workbook import HEADERS, children_workbook
from hutong.accounts.models import Person
from hutong.registry.actions import admission, judging, staging, withdrawal

ROWS, PEER_ROWS = 50_000, 5_000


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


def peak_memory_mb() -> int:
    """The most that this process and those it has started and that still live have held, each at its own moment."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = [dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line) for status in _statuses()]
    helpers = [int(one["VmHWM"].split()[0]) for one in said if one["PPid"] == str(os.getpid()) and "VmHWM" in one]
    return (own + sum(helpers)) // 1024


def _statuses() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            yield path.read_text()


def rounded(seconds: dict[str, float]) -> dict[str, float]:
    """Seconds as they are printed."""
    return {name: round(value, 2) for name, value in seconds.items()}


def main() -> None:
    """Prints what was measured."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:  # its memory is not ours
        content = other.submit(children_workbook, ROWS).result()
    with province() as (importer, approver):
        load = os.getloadavg()[0]
        ours = measure_ours(content, importer, approver)
        memory = peak_memory_mb()
        peer = measure_peer(content, PEER_ROWS)
    document = {
        "rows": ROWS,
        "columns": len(HEADERS),
        "seconds": rounded(ours),
        "peak_memory_mb": memory,
        "peer": "django-import-export",
        "peer_rows_imported": PEER_ROWS,
        "peer_seconds": {way: rounded(asdict(one)) for way, one in peer.items()},
        "times_faster": {way: round(one.whole / ours["all"], 1) for way, one in peer.items()},
        "times_faster_without_trial": {way: round(one.alone / ours["all"], 1) for way, one in peer.items()},
        "load_before": round(load, 2),
    }
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
