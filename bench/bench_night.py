"""The nightly look through a register of a million for files of one child: its seconds, and the most memory it held.

Linkage keys are made before; what is proposed is taken back. `processor_seconds` are of this process alone: on a
machine that others use as well they are the steadier measure.
"""

import json
import os
import resource
import sys
import time

from django.db import transaction

from bench.million import CHILDREN, TODAY, million  # first: it sets Django up
from hutong.registry.actions.linking import find_in_register, refresh_keys


def main() -> None:
    """Prints what was measured."""
    with million(), transaction.atomic():
        refresh_keys()
        load, started, worked = os.getloadavg()[0], time.perf_counter(), time.process_time()
        proposed = find_in_register(on=TODAY)
        document = {
            "children": CHILDREN,
            "proposed": proposed,
            "seconds": round(time.perf_counter() - started, 1),
            "processor_seconds": round(time.process_time() - worked, 1),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "load_before": round(load, 2),
        }
        transaction.set_rollback(True)
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
