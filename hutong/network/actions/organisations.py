"""Registering organisations, altering what is said of them, and closing them."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.divisions.queries import valid_on
from hutong.kit.names import clean_name
from hutong.law.identity import is_credit_code, normalise
from hutong.law.organisations import ORGANISATIONS
from hutong.network.models import Organisation
from hutong.network.models.organisation import NAME_AT_MOST

ALTERED = ("name", "credit_code", "from_on")


@transaction.atomic
def register_organisation(
    *, by: Person, kind: str, name: str, division_code: str, from_on: date, on: date, credit_code: str = ""
) -> Organisation:
    """Register an organisation (登记机构) at a place. Raises NotAllowed and Refused."""
    require(by, Permission.KEEP_ORGANISATIONS, code=division_code, on=on)
    if kind not in ORGANISATIONS:
        raise Refused(_("Choose the kind of organisation."))
    if not valid_on(on).filter(code=division_code).exists():
        raise Refused(_("Choose the place from the list that opens as you type."))
    made = Organisation(kind=kind, division_code=division_code)
    _put(made, name=name, credit_code=credit_code, from_on=from_on, on=on)
    _record("register_organisation", made, by=by, on=on)
    return made


@transaction.atomic
def alter_organisation(
    *, by: Person, organisation: Organisation, name: str, credit_code: str, from_on: date, on: date
) -> Organisation:
    """Alter an organisation (变更机构信息): its name, credit code or first day. Raises NotAllowed and Refused."""
    now = _open(organisation, by=by, on=on)
    before = [getattr(now, column) for column in ALTERED]
    _put(now, name=name, credit_code=credit_code, from_on=from_on, on=on)
    columns = [column for column, said in zip(ALTERED, before, strict=True) if getattr(now, column) != said]
    if not columns:
        raise Refused(_("Nothing differs from what is registered."))
    _record("alter_organisation", now, by=by, on=on, columns=columns)
    return now


@transaction.atomic
def close_organisation(*, by: Person, organisation: Organisation, until_on: date, on: date) -> Organisation:
    """Close an organisation (注销机构) after its last day. Raises NotAllowed and Refused."""
    now = _open(organisation, by=by, on=on)
    if until_on > on:
        raise Refused(_("The last day lies in the future. Close the organisation when it has come."))
    if until_on < now.from_on:
        raise Refused(_("The last day lies before the first one."))
    now.until_on = until_on
    now.save()
    _record("close_organisation", now, by=by, on=on)
    return now


def _open(organisation: Organisation, *, by: Person, on: date) -> Organisation:
    now: Organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    require(by, Permission.KEEP_ORGANISATIONS, code=now.division_code, on=on)
    if now.until_on:
        raise Refused(_("This organisation is closed."))
    return now


def _put(organisation: Organisation, *, name: str, credit_code: str, from_on: date, on: date) -> None:
    name, credit_code = clean_name(name), normalise(credit_code)
    if not 0 < len(name) <= NAME_AT_MOST:
        raise Refused(_("Give the name of the organisation, at most 100 characters."))
    if credit_code and not is_credit_code(credit_code):
        raise Refused(_("One character of the credit code is wrong. Compare it with the certificate."))
    if from_on > on:
        raise Refused(_("The first day lies in the future."))
    organisation.name, organisation.credit_code, organisation.from_on = name, credit_code, from_on
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise _there_already(error) from error


def _there_already(error: IntegrityError) -> Refused:
    if "credit_code" in str(error):
        return Refused(_("An organisation with this credit code is registered already. Search for the code."))
    return Refused(_("An organisation of this kind and name is registered at this place already."))


def _record(act: str, organisation: Organisation, *, by: Person, on: date, columns: Iterable[str] = ()) -> None:
    record(
        by=by,
        act=act,
        subject_kind="organisation",
        subject_key=str(organisation.pk),
        division_code=organisation.division_code,
        on=on,
        details={"columns": [*columns]} if columns else {},
    )
