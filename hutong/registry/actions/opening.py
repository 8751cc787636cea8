"""Looking at one child: every look, every revealed value and every purpose leaves an entry in the trail.

The words of a purpose stand with the grant, which can be erased; the trail refers to it.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Grant, Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import active_purpose, is_emergency, may
from hutong.kit.cipher import Sealed
from hutong.registry.actions.paying import payee_of
from hutong.registry.dossier import fact_of, observation_of
from hutong.registry.models import Child, Evidence, Observation
from hutong.registry.models.facts import Fact
from hutong.registry.queries import CHILD_SCOPE, child_to_open, files_of, hidden_among, papers_known_to, visible_to
from hutong.treasury.models import Payee

PURPOSE_MIN = 4
REVEALED = {
    "child-id_number": Permission.REVEAL,
    "child-address": Permission.REVEAL_CONTACT,
    "guardian-id_number": Permission.REVEAL,
    "guardian-phone": Permission.REVEAL_CONTACT,
    "parent-id_number": Permission.REVEAL,
    "parent-phone": Permission.REVEAL_CONTACT,
    "circumstance-certificate": Permission.REVEAL,
    "circumstance-note": Permission.SEE_SENSITIVE,
    "health-words": Permission.SEE_SENSITIVE,
    "observation-answer": Permission.SEE_SENSITIVE,
    "paper-note": Permission.SEE_SENSITIVE,
    "paper-withdrawn_why": Permission.SEE_SENSITIVE,
    "payee-card": Permission.KEEP_PAYEES,
}
"""What is shown on demand, as `noun-column`, and the permission it takes."""
IN_EMERGENCY = ("child-address", "guardian-phone", "parent-phone")
"""How to find and reach the family: shown in an emergency, too; to few where whereabouts are kept secret."""


def may_find(user: Person, child: Child, *, on: date) -> bool:
    """Whether somebody may be shown how to find a child (可知行踪): where it is kept secret, few may."""
    leading = child.leading
    return leading.pk not in hidden_among([leading], on=on) or may(
        user, Permission.SEE_SENSITIVE, code=leading.responsible_code, on=on
    )


@transaction.atomic
def look(*, by: Person, file_number: str, on: date, is_step: bool = False) -> Child | None:
    """Look at (查看) a child's page: the child, with the look recorded, or None where there is nothing to see.

    A look at the file that leads is one at those joined to it. A step from one part of an open file to another
    (`is_step`) is recorded as such.
    """
    child = visible_to(by, on=on).filter(file_number=file_number).first()
    for file in files_of(child) if child else ():
        _record(by, "open_part" if is_step else "open_child", file, on=on)
    return child


@transaction.atomic
def reveal(*, by: Person, child: Child, value: str, number: int, on: date, at: datetime) -> str:
    """Reveal (显示) one sealed value, `noun-column` of the row `number`, for a purpose stated in the last minutes.

    Raises NotAllowed, also where there is nothing to show, and PurposeNeeded where no purpose covers the moment `at`.
    """
    if value not in REVEALED:
        raise NotAllowed(Permission.REVEAL)
    if not (value in IN_EMERGENCY and is_emergency(by, CHILD_SCOPE, child.leading.file_number, on=on)):
        require(by, REVEALED[value], code=child.leading.responsible_code, on=on)
    if value in IN_EMERGENCY and not may_find(by, child, on=on):
        raise Refused(_("Where this child is, is kept secret. The county officer says who may know."))
    sealed = getattr(_row(by, child, value.partition("-")[0], number, on=on), value.partition("-")[2], None)
    return open_for_purpose(
        by=by, child=child, value=value, number=number, sealed=sealed, needed=REVEALED[value], on=on, at=at
    )


@transaction.atomic
def open_for_purpose(
    *,
    by: Person,
    child: Child,
    value: str,
    number: int,
    sealed: Sealed | None,
    needed: Permission,
    on: date,
    at: datetime,
) -> str:
    """Open one sealed value of a child (打开密文项), recorded; whoever calls has asked for the permission `needed`.

    Raises PurposeNeeded, and NotAllowed where there is nothing to show.
    """
    purpose = active_purpose(by, "child", child.file_number, at=at)
    if purpose is None:
        raise PurposeNeeded
    if sealed is None:
        raise NotAllowed(needed)
    shown = sealed.open()
    _record(by, "reveal", child, on=on, details={"field": value, "row": number, "purpose": purpose.pk})
    return shown


def closed_values(noun: str, row: Child | Fact) -> list[str]:
    """The closed values (密文项) that a row of this noun has, as `reveal` names them."""
    return [value for value in REVEALED if value.startswith(f"{noun}-") and getattr(row, value.partition("-")[2])]


def _row(
    by: Person, child: Child, noun: str, number: int, *, on: date
) -> Child | Evidence | Fact | Observation | Payee | None:
    if noun == "child":
        return child
    if noun == "payee":
        return payee_of(child, on=on)
    if noun == "paper":
        return papers_known_to(by, child, sensitive=True, on=on).filter(pk=number).first()
    if noun == "observation":
        return observation_of(child, number)
    return fact_of(child, noun, number, sensitive=True)


@transaction.atomic
def open_with_purpose(*, by: Person, file_number: str, purpose: str, on: date) -> Child:
    """Open with a purpose (说明目的查看): an overseeing officer sees one child for this day. Raises Refused."""
    purpose = purpose.strip()
    if len(purpose) < PURPOSE_MIN:
        raise Refused(_("Say in a few words what you need the file for."))
    child = child_to_open(by, file_number, on=on)
    if child is None:
        raise Refused(_("There is no child with this file number in your area. Check the number."))
    grant = Grant.objects.create(
        person=by,
        scope_kind=CHILD_SCOPE,
        scope_key=child.file_number,
        reason=purpose[:200],
        given_by=by,
        from_on=on,
        until_on=on,
    )
    _record(by, "open_with_purpose", child, on=on, details={"grant": grant.pk})
    notify(
        kind="opened_from_above",
        subject_kind="child",
        subject_key=child.file_number,
        role="county_officer",
        division_code=child.responsible_code,
        values={"file": child.file_number},
    )
    return child


def _record(by: Person, act: str, child: Child, *, on: date, details: dict[str, object] | None = None) -> None:
    record(
        by=by,
        act=act,
        subject_kind="child",
        subject_key=child.file_number,
        division_code=child.leading.responsible_code,
        on=on,
        details=details,
    )
