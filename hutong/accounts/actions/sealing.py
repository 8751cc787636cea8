"""Sealing the trail: entries that are settled are chained in their order, block by block."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.chain import START, Link, Row, block_of, digests_of, marks_of, microseconds
from hutong.accounts.models import TrailSeal
from hutong.accounts.sealed import FIRST, Key, entries_between, horizon, last_seal
from hutong.kit.cipher import keys

BLOCK = 10_000
"""Most entries under one seal (每次封存上限)."""
LOCK = 7_203_610
"""Advisory lock of the one sealer."""


def seal_trail() -> int:
    """Seal the trail (封存留痕) behind the oldest open transaction; how many entries. Raises Refused.

    Every block is a transaction of its own. Where somebody else is sealing just now, nothing is done.
    """
    sealed, until = 0, horizon()
    while (count := _seal_block(until)) is not None:
        sealed += count
    return sealed


@transaction.atomic
def _seal_block(until: int) -> int | None:
    """Seals the next block before the transaction `until`; None where there is none."""
    if not _is_ours():
        return None
    last = last_seal()
    start = (last.until_transaction, last.until_id) if last else FIRST
    if start > (until, 0):
        raise Refused(_("The database counts its transactions anew; the trail cannot be sealed on this server."))
    rows = entries_between(start, (until, 0), most=BLOCK + 1)
    if not rows:
        return None
    _put(rows[:BLOCK], last, (until, 0) if len(rows) <= BLOCK else (rows[BLOCK][1], rows[BLOCK][0]))
    return min(len(rows), BLOCK)


def _is_ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (is_ours,) = cursor.fetchone()
    return bool(is_ours)


def _put(rows: list[Row], last: TrailSeal | None, until: Key) -> None:
    digests, now, held = digests_of(rows), timezone.now(), keys()
    made = Link(
        number=last.number + 1 if last else 1,
        until_transaction=until[0],
        until_id=until[1],
        last_position=(last.last_position if last else 0) + len(rows),
        sealed_at=microseconds(now),
        block=block_of(digests),
        before=bytes(last.link) if last else START,
    )
    TrailSeal.objects.create(
        number=made.number,
        until_transaction=made.until_transaction,
        until_id=made.until_id,
        last_position=made.last_position,
        sealed_at=now,
        block=made.block,
        link=made.link,
        signature=held.sign(made.statement),
        marks=marks_of(digests),
    )
