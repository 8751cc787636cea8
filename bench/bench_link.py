"""Records of one child found among 200,000, by ours and by Splink, on the same lists with the same blocks.

Two labelled lists, of two generators (`bench/people.py`, `bench/people_otherwise.py`); the model that ships was
taught on neither. `f1` of ours is at the probability that `hutong link` takes; that of the peer at the same, and at
the one where the peer is best. `seconds` of ours are from records to pairs, reading the model included; nothing is
trained. The peer's are training and prediction with the kept model; making its frame and its blocking keys is not
counted. Of three times the quickest counts, of both (but training, which is done once).
`processor_seconds` are of all processors: on a machine that others use as well they are the steadier measure.
`planted` are 10,000 pairs of twins and namesakes: how many ours would join. `weigh` is one new record against
300 candidates.
"""

import gc
import json
import os
import sys
from itertools import pairwise

import numpy as np

from bench import ground  # noqa: F401  (first: it sets Django up)
from bench.febrl import link_febrl4
from bench.link_peer import TRIES, PeerAnswer, Taken, link_with_peer, timed
from bench.people import Labelled, listed_children, planted_pairs
from bench.people_otherwise import listed_otherwise
from bench.quality import best, measure
from hutong.registry.linkage.model import THRESHOLD, Model, Outcome
from hutong.registry.linkage.table import Table

ROWS, PLANTED, CANDIDATES, WEIGHINGS = 200_000, 10_000, 300, 200
FIRST_SEED, SECOND_SEED, PLANTED_SEED, PEER_SEED = 11, 12, 13, 1


def compared(listed: Labelled) -> dict[str, object]:
    """Both on one list."""
    gc.freeze()
    tries = (timed(lambda: Model.load.__wrapped__().pairs(listed.records)) for _ in range(TRIES))
    found, seconds = min(tries, key=lambda one: one[1].seconds)
    peer = link_with_peer(listed.records, seed=PEER_SEED)
    gc.unfreeze()
    true = listed.pairs()
    threshold, at_best = best(peer.pairs, listed)
    ours = measure({(pair.left, pair.right) for pair in found}, true)
    theirs = measure({(left, right) for left, right, score in peer.pairs if score >= THRESHOLD}, true)
    return {
        "rows": len(listed.records),
        "true_pairs": len(true),
        "ours": ours._asdict(),
        "peer": theirs._asdict(),
        "peer_at_best": at_best._asdict() | {"threshold": round(threshold, 6)},
        "f1_above_peer_at_best": round(ours.f1 - at_best.f1, 4),
        "seconds": _times(seconds, peer, "seconds"),
        "processor_seconds": _times(seconds, peer, "processor"),
    }


def _times(ours: Taken, peer: PeerAnswer, clock: str) -> dict[str, float]:
    own, train, predict = (getattr(taken, clock) for taken in (ours, peer.train, peer.predict))
    return {
        "ours": round(own, 2),
        "peer_train": round(train, 2),
        "peer_predict": round(predict, 2),
        "ours_of_peer_total": round(own / (train + predict), 3),
        "ours_of_peer_predict": round(own / predict, 3),
    }


def planted() -> dict[str, object]:
    """What becomes of planted pairs of twins and namesakes, all of them two children: as one list, and one by one."""
    listed, model = planted_pairs(PLANTED, seed=PLANTED_SEED), Model.load()
    in_a_list = [pair.probability for pair in model.pairs(listed.records, 0.0)]
    places = np.argsort(listed.children).reshape(-1, 2)
    one_by_one = model.scores(Table(listed.records), places[:, 0], places[:, 1]).probabilities()
    return {"pairs": PLANTED, "in_a_list": _decided(in_a_list), "one_by_one": _decided(one_by_one.tolist())}


def _decided(probabilities: list[float]) -> dict[str, int]:
    outcomes = [Model.load().decide(probability) for probability in probabilities]
    likely = sum(probability >= THRESHOLD for probability in probabilities)
    return {"same": outcomes.count(Outcome.SAME), "likely": likely, "ask": outcomes.count(Outcome.ASK)}


def weighing(listed: Labelled) -> dict[str, float]:
    """Milliseconds of one record against candidates."""
    gc.collect()
    gc.freeze()
    model, seconds = Model.load(), []
    starts = range(0, WEIGHINGS * CANDIDATES + 1, CANDIDATES)
    for start, end in pairwise(starts):
        candidates = listed.records[start:end]
        seconds.append(timed(lambda some=candidates: model.weigh_all(some[0], some))[1].seconds)
    return {
        "candidates": CANDIDATES,
        "median_ms": round(float(np.median(seconds)) * 1000, 2),
        "p99_ms": round(float(np.quantile(seconds, 0.99)) * 1000, 2),
    }


def main() -> None:
    """Prints what was measured."""
    load = os.getloadavg()[0]
    first = listed_children(ROWS, seed=FIRST_SEED)
    document = {
        "peer": "splink",
        "threshold": THRESHOLD,
        "first": compared(first),
        "second": compared(listed_otherwise(ROWS, seed=SECOND_SEED)),
        "planted": planted(),
        "febrl4": link_febrl4(PEER_SEED)._asdict(),
        "weigh": weighing(first),
        "load_before": round(load, 2),
    }
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
