"""Categories, payee and sealed part of a child by page (类别与领款)."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import people_who_may
from hutong.desk.change_forms import (
    CardForm,
    EndHoldingForm,
    HoldingForm,
    PayeeForm,
    SealForm,
)
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.views.file import Seen
from hutong.desk.views.steps import CHANGE, Step, changeable_or_404, plain, run
from hutong.desk.words import category_title
from hutong.registry import dossier
from hutong.registry.actions import holding, paying, sealing
from hutong.registry.models import CategoryHolding, Child

HOLD = Step(
    _lazy("Add a category"),
    _lazy("A category that is paid for is proposed; another person of the county confirms it."),
    _lazy("Add"),
    HoldingForm,
    holding.begin_holding,
)


@only(CHANGE)
def begin_holding(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Add a category (增加类别)."""
    seen = changeable_or_404(request, file_number)
    return run(
        request,
        seen,
        HOLD,
        initial={"from_on": today()},
        arguments=lambda form: plain(form, "category", "from_on", "decision_number") | {"child": seen.child},
        tab="standing",
    )


END_HOLDING = Step(
    _lazy("End a category"),
    _lazy("The last day is the last on which it holds. What is paid for ends once another person has confirmed it."),
    _lazy("End"),
    EndHoldingForm,
    holding.end_holding,
    danger=True,
)


@only(CHANGE)
def end_holding(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """End a category (终止类别)."""
    seen = changeable_or_404(request, file_number)
    held = dossier.holding_of(seen.child, number)
    if held is None:
        raise Http404
    return run(
        request,
        seen,
        replace(END_HOLDING, title=_end_title(seen.child, held)),
        initial={"until_on": today()},
        arguments=lambda form: plain(form, "until_on") | {"holding": held},
        tab="standing",
    )


def _end_title(child: Child, held: CategoryHolding) -> str:
    said = {"category": category_title(held.category), "file": held.child.file_number}
    if held.child_id == child.pk:
        return _("End the category %(category)s") % said
    return _("End the category %(category)s of the joined file %(file)s") % said


PAYEE = Step(
    _lazy("Who is paid for the child"),
    _lazy("From today. The one before was it until yesterday."),
    _lazy("Save"),
    PayeeForm,
    paying.set_payee,
)
CARD = Step(
    _lazy("Another card"),
    _lazy("The holder stays the same. The old card is paid to until yesterday."),
    _lazy("Save"),
    CardForm,
    paying.set_card,
)


@only(Permission.KEEP_PAYEES)
@fresh
def set_payee(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Set the payee (登记领款人)."""
    seen = changeable_or_404(request, file_number, "payees")

    def arguments(form: forms.Form) -> dict[str, Any]:
        holder = form.holder()  # type: ignore[attr-defined]
        return plain(form, "card", "bank_name", "is_sure") | {"child": seen.child, "holder": holder}

    return run(request, seen, PAYEE, initial={"reason": "happened"}, arguments=arguments, tab="standing")


@only(Permission.KEEP_PAYEES)
@fresh
def set_card(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Set another card (换卡)."""
    seen = changeable_or_404(request, file_number, "payees")
    return run(
        request,
        seen,
        CARD,
        initial={"reason": "happened"},
        arguments=lambda form: plain(form, "card", "bank_name", "is_sure") | {"child": seen.child},
        tab="standing",
    )


SEAL = Step(
    _lazy("Sealed part"),
    _lazy("Lists, prints, exports and payments show nothing of it. Only the people named here can open it."),
    _lazy("Save"),
    SealForm,
    sealing.seal_basis,
)


@only(Permission.SEE_SECRET)
def seal(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Set the sealed part (密封依据) and who may open it."""
    seen = changeable_or_404(request, file_number, "secret")
    people = possible_readers(request, seen)

    def arguments(form: forms.Form) -> dict[str, Any]:
        said = form.cleaned_data
        named = [person for person in people if str(person.pk) in said["named"]]
        return {"child": seen.child, "basis": said["basis"], "named": named, "reason": said["reason"]}

    options = {"people": [(str(person.pk), f"{person.name}（{person.organisation}）") for person in people]}
    return run(request, seen, SEAL, initial={}, arguments=arguments, tab="standing", form_options=options)


def possible_readers(request: OfficeRequest, seen: Seen) -> list[Person]:
    """Who could be named for the sealed part of a child beside whoever asks (可指定人员)."""
    people = people_who_may(Permission.SEE_SECRET, code=seen.child.responsible_code, on=today())
    return [person for person in people if person != request.user]
