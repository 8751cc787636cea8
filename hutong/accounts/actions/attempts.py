"""Counting attempts to sign in: an attempt is counted before it is judged, so that many at once are not more."""

from datetime import date, datetime

from django.db import transaction

from hutong.accounts.actions.postings import lock_to_administer
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, SignInAttempt
from hutong.accounts.sign_ins import account_digest, source_digest, too_many, too_many_from
from hutong.law.sign_in import sign_in_rules


def count_attempt(username: str, person: Person | None, source: str, *, at: datetime, on: date) -> SignInAttempt:
    """Count an attempt (记录尝试); those under names that nobody has are forgotten when they count no more."""
    past = at - sign_in_rules(on).attempts.span
    SignInAttempt.objects.filter(person__isnull=True, at__lte=past).delete()
    return SignInAttempt.objects.create(
        at=at, account=account_digest(username), source=source_digest(source), person=person
    )


def is_closed(attempt: SignInAttempt, *, at: datetime, on: date) -> bool:
    """Whether others before this attempt have closed the account, or the address it comes from (已锁定)."""
    of_account = too_many(attempt.account, at=at, on=on, besides=attempt.pk)
    of_source = too_many_from(attempt.source, at=at, on=on, besides=attempt.pk)
    return of_account or of_source


@transaction.atomic
def fail(attempt: SignInAttempt, *, was_closed: bool, at: datetime, on: date) -> None:
    """Record a failure (登录失败), and a lock that it led to.

    What comes while it is closed is recorded and counts no more, once enough that came before it do: of many at one
    moment each finds the others, and some have to be left.
    """
    _record("sign_in_failed", attempt, on=on, details={"source": attempt.source, "closed": was_closed})
    if was_closed:
        if too_many(attempt.account, at=at, on=on, before=attempt.pk):
            attempt.delete()
    elif too_many(attempt.account, at=at, on=on):
        _record("lock_sign_in", attempt, on=on, details={"source": attempt.source})


def _record(act: str, attempt: SignInAttempt, *, on: date, details: dict[str, object]) -> None:
    """An entry about the person; a name that nobody has is known by its keyed digest alone."""
    kind, key = ("person", str(attempt.person_id)) if attempt.person_id else ("sign_in_name", attempt.account)
    record(by=None, act=act, subject_kind=kind, subject_key=key, on=on, details=details)


def forget_attempts(person: Person) -> int:
    """What failed before a success counts no more (清除失败记录); how many attempts there were."""
    return SignInAttempt.objects.filter(account=account_digest(person.username)).delete()[0]


@transaction.atomic
def unlock_sign_in(*, by: Person, person: Person, on: date) -> None:
    """Unlock (解除锁定) a sign-in that too many attempts closed. Raises NotAllowed and Refused."""
    person = lock_to_administer(by, person, on=on)
    failed = forget_attempts(person)
    record(
        by=by,
        act="unlock_sign_in",
        subject_kind="person",
        subject_key=str(person.pk),
        on=on,
        details={"attempts": failed},
    )
