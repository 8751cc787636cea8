"""Placements and agreements of a child by page: recording them and ending them."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.placement_forms import AgreementForm, EndAgreementForm, EndPlacementForm, PlacementForm
from hutong.desk.titles import pair_title
from hutong.desk.views.file import Seen
from hutong.desk.views.steps import Step, changeable_or_404, run
from hutong.law.agreements import AGREEMENTS, PAPER
from hutong.law.placements import PLACEMENTS
from hutong.network.queries import organisations_taking_children
from hutong.protection.actions.agreeing import end_agreement as end_agreement_of
from hutong.protection.actions.agreeing import sign_agreement as sign
from hutong.protection.actions.placing import end_placement as end_placement_of
from hutong.protection.actions.placing import place_child
from hutong.protection.queries import agreement_of, placement_of, placements_on
from hutong.registry import dossier
from hutong.registry.queries import papers_known_to

PLACE = Step(
    _lazy("Place the child"),
    _lazy("By decision, from the first day on. The child is raised in one place at a time."),
    _lazy("Place the child"),
    PlacementForm,
    place_child,
)
REPLACING = _lazy("Where the child is raised until now ends the day before the first day you give.")
END_PLACEMENT = Step(
    _lazy("End a placement"),
    _lazy("The last day is the last on which the child was there."),
    _lazy("End"),
    EndPlacementForm,
    end_placement_of,
    danger=True,
)
SIGN = Step(
    _lazy("Record an agreement"),
    _lazy("What a guardian, or the person entrusted with the care, has signed."),
    _lazy("Record"),
    AgreementForm,
    sign,
)
END_AGREEMENT = Step(
    _lazy("End an agreement"),
    _lazy("The last day is the last on which it holds."),
    _lazy("End"),
    EndAgreementForm,
    end_agreement_of,
    danger=True,
)


@only(Permission.PLACE_CHILDREN)
def place(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Place a child (安置儿童); where it is raised until now ends the day before."""
    seen = changeable_or_404(request, file_number, "placing")
    is_placed = bool(placements_on(seen.child, today()))
    return run(
        request,
        seen,
        replace(PLACE, title=_lazy("Place otherwise"), note=REPLACING) if is_placed else PLACE,
        initial={"from_on": today(), "decided_on": today()},
        arguments=lambda form: form.cleaned_data | {"child": seen.child, "replaces": is_placed},
        tab="family",
        form_options={"organisations": organisations_taking_children(request.user, on=today())},
    )


@only(Permission.PLACE_CHILDREN)
def end_placement(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """End a placement (终止安置)."""
    seen = changeable_or_404(request, file_number, "placing")
    placement = placement_of(request.user, seen.child, number, on=today())
    if placement is None or placement.until_on:
        raise Http404
    return run(
        request,
        seen,
        replace(END_PLACEMENT, title=f"{END_PLACEMENT.title}：{pair_title(PLACEMENTS[placement.kind])}"),
        initial={"until_on": today()},
        arguments=lambda form: form.cleaned_data | {"placement": placement},
        tab="family",
    )


@only(Permission.SIGN_AGREEMENTS)
def sign_agreement(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Record an agreement (登记监护协议)."""
    seen = changeable_or_404(request, file_number, "agreements")

    def arguments(form: forms.Form) -> dict[str, Any]:
        said: dict[str, Any] = form.said()  # type: ignore[attr-defined]
        return said | {"child": seen.child}

    return run(
        request,
        seen,
        SIGN,
        initial={"signed_on": today(), "from_on": today()},
        arguments=arguments,
        tab="family",
        form_options=_signers(seen),
    )


def _signers(seen: Seen) -> dict[str, Any]:
    guardians = dossier.family(seen.child, sensitive=False).guardians
    papers = papers_known_to(seen.user, seen.child, sensitive=seen.is_sensitive, on=today())
    return {
        "guardians": [one for one in guardians if one.until_on is None or one.until_on >= today()],
        "papers": papers.filter(kind=PAPER, is_sealed=False, withdrawn_on__isnull=True),
    }


@only(Permission.SIGN_AGREEMENTS)
def end_agreement(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """End an agreement (终止监护协议)."""
    seen = changeable_or_404(request, file_number, "agreements")
    agreement = agreement_of(request.user, seen.child, number, on=today())
    if agreement is None or (agreement.until_on and agreement.until_on < today()):
        raise Http404
    return run(
        request,
        seen,
        replace(END_AGREEMENT, title=f"{END_AGREEMENT.title}：{pair_title(AGREEMENTS[agreement.kind])}"),
        initial={"until_on": today()},
        arguments=lambda form: form.cleaned_data | {"agreement": agreement},
        tab="family",
    )
