"""Binding the phones of village child directors, face to face, and signing in on them by a PIN."""

import secrets
from datetime import date, datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.attempts import count_attempt, fail, is_closed
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.sessions import end_sign_ins
from hutong.accounts.actions.trail import record
from hutong.accounts.backend import OfficeBackend
from hutong.accounts.models import Device, Ending, Person, PhoneBinding, Way
from hutong.accounts.permissions import Permission
from hutong.accounts.phones import director_numbered, is_locked_out, phone_digest, signs_in_by_phone
from hutong.law.sign_in import PIN_DIGITS, is_trivial_pin, sign_in_rules

TOKEN_BYTES = 32


@transaction.atomic
def open_binding(*, by: Person, person: Person, on: date, at: datetime) -> tuple[PhoneBinding, str]:
    """Open a binding (开始绑定手机) for a director who stands there, and its code, told once.

    Raises NotAllowed and Refused.
    """
    if by.pk == person.pk:
        raise Refused(_("Nobody binds their own phone."))
    if director_numbered(by, person.pk, on=on) is None:
        raise NotAllowed(Permission.BIND_PHONES)
    PhoneBinding.objects.filter(person=person, used_at__isnull=True).delete()
    code = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    made = PhoneBinding.objects.create(
        person=person,
        digest=phone_digest(str(person.pk), code),
        opened_by=by,
        expires_at=at + sign_in_rules(on).binding,
    )
    _record(by, "open_binding", person, on=on)
    return made, code


def bind_phone(
    *, username: str, code: str, browser: str, source: str, at: datetime, on: date
) -> tuple[Device, str] | None:
    """Bind this phone (绑定手机) by the code on the township's screen: the phone and the token it keeps, or None.

    Whatever was wrong, the answer is the same; wrong codes count like wrong passwords.
    """
    person = Person.objects.filter(username=username).first()
    attempt = count_attempt(username, person, source, at=at, on=on)
    was_closed = is_closed(attempt, at=at, on=on)
    bound = None if was_closed else _bind(person, code, browser, at=at, on=on)
    if bound is None:
        fail(attempt, was_closed=was_closed, at=at, on=on)
        return None
    attempt.delete()
    return bound


@transaction.atomic
def _bind(person: Person | None, code: str, browser: str, *, at: datetime, on: date) -> tuple[Device, str] | None:
    digest = phone_digest(str(person.pk if person else 0), "".join(code.split()))
    waiting = PhoneBinding.objects.select_for_update().filter(person=person, digest=digest)
    binding = waiting.filter(used_at__isnull=True, expires_at__gt=at).first()
    if binding is None or not person or not _may_use(person, on=on):
        return None
    binding.used_at = at
    binding.save(update_fields=["used_at"])
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device = Device.objects.create(
        person=person, digest=phone_digest(token), browser=browser, bound_by=binding.opened_by, bound_at=at
    )
    _record(person, "bind_phone", person, on=on, details={"device": device.pk})
    return device, token


def _may_use(person: Person, *, on: date) -> bool:
    return OfficeBackend().user_can_authenticate(person) and signs_in_by_phone(person, on=on)


@transaction.atomic
def choose_pin(*, device: Device, pin: str, on: date) -> Device:
    """Choose the PIN (设置PIN码) of a phone that was just bound; older phones of the director end. Raises Refused."""
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.pin:
        raise Refused(_("This phone has a PIN. The township binds it anew if it was forgotten."))
    if len(pin) != PIN_DIGITS or not pin.isascii() or not pin.isdecimal():
        raise Refused(_("The PIN has six digits."))
    if is_trivial_pin(pin):
        raise Refused(_("This PIN is too easy to guess. Take no row, no repetition and no date of birth."))
    device.pin = make_password(pin)
    device.save(update_fields=["pin"])
    Device.objects.filter(person=device.person, ended_at__isnull=True).exclude(pk=device.pk).update(
        ended_at=device.bound_at
    )
    _record(device.person, "choose_pin", device.person, on=on, details={"device": device.pk})
    return device


def use_pin(*, device: Device | None, pin: str, at: datetime, on: date) -> Person | None:
    """Sign in by PIN (用PIN码登录) on a bound phone: the person, or None. One hash is computed in every case."""
    if device is None:
        make_password(pin)
        return None
    fits = check_password(pin, device.pin or "!")
    return _judge_pin(device, fits=fits, at=at, on=on)


@transaction.atomic
def _judge_pin(device: Device, *, fits: bool, at: datetime, on: date) -> Person | None:
    """The row is locked, so that many at once are not more than one after another."""
    device = Device.objects.select_for_update(of=("self",)).select_related("person").get(pk=device.pk)
    if is_locked_out(device, on=on) or device.ended_at or not _may_use(device.person, on=on):
        _record(None, "pin_failed", device.person, on=on, details={"device": device.pk, "closed": True})
        return None
    device.wrong = 0 if fits else device.wrong + 1
    device.used_at = at if fits else device.used_at
    device.save(update_fields=["wrong", "used_at"])
    if not fits:
        act = "lock_phone" if is_locked_out(device, on=on) else "pin_failed"
        _record(None, act, device.person, on=on, details={"device": device.pk})
    person: Person = device.person
    return person if fits else None


@transaction.atomic
def end_device(*, by: Person, number: int, at: datetime, on: date) -> None:
    """End a phone (停用手机): it lets nobody in any more, and who is signed in on it is out. Raises NotAllowed."""
    device = Device.objects.select_for_update(of=("self",)).select_related("person").filter(pk=number).first()
    if device is None or director_numbered(by, device.person_id, on=on) is None:
        raise NotAllowed(Permission.BIND_PHONES)
    device.ended_at = at
    device.save(update_fields=["ended_at"])
    end_sign_ins(device.person, Ending.CHANGED, at=at, way=Way.PIN)
    _record(by, "end_phone", device.person, on=on, details={"device": device.pk})


def _record(by: Person | None, act: str, person: Person, *, on: date, details: dict[str, object] | None = None) -> None:
    record(by=by, act=act, subject_kind="person", subject_key=str(person.pk), on=on, details=details)
