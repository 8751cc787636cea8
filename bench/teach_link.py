"""Teaches the linkage model and writes its file: `python -m bench.teach_link`."""

import json
import sys

from bench import ground  # noqa: F401  (first: it sets Django up)
from bench.people import listed_children
from bench.people_otherwise import listed_otherwise
from bench.teaching import COSTS, POPULATION, ROWS, SEED, STRANGERS, document, quality_of, teach
from hutong.registry.linkage.model import SHIPPED, Model

MEASURED = 50_000


def main() -> None:
    """Writes the model's file, with the quality measured on other lists."""
    parameters, frequencies = teach(ROWS, seed=SEED, chance_pairs=STRANGERS)
    model = Model(parameters, frequencies, COSTS, POPULATION, {}, {})
    quality = {
        "rows": MEASURED,
        "first": quality_of(listed_children(MEASURED, seed=SEED + 1), model),
        "second": quality_of(listed_otherwise(MEASURED, seed=SEED + 2), model),
    }
    found = document(parameters, frequencies) | {"quality": quality}
    SHIPPED.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(quality) + "\n")


if __name__ == "__main__":
    main()
