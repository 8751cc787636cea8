"""The peer of the linkage benchmark: Splink on DuckDB, with the settings that its documents advise, on the same blocks.

It gets our blocking keys and the pinyin of each name as ready columns: making them is not in its time. Names have a
level of the same sound, Jaro-Winkler levels and term frequencies, dates its own date comparison, numbers Damerau-
Levenshtein levels, places their prefixes. Its parameters are trained as its tutorial tells: chance pairs for `u`,
three EM sessions for `m`.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
import splink.comparison_level_library as levels
import splink.comparison_library as compare
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from hutong.registry.linkage.arrays import Ints
from hutong.registry.linkage.blocking import LARGEST_BLOCK, key_columns
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.spelling import sound_keys
from hutong.registry.linkage.table import Table

logging.disable(logging.WARNING)
Result = TypeVar("Result")
TRIES = 3  # the quickest counts, of both: others use the machine too
LOWEST = 0.01  # pairs below are not asked for


class Taken(NamedTuple):
    """Taken time (用时): seconds by the clock, and seconds of all processors."""

    seconds: float
    processor: float


def timed(work: Callable[[], Result]) -> tuple[Result, Taken]:
    """What the work gives, and the time it took."""
    started, busy = time.perf_counter(), time.process_time()
    found = work()
    return found, Taken(time.perf_counter() - started, time.process_time() - busy)


@dataclass(frozen=True)
class PeerAnswer:
    """What the peer found, and how long it took (对照结果)."""

    pairs: list[tuple[int, int, float]]
    train: "Taken"
    predict: "Taken"


def frame_of(records: Sequence[Record]) -> tuple[pd.DataFrame, list[str]]:
    """The records as a frame, and the names of its columns of blocking keys; a list where a record has several."""
    frame = pd.DataFrame(
        {
            "unique_id": range(len(records)),
            "name": [record.name or None for record in records],
            "sound": [sound_keys(record.name)[0] if record.name else None for record in records],
            "sex": [record.sex or None for record in records],
            "birth_date": [record.birth_date.isoformat() if record.birth_date else None for record in records],
            "id_number": [record.id_number or None for record in records],
            "village": [record.living_division or None for record in records],
            "township": [record.living_division[:9] or None for record in records],
            "county": [record.living_division[:6] or None for record in records],
            "guardian_name": [record.guardian_name or None for record in records],
            "guardian_phone": [record.guardian_phone or None for record in records],
        }
    )
    keys = {f"key_{at}": _in_small_blocks(values) for at, values in enumerate(key_columns(Table(records)))}
    for name, values in keys.items():
        texts = [[f"{value:x}" for value in row if value] for row in values.tolist()]
        frame[name] = (
            [row or None for row in texts] if values.shape[1] > 1 else [row[0] if row else None for row in texts]
        )
    return frame, list(keys)


def _in_small_blocks(values: Ints) -> Ints:
    """Keys that too many records share are none, as with ours."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.where(counts[places].reshape(values.shape) > LARGEST_BLOCK, 0, values)


def _name() -> compare.CustomComparison:
    return compare.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            levels.NullLevel("name"),
            levels.ExactMatchLevel("name", term_frequency_adjustments=True),
            levels.ExactMatchLevel("sound"),
            levels.JaroWinklerLevel("name", 0.88),
            levels.JaroWinklerLevel("name", 0.7),
            levels.ElseLevel(),
        ],
    )


def _place() -> compare.CustomComparison:
    return compare.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            levels.NullLevel("village"),
            levels.ExactMatchLevel("village"),
            levels.ExactMatchLevel("township"),
            levels.ExactMatchLevel("county"),
            levels.ElseLevel(),
        ],
    )


def _settings(frame: pd.DataFrame, keys: list[str]) -> SettingsCreator:
    lists = [key for key in keys if frame[key].dropna().map(type).eq(list).any()]
    rules = [block_on(key, arrays_to_explode=[key] if key in lists else None) for key in keys]
    comparisons = [
        _name(),
        compare.ExactMatch("sex"),
        compare.DateOfBirthComparison("birth_date", input_is_string=True),
        compare.DamerauLevenshteinAtThresholds("id_number", [1, 2]),
        _place(),
        compare.NameComparison("guardian_name").configure(term_frequency_adjustments=True),
        compare.DamerauLevenshteinAtThresholds("guardian_phone", [1, 2]),
    ]
    return SettingsCreator("dedupe_only", comparisons, rules)


def link_with_peer(records: Sequence[Record], *, seed: int = 1) -> PeerAnswer:
    """Trains the peer on the records; what it then predicts with the kept model, with every probability."""
    frame, keys = frame_of(records)
    linker = Linker(DuckDBAPI().register(frame), _settings(frame, keys))
    _, train = timed(lambda: _train(linker, seed))
    kept = linker.misc.save_model_to_json()
    predicted, predict = min((_predicted(frame, kept) for _ in range(TRIES)), key=lambda one: one[1].seconds)
    found = predicted.as_pandas_dataframe()[["unique_id_l", "unique_id_r", "match_probability"]]
    pairs = [(min(a, b), max(a, b), score) for a, b, score in found.itertuples(index=False)]
    return PeerAnswer(pairs, train, predict)


def _predicted(frame: pd.DataFrame, kept: dict[str, Any]) -> tuple[SplinkDataFrame, Taken]:
    """What a new linker with the kept model predicts; it has nothing worked out before."""
    linker = Linker(DuckDBAPI().register(frame), kept)
    return timed(lambda: linker.inference.predict(threshold_match_probability=LOWEST))


def _train(linker: Linker, seed: int) -> None:
    sure = [block_on("id_number"), block_on("name", "birth_date", "guardian_phone")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
    for columns in (("id_number",), ("name", "birth_date"), ("guardian_phone", "birth_date")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
