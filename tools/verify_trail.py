"""Verifies a sealed trail of Hutong without Hutong. Needs Python 3.11 and `cryptography`; --database wants `psycopg`.

    python verify_trail.py trail.jsonl --public-key HEX --checkpoint kept-elsewhere.json
    python verify_trail.py --database postgresql://auditor@db.example/hutong --public-key HEX

This file shares no code with the product: it was written from the format alone, which is this.

A file of `hutong audit export` is lines of JSON in UTF-8: first {"format", "public_key"}; then for each seal the lines
of its entries and after them the seal. An entry is an array without free space: id, transaction_id, moment in
microseconds since 1970 UTC as text, by_id or null, role, act, subject_kind, subject_key, division_code, details as
text. Entries stand in ascending order of (transaction_id, id). A seal is an object: number (1, 2, 3 …),
until_transaction, until_id, last_position, sealed_at (microseconds), block, link, signature (all three in hex).

    block      SHA-256 over the SHA-256 of every entry line (without its line break), one after another
    statement  ["hutong-trail-1",number,until_transaction,until_id,last_position,sealed_at,"block","link before"]
               as JSON without free space; the link before the first seal is 64 zeros
    link       SHA-256 of the statement
    signature  Ed25519 over the statement

The entries of a seal lie, in their order, at or after the bound of the seal before and before its own bound
(until_transaction, until_id); last_position counts the entries from the first of all to the last under the seal.

A checkpoint is an object: format, seal, position, link, made_at (text), public_key, signature; signed is
["hutong-trail-checkpoint-1",seal,position,"link","made_at","public_key"] as JSON without free space.

Exit status 0: everything holds. 1: something does not, and one sentence says what and from which position on.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

try:
    import psycopg
except ImportError:
    psycopg = None

SEALS = """SELECT number, until_transaction, until_id, last_position,
                  round(extract(epoch FROM sealed_at) * 1000000)::bigint AS sealed_at,
                  encode(block, 'hex') AS block, encode(link, 'hex') AS link, encode(signature, 'hex') AS signature
             FROM accounts_trailseal ORDER BY number"""
ENTRIES = """SELECT id, transaction_id, round(extract(epoch FROM at) * 1000000)::text, by_id, role, act, subject_kind,
                    subject_key, division_code, details::text
               FROM accounts_trailentry ORDER BY transaction_id, id"""


class Wrong(Exception):
    """What does not hold, in one sentence."""


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def check_signature(public_key: bytes, signature: str, statement: bytes, what: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        raise Wrong(f"{what} is not signed with the key {public_key.hex()}.") from None


def from_file(lines: Iterator[bytes]) -> Iterator[bytes | dict]:
    """Entries as their lines, seals as objects, in the order of the file."""
    for line in lines:
        line = line.rstrip(b"\n")
        yield line if line.startswith(b"[") else json.loads(line)


def from_database(url: str) -> Iterator[bytes | dict]:
    """The same, read from the tables themselves in one snapshot; entries that no seal covers yet are left out."""
    if psycopg is None:
        raise SystemExit("--database needs the package psycopg")
    with psycopg.connect(url) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        seals = connection.execute(SEALS)
        names = [column.name for column in seals.description or ()]
        with connection.cursor("entries") as entries:
            entries.itersize = 10_000
            entries.execute(ENTRIES)
            waiting = next(entries, None)
            for values in seals:
                seal = dict(zip(names, values, strict=True))
                while waiting and (waiting[1], waiting[0]) < (seal["until_transaction"], seal["until_id"]):
                    yield compact(waiting)
                    waiting = next(entries, None)
                yield seal


class Chain:
    """How far the chain holds."""

    def __init__(self, public_key: bytes) -> None:
        self.public_key = public_key
        self.number = self.position = 0
        self.link = "0" * 64
        self.until = (-(2**63), -(2**63))
        self.keys: list[tuple[int, int]] = []
        self.digests: list[bytes] = []
        self.links: dict[int, tuple[int, str]] = {}

    def take_entry(self, line: bytes) -> None:
        number, transaction = json.loads(line)[:2]
        key = (transaction, number)
        if key < self.until or (self.keys and key <= self.keys[-1]):
            raise Wrong(f"Entries stand out of order at position {self.position + len(self.keys) + 1}.")
        self.keys.append(key)
        self.digests.append(hashlib.sha256(line).digest())

    def take_seal(self, seal: dict) -> None:
        here = f"nothing is proven from position {self.position + 1} on"
        if seal["number"] != self.number + 1:
            raise Wrong(f"Seal {self.number + 1} is missing; {here}.")
        statement = compact(
            [
                "hutong-trail-1",
                *(seal[name] for name in ("number", "until_transaction", "until_id", "last_position", "sealed_at")),
                *(seal["block"], self.link),
            ]
        )
        until = (seal["until_transaction"], seal["until_id"])
        if hashlib.sha256(statement).hexdigest() != seal["link"] or not self.until < until:
            raise Wrong(f"Seal {seal['number']} was changed; {here}.")
        check_signature(self.public_key, seal["signature"], statement, f"Seal {seal['number']}")
        self._check_entries(seal, until, here)
        self.number, self.position, self.link = seal["number"], seal["last_position"], seal["link"]
        self.until, self.keys, self.digests = until, [], []
        self.links[self.number] = (self.position, self.link)

    def _check_entries(self, seal: dict, until: tuple[int, int], here: str) -> None:
        wanted, found = seal["last_position"] - self.position, len(self.digests)
        if wanted != found:
            raise Wrong(f"Seal {seal['number']} covers {wanted} entries, but {found} are there; {here}.")
        if self.keys and self.keys[-1] >= until:
            raise Wrong(f"An entry stands beyond the bound of seal {seal['number']}; {here}.")
        if hashlib.sha256(b"".join(self.digests)).hexdigest() != seal["block"]:
            raise Wrong(f"An entry under seal {seal['number']} is not what was sealed; {here}.")

    def check_end(self) -> None:
        if self.digests:
            raise Wrong(f"After position {self.position} stand {len(self.digests)} entries without a seal.")

    def check_against(self, checkpoint: dict) -> None:
        names = ("seal", "position", "link", "made_at", "public_key")
        statement = compact(["hutong-trail-checkpoint-1", *(checkpoint[name] for name in names)])
        what = f"The checkpoint of {checkpoint['made_at']}"
        check_signature(self.public_key, checkpoint["signature"], statement, what)
        if checkpoint["seal"] > self.number:
            raise Wrong(f"The trail ends at position {self.position}; {what.lower()} reaches {checkpoint['position']}.")
        if self.links.get(checkpoint["seal"]) != (checkpoint["position"], checkpoint["link"]):
            raise Wrong(f"At position {checkpoint['position']} the trail differs from {what.lower()}.")


def verify(records: Iterator[bytes | dict], public_key: str, checkpoints: list[dict]) -> str:
    chain = Chain(bytes.fromhex(public_key))
    for record in records:
        if isinstance(record, bytes):
            chain.take_entry(record)
        else:
            chain.take_seal(record)
    chain.check_end()
    for checkpoint in checkpoints:
        chain.check_against(checkpoint)
    return f"{chain.position} entries under {chain.number} seals hold; {len(checkpoints)} checkpoints agree."


def lines_of(path: str) -> Iterator[bytes]:
    if path == "-":
        yield from sys.stdin.buffer
    else:
        with Path(path).open("rb") as file:
            yield from file


def key_of(head: bytes | dict | None) -> str:
    if not isinstance(head, dict) or head.get("format") != "hutong-trail-1":
        raise Wrong("This is no export of a trail.")
    return head["public_key"]


def checked(asked: argparse.Namespace) -> str:
    checkpoints = [json.loads(path.read_text()) for path in asked.checkpoint]
    records = from_database(asked.database) if asked.database else from_file(lines_of(asked.file))
    key = asked.public_key or next((one["public_key"] for one in checkpoints), "")
    if not asked.database:
        stated = key_of(next(records, None))
        key = key or stated
    if not key:
        raise SystemExit("--database needs --public-key or --checkpoint")
    said = verify(records, key, checkpoints)
    if not asked.public_key:
        said += f"\nSigned with {key}. Compare it with the key you know: pass it as --public-key."
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description="Verifies a sealed trail of Hutong without Hutong.")
    parser.add_argument("file", nargs="?", default="-", help="an export, or - for standard input")
    parser.add_argument("--database", help="read the tables of this PostgreSQL instead of a file")
    parser.add_argument("--public-key", help="the register's public key, as you noted it at its first checkpoint")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path, help="a checkpoint kept elsewhere")
    try:
        said, status = checked(parser.parse_args()), 0
    except Wrong as wrong:
        said, status = str(wrong), 1
    sys.stdout.write(said + "\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
