"""Rows that look like one another (相似行), as the linkage model weighs them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from hutong.registry.linkage.model import Model
from hutong.registry.linkage.record import Record


def record_of(key: str, values: Mapping[str, str]) -> Record:
    """The record of what a row says, by column code."""
    return Record(
        key,
        values["name"],
        values["sex"],
        date.fromisoformat(values["birth_date"]),
        values.get("id_number", ""),
        values["living_division"],
        values.get("guardian_name", ""),
        values.get("guardian_phone", ""),
    )


def alike_within(records: Sequence[Record], *, least: float) -> Iterator[tuple[Record, Record]]:
    """The pairs of a sheet that are one child with at least this probability, the earlier first.

    Only where one of them has no ID number: two right numbers are two people's.
    """
    if all(record.id_number for record in records):
        return
    for pair in Model.load().pairs(records, least):
        first, second = records[pair.left], records[pair.right]
        if not (first.id_number and second.id_number):
            yield first, second
