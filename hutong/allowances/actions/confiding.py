"""A confidential application (密办申请): begun, accepted, checked and decided by people named for the child alone."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.allowances.actions.applying import CALL_THE_COUNTY, Applicant, draft, require_none_open
from hutong.allowances.actions.stepping import keep_due, require_known
from hutong.allowances.models import Application
from hutong.law.applying import INSTITUTION
from hutong.law.categories import Basis
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.actions.sealing import name_readers
from hutong.registry.models import Child
from hutong.registry.queries import may_open_secret, named_for

CATEGORY = "orphan_kin"
"""What a confidential application is for: the standard whose holders have a sealed basis."""


@transaction.atomic
def begin_confidential(
    *,
    by: Person,
    child: Child,
    basis: str,
    named: Collection[Person],
    reason: str,
    applicant: Applicant,
    on: date,
) -> Application:
    """Begin a confidential application (密办申请登记) as a draft, with what it rests on and who may know of it.

    The county takes every step, by named people alone; three of them are needed. Raises NotAllowed and Refused.
    """
    child = locked_child(child.leading, by=by, on=on)
    require(by, Permission.APPLY, code=_county(child), on=on)
    if basis not in list(Basis):
        raise Refused(_("Choose what it rests on."))
    if applicant.kind == INSTITUTION:
        raise Refused(_("An institution applies in the ordinary way. Say who asks for the child."))
    require_none_open(child, by=by, on=on)
    _name(child, named, reason, by=by, on=on)
    application = draft(
        by=by, child=child, category=CATEGORY, applicant=applicant, on=on, basis=Basis(basis), is_confidential=True
    )
    _record("begin_confidential", application, by=by, on=on)
    return application


@transaction.atomic
def name_people(
    *, by: Person, application: Application, named: Collection[Person], reason: str, on: date
) -> Application:
    """Name others for a confidential application (增加知悉人); somebody named already does.

    Raises NotAllowed and Refused.
    """
    child = locked_child(application.file, by=by, on=on)
    now: Application = Application.objects.select_for_update().get(pk=application.pk)
    require_known(by, now, on=on)
    if not now.is_confidential:
        raise Refused(_("Only a confidential application has people named for it."))
    _name(child, named, reason, by=by, on=on)
    keep_due([now], by=by, on=on)
    _record("name_people", now, by=by, on=on)
    return now


def _name(child: Child, named: Collection[Person], reason: str, *, by: Person, on: date) -> None:
    """Name them beside those named already; what is left must be enough for three steps."""
    if not reason.strip():
        raise Refused(_("Say in a few words why these people."))
    before = named_for(child, on=on)
    if before and not may_open_secret(by, child, on=on):
        raise Refused(CALL_THE_COUNTY)
    name_readers(by=by, child=child, named=named, reason=reason, on=on)
    _require_three({by, *before, *named}, child, on=on)


def _require_three(people: Collection[Person], child: Child, *, on: date) -> None:
    """Raises Refused where the people named cannot accept, check and decide: three people, each with the right to."""
    place = _county(child)
    deciding = {one for one in people if may(one, Permission.DECIDE_APPLICATIONS, code=place, on=on)}
    accepting = {one for one in people if may(one, Permission.ACCEPT_APPLICATIONS, code=place, on=on)}
    if not deciding or len(accepting - deciding) < 2:
        raise Refused(
            _("Name at least two county officers, yourself counted, and an approver: three people take the steps.")
        )


def _county(child: Child) -> str:
    return full(child.responsible_code[: LENGTH_OF[Level.COUNTY]])


def _record(act: str, application: Application, *, by: Person, on: date) -> None:
    record(
        by=by,
        act=act,
        subject_kind="child",
        subject_key=application.file.file_number,
        division_code=application.division_code,
        on=on,
        details={"application": application.pk},
    )
