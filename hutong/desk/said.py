"""What somebody searched for (查找内容), kept sealed with the session: no name and no number stands in an address."""

import secrets
from dataclasses import dataclass

from django.http import HttpRequest

from hutong.kit.cipher import CannotOpen, keys, unseal

FIELD = "desk.said"
KEPT, LONGEST = 20, 100
ELSEWHERE, NOWHERE = "elsewhere", "nowhere"
"""The answers that another place holds such a file, and that none does."""


@dataclass(frozen=True)
class Kept:
    """The words of a search and what was answered when it was settled."""

    text: str = ""
    answer: str = ""


def keep(request: HttpRequest, text: str, *, answer: str = "") -> str:
    """Keeps the words of a search and the answer to them; the key under which the address names them."""
    key = secrets.token_hex(4)
    kept = list(request.session.get("said", {}).items())[1 - KEPT :]
    request.session["said"] = dict([*kept, (key, [keys().seal(clean(text), field=FIELD).hex(), answer])])
    return key


def recall(request: HttpRequest, key: str) -> Kept:
    """What is kept under a key; nothing for a key of another session."""
    sealed, answer = request.session.get("said", {}).get(key, ("", ""))
    try:
        return Kept(unseal(bytes.fromhex(sealed), field=FIELD).decode(), answer)
    except CannotOpen:
        return Kept()


def clean(text: str) -> str:
    """The words without what no search can hold."""
    return text.replace("\0", "").strip()[:LONGEST]
