"""What somebody searched for (查找内容), kept with the session: no name and no number stands in an address."""

import secrets

from django.http import HttpRequest

KEPT, LONGEST = 20, 100


def keep(request: HttpRequest, text: str) -> str:
    """Keeps the words of a search; the key under which the address names them."""
    key = secrets.token_hex(4)
    kept = list(request.session.get("said", {}).items())[1 - KEPT :]
    request.session["said"] = dict([*kept, (key, clean(text))])
    return key


def recall(request: HttpRequest, key: str) -> str:
    """The words kept under a key; nothing for a key of another session."""
    return str(request.session.get("said", {}).get(key, ""))


def clean(text: str) -> str:
    """The words without what no search can hold."""
    return text.replace("\0", "").strip()[:LONGEST]
