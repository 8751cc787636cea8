"""Reads of the sealed trail: the entries in their order, and what is wrong with it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from hutong.accounts.chain import (
    FORMAT,
    MARK_BYTES,
    START,
    Checkpoint,
    Link,
    Row,
    block_of,
    digests_of,
    first_difference,
    is_signed,
    line,
    marks_of,
    microseconds,
    split_marks,
)
from hutong.accounts.models import TrailCheckpoint, TrailSeal
from hutong.kit.cipher import keys

Key = tuple[int, int]
"""A place in the order of the trail: transaction_id and id."""
FIRST: Key = (-(2**63), -(2**63))
SEALS_AT_ONCE = 500

_ENTRIES = """
SELECT id, transaction_id, round(extract(epoch FROM at) * 1000000)::text, by_id, role, act, subject_kind, subject_key,
       division_code, details::text
  FROM accounts_trailentry
 WHERE (transaction_id, id) >= (%s, %s) AND (transaction_id, id) < (%s, %s)
 ORDER BY transaction_id, id LIMIT %s"""


def entries_between(start: Key, until: Key, *, most: int) -> list[Row]:
    """The first entries (留痕记录) from a place on, before another, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [*start, *until, most])
        rows: list[Row] = cursor.fetchall()
    return rows


def horizon() -> int:
    """The oldest open transaction (封存界限): what was written before it is settled; nothing comes there any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def last_seal() -> TrailSeal | None:
    """The seal made last (最近封存); None where nothing is sealed yet."""
    return TrailSeal.objects.order_by("-number").first()


def seals_after(number: int) -> Iterator[TrailSeal]:
    """The seals after one, in order, those included that are made meanwhile."""
    while found := list(TrailSeal.objects.filter(number__gt=number).order_by("number")[:SEALS_AT_ONCE]):
        yield from found
        number = found[-1].number


def link_of(seal: TrailSeal, before: bytes) -> Link:
    """What a seal states, hanging on the link `before`."""
    return Link(
        number=seal.number,
        until_transaction=seal.until_transaction,
        until_id=seal.until_id,
        last_position=seal.last_position,
        sealed_at=microseconds(seal.sealed_at),
        block=bytes(seal.block),
        before=before,
    )


def exported() -> Iterator[bytes]:
    """The sealed trail as lines of a file (留痕导出行): format and key, then entries and their seal in turn."""
    yield _object({"format": FORMAT, "public_key": keys().public_key.hex()})
    until, position = FIRST, 0
    for seal in seals_after(0):
        bound = (seal.until_transaction, seal.until_id)
        yield from map(line, entries_between(until, bound, most=max(seal.last_position - position, 0) + 1))
        yield _object(_said(seal))
        until, position = bound, seal.last_position


def _said(seal: TrailSeal) -> dict[str, object]:
    numbers = {name: getattr(seal, name) for name in ("number", "until_transaction", "until_id", "last_position")}
    hashes = {name: bytes(getattr(seal, name)).hex() for name in ("block", "link", "signature")}
    return numbers | {"sealed_at": microseconds(seal.sealed_at)} | hashes


def _object(said: dict[str, object]) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode()


def unsealed_since() -> datetime | None:
    """The moment of the oldest entry (待封存) that no seal covers; None where all are sealed."""
    seal = last_seal()
    start = (seal.until_transaction, seal.until_id) if seal else FIRST
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at FROM accounts_trailentry WHERE (transaction_id, id) >= (%s, %s)"
            " ORDER BY transaction_id, id LIMIT 1",
            start,
        )
        found: tuple[datetime] | None = cursor.fetchone()
    return found[0] if found else None


def kept_checkpoints() -> list[Checkpoint]:
    """The checkpoints that the database keeps."""
    return [
        Checkpoint(
            kept.seal_number,
            kept.position,
            bytes(kept.link),
            kept.made_at.isoformat(),
            bytes(kept.public_key),
            bytes(kept.signature),
        )
        for kept in TrailCheckpoint.objects.order_by("seal_number")
    ]


@dataclass(frozen=True)
class Fault:
    """Fault (留痕异常) of the trail: its kind, and the position in the trail from which on nothing is proven."""

    kind: str
    position: int
    seal: int = 0
    made_at: str = ""


@dataclass(frozen=True)
class Verified:
    """What a walk along the chain found (校验结果): entries and seals that hold, and the first fault, if any."""

    entries: int
    seals: int
    checkpoints: int
    fault: Fault | None


Report = Callable[[int, int], None]
"""Told how many entries hold, and how many are sealed."""


def verify(
    checkpoints: Iterable[Checkpoint], *, public_key: bytes, report: Report = lambda done, total: None
) -> Verified:
    """Walk along the chain (校验留痕) and hold it against checkpoints; ends at the first fault."""
    walk, outside = _Walk(public_key), sorted(checkpoints, key=lambda one: one.seal)
    last = last_seal()
    fault = walk.along(seals_after(0), lambda done: report(done, last.last_position if last else 0))
    fault = fault or _impossible(walk) or next(filter(None, (walk.against(one) for one in outside)), None)
    return Verified(walk.position, walk.number, len(outside), fault)


class _Walk:
    """A walk along the chain: how far everything holds."""

    def __init__(self, public_key: bytes) -> None:
        self.public_key = public_key
        self.number = self.position = 0
        self.until, self.link = FIRST, START
        self.seen: dict[int, tuple[int, bytes]] = {}

    def along(self, seals: Iterable[TrailSeal], report: Callable[[int], None]) -> Fault | None:
        for seal in seals:
            fault = self._fault_of(seal) or self._fault_in(seal)
            if fault:
                return fault
            self.number, self.position, self.link = seal.number, seal.last_position, bytes(seal.link)
            self.until = (seal.until_transaction, seal.until_id)
            self.seen[self.number] = (self.position, self.link)
            report(self.position)
        return None

    def _fault_of(self, seal: TrailSeal) -> Fault | None:
        """What is wrong with the seal itself."""
        here = self.position + 1
        if seal.number != self.number + 1:
            return Fault("seal_missing", here, self.number + 1)
        stated = link_of(seal, self.link)
        if stated.link != bytes(seal.link) or (seal.until_transaction, seal.until_id) <= self.until:
            return Fault("seal_changed", here, seal.number)
        if len(seal.marks) != (seal.last_position - self.position) * MARK_BYTES:
            return Fault("seal_changed", here, seal.number)
        if not is_signed(stated.statement, bytes(seal.signature), self.public_key):
            return Fault("seal_unsigned", here, seal.number)
        return None

    def _fault_in(self, seal: TrailSeal) -> Fault | None:
        """What is wrong with the entries under a seal."""
        count = seal.last_position - self.position
        rows = entries_between(self.until, (seal.until_transaction, seal.until_id), most=count + 1)
        digests = digests_of(rows)
        marks, found = split_marks(bytes(seal.marks)), split_marks(marks_of(digests))
        if block_of(digests) == bytes(seal.block):
            return None if marks == found else Fault("seal_changed", self.position + 1, seal.number)
        kind = "entry_changed" if len(rows) == count else "entry_added" if len(rows) > count else "entry_missing"
        return Fault(kind, self.position + 1 + first_difference(marks, found), seal.number)

    def against(self, checkpoint: Checkpoint) -> Fault | None:
        """What a checkpoint says against the chain as it was found."""
        about = (checkpoint.seal, checkpoint.made_at)
        if checkpoint.public_key != self.public_key or not checkpoint.is_signed:
            return Fault("checkpoint_unsigned", checkpoint.position, *about)
        if checkpoint.seal > self.number:
            return Fault("truncated", self.position + 1, *about)
        if self.seen.get(checkpoint.seal) != (checkpoint.position, checkpoint.link):
            return Fault("checkpoint_differs", checkpoint.position, *about)
        return None


def _impossible(walk: _Walk) -> Fault | None:
    """An entry that says it is of a transaction which has not begun yet: somebody has put it there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM accounts_trailentry"
            " WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"
        )
        (is_there,) = cursor.fetchone()
    return Fault("entry_of_no_time", walk.position + 1) if is_there else None
