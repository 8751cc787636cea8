"""Field cipher (字段加密): values sealed one by one, and a keyed blind index to find them again.

A token is: algorithm (1 byte), key id (1 byte), nonce (12 bytes), ciphertext with its tag (16 bytes more). The
field's name is bound in as associated data, so that a token pasted into another column does not open. A blind
index is: index key id (1 byte), 15 bytes of a keyed hash. Keys live in one file outside database and backup;
whoever loses it loses the values. How they are changed: docs/adr/0020.
"""

import hashlib
import hmac
import json
import os
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.query_utils import DeferredAttribute

NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
INDEX_BYTES = 16
LOOK_SECONDS = 1.0


class CannotOpen(Exception):
    """The token is damaged, belongs to another field, or its key is not in the key file."""


class Algorithm(Protocol):
    """An authenticated cipher (认证加密); its `code` stands in the first byte of every token it makes."""

    code: int
    name: str

    def key(self, data_key: bytes) -> bytes: ...

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes: ...

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes: ...


class AesGcm:
    """AES-256-GCM under the data key itself."""

    code, name = 1, "aes-gcm"

    def key(self, data_key: bytes) -> bytes:
        return data_key

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        return _aes(key).encrypt(nonce, plain, bound)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        return _aes(key).decrypt(nonce, sealed, bound)


