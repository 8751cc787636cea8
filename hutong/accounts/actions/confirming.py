"""Confirming a document by its check code: anybody may, and whoever guesses is stopped for a while."""

from datetime import date, datetime

from hutong.accounts.actions.attempts import count_attempt, is_closed
from hutong.accounts.documents import document_by_code
from hutong.accounts.models import IssuedDocument


class TooManyCodes(Exception):
    """Too many codes that no document bears (核验次数过多) came from one address; nothing is looked up for a while."""


def confirm_document(*, code: str, source: str, at: datetime, on: date) -> IssuedDocument | None:
    """Confirm a document (核验文书): the one that bears this code, or None. Wrong codes count by the address that they
    come from, apart from attempts to sign in. Raises TooManyCodes."""
    attempt = count_attempt(f"confirm {code}", None, f"confirm {source}", at=at, on=on)
    if is_closed(attempt, at=at, on=on):
        attempt.delete()
        raise TooManyCodes
    found = document_by_code(code)
    if found:
        attempt.delete()
    return found
