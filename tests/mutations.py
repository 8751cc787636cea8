"""What a superuser could do to the trail: one random thing at a time, in a transaction that is rolled back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, connections, transaction

from hutong.accounts.chain import START, block_of, digests_of, marks_of
from hutong.accounts.models import TrailSeal
from hutong.accounts.sealed import FIRST, entries_between, link_of

TABLES = ("accounts_trailentry", "accounts_trailseal", "accounts_trailcheckpoint")
ENTRY_CHANGES = {
    "id": "nextval('accounts_trailentry_id_seq')",
    "transaction_id": "transaction_id + %(some)s",
    "at": "at + %(some)s * interval '1 microsecond'",
    "by_id": "(SELECT max(id) FROM accounts_person)",
    "role": "role || 'x'",
    "act": "'open' || %(some)s",
    "subject_kind": "subject_kind || ' '",
    "subject_key": "subject_key || %(some)s",
    "division_code": "'640121100200'",
    "details": """details || '{"row": 99}'""",
}
SEAL_CHANGES = {
    "number": "number + 1000",
    "until_transaction": "until_transaction - %(some)s",
    "until_id": "until_id + %(some)s",
    "last_position": "last_position + %(some)s",
    "sealed_at": "sealed_at + %(some)s * interval '1 microsecond'",
    "block": "set_byte(block, %(some)s, (get_byte(block, %(some)s) + 1) %% 256)",
    "link": "set_byte(link, %(some)s, (get_byte(link, %(some)s) + 1) %% 256)",
    "signature": "set_byte(signature, %(some)s, (get_byte(signature, %(some)s) + 1) %% 256)",
    "marks": "set_byte(marks, 3, (get_byte(marks, 3) + %(some)s) %% 256)",
}
EXCHANGED = "transaction_id, at, by_id, role, act, subject_kind, subject_key, division_code, details"


@contextmanager
def as_owner() -> Iterator[None]:
    """The ordinary connection works as the owner meanwhile, with no trigger in the way."""
    settings = connections["default"].settings_dict
    before = {name: settings[name] for name in ("USER", "PASSWORD", "OPTIONS")}
    connections["default"].close()
    settings.update({name: connections["owner"].settings_dict[name] for name in before})
    try:
        _triggers("DISABLE")
        yield
    finally:
        _triggers("ENABLE")
        connections["default"].close()
        settings.update(before)


def _triggers(word: str) -> None:
    for table in TABLES:
        run(f"ALTER TABLE {table} {word} TRIGGER USER")


def run(statement: str, **values: Any) -> int:
    """How many rows a statement touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


