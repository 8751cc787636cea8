"""One timeline over all rooms (时间线): each room gives its events, none knows another, the desk puts them in order."""

from collections.abc import Callable
from dataclasses import dataclass

from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.allowances import payments
from hutong.desk.event_words import event_words
from hutong.outreach import queries as visits
from hutong.protection import queries as placements
from hutong.registry import dossier
from hutong.registry.dossier import Event
from hutong.registry.models import Child
from hutong.registry.queries import hidden_among


@dataclass(frozen=True)
class Line:
    """An event in words (事项行)."""

    event: Event
    title: str
    note: str


def _registry(user: Person, child: Child, sensitive: bool) -> list[Event]:
    return dossier.timeline(child, sensitive=sensitive)


def _protection(_user: Person, child: Child, sensitive: bool) -> list[Event]:
    is_hidden = not sensitive and child.leading.pk in hidden_among([child.leading], on=today())
    return placements.timeline(child, with_places=not is_hidden)


def _outreach(_user: Person, child: Child, _sensitive: bool) -> list[Event]:
    return visits.timeline(child)


def _allowances(_user: Person, child: Child, _sensitive: bool) -> list[Event]:
    return payments.timeline(child.leading)


ROOMS: tuple[Callable[[Person, Child, bool], list[Event]], ...] = (_registry, _protection, _outreach, _allowances)
"""The rooms that tell of a child, each by a question of its own."""


def events_of(user: Person, child: Child, *, sensitive: bool) -> list[Line]:
    """All that is known of a child to this person, the latest first."""
    events = [event for room in ROOMS for event in room(user, child, sensitive)]
    events.sort(key=lambda event: event.on, reverse=True)  # each room has put its own of one day in order
    return [Line(event, *event_words(event, on=today())) for event in events]
