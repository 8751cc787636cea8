"""Second factors: an app's codes, recovery codes; what is lost is reset by the security administrator of the place."""

import secrets
from datetime import date, datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.people import one_time_password, renew_password
from hutong.accounts.actions.postings import lock_to_administer
from hutong.accounts.actions.sessions import end_sign_ins
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Authenticator, Ending, Passkey, Person, RecoveryCode, SignIn, Way
from hutong.accounts.queries import postings_on
from hutong.kit.cipher import keys
from hutong.law.division_code import full

STEP_SECONDS, CODE_DIGITS = 30, 6
SECRET_BYTES = 20
CODES = 10


class ResetReason(models.TextChoices):
    """Why a second factor is reset (重置原因)."""

    LOST = "lost", _("Phone or key lost")
    BROKEN = "broken", _("Phone or key broken")
    NEW = "new", _("New phone, the old one is gone")
    MISUSE = "misuse", _("Misuse suspected")


@transaction.atomic
def begin_authenticator(*, by: Person, name: str) -> tuple[str, str]:
    """Begin with an authenticator app (绑定动态口令): its secret to type, and as the address that a QR code holds.

    It counts from its first code on; until then, asking again gives the same secret. Raises Refused.
    """
    Person.objects.select_for_update().get(pk=by.pk)
    made, _is_new = Authenticator.objects.get_or_create(
        person=by, defaults={"secret": secrets.token_bytes(SECRET_BYTES)}
    )
    if made.confirmed_at:
        raise Refused(_("An app is set up already. Remove it first."))
    address = _totp(made).get_provisioning_uri(by.username, name)
    return address.partition("secret=")[2].partition("&")[0], address


def _totp(authenticator: Authenticator) -> TOTP:
    return TOTP(authenticator.secret.open_bytes(), CODE_DIGITS, SHA1(), STEP_SECONDS)


@transaction.atomic
def confirm_authenticator(*, by: Person, code: str, kept: SignIn | None = None, at: datetime, on: date) -> None:
    """Confirm an app (启用动态口令) by its first code; all sign-ins but `kept` end. Raises Refused."""
    if not _uses_app(by, code, at=at, is_confirmed=False):
        raise Refused(_("The code does not fit. Wait for the next one; the clock of the phone must be right."))
    Authenticator.objects.filter(person=by).update(confirmed_at=at)
    end_sign_ins(by, Ending.CHANGED, at=at, besides=kept)
    _record(by, "set_up_app", by, on=on)


@transaction.atomic
def remove_authenticator(*, by: Person, kept: SignIn | None = None, at: datetime, on: date) -> None:
    """Remove one's app (解除动态口令), where a passkey is left; all sign-ins but `kept` end. Raises Refused."""
    if not Passkey.objects.filter(person=by).exists():
        raise Refused(_("A second factor has to be left. Add a passkey first."))
    Authenticator.objects.filter(person=by).delete()
    end_sign_ins(by, Ending.CHANGED, at=at, besides=kept)
    _record(by, "remove_app", by, on=on)


@transaction.atomic
def make_recovery_codes(*, by: Person, on: date) -> list[str]:
    """Make ten recovery codes (生成恢复码), told once; those of before hold no more."""
    RecoveryCode.objects.filter(person=by).delete()
    made = [one_time_password() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create([RecoveryCode(person=by, digest=_digest(by, code)) for code in made])
    _record(by, "make_recovery_codes", by, on=on)
    return made


def _digest(person: Person, code: str) -> str:
    return keys().digest(("recovery code", str(person.pk), code))


@transaction.atomic
def use_code(person: Person, code: str, *, at: datetime) -> Way | None:
    """Use a code (使用验证码) of the app or from the safe, each good once: which it was, or None."""
    typed = "".join(code.split()).lower()
    if len(typed) == CODE_DIGITS:
        return Way.CODE if _uses_app(person, typed, at=at, is_confirmed=True) else None
    unused = RecoveryCode.objects.filter(person=person, digest=_digest(person, typed), used_at__isnull=True)
    return Way.RECOVERY if unused.update(used_at=at) else None


def _uses_app(person: Person, code: str, *, at: datetime, is_confirmed: bool) -> bool:
    """Whether the code is of these thirty seconds or of those before or after, and later than the last one used."""
    held = Authenticator.objects.select_for_update().filter(person=person, confirmed_at__isnull=not is_confirmed)
    app = held.first()
    if app is None:
        return False
    now = int(at.timestamp()) // STEP_SECONDS
    for step in (now - 1, now, now + 1):
        made = _totp(app).generate(step * STEP_SECONDS).decode()
        if step > app.last_step and secrets.compare_digest(made.encode(), code.encode()):
            app.last_step = step
            app.save(update_fields=["last_step"])
            return True
    return False


@transaction.atomic
def finish_set_up(*, by: Person, sign_in: SignIn, way: Way, at: datetime, on: date) -> list[str]:
    """Finish setting up (完成设置): the sign-in is whole, and the recovery codes are told once."""
    sign_in.way, sign_in.proved_at = way, at
    sign_in.save(update_fields=["way", "proved_at"])
    return make_recovery_codes(by=by, on=on)


@transaction.atomic
def reset_factors(*, by: Person, person: Person, reason: str, on: date, at: datetime) -> str:
    """Reset a lost second factor (重置第二重验证): a one-time password, told once; the person sets up anew.

    The person is told, and the audit administrators of the place. Raises NotAllowed and Refused.
    """
    person = lock_to_administer(by, person, on=on)
    if reason not in ResetReason.values:
        raise Refused(_("Choose why it is reset."))
    for noun in (Authenticator, RecoveryCode, Passkey):
        noun.objects.filter(person=person).delete()
    _record(by, "reset_factors", person, on=on, details={"reason": reason})
    _tell_of_reset(person, on=on)
    return renew_password(by=by, person=person, on=on, at=at)


def _tell_of_reset(person: Person, *, on: date) -> None:
    key = str(person.pk)
    notify(kind="factors_reset", subject_kind="person", subject_key=key, recipient=person)
    for code in {full(prefix) for posting in postings_on(person, on=on) for prefix in posting.prefixes}:
        notify(
            kind="factors_reset_of",
            subject_kind="person",
            subject_key=key,
            role="audit_administrator",
            division_code=code,
            values={"place": code},
        )


def _record(by: Person, act: str, person: Person, *, on: date, details: dict[str, object] | None = None) -> None:
    record(by=by, act=act, subject_kind="person", subject_key=str(person.pk), on=on, details=details)
