"""Reads of signing in (登录): whether an account is closed for a while."""

from datetime import date, datetime

from django.db.models import QuerySet

from hutong.accounts.models import Person, SignInAttempt
from hutong.kit.cipher import keys
from hutong.law.sign_in import sign_in_rules

DIGITS = 32


def account_digest(username: str) -> str:
    """The keyed digest of a user name as typed."""
    return keys().digest(("sign-in name", username))[:DIGITS]


def source_digest(source: str) -> str:
    """The keyed digest of the address that somebody comes from."""
    return keys().digest(("sign-in source", source))[:DIGITS]


def is_locked(person: Person, *, at: datetime, on: date) -> bool:
    """Whether an account is locked (登录锁定) at a moment."""
    return too_many(account_digest(person.username), at=at, on=on)


def too_many(account: str, *, at: datetime, on: date, besides: int | None = None) -> bool:
    """Whether so many attempts on an account failed that it is locked; one attempt, `besides`, is left out."""
    rules = sign_in_rules(on).attempts
    failed = SignInAttempt.objects.filter(account=account).exclude(pk=besides)
    return failed.count() >= rules.until_unlocked or _since(failed, at - rules.span) >= rules.account


def too_many_from(source: str, *, at: datetime, on: date, besides: int) -> bool:
    """Whether so many attempts from an address failed that it is locked; one attempt, `besides`, is left out."""
    rules = sign_in_rules(on).attempts
    failed = SignInAttempt.objects.filter(source=source).exclude(pk=besides)
    return _since(failed, at - rules.span) >= rules.source


def _since(failed: QuerySet[SignInAttempt], moment: datetime) -> int:
    return failed.filter(at__gt=moment).count()
