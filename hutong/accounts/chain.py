"""The chain over the trail (留痕链): what exactly is hashed and signed. Nothing here asks the database.

An entry's line is a JSON array without free space, in UTF-8: id, transaction_id, moment in microseconds since 1970 UTC
(as text), by_id or null, role, act, subject_kind, subject_key, division_code, and details as the text of its jsonb,
which has one text for each value. Entries stand in the order (transaction_id, id).

    digest     SHA-256 of an entry's line
    block      SHA-256 of the digests of a seal's entries, one after another
    statement  JSON array: FORMAT, number, until_transaction, until_id, last_position, sealed_at in microseconds,
               block (hex), link of the seal before (hex; 64 zeros for the first)
    link       SHA-256 of the statement
    signature  Ed25519 of the statement
    marks      the first four bytes of each digest: they tell which entry is another, and prove nothing

`tools/verify_trail.py` says the same once more, for auditors, and shares no code with this.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "hutong-trail-1"
CHECKPOINT_FORMAT = "hutong-trail-checkpoint-1"
MARK_BYTES = 4
START = bytes(32)
"""The link before the first seal."""

Row = tuple[int, int, str, int | None, str, str, str, str, str, str]
"""An entry as its line says it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def line(row: Row) -> bytes:
    """An entry's line (留痕行): the bytes that are hashed and exported."""
    return _write(row).encode()


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def digests_of(rows: Iterable[Row]) -> list[bytes]:
    """The digest of each entry."""
    return [sha256(line(row)).digest() for row in rows]


def block_of(digests: Iterable[bytes]) -> bytes:
    """The digest of a block of entries."""
    return sha256(b"".join(digests)).digest()


def marks_of(digests: Iterable[bytes]) -> bytes:
    """The marks of a block of entries."""
    return b"".join(digest[:MARK_BYTES] for digest in digests)


@dataclass(frozen=True)
class Link:
    """What one seal states (封存声明), and how it hangs on the one before."""

    number: int
    until_transaction: int
    until_id: int
    last_position: int
    sealed_at: int
    block: bytes
    before: bytes

    @property
    def statement(self) -> bytes:
        """The bytes that are signed."""
        bounds = (self.number, self.until_transaction, self.until_id, self.last_position, self.sealed_at)
        return _write((FORMAT, *bounds, self.block.hex(), self.before.hex())).encode()

    @property
    def link(self) -> bytes:
        """The digest of the statement: what the next seal hangs on."""
        return sha256(self.statement).digest()


@dataclass(frozen=True)
class Checkpoint:
    """Where the chain stood (校验点内容) at a moment, as it is signed and kept outside."""

    seal: int
    position: int
    link: bytes
    made_at: str
    public_key: bytes
    signature: bytes = b""

    @property
    def statement(self) -> bytes:
        """The bytes that are signed."""
        said = (CHECKPOINT_FORMAT, self.seal, self.position, self.link.hex(), self.made_at, self.public_key.hex())
        return _write(said).encode()

    @property
    def is_signed(self) -> bool:
        """Whether the signature is the public key's own."""
        return is_signed(self.statement, self.signature, self.public_key)

    def document(self) -> dict[str, object]:
        """The checkpoint as a file says it."""
        return {
            "format": CHECKPOINT_FORMAT,
            "seal": self.seal,
            "position": self.position,
            "link": self.link.hex(),
            "made_at": self.made_at,
            "public_key": self.public_key.hex(),
            "signature": self.signature.hex(),
        }

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """A checkpoint from a file. Raises ValueError where it is none."""
        try:
            said = json.loads(text)
            link, public_key, signature = (bytes.fromhex(said[name]) for name in ("link", "public_key", "signature"))
            return cls(int(said["seal"]), int(said["position"]), link, str(said["made_at"]), public_key, signature)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("no checkpoint of a trail") from error


def is_signed(statement: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether a statement bears the signature of a key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def first_difference(sealed: Sequence[bytes], found: Sequence[bytes]) -> int:
    """The place, from 0, of the first mark that differs; the length of the shorter list where none does."""
    for at, (one, other) in enumerate(zip(sealed, found, strict=False)):
        if one != other:
            return at
    return min(len(sealed), len(found))


def split_marks(marks: bytes) -> list[bytes]:
    """The marks of a seal, one by one."""
    return [marks[at : at + MARK_BYTES] for at in range(0, len(marks), MARK_BYTES)]
