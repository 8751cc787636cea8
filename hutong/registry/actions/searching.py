"""Searching: a settled search leaves its entry in the trail, and what another place holds can be asked for there."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.kit.cipher import keys
from hutong.registry.actions.moving import request_move
from hutong.registry.finding import (
    LIMITED,
    NUMBERS_AN_HOUR,
    Filters,
    Kind,
    Words,
    child_counts,
    elsewhere,
    is_exact,
    read_words,
    waits_until,
)
from hutong.registry.models import Child, Move

DIGEST_CHARACTERS = 16


@dataclass(frozen=True)
class Found:
    """What a settled search found (查找结果): how many here, and whether another place holds such a file.

    `is_nowhere`: exact words, and no place of the installation holds one.
    """

    here: int
    is_elsewhere: bool = False
    is_nowhere: bool = False


@transaction.atomic
def search(*, by: Person, text: str, on: date) -> Found:
    """Search (查找) for what was typed to the end. Exact numbers are limited by the hour. Raises Refused."""
    words = read_words(text)
    if words.kind in LIMITED or words.birth_date:
        Person.objects.select_for_update().get(pk=by.pk)
        require_numbers_left(by=by)
    (here,) = child_counts(by, Filters(text=text), on=on)
    asks_elsewhere = not here and is_exact(words, on=on) and _has_place(by, on=on)
    is_elsewhere = asks_elsewhere and bool(elsewhere(by, words, on=on))
    found = Found(here, is_elsewhere, asks_elsewhere and not is_elsewhere)
    kind = Kind.ELSEWHERE if asks_elsewhere else words.kind
    details = {"kind": str(kind), "found": int(found.is_elsewhere) if asks_elsewhere else here}
    record(by=by, act="search", subject_kind="search", subject_key=_digest(words), on=on, details=details)
    return found


def require_numbers_left(*, by: Person) -> None:
    """Raises Refused with the time of day when somebody has searched for too many numbers within the hour."""
    until = waits_until(by, at=timezone.now())
    if until:
        details = {"most": NUMBERS_AN_HOUR, "time": date_format(timezone.localtime(until), "H:i")}
        raise Refused(_("Within an hour at most %(most)s numbers are searched for. Go on at %(time)s.") % details)


def _has_place(by: Person, *, on: date) -> bool:
    return bool(jurisdiction_of(by, Permission.SEE_CHILDREN, on=on).areas)


def _digest(words: Words) -> str:
    born = words.birth_date.isoformat() if words.birth_date else ""
    return keys().digest(["search", words.kind, words.value, born])[:DIGEST_CHARACTERS]


def file_elsewhere(by: Person, text: str, *, on: date) -> Child:
    """The one file of another place that exact words name (他处档案). Raises Refused."""
    found = elsewhere(by, read_words(text), on=on)
    if not found:
        raise Refused(_("There is no such file in another place any more. Search again."))
    if len(found) > 1:
        raise Refused(_("More than one file fits. Search by the ID number."))
    return found[0]


@transaction.atomic
def request_elsewhere(
    *, by: Person, text: str, to_code: str, living_code: str, reason: str, words: str, on: date
) -> Move:
    """Ask the place that holds a file for it (请求迁入), by the same exact words. Raises NotAllowed and Refused."""
    child = file_elsewhere(by, text, on=on)
    return request_move(by=by, child=child, to_code=to_code, living_code=living_code, reason=reason, words=words, on=on)
