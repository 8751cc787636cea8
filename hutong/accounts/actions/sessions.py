"""Sign-ins: they begin, are seen, are proved anew, and end."""

from datetime import date, datetime, timedelta

from django.db import transaction

from hutong.accounts.actions.trail import record
from hutong.accounts.models import Ending, Person, SignIn, SignInAttempt, Way
from hutong.accounts.queries import postings_on
from hutong.accounts.sign_ins import account_digest, ending_of

SEEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def begin_sign_in(*, person: Person, way: Way, browser: str, at: datetime, on: date) -> SignIn:
    """Begin a sign-in (登录成功): what failed before counts no more, unless the second factor is still to be set up."""
    if way != Way.BEGUN:
        SignInAttempt.objects.filter(account=account_digest(person.username)).delete()
    postings = [posting.pk for posting in postings_on(person, on=on)]
    made = SignIn.objects.create(
        person=person, way=way, browser=browser, begun_at=at, seen_at=at, proved_at=at, postings=postings
    )
    _record(person, "sign_in", made, on=on, details={"way": way})
    return made


def keep_sign_in(*, person: Person, number: int | None, at: datetime, on: date) -> SignIn | None:
    """Keep a sign-in (保持登录) that holds, and remember that it was seen; end one that does not hold any more."""
    found = SignIn.objects.filter(pk=number or 0, person=person, ended_at__isnull=True).first()
    ending = found and ending_of(found, person, at=at, on=on)
    if found and ending:
        _end(found, ending, at=at, on=on)
        return None
    if found and at - found.seen_at >= SEEN_EVERY:
        found.seen_at = at
        found.save(update_fields=["seen_at"])
    return found


@transaction.atomic
def prove_anew(*, sign_in: SignIn, way: Way, at: datetime, on: date) -> None:
    """Prove oneself anew (重新验证身份) in a sign-in that goes on."""
    sign_in.proved_at = at
    sign_in.save(update_fields=["proved_at"])
    _record(sign_in.person, "prove_anew", sign_in, on=on, details={"way": way})


def end_sign_in(*, sign_in: SignIn, at: datetime, on: date) -> None:
    """Sign out (退出登录)."""
    _end(sign_in, Ending.OUT, at=at, on=on)


@transaction.atomic
def _end(sign_in: SignIn, ending: Ending, *, at: datetime, on: date) -> None:
    sign_in.ended_at, sign_in.ending = at, ending
    sign_in.save(update_fields=["ended_at", "ending"])
    _record(sign_in.person, "sign_out", sign_in, on=on, details={"ending": ending})


@transaction.atomic
def end_others(*, by: Person, kept: SignIn, at: datetime, on: date) -> int:
    """End one's other sign-ins (结束其他登录); how many there were."""
    ended = end_sign_ins(by, Ending.OTHERS, at=at, besides=kept)
    _record(by, "end_other_sign_ins", kept, on=on, details={"ended": ended})
    return ended


def end_sign_ins(
    person: Person, ending: Ending, *, at: datetime, besides: SignIn | None = None, way: Way | None = None
) -> int:
    """End a person's sign-ins (结束登录) but for one, or those of one way, at their next request; how many.

    What led to it has its own entry in the trail.
    """
    held = SignIn.objects.filter(person=person, ended_at__isnull=True).exclude(pk=besides.pk if besides else 0)
    if way:
        held = held.filter(way=way)
    return held.update(ended_at=at, ending=ending)


def _record(person: Person, act: str, sign_in: SignIn, *, on: date, details: dict[str, object]) -> None:
    record(by=person, act=act, subject_kind="sign_in", subject_key=str(sign_in.pk), on=on, details=details)
