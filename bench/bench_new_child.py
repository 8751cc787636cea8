"""A child typed in, against a register of a million: how long it takes to find the files that may be theirs.

Each of TIMES children of the register is asked about once more with one thing otherwise: a syllable of the name, month
and day, a digit of the ID number, no number, another village. `milliseconds` are of the whole question, from the record
to weighed files; the peer, in turn with it, is what was asked before: the files of this name and birth date. `found` is
in how many cases the child's own file was among those of at least the probability that is asked about.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from statistics import quantiles

from bench.million import CHILDREN, million  # first: it sets Django up
from hutong.law.duplicates import HELD_FROM
from hutong.registry.actions.linking import refresh_keys
from hutong.registry.alike import alike, records
from hutong.registry.linkage.record import Record
from hutong.registry.models import Child
from hutong.registry.queries import RowsRegister

TIMES, WARM_UP, SEED = 500, 20, 11
SOUNDS = {
    "婷": "亭",
    "伟": "玮",
    "佳": "嘉",
    "欣": "新",
    "雨": "羽",
    "晨": "辰",
    "静": "敬",
    "涛": "滔",
    "强": "蔷",
    "明": "铭",
}
Change = Callable[[Record, Random], Record]


def another_character(record: Record, chance: Random) -> Record:
    """A character of the same sound, where we know one; else the last one twice."""
    last = record.name[-1]
    return record._replace(name=record.name[:-1] + SOUNDS.get(last, record.name[-2]))


def swapped(record: Record, chance: Random) -> Record:
    """Month and day have changed places, where both can be."""
    born = record.birth_date
    if born is None or born.day > 12:
        return another_character(record, chance)
    return record._replace(birth_date=born.replace(month=born.day, day=born.month), id_number="")


def slipped(record: Record, chance: Random) -> Record:
    """One digit of the number is another."""
    at, number = chance.randrange(17), record.id_number
    return record._replace(id_number=number and f"{number[:at]}{(int(number[at]) + 1) % 10}{number[at + 1 :]}")


def without_number(record: Record, chance: Random) -> Record:
    """The number is not known."""
    return record._replace(id_number="")


CHANGES: tuple[Change, ...] = (another_character, swapped, slipped, without_number)


def measured(question: Callable[[], object]) -> tuple[object, float]:
    """An answer and its milliseconds."""
    started = time.perf_counter()
    answer = question()
    return answer, (time.perf_counter() - started) * 1000


def spread(values: list[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    hundred = quantiles(values, n=100)
    return {"p50": round(hundred[49], 2), "p99": round(hundred[98], 2)}


def main() -> None:
    """Prints what was measured."""
    chance, ours, peer, found, asked = Random(SEED), [], [], Counter(), Counter()
    with million():
        keys = measured(refresh_keys)
        ids = chance.sample(list(Child.objects.values_list("pk", flat=True)), TIMES + WARM_UP)
        for at, record in enumerate(records(Child.objects.filter(pk__in=ids))):
            change = CHANGES[at % len(CHANGES)]
            said = change(record, chance)._replace(key="new")
            answer, milliseconds = measured(lambda said=said: list(alike([said], least=HELD_FROM)))
            _, before = measured(lambda said=said: RowsRegister().namesakes({(said.name, said.birth_date)}))
            if at >= WARM_UP:
                ours.append(milliseconds)
                peer.append(before)
                asked[change.__name__] += 1
                found[change.__name__] += any(str(one.child) == record.key for one in answer)
    document = {
        "children": CHILDREN,
        "milliseconds": spread(ours),
        "peer": "files of the same name and birth date",
        "peer_milliseconds": spread(peer),
        "found": {name: round(found[name] / asked[name], 3) for name in asked},
        "keys_made": keys[0],
        "keys_seconds": round(keys[1] / 1000, 1),
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