class Mutations:
    """Random changes of a sealed trail (篡改): every one leaves it different from what was sealed."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.kinds: dict[str, Callable[[], int]] = {
            **{f"entry {column}": self._changing_entry(column) for column in ENTRY_CHANGES},
            **{f"seal {column}": self._changing_seal(column) for column in SEAL_CHANGES},
            "one entry deleted": self._delete_one,
            "some entries deleted": self._delete_some,
            "an entry copied": self._copy,
            "an entry inserted": self._insert,
            "an entry of the future": self._insert_into_the_future,
            "two entries exchanged": self._exchange,
            "two entries renumbered": self._renumber,
            "a seal deleted": self._delete_seal,
            "an entry changed and all sealed anew": self._seal_anew,
        }

    def one(self, name: str) -> None:
        """Does one thing of a kind that has changed something."""
        assert self.kinds[name](), f"{name} did nothing"

    def any(self) -> str:
        """The name of some kind."""
        return self._random.choice(list(self.kinds))

    def _changing_entry(self, column: str) -> Callable[[], int]:
        statement = f"UPDATE accounts_trailentry SET {column} = {ENTRY_CHANGES[column]} WHERE id = %(id)s"
        return lambda: run(statement, id=self._entries(1)[0], some=self._random.randint(1, 30))

    def _changing_seal(self, column: str) -> Callable[[], int]:
        statement = f"UPDATE accounts_trailseal SET {column} = {SEAL_CHANGES[column]} WHERE number = %(seal)s"
        return lambda: run(statement, seal=self._random.choice(_seals()), some=self._random.randint(1, 30))

    def _entries(self, count: int) -> list[int]:
        """Some ids of entries that are sealed."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM accounts_trailentry ORDER BY id")
            return self._random.sample([number for (number,) in cursor.fetchall()], count)

    def _delete_one(self) -> int:
        return run("DELETE FROM accounts_trailentry WHERE id = %(id)s", id=self._entries(1)[0])

    def _delete_some(self) -> int:
        ids = self._entries(self._random.randint(2, 20))
        return run("DELETE FROM accounts_trailentry WHERE id = ANY(%(ids)s)", ids=ids)

    def _copy(self) -> int:
        statement = f"INSERT INTO accounts_trailentry ({EXCHANGED}) SELECT {EXCHANGED} FROM accounts_trailentry"
        return run(f"{statement} WHERE id = %(id)s", id=self._entries(1)[0])

    def _insert(self) -> int:
        at = self._random.choice(["min(transaction_id) - 1", "min(transaction_id)", "max(transaction_id)"])
        return self._put(f"(SELECT {at} FROM accounts_trailentry)")

    def _insert_into_the_future(self) -> int:
        return self._put("pg_current_xact_id()::text::bigint + 100000")

    def _put(self, when: str) -> int:
        return run(
            "INSERT INTO accounts_trailentry"
            " (transaction_id, role, act, subject_kind, subject_key, division_code, details)"
            f" VALUES ({when}, '', 'open_child', 'child', '64', '', '{{}}')"
        )

    def _exchange(self) -> int:
        """Two entries take each other's place; their contents are all there still."""
        one, other = self._entries(2)
        statement = f"""UPDATE accounts_trailentry AS entry SET ({EXCHANGED}) = (SELECT {EXCHANGED}
            FROM accounts_trailentry AS other WHERE other.id = %(one)s + %(other)s - entry.id)
            WHERE entry.id IN (%(one)s, %(other)s)"""
        return run(statement, one=one, other=other)

    def _renumber(self) -> int:
        one, other = self._entries(2)
        run("UPDATE accounts_trailentry SET id = -1 WHERE id = %(one)s", one=one)
        run("UPDATE accounts_trailentry SET id = %(one)s WHERE id = %(other)s", one=one, other=other)
        return run("UPDATE accounts_trailentry SET id = %(other)s WHERE id = -1", other=other)

    def _delete_seal(self) -> int:
        """Any but the last: without that the trail is shorter, which only a checkpoint tells."""
        number = self._random.choice(_seals()[:-1])
        return run("DELETE FROM accounts_trailseal WHERE number = %(number)s", number=number)

    def _seal_anew(self) -> int:
        """All hashes right again, and signed with a key of one's own: the register's is not in the database."""
        self.kinds[f"entry {self._random.choice(['act', 'subject_key', 'details'])}"]()
        own, before, until = Ed25519PrivateKey.generate(), START, FIRST
        seals = list(TrailSeal.objects.order_by("number"))
        for seal in seals:
            bound = (seal.until_transaction, seal.until_id)
            digests = digests_of(entries_between(until, bound, most=10_000))
            made = replace(link_of(seal, before), block=block_of(digests))
            is_same = made.block == bytes(seal.block) and made.before == START == before
            signature = bytes(seal.signature) if is_same else own.sign(made.statement)
            TrailSeal.objects.filter(pk=seal.pk).update(
                block=made.block, link=made.link, signature=signature, marks=marks_of(digests)
            )
            before, until = made.link, bound
        return len(seals)


def _seals() -> list[int]:
    return list(TrailSeal.objects.order_by("number").values_list("number", flat=True))


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
