#!/usr/bin/env python
"""Finds the pairs of a nation's list that are one child, on Spark: what `hutong link` finds, by its keys and scores.

    spark-submit tools/link_on_spark.py LIST PAIRS

LIST is a CSV in UTF-8, or parquet if its name ends so, with the columns of `hutong link`. PAIRS is a new folder of
JSON, one line a pair, the surest first, as `hutong link --json` tells them; of a pair the smaller id stands left. A
record is known by its id. Every node needs Python with this package, pyarrow and pyspark; none asks a network or a
database. Not a second model: Spark finds the records that share a key and brings the two records of a pair together;
what a key is and what a pair weighs is asked of `hutong.registry.linkage`, many at once.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import django.conf
import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

import hutong
from hutong.registry.intake.lists import places_of, record_of
from hutong.registry.linkage.blocking import LARGEST_BLOCK, keys_of
from hutong.registry.linkage.comparing import compare
from hutong.registry.linkage.fitting import ROUNDS, with_rates
from hutong.registry.linkage.model import SHIPPED, THRESHOLD, Model
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.rivals import Parameters
from hutong.registry.linkage.scoring import Scores
from hutong.registry.linkage.table import Table
from hutong.registry.linkage.wording import Line, lines

BATCH = 50_000  # rows that are worked on at once
LOCALE = Path(hutong.__file__).parent / "locale"
RECORDS = pa.schema(
    [(field, pa.date32() if field == "birth_date" else pa.string()) for field in Record._fields]
    + [("written", pa.string()), ("keys", pa.list_(pa.string()))]
)
LEVELS = pa.schema([("left", pa.string()), ("right", pa.string()), ("levels", pa.int64()), ("frequency", pa.float64())])
KINDS = pa.schema([("pairs", pa.list_(pa.float64()))])
LINE = pa.struct(
    [(name, pa.float64() if kind is float else pa.string()) for name, kind in Line.__annotations__.items()]
)
PAIRS = pa.schema(
    [("left", pa.string()), ("right", pa.string()), ("probability", pa.float64()), ("why", pa.list_(LINE))]
)


def link(frame: DataFrame, model: Model, threshold: float, language: str) -> tuple[int, DataFrame]:
    """How many records a frame of texts has, and its pairs."""
    records = read(frame).persist()
    size, different = records.agg(sql.count("*"), sql.count_distinct("key")).first()
    if different < size:
        raise SystemExit("An id stands there twice; each row needs one of its own.")
    weighed = _mapped(brought_together(records), partial(_weighed, model=model, size=size), LEVELS).persist()
    population = max(model.population, size)
    fitted = fit(weighed, model.parameters, population, size)
    found = partial(_found, parameters=fitted, population=population, threshold=threshold, language=language)
    return size, _mapped(weighed, found, PAIRS)


def read(frame: DataFrame) -> DataFrame:
    """The records of a frame of texts, each with its name as it is compared and its keys."""
    places = places_of(frame.columns)
    if "key" not in places or len(places) < 2:
        raise SystemExit("The column id is missing, or there is no known column beside it.")
    texts = [frame[at].cast("string").alias(code) for code, at in places.items()]
    return _mapped(frame.select(texts), _read, RECORDS)


def brought_together(records: DataFrame) -> DataFrame:
    """Each two records that share a key few others have, once, with how many records have each one's name."""
    names = records.where("written <> ''").groupBy("written").agg(sql.count("*").alias("namesakes"))
    counted = records.join(names, "written", "left").drop("written", "keys").na.fill(0, ["namesakes"])
    left, right = (_prefixed(counted, side) for side in ("left", "right"))
    return pairs_of_keys(records).join(left, "left_key").join(right, "right_key")


def pairs_of_keys(records: DataFrame) -> DataFrame:
    """The keys of each two records that are candidates, each pair once."""
    shared = records.select("key", sql.explode("keys").alias("shared")).select(
        "key", sql.xxhash64("shared").alias("at")
    )
    few = shared.groupBy("at").count().where(f"count between 2 and {LARGEST_BLOCK}")
    kept = shared.join(few, "at", "left_semi")
    left, right = (kept.select("at", sql.col("key").alias(f"{side}_key")) for side in ("left", "right"))
    return left.join(right, "at").where("left_key < right_key").select("left_key", "right_key").distinct()


def fit(weighed: DataFrame, parameters: Parameters, population: float, size: int) -> Parameters:
    """The parameters with the rates of this list: each round is one sum over all pairs."""
    found = parameters
    for _ in range(ROUNDS):
        kinds = _mapped(weighed, partial(_kinds, parameters=found, population=population), KINDS).collect()
        pairs = np.sum([np.zeros(len(parameters.kinds)), *(row.pairs for row in kinds)], axis=0)
        found = with_rates(parameters, dict(zip(parameters.kinds, pairs, strict=True)), size)
    return found


