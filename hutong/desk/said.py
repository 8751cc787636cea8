"""What somebody searched for (查找内容), kept sealed with the session: no name and no number stands in an address, and
none in the table of sessions."""

import secrets
from base64 import b64decode, b64encode

from django.http import HttpRequest

from hutong.kit.cipher import CannotOpen, keys, unseal

KEPT, LONGEST = 20, 100
SEALED_FOR = "session.said"


def keep(request: HttpRequest, text: str) -> str:
    """Keeps the words of a search; the key under which the address names them."""
    key = secrets.token_hex(4)
    kept = list(request.session.get("said", {}).items())[1 - KEPT :]
    request.session["said"] = dict([*kept, (key, _seal(clean(text)))])
    return key


def recall(request: HttpRequest, key: str) -> str:
    """The words kept under a key; nothing for a key of another session, or once the data key is gone."""
    try:
        return unseal(b64decode(request.session.get("said", {}).get(key, "")), field=SEALED_FOR).decode()
    except (CannotOpen, ValueError):
        return ""


def _seal(text: str) -> str:
    return b64encode(keys().seal(text, field=SEALED_FOR)).decode()


def clean(text: str) -> str:
    """The words without what no search can hold."""
    return text.replace("\0", "").strip()[:LONGEST]
