"""Field cipher (字段加密): values sealed one by one, and a keyed blind index to find them again.

A token is: algorithm (1 byte), key id (1 byte), nonce (12 bytes), ciphertext with its tag (16 bytes more). The
field's name is bound in as associated data, so that a token pasted into another column does not open.
Keys live in one file outside database and backup; whoever loses it loses the values.
"""

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.query_utils import DeferredAttribute

NONCE_BYTES = 12
INDEX_BYTES = 16


class CannotOpen(Exception):
    """The token is damaged, belongs to another field, or its key is not in the key file."""


class Algorithm(Protocol):
    """An authenticated cipher (认证加密); its `code` stands in the first byte of every token it makes."""

    code: int

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes: ...

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes: ...


class AesGcm:
    """AES-256-GCM."""

    code = 1

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        return _aes(key).encrypt(nonce, plain, bound)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        return _aes(key).decrypt(nonce, sealed, bound)


@lru_cache(maxsize=64)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


ALGORITHMS: dict[int, Algorithm] = {AesGcm.code: AesGcm()}


@dataclass(frozen=True, repr=False)
class Keys:
    """The key file (密钥文件): data keys by id, and one key each for the index, the trail and the web."""

    data: dict[int, bytes]
    current: int
    algorithm: int
    index: bytes
    trail: bytes
    web: str

    def seal(self, value: str | bytes, *, field: str) -> bytes:
        """The token for `value`, bound to `field` (for example `registry.child.id_number`)."""
        plain = value.encode() if isinstance(value, str) else value
        nonce = os.urandom(NONCE_BYTES)
        cipher = ALGORITHMS[self.algorithm]
        sealed = cipher.encrypt(self.data[self.current], nonce, plain, field.encode())
        return bytes((self.algorithm, self.current)) + nonce + sealed

    def open(self, token: bytes, *, field: str) -> bytes:
        """The bytes in `token`. Raises CannotOpen."""
        try:
            cipher, key = ALGORITHMS[token[0]], self.data[token[1]]
            nonce, sealed = token[2 : 2 + NONCE_BYTES], token[2 + NONCE_BYTES :]
            return cipher.decrypt(key, nonce, sealed, field.encode())
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise CannotOpen(field) from error

    def blind(self, value: str, *, kind: str) -> bytes:
        """Blind index (盲索引): 16 bytes, equal for equal values of one kind, useless without the key."""
        return hmac.digest(self.index, f"{kind}\0{value}".encode(), hashlib.sha256)[:INDEX_BYTES]

    def digest(self, parts: Iterable[str]) -> str:
        """A keyed digest (hex) of values that must be provable later but not readable now."""
        return hmac.new(self.trail, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


class NoKeys(ImproperlyConfigured):
    """There is no key file (没有密钥文件) where there must be one already."""


def load_or_create_keys(path: Path, *, may_create: bool) -> Keys:
    """Reads the key file; makes it, readable by its owner alone (mode 0600), where it may. Raises NoKeys."""
    if not path.exists():
        if not may_create:
            raise NoKeys(
                f"There is no key file {path}. Bring it back from its safe copy: without it sealed values are lost. "
                "Only for a new, empty register: set HUTONG_NEW_KEYS=1 once."
            )
        _create(path)
    return _load(path)


@lru_cache(maxsize=4)
def _load(path: Path) -> Keys:
    stored = json.loads(path.read_text())
    return Keys(
        data={int(key_id): b64decode(key) for key_id, key in stored["data"].items()},
        current=int(stored["current"]),
        algorithm=int(stored["algorithm"]),
        index=b64decode(stored["index"]),
        trail=b64decode(stored["trail"]),
        web=stored["web"],
    )


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = {
        "data": {"1": b64encode(secrets.token_bytes(32)).decode()},
        "current": "1",
        "algorithm": str(AesGcm.code),
        "index": b64encode(secrets.token_bytes(32)).decode(),
        "trail": b64encode(secrets.token_bytes(32)).decode(),
        "web": secrets.token_urlsafe(48),
    }
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(stored, file, indent=1)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def keys() -> Keys:
    """The keys in force."""
    return _load(settings.KEYS_FILE)


class Sealed:
    """A sealed value (密文) as a model hands it out: it opens when asked and never by being printed."""

    __slots__ = ("field", "token")

    def __init__(self, token: bytes, field: str) -> None:
        self.token, self.field = token, field

    def open(self) -> str:
        """The plain text. Raises CannotOpen. Who calls this answers for the trail."""
        return self.open_bytes().decode()

    def open_bytes(self) -> bytes:
        """The plain bytes, of a file for example. Raises CannotOpen."""
        return keys().open(self.token, field=self.field)

    def __repr__(self) -> str:
        return "•••"

    __str__ = __repr__


class _SealedAttribute(DeferredAttribute):
    """Seals plain text or bytes as soon as they are assigned."""

    field: "SealedField"

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, str | bytes):
            token = self.field.seal(value)
            value = token and Sealed(token, self.field.bound_to)
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):
    """Sealed field (加密字段): stores tokens, hands out `Sealed`, takes `Sealed`, plain text or bytes, or None."""

    descriptor_class = _SealedAttribute
    bound_to: str
    _pyi_private_set_type: Sealed | str | bytes | Combinable
    _pyi_private_get_type: Sealed  # type: ignore[assignment]

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        self.bound_to = f"{cls._meta.label_lower}.{name}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), self.bound_to)

    def get_prep_value(self, value: Any) -> Any:
        return value.token if isinstance(value, Sealed) else value

    def seal(self, value: str | bytes) -> bytes | None:
        """The token for a value of this column, for COPY; None for an empty value."""
        return keys().seal(value, field=self.bound_to) if value else None

    def value_to_string(self, obj: Any) -> str:
        return "•••"
