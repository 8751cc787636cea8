"""Appointing people."""

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person, Posting
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of
from hutong.accounts.roles import ROLES
from hutong.law.division_code import LENGTH_OF, full


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
    if role not in ROLES:
        raise Refused(_("There is no role %(role)s.") % {"role": role})
    if len(prefix) > LENGTH_OF[ROLES[role].level]:
        raise Refused(_("%(role)s is posted to a wider place.") % {"role": ROLES[role].title})
    person = Person.objects.filter(username=username).first() or _open_account(username, name, organisation, password)
    posting: Posting = Posting.objects.create(person=person, role=role, prefixes=[prefix], from_on=on)
    record(
        by=by,
        act="appoint",
        subject_kind="posting",
        subject_key=str(posting.pk),
        division_code=full(prefix),
        on=on,
        details={"role": role},
    )
    return posting


def _open_account(username: str, name: str, organisation: str, password: str) -> Person:
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused(_("The password is too short or too common. Take at least 10 characters.")) from error
    return Person.objects.create_person(username, name, password, organisation=organisation)
