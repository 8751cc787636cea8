"""Recording what guardians signed, and ending it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.law.agreements import AGREEMENTS, ENTRUSTING, PAPER
from hutong.protection.models import GuardianshipAgreement
from hutong.registry.actions.changes import locked, require_open
from hutong.registry.models import Child, Evidence, Guardian
from hutong.registry.queries import files_of


@transaction.atomic
def sign_agreement(
    *,
    by: Person,
    child: Child,
    kind: str,
    guardian: Guardian,
    signed_on: date,
    from_on: date,
    on: date,
    until_on: date | None = None,
    paper: Evidence | None = None,
) -> GuardianshipAgreement:
    """Record an agreement (签订监护协议) that a guardian of a child has signed. Raises NotAllowed and Refused."""
    require(by, Permission.SIGN_AGREEMENTS, code=child.responsible_code, on=on)
    child = locked(child, by=by, on=on)
    require_open(child)
    _require_days(child, signed_on, from_on, until_on, on=on)
    _require_signer(child, kind, guardian)
    _require_paper(child, paper)
    if _holding(child, kind, from_on, until_on):
        raise Refused(_("In these days such an agreement holds already. End that one first."))
    agreement = GuardianshipAgreement(
        child=child,
        kind=kind,
        guardian=guardian,
        signed_on=signed_on,
        from_on=from_on,
        until_on=until_on,
        paper=paper,
        division_code=child.responsible_code,
        recorded_by=by,
    )
    agreement.save()
    _record("sign_agreement", agreement, child, by=by, on=on)
    return agreement


@transaction.atomic
def end_agreement(*, by: Person, agreement: GuardianshipAgreement, until_on: date, on: date) -> GuardianshipAgreement:
    """End an agreement (终止监护协议) after its last day, also one that stands in a joined file.

    Raises NotAllowed and Refused.
    """
    child = Child.objects.select_related("canonical").get(pk=agreement.child_id).leading
    require(by, Permission.SIGN_AGREEMENTS, code=child.responsible_code, on=on)
    child = locked(child, by=by, on=on)
    now: GuardianshipAgreement = GuardianshipAgreement.objects.select_for_update().get(pk=agreement.pk)
    if now.until_on and now.until_on <= until_on:
        raise Refused(_("This agreement ends on that day or earlier already."))
    if until_on < now.from_on:
        raise Refused(_("The last day lies before the first one."))
    now.until_on = until_on
    now.save()
    _record("end_agreement", now, child, by=by, on=on)
    return now


def _require_days(child: Child, signed_on: date, from_on: date, until_on: date | None, *, on: date) -> None:
    if signed_on > on:
        raise Refused(_("The day of the signature lies in the future."))
    if from_on < child.birth_date:
        raise Refused(_("On the first day the child was not born yet."))
    if until_on and until_on < from_on:
        raise Refused(_("The last day lies before the first one."))


def _require_signer(child: Child, kind: str, guardian: Guardian) -> None:
    if kind not in AGREEMENTS:
        raise Refused(_("Choose what was signed."))
    if guardian.child_id not in [file.pk for file in files_of(child)]:
        raise Refused(_("Choose a guardian of this child."))
    if kind == ENTRUSTING and not guardian.is_entrusted:
        raise Refused(_("An agreement on entrusted care is signed with the person entrusted. Enter them first."))
    if kind == "guardianship" and guardian.is_entrusted:
        raise Refused(_("Guardianship is confirmed by the guardian, not by the person entrusted with the care."))


def _require_paper(child: Child, paper: Evidence | None) -> None:
    if paper is None:
        return
    is_theirs = paper.child_id in [file.pk for file in files_of(child)]
    if not is_theirs or paper.kind != PAPER or paper.is_sealed or paper.withdrawn_on:
        raise Refused(_("Choose the signed agreement among the papers of this child."))


def _holding(child: Child, kind: str, from_on: date, until_on: date | None) -> bool:
    alike = GuardianshipAgreement.objects.filter(child__in=files_of(child), kind=kind)
    later = alike.exclude(until_on__lt=from_on)
    return (later.filter(from_on__lte=until_on) if until_on else later).exists()


def _record(act: str, agreement: GuardianshipAgreement, child: Child, *, by: Person, on: date) -> None:
    record(
        by=by,
        act=act,
        subject_kind="child",
        subject_key=agreement.child.file_number,
        division_code=child.responsible_code,
        on=on,
        details={"agreement": agreement.pk, "kind": agreement.kind, "guardian": agreement.guardian_id},
    )
