"""What every verb asks first, and who keeps count of what is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hutong.accounts.models import Person
from hutong.accounts.permissions import TITLES, Permission
from hutong.accounts.queries import jurisdiction_of, two_duties_at


class Refused(Exception):
    """A verb that does not happen (拒绝办理); `reason` is a sentence in the user's language.

    Doors leave an entry in the trail for what was refused while they worked, unless it is no more than a question
    back (`is_question`).
    """

    is_question = False

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason
        noted = _noted.get()
        if noted is not None and not self.is_question:
            noted.append(self)


_noted: ContextVar[list[Refused] | None] = ContextVar("refusals", default=None)


@contextmanager
def noting_refusals() -> Iterator[list[Refused]]:
    """What verbs refuse as long as the block lasts (拒绝记录), also where somebody catches it on its way."""
    noted: list[Refused] = []
    before = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(before)


class NotAllowed(Refused):
    """The person lacks the permission, or the place is not theirs."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(_("You have no right to this here: %(what)s.") % {"what": TITLES[permission]})


class PurposeNeeded(Refused):
    """What is asked for opens only for a stated purpose (须先说明目的)."""

    is_question = True

    def __init__(self) -> None:
        super().__init__(_("Say first what you need it for. One answer covers a short while."))


def require(by: Person, permission: Permission, *, code: str, on: date) -> None:
    """Raises NotAllowed unless `by` may do this at the place `code` on the day `on`.

    Whoever holds two duties of one decision there, by postings and stand-ins together, does neither: Refused.
    """
    if not jurisdiction_of(by, permission, on=on).covers(code):
        raise NotAllowed(permission)
    if two_duties_at(by, code=code, on=on):
        raise Refused(_("You hold two duties of one decision here. One of them has to end first."))