class Sm4Gcm:
    """SM4-GCM (国密 SM4-GCM, RFC 8998). Its key of 16 bytes is HKDF-SHA256 of the data key, without salt, with
    `hutong sm4-gcm` as info: the two algorithms never share key bytes."""

    code, name = 2, "sm4-gcm"

    def key(self, data_key: bytes) -> bytes:
        return _sm4_key(data_key)

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        encryptor = Cipher(SM4(key), GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        decryptor = Cipher(SM4(key), GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
        decryptor.authenticate_additional_data(bound)
        return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()


@lru_cache(maxsize=64)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=64)
def _hmac(key: bytes) -> HMAC:
    """Keyed and empty, to be copied: to key it takes longer than to hash."""
    return HMAC(key, SHA256())


@lru_cache(maxsize=64)
def _sm4_key(data_key: bytes) -> bytes:
    return HKDF(SHA256(), 16, salt=None, info=b"hutong sm4-gcm").derive(data_key)


@lru_cache(maxsize=4)
def _signing_key(trail_key: bytes) -> Ed25519PrivateKey:
    seed = HKDF(SHA256(), 32, salt=None, info=b"hutong trail signature").derive(trail_key)
    return Ed25519PrivateKey.from_private_bytes(seed)


ALGORITHMS: dict[int, Algorithm] = {one.code: one for one in (AesGcm(), Sm4Gcm())}


@dataclass(frozen=True, repr=False)
class Keys:
    """The key file (密钥文件): data keys and index keys by id, the youngest last; one key each for trail and web."""

    data: dict[int, bytes]
    current: int
    algorithm: int
    index: dict[int, bytes]
    current_index: int
    trail: bytes
    web: str

    @property
    def mark(self) -> bytes:
        """How every token begins that is sealed now."""
        return bytes((self.algorithm, self.current))

    @property
    def index_mark(self) -> bytes:
        """How every blind index begins that is made now."""
        return bytes((self.current_index,))

    def seal(self, value: str | bytes, *, field: str) -> bytes:
        """The token for `value`, bound to `field` (for example `registry.child.id_number`)."""
        plain = value.encode() if isinstance(value, str) else value
        nonce = os.urandom(NONCE_BYTES)
        cipher = ALGORITHMS[self.algorithm]
        return self.mark + nonce + cipher.encrypt(cipher.key(self.data[self.current]), nonce, plain, field.encode())

    def open(self, token: bytes, *, field: str) -> bytes:
        """The bytes in `token`. Raises CannotOpen."""
        try:
            cipher, key = ALGORITHMS[token[0]], self.data[token[1]]
            nonce, sealed = token[2 : 2 + NONCE_BYTES], token[2 + NONCE_BYTES :]
            return cipher.decrypt(cipher.key(key), nonce, sealed, field.encode())
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise CannotOpen(field) from error

    def blind(self, value: str, *, kind: str) -> bytes:
        """Blind index (盲索引): 16 bytes, equal for equal values of one kind, useless without the key.

        The first byte is the index key's id, the others are of the HMAC.
        """
        return self._blind(self.current_index, value, kind)

    def blinds(self, value: str, *, kind: str) -> list[bytes]:
        """The blind indexes under every index key, the current one first: what a look-up must ask for."""
        others = [key_id for key_id in self.index if key_id != self.current_index]
        return [self._blind(key_id, value, kind) for key_id in (self.current_index, *others)]

    def _blind(self, key_id: int, value: str, kind: str) -> bytes:
        hashed = _hmac(self.index[key_id]).copy()
        hashed.update(f"{kind}\0{value}".encode())
        return bytes((key_id,)) + hashed.finalize()[: INDEX_BYTES - 1]

    def digest(self, parts: Iterable[str]) -> str:
        """A keyed digest (hex) of values that must be provable later but not readable now."""
        return hmac.new(self.trail, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    def sign(self, statement: bytes) -> bytes:
        """Signature (签名) of the trail: Ed25519, 64 bytes; its seed is HKDF-SHA256 of the trail key."""
        return _signing_key(self.trail).sign(statement)

    @property
    def public_key(self) -> bytes:
        """With which anybody can check what `sign` has signed (验签公钥): 32 bytes, no secret."""
        return _signing_key(self.trail).public_key().public_bytes_raw()

    def with_data_key(self, algorithm: int) -> "Keys":
        """These keys and a new data key, with which everything is sealed from now on."""
        key_id = _next_id(self.data)
        data = {**self.data, key_id: secrets.token_bytes(KEY_BYTES)}
        return replace(self, data=data, current=key_id, algorithm=algorithm)

    def with_index_key(self) -> "Keys":
        """These keys and a new index key, under which look-ups ask too; nothing is indexed by it yet."""
        return replace(self, index={**self.index, _next_id(self.index): secrets.token_bytes(KEY_BYTES)})

    def indexing_by_the_youngest(self) -> "Keys":
        """These keys, indexing by the index key that came last."""
        return replace(self, current_index=list(self.index)[-1])

    def without(self, *, data: Collection[int] = (), index: Collection[int] = ()) -> "Keys":
        """These keys without some that are not current."""
        return replace(
            self,
            data={key_id: key for key_id, key in self.data.items() if key_id == self.current or key_id not in data},
            index={at: key for at, key in self.index.items() if at == self.current_index or at not in index},
        )


def _next_id(taken: Mapping[int, bytes]) -> int:
    """The id after the youngest; after 255 the search begins again at 1. Raises ValueError where all are taken."""
    youngest = list(taken)[-1]
    free: list[int] = [key_id for key_id in (*range(youngest + 1, 256), *range(1, youngest)) if key_id not in taken]
    if not free:
        raise ValueError("all key ids are taken")
    return free[0]


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
    return _file(path).look()


class _KeyFile:
    """A key file as this process holds it. Another process may replace it: it is looked at once a second at most."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.held: Keys | None = None
        self.stamp = (0, 0)
        self.looked_at = 0.0

    def keys(self) -> Keys:
        if self.held is None or time.monotonic() - self.looked_at >= LOOK_SECONDS:
            return self.look()
        return self.held

    def look(self) -> Keys:
        """The keys as they are in the file now; as they were, where the file is away for a moment."""
        self.looked_at = time.monotonic()
        try:
            found = self.path.stat()
            if self.held is None or self.stamp != (found.st_mtime_ns, found.st_ino):
                self.held, self.stamp = _load(self.path), (found.st_mtime_ns, found.st_ino)
        except OSError:
            if self.held is None:
                raise
        return self.held


@lru_cache(maxsize=4)
def _file(path: Path) -> _KeyFile:
    return _KeyFile(path)


def _load(path: Path) -> Keys:
    stored = json.loads(path.read_text())
    index = stored["index"] if isinstance(stored["index"], dict) else {"1": stored["index"]}
    return Keys(
        data={int(key_id): b64decode(key) for key_id, key in stored["data"].items()},
        current=int(stored["current"]),
        algorithm=int(stored["algorithm"]),
        index={int(key_id): b64decode(key) for key_id, key in index.items()},
        current_index=int(stored.get("current_index", "1")),
        trail=b64decode(stored["trail"]),
        web=stored["web"],
    )


def _stored(made: Keys) -> dict[str, object]:
    return {
        "data": {str(key_id): b64encode(key).decode() for key_id, key in made.data.items()},
        "current": str(made.current),
        "algorithm": str(made.algorithm),
        "index": {str(key_id): b64encode(key).decode() for key_id, key in made.index.items()},
        "current_index": str(made.current_index),
        "trail": b64encode(made.trail).decode(),
        "web": made.web,
    }


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data, index, trail = (secrets.token_bytes(KEY_BYTES) for _ in range(3))
    draft = _draft(path, Keys({1: data}, 1, AesGcm.code, {1: index}, 1, trail, secrets.token_urlsafe(48)))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(path: Path, made: Keys) -> Path:
    """The keys in a file beside the key file, on the disk already."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(_stored(made), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return draft


def put_in_force(made: Keys) -> Keys:
    """Replaces the key file (更换密钥文件) whole; its owner stays. Other processes notice within a second."""
    path: Path = settings.KEYS_FILE
    before = path.stat()
    draft = _draft(path, made)
    if (before.st_uid, before.st_gid) != (draft.stat().st_uid, draft.stat().st_gid):
        os.chown(draft, before.st_uid, before.st_gid)
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return _file(path).look()


_using: ContextVar[Keys | None] = ContextVar("keys", default=None)


def keys() -> Keys:
    """The keys in force."""
    return _using.get() or _file(settings.KEYS_FILE).keys()


@contextmanager
def using(held: Keys) -> Iterator[None]:
    """These keys for as long as the block lasts (定用密钥): many values at once ask for their keys once."""
    before = _using.set(held)
    try:
        yield
    finally:
        _using.reset(before)


def unseal(token: bytes, *, field: str) -> bytes:
    """The bytes in `token`, under a key that may have come into the file just now. Raises CannotOpen."""
    held = keys()
    if len(token) > 1 and token[1] not in held.data:
        held = _file(settings.KEYS_FILE).look()
    return held.open(token, field=field)


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
        return unseal(self.token, field=self.field)

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

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """What somebody read before a rotation and saves after it is sealed anew: an old key must not come back."""
        return super().get_db_prep_save(self.current(value) if isinstance(value, Sealed) else value, connection)

    def mark(self) -> bytes:
        """How the tokens of this column begin now."""
        return keys().mark

    def renewed(self, instance: models.Model) -> bytes | None:
        """The token under the current key for what this column of a row holds. Raises CannotOpen."""
        value = getattr(instance, self.attname)
        return value and self.current(value).token

    def current(self, value: Sealed) -> Sealed:
        """The same value under the current key. Raises CannotOpen."""
        if value.token.startswith(self.mark()):
            return value
        return Sealed(keys().seal(value.open_bytes(), field=self.bound_to), self.bound_to)

    def seal(self, value: str | bytes) -> bytes | None:
        """The token for a value of this column, for COPY; None for an empty value."""
        return keys().seal(value, field=self.bound_to) if value else None

    def value_to_string(self, obj: Any) -> str:
        return "•••"


class BlindIndexField(models.BinaryField):
    """Blind index field (盲索引字段): finds what stands in the attribute `of`, a sealed column or a text of the model.

    Look for `keys().blinds(…)`, all of them. What was read before a re-index and is saved after it is made anew.
    """

    def __init__(self, *args: Any, of: str, kind: str, clean: Callable[[str], str] = str, **more: Any) -> None:
        self.of, self.kind, self.clean_text = of, kind, clean
        super().__init__(*args, **{"max_length": INDEX_BYTES} | more)

    def deconstruct(self) -> Any:
        name, path, args, more = super().deconstruct()
        return name, path, args, more | {"of": self.of, "kind": self.kind}

    def mark(self) -> bytes:
        """How the indexes of this column begin now."""
        return keys().index_mark

    def renewed(self, instance: models.Model) -> bytes | None:
        """The index of what a row holds under the current key. Raises CannotOpen."""
        said = getattr(instance, self.of)
        text = said.open() if isinstance(said, Sealed) else said
        return keys().blind(self.clean_text(text), kind=self.kind) if text else None

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if value and not bytes(value).startswith(self.mark()):
            value = self.renewed(model_instance) or value
            setattr(model_instance, self.attname, value)
        return value


@SealedField.register_lookup
@BlindIndexField.register_lookup
class NotUnder(models.Lookup):
    """Whether a value does not begin with a mark (非现用密钥), that is, stands under another key than the current."""

    lookup_name = "not_under"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"substring({left} from 1 for {len(self.rhs)}) <> %s", (*parameters, self.rhs)
