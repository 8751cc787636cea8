"""Signing in: what was typed is judged the same way, in the same time, whether or not there is such an account."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from hutong.accounts.actions.attempts import count_attempt, fail, is_closed
from hutong.accounts.actions.factors import use_code
from hutong.accounts.backend import OfficeBackend
from hutong.accounts.models import Person, Way
from hutong.accounts.phones import signs_in_by_phone


def check_password(*, username: str, password: str, source: str, at: datetime, on: date) -> Person | None:
    """Check a user name and password (验证口令): the person, or None, whatever was wrong.

    One hash is computed in every case.
    """
    person = Person.objects.filter(username=username).first()
    attempt = count_attempt(username, person, source, at=at, on=on)
    was_closed = is_closed(attempt, at=at, on=on)
    fits = _password_fits(None if was_closed else person, password)
    if person and fits and _may_sign_in(person, at=at, on=on):
        attempt.delete()
        return person
    fail(attempt, was_closed=was_closed, at=at, on=on)
    return None


def check_code(*, person: Person, code: str, source: str, at: datetime, on: date) -> Way | None:
    """Check a second factor (验证动态口令或恢复码): the way that fitted, or None. Wrong codes count like passwords."""
    attempt = count_attempt(person.username, person, source, at=at, on=on)
    was_closed = is_closed(attempt, at=at, on=on)
    way = None if was_closed else use_code(person, code, at=at)
    if way is None:
        fail(attempt, was_closed=was_closed, at=at, on=on)
        return None
    attempt.delete()
    return way


def _password_fits(person: Person | None, password: str) -> bool:
    if person is None:
        make_password(password)
        return False
    return person.check_password(password)


def _may_sign_in(person: Person, *, at: datetime, on: date) -> bool:
    """Whether the account is open, a one-time password has not expired, and it is not for a bound phone alone."""
    expires_at = person.password_expires_at
    is_late = bool(expires_at and expires_at <= at)
    return OfficeBackend().user_can_authenticate(person) and not is_late and not signs_in_by_phone(person, on=on)
