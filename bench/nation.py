"""One list linked by `hutong link` and by `tools/link_on_spark.py` on this machine: the same pairs, and what each uses.

    python -m bench.nation 200000

Wants Java, so `make bench` leaves it out. Both are called as an office calls them, from file to JSON with every reason.
`processor_seconds` are of all processes: on a machine that others use as well they are the steadier measure.
"""

import csv
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil

from bench import ground  # first: it sets Django up
from bench.people import listed_children
from hutong.registry.linkage.record import Record

SEED, PAUSE = 11, 0.2
LINK = [sys.executable, "-c", "from hutong.console.main import main; main()", "link"]
ON_SPARK = [sys.executable, "tools/link_on_spark.py"]


class Used(NamedTuple):
    """What a call and all processes below it used (用量)."""

    seconds: float
    processor_seconds: float
    peak_mb: int


def used(command: list[str], answer: Path) -> Used:
    """Runs a command, its answer into a file, and watches its processes."""
    started, peak, busy = time.perf_counter(), 0, dict[int, float]()
    with answer.open("w") as target, psutil.Popen(command, cwd=ground.ROOT, stdout=target) as process:
        while process.poll() is None:
            peak = max(peak, _watch(process, busy))
            time.sleep(PAUSE)
    if process.returncode:
        raise SystemExit(process.returncode)
    return Used(round(time.perf_counter() - started, 1), round(sum(busy.values()), 1), peak >> 20)


def _watch(process: psutil.Popen, busy: dict[int, float]) -> int:
    """Bytes that the processes hold now; their processor seconds are noted."""
    held = 0
    for one in (process, *process.children(recursive=True)):
        try:
            times, memory = one.cpu_times(), one.memory_info().rss
        except psutil.Error:
            continue
        busy[one.pid] = times.user + times.system
        held += memory
    return held


def compared(rows: int, folder: Path) -> dict[str, object]:
    """Both on one list of invented children."""
    file, ours, theirs = folder / "list.csv", folder / "ours.json", folder / "pairs"
    with file.open("w", newline="") as target:
        csv.writer(target).writerows([("id", *Record._fields[1:]), *listed_children(rows, seed=SEED).records])
    own = used([*LINK, str(file), "--json"], ours)
    spark = used([*ON_SPARK, str(file), str(theirs)], folder / "said")
    pairs = _pairs(json.loads(ours.read_text())["pairs"])
    on_spark = _pairs([json.loads(line) for part in theirs.glob("*.json") for line in part.read_text().splitlines()])
    return {
        "rows": rows,
        "pairs": len(pairs),
        "same_pairs_and_reasons": pairs == on_spark,
        "ours": own._asdict(),
        "spark": spark._asdict(),
    }


def _pairs(told: list[dict[str, object]]) -> dict[frozenset[object], tuple[float, object]]:
    return {frozenset((one["left"], one["right"])): (round(one["probability"], 6), one["why"]) for one in told}


def main() -> None:
    """Prints what was measured."""
    with TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(compared(int(sys.argv[1]), Path(folder)), indent=1) + "\n")


if __name__ == "__main__":
    main()
