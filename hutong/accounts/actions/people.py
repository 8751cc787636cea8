"""Administering people: accounts and one-time passwords. Nobody administers themselves."""

import secrets
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.postings import administrators_besides, begin_posting, lock_to_administer
from hutong.accounts.actions.sessions import end_sign_ins
from hutong.accounts.actions.trail import record
from hutong.accounts.models import ClosedReason, Ending, Person, Posting, SignIn, Task
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import area_of, permissions_of, postings_on
from hutong.accounts.roles import VillageChildDirector
from hutong.law.division_code import full
from hutong.law.sign_in import sign_in_rules

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that are taken for one another on paper: i l o 0 1."""
GROUPS, LENGTH = 3, 4
PASSWORD_COLUMNS = ("password", "must_change_password", "password_expires_at")


@transaction.atomic
def appoint(
    *, by: Person | None, username: str, name: str, organisation: str, role: str, prefix: str, password: str, on: date
) -> Posting:
    """Appoint (任职) somebody to a role over a place from today on; a new user name is a new account.

    `by` is None for the console, whose caller holds the machine. An existing account keeps its password.
    Raises NotAllowed and Refused (role, place or password does not fit).
    """
    if by and Permission.MANAGE_PEOPLE not in permissions_of(by, on=on):
        raise NotAllowed(Permission.MANAGE_PEOPLE)
    person = Person.objects.filter(username=username).first()
    if person is None:
        _require_password(password)
        person = Person.objects.create_person(username, name, password, organisation=organisation)
    return begin_posting(by=by, person=person, role=role, prefix=prefix, from_on=on, until_on=None, on=on)


@transaction.atomic
def open_account(
    *,
    by: Person,
    username: str,
    name: str,
    organisation: str,
    role: str,
    prefix: str,
    from_on: date,
    until_on: date | None,
    on: date,
    at: datetime,
) -> tuple[Posting, str]:
    """Open an account (开户) with its first posting: the posting, and a one-time password that is told once.

    A village child director has none: the township binds the director's phone. Raises NotAllowed and Refused.
    """
    if Permission.MANAGE_PEOPLE not in permissions_of(by, on=on):
        raise NotAllowed(Permission.MANAGE_PEOPLE)
    if Person.objects.filter(username=username).exists():
        raise Refused(_("This user name is taken. Choose another, or look the person up in the list."))
    password = "" if role == VillageChildDirector.code and not by.is_demonstration else one_time_password()
    person = Person.objects.create_person(
        username,
        name,
        password or None,
        organisation=organisation,
        is_demonstration=by.is_demonstration,
        must_change_password=bool(password),
        password_expires_at=at + sign_in_rules(on).one_time_password if password else None,
    )
    _record(by, "open_account", person, on=on)
    posting = begin_posting(by=by, person=person, role=role, prefix=prefix, from_on=from_on, until_on=until_on, on=on)
    return posting, password


def one_time_password() -> str:
    """A one-time password (一次性口令), easily read aloud: `k7mp-x3hd-9qrt`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


@transaction.atomic
def renew_password(*, by: Person, person: Person, on: date, at: datetime) -> str:
    """Give a new one-time password (重置口令), told once; whoever is signed in with the old one is out."""
    person = lock_to_administer(by, person, on=on)
    password = one_time_password()
    person.set_password(password)
    person.must_change_password, person.password_expires_at = True, at + sign_in_rules(on).one_time_password
    person.save(update_fields=PASSWORD_COLUMNS)
    end_sign_ins(person, Ending.CHANGED, at=at)
    _record(by, "renew_password", person, on=on)
    return password


@transaction.atomic
def choose_password(*, by: Person, password: str, kept: SignIn | None = None, on: date, at: datetime) -> Person:
    """Choose one's own password (设置口令): not the one there was; all sign-ins but `kept` end. Raises Refused."""
    if by.check_password(password):
        raise Refused(_("Choose another password than the one you have now."))
    _require_password(password)
    by.set_password(password)
    by.must_change_password, by.password_expires_at = False, None
    by.save(update_fields=PASSWORD_COLUMNS)
    end_sign_ins(by, Ending.CHANGED, at=at, besides=kept)
    _record(by, "choose_password", by, on=on)
    return by


@transaction.atomic
def close_account(*, by: Person, person: Person, reason: str, on: date, at: datetime) -> int:
    """Close an account (停用) from now on; how many open tasks of theirs were released. Raises Refused."""
    person = lock_to_administer(by, person, on=on)
    if reason not in ClosedReason.values:
        raise Refused(_("Choose why the account is closed."))
    if not person.is_active:
        raise Refused(_("This account is closed already."))
    if Permission.MANAGE_PEOPLE in permissions_of(person, on=on) and not administrators_besides(person, on=on):
        raise Refused(_("Nobody would be left to administer people. Appoint another security administrator first."))
    released = _release(person, on=on)
    person.is_active, person.closed_on, person.closed_reason = False, on, reason
    person.save(update_fields=["is_active", "closed_on", "closed_reason"])
    end_sign_ins(person, Ending.CLOSED, at=at)
    _record(by, "close_account", person, on=on, details={"reason": reason, "tasks": released})
    return released


def _release(person: Person, *, on: date) -> int:
    """Gives held tasks back (释放待办) and tells the colleagues of the same role and place."""
    held = Task.objects.filter(holder=person, closed_at__isnull=True)
    for posting in postings_on(person, on=on):
        tasks = held.filter(area_of(posting).where("division_code"), role=posting.role).count()
        if tasks:
            notify(
                kind="tasks_released",
                subject_kind="task",
                subject_key="",
                role=posting.role,
                division_code=full(posting.prefixes[0]),
                values={"tasks": tasks},
            )
    return held.update(holder=None)


@transaction.atomic
def reopen_account(*, by: Person, person: Person, on: date, at: datetime) -> str:
    """Reopen an account (恢复启用) with a new one-time password, told once. Raises Refused."""
    person = lock_to_administer(by, person, on=on)
    if person.is_active:
        raise Refused(_("This account is open."))
    person.is_active, person.closed_on, person.closed_reason = True, None, ""
    person.save(update_fields=["is_active", "closed_on", "closed_reason"])
    _record(by, "reopen_account", person, on=on)
    return renew_password(by=by, person=person, on=on, at=at)


def _require_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused(_("The password is too short or too common. Take at least 10 characters.")) from error


def _record(by: Person, act: str, person: Person, *, on: date, details: dict[str, object] | None = None) -> None:
    record(by=by, act=act, subject_kind="person", subject_key=str(person.pk), on=on, details=details)