def _mapped(frame: DataFrame, work: Callable[[pa.RecordBatch], pa.RecordBatch], schema: pa.Schema) -> DataFrame:
    def worked(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return map(work, batches)

    return frame.mapInArrow(worked, from_arrow_schema(schema))


def _prefixed(frame: DataFrame, side: str) -> DataFrame:
    return frame.select([sql.col(name).alias(f"{side}_{name}") for name in frame.columns])


def _read(batch: pa.RecordBatch) -> pa.RecordBatch:
    rows = [{code: (cell or "").strip() for code, cell in row.items()} for row in batch.to_pylist()]
    records = [record_of(row) for row in rows if any(row.values())]
    table = Table(records)
    columns = [list(column) for column in zip(*records, strict=True)] or [[] for _ in Record._fields]
    return _batch([*columns, _written(table), list(keys_of(records))], RECORDS)


def _written(table: Table) -> list[str]:
    """Each record's name as it is compared, equal where two are the same but for the writing."""
    tokens = table.name.tokens
    texts = [" ".join([tokens[at] for at in name if at >= 0]) for name in table.name.characters.tolist()]
    return list(map([*texts, ""].__getitem__, table.name_at.tolist()))


def _weighed(batch: pa.RecordBatch, *, model: Model, size: int) -> pa.RecordBatch:
    sides = [batch.select([f"{side}_{name}" for name in (*Record._fields, "namesakes")]) for side in ("left", "right")]
    columns = [pa.concat_arrays(both) for both in zip(*(side.columns for side in sides), strict=True)]
    *cells, namesakes = (column.to_pylist() for column in columns)
    table = Table(list(map(Record, *cells)))
    left, right = np.arange(table.size).reshape(2, -1)
    frequency = model.frequencies.of_counted(table, np.array(namesakes, np.int64), size)
    levels = model.parameters.patterns(compare(table, left, right))
    keys = batch.column("left_key"), batch.column("right_key")
    return _batch([*keys, levels, np.maximum(frequency[left], frequency[right])], LEVELS)


def _kinds(batch: pa.RecordBatch, *, parameters: Parameters, population: float) -> pa.RecordBatch:
    return _batch([[_scores(batch, parameters, population).pairs_of_kinds()]], KINDS)


def _found(
    batch: pa.RecordBatch, *, parameters: Parameters, population: float, threshold: float, language: str
) -> pa.RecordBatch:
    speak(language)
    scores = _scores(batch, parameters, population)
    probabilities = scores.probabilities()
    chosen = np.flatnonzero(probabilities >= threshold)
    why = [[line._asdict() for line in lines(explained)] for explained in scores.explain(chosen)]
    keys = (batch.column(side).take(pa.array(chosen)) for side in ("left", "right"))
    return _batch([*keys, probabilities[chosen], why], PAIRS)


def _scores(batch: pa.RecordBatch, parameters: Parameters, population: float) -> Scores:
    levels, frequency = (batch.column(name).to_numpy(zero_copy_only=False) for name in ("levels", "frequency"))
    return Scores(parameters, parameters.levels(levels), frequency, population)


def _batch(columns: list[object], schema: pa.Schema) -> pa.RecordBatch:
    return pa.record_batch([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema)


def speak(language: str) -> None:
    """The words of a score in this language, on whichever node it runs; no other setting is read."""
    if not django.conf.settings.configured:
        django.conf.settings.configure(LANGUAGE_CODE=language, LOCALE_PATHS=[LOCALE])
        django.setup()


def main() -> None:
    """Reads the list, writes the pairs, and says how many there are of both."""
    parser = argparse.ArgumentParser(description="Finds the records of one child in a nation's list, on Spark.")
    parser.add_argument("list", metavar="LIST")
    parser.add_argument("pairs", metavar="PAIRS")
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--language", default="zh-hans", help="of the words that say why")
    given = parser.parse_args()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("hutong link").getOrCreate()
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH)
    spark.conf.set("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", True)
    is_parquet = given.list.rstrip("/").endswith(".parquet")
    frame = spark.read.parquet(given.list) if is_parquet else spark.read.csv(given.list, header=True, escape='"')
    rows, found = link(frame, Model.load(given.model), given.threshold, given.language)
    found = found.persist()
    found.orderBy(sql.desc("probability"), "left", "right").write.json(given.pairs)
    sys.stdout.write(json.dumps({"rows": rows, "threshold": given.threshold, "pairs": found.count()}) + "\n")
    spark.stop()


if __name__ == "__main__":
    main()
