"""Placing children and ending placements: one at a time, over all files of a child."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.names import clean_name, is_name
from hutong.law.placements import ENDING_PLACEMENTS, PLACEMENTS, WITH_CARER
from hutong.network.models import Organisation
from hutong.network.queries import organisations_taking_children
from hutong.protection.models import Placement
from hutong.registry.actions.changes import locked, require_open
from hutong.registry.models import Child
from hutong.registry.queries import files_of

NUMBER_AT_MOST, ONE_DAY = 60, timedelta(days=1)


@transaction.atomic
def place_child(
    *,
    by: Person,
    child: Child,
    kind: str,
    decided_on: date,
    from_on: date,
    on: date,
    organisation: Organisation | None = None,
    carer: str = "",
    decision_number: str = "",
    replaces: bool = False,
) -> Placement:
    """Place a child (安置儿童) by decision; `replaces` ends where it is raised until now the day before.

    What began on the same day is mended in place: a child is not in two places on its first day. Raises NotAllowed and
    Refused.
    """
    require(by, Permission.PLACE_CHILDREN, code=child.responsible_code, on=on)
    child = locked(child, by=by, on=on)
    require_open(child)
    _require_days(child, decided_on, from_on, on=on)
    if len(decision_number.strip()) > NUMBER_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": NUMBER_AT_MOST})
    organisation, carer = _with_whom(by, kind, organisation, carer, from_on=from_on)
    mended = _begun_on(child, from_on) if replaces else None
    if mended is None:
        _make_room(child, from_on, by=by, on=on, replaces=replaces)
    placement = mended or Placement(child=child, from_on=from_on)
    placement.kind, placement.organisation, placement.carer = kind, organisation, carer or None
    placement.decided_on, placement.decision_number = decided_on, decision_number.strip()
    placement.division_code, placement.recorded_by = child.responsible_code, by
    placement.save()
    _record("mend_placement" if mended else "place_child", placement, child, by=by, on=on)
    return placement


def _begun_on(child: Child, from_on: date) -> Placement | None:
    begun = Placement.objects.select_for_update().filter(child=child, from_on=from_on, until_on__isnull=True)
    found: Placement | None = begun.first()
    return found


@transaction.atomic
def end_placement(*, by: Person, placement: Placement, until_on: date, reason: str, on: date) -> Placement:
    """End a placement (终止安置) after its last day, also one that stands in a joined file.

    Raises NotAllowed and Refused.
    """
    child = Child.objects.select_related("canonical").get(pk=placement.child_id).leading
    require(by, Permission.PLACE_CHILDREN, code=child.responsible_code, on=on)
    child = locked(child, by=by, on=on)
    now: Placement = Placement.objects.select_for_update().get(pk=placement.pk)
    if now.until_on:
        raise Refused(_("This placement has ended already."))
    if reason not in ENDING_PLACEMENTS:
        raise Refused(_("Choose why the placement ended."))
    if until_on > on:
        raise Refused(_("The last day lies in the future."))
    _end(now, until_on, reason, child, by=by, on=on)
    return now


def _require_days(child: Child, decided_on: date, from_on: date, *, on: date) -> None:
    if decided_on > on or from_on > on:
        raise Refused(_("The day lies in the future. Record the placement once it has been decided and begun."))
    if from_on < child.birth_date:
        raise Refused(_("On the first day the child was not born yet."))


def _with_whom(
    by: Person, kind: str, organisation: Organisation | None, carer: str, *, from_on: date
) -> tuple[Organisation | None, str]:
    """The organisation of an institution, or the carer's name; what does not belong to the kind is left out."""
    if kind not in PLACEMENTS:
        raise Refused(_("Choose where the child is raised."))
    if kind == "institution":
        taking = organisations_taking_children(by, on=from_on)
        if organisation is None or not taking.filter(pk=organisation.pk).exists():
            raise Refused(_("Choose an institution that takes children and worked on the first day."))
        return organisation, ""
    carer = clean_name(carer) if kind in WITH_CARER else ""
    if kind in WITH_CARER and not is_name(carer):
        raise Refused(_("Give the full name of who raises the child."))
    return None, carer


def _make_room(child: Child, from_on: date, *, by: Person, on: date, replaces: bool) -> None:
    """Ends what is replaced; raises Refused where another placement holds on that day or later."""
    placed = Placement.objects.filter(child__in=files_of(child))
    if replaces:
        for current in placed.select_for_update().filter(until_on__isnull=True, from_on__lt=from_on):
            _end(current, from_on - ONE_DAY, "moved", child, by=by, on=on)
    if placed.exclude(until_on__lt=from_on).exists():
        raise Refused(_("In these days the child is placed already. End that placement first."))


def _end(placement: Placement, until_on: date, reason: str, child: Child, *, by: Person, on: date) -> None:
    if until_on < placement.from_on:
        raise Refused(_("The last day lies before the first one."))
    placement.until_on, placement.ended_reason = until_on, reason
    placement.save()
    _record("end_placement", placement, child, by=by, on=on)


def _record(act: str, placement: Placement, child: Child, *, by: Person, on: date) -> None:
    details = {"placement": placement.pk, "kind": placement.kind, "organisation": placement.organisation_id}
    record(
        by=by,
        act=act,
        subject_kind="child",
        subject_key=placement.child.file_number,
        division_code=child.responsible_code,
        on=on,
        details=details,
    )
