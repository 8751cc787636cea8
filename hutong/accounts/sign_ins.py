"""Reads of signing in (登录): whether an account is locked, what somebody has to sign in with, what still holds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from hutong.accounts.models import Authenticator, Ending, Passkey, Person, RecoveryCode, SignIn, SignInAttempt
from hutong.accounts.queries import postings_on
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


def too_many(account: str, *, at: datetime, on: date, besides: int | None = None, before: int | None = None) -> bool:
    """Whether so many attempts on an account failed that it is locked.

    One attempt, `besides`, is left out, or all that did not come `before` one.
    """
    rules = sign_in_rules(on).attempts
    failed = SignInAttempt.objects.filter(account=account)
    if besides is not None:
        failed = failed.exclude(pk=besides)
    if before is not None:
        failed = failed.filter(pk__lt=before)
    return failed.count() >= rules.until_unlocked or _since(failed, at - rules.span) >= rules.account


def too_many_from(source: str, *, at: datetime, on: date, besides: int) -> bool:
    """Whether so many attempts from an address failed that it is locked; one attempt, `besides`, is left out."""
    rules = sign_in_rules(on).attempts
    failed = SignInAttempt.objects.filter(source=source).exclude(pk=besides)
    return _since(failed, at - rules.span) >= rules.source


def _since(failed: QuerySet[SignInAttempt], moment: datetime) -> int:
    return failed.filter(at__gt=moment).count()


def has_second_factor(person: Person) -> bool:
    """Whether somebody has set up an app or a passkey (已设第二重验证)."""
    app = Authenticator.objects.filter(person=person, confirmed_at__isnull=False)
    return app.exists() or Passkey.objects.filter(person=person).exists()


@dataclass(frozen=True)
class Factors:
    """What somebody has beside a password (第二重验证方式); `codes` is how many recovery codes are unused."""

    has_app: bool
    passkeys: list[Passkey]
    codes: int


def factors_of(person: Person) -> Factors:
    """The second factors of a person."""
    return Factors(
        Authenticator.objects.filter(person=person, confirmed_at__isnull=False).exists(),
        list(Passkey.objects.filter(person=person)),
        RecoveryCode.objects.filter(person=person, used_at__isnull=True).count(),
    )


def ending_of(sign_in: SignIn, person: Person, *, at: datetime, on: date) -> Ending | None:
    """Why a sign-in does not hold any more (失效原因), if so. In the demonstration no time ends it."""
    held = postings_on(person, on=on)
    if not set(sign_in.postings) <= {posting.pk for posting in held}:
        return Ending.POSTING
    limits = sign_in_rules(on).limits(posting.role for posting in held)
    if person.is_demonstration:
        return None
    if at - sign_in.begun_at >= limits.whole:
        return Ending.OLD
    return Ending.IDLE if at - sign_in.seen_at >= limits.idle else None


def is_fresh(sign_in: SignIn, person: Person, *, at: datetime, on: date) -> bool:
    """Whether somebody has proved who they are so lately that money and keys open (刚验证过).

    Always in the demonstration, and while there is no second factor yet.
    """
    is_asked = sign_in.is_whole and not person.is_demonstration
    return not is_asked or at - sign_in.proved_at < sign_in_rules(on).fresh


def sign_ins_of(person: Person, *, at: datetime, on: date) -> list[SignIn]:
    """Where a person is signed in (本人的登录), the latest seen first; what the next request would end is left out."""
    since = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    held = SignIn.objects.filter(person=person, ended_at__isnull=True, begun_at__gt=since).order_by("-seen_at")
    return [one for one in held if ending_of(one, person, at=at, on=on) is None]
