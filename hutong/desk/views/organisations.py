"""Organisations by page: the list, one of them, registering, altering and closing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may, permissions_of
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.organisation_forms import (
    AlterOrganisationForm,
    CloseOrganisationForm,
    OrganisationFilterForm,
    OrganisationForm,
)
from hutong.desk.paging import page_links
from hutong.desk.titles import pair_title, span
from hutong.divisions.queries import path_names
from hutong.law.organisations import ORGANISATIONS
from hutong.network.actions.organisations import alter_organisation, close_organisation, register_organisation
from hutong.network.models import Organisation
from hutong.network.queries import READING, organisation_with_number, organisations
from hutong.protection.queries import placed_in

KEEP = Permission.KEEP_ORGANISATIONS
PAGE = 50


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation in words (机构行)."""

    number: int
    name: str
    kind: str
    place: str
    credit_code: str
    span: str
    is_closed: bool


def _lines(found: Iterable[Organisation]) -> list[OrganisationLine]:
    rows = list(found)
    places = path_names(one.division_code for one in rows)
    return [
        OrganisationLine(
            one.pk,
            one.name,
            pair_title(ORGANISATIONS[one.kind]),
            places.get(one.division_code, one.division_code),
            one.credit_code,
            span(one.from_on, one.until_on),
            one.until_on is not None and one.until_on < today(),
        )
        for one in rows
    ]


@only(*READING)
def index(request: OfficeRequest) -> HttpResponse:
    """Organisations (机构) of one's places and those that serve them, by kind and words."""
    form = OrganisationFilterForm(request.GET)
    found = organisations(request.user, form.filters(), on=today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": _lines(page.object_list),
        "may_keep": KEEP in permissions_of(request.user, on=today()),
    }
    return render(request, "desk/organisations/index.html", context | page_links(request, page))


@only(*READING)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One organisation (机构)."""
    one = _found(request, number)
    (line,) = _lines([one])
    context = {
        "line": line,
        "organisation": one,
        "may_keep": _may_keep(request, one),
        "placed": placed_in(request.user, one, today()),
    }
    return render(request, "desk/organisations/show.html", context)


@only(KEEP)
def register(request: OfficeRequest) -> HttpResponse:
    """Register an organisation (登记机构)."""
    within = jurisdiction_of(request.user, KEEP, on=today()).prefixes
    form = OrganisationForm(request.POST or None, within=within, on=today(), initial={"from_on": today()})
    if form.is_valid():
        made = _tried(form, lambda: register_organisation(by=request.user, on=today(), **form.said()))
        if made:
            messages.success(request, _("Registered, and recorded."))
            return redirect("desk:organisation", made.pk)
    return _form_page(request, "desk/organisations/register.html", form)


@only(KEEP)
def alter(request: OfficeRequest, number: int) -> HttpResponse:
    """Alter an organisation (变更机构信息)."""
    one = _kept(request, number)
    form = AlterOrganisationForm(request.POST or None, initial=AlterOrganisationForm.of(one))
    if form.is_valid() and _tried(
        form, lambda: alter_organisation(by=request.user, organisation=one, on=today(), **form.cleaned_data)
    ):
        messages.success(request, _("Done, and recorded."))
        return redirect("desk:organisation", number)
    return _form_page(request, "desk/organisations/alter.html", form, one)


@only(KEEP)
def close(request: OfficeRequest, number: int) -> HttpResponse:
    """Close an organisation (注销机构)."""
    one = _kept(request, number)
    form = CloseOrganisationForm(request.POST or None, initial={"until_on": today()})
    if form.is_valid() and _tried(
        form, lambda: close_organisation(by=request.user, organisation=one, on=today(), **form.cleaned_data)
    ):
        messages.success(request, _("Done, and recorded."))
        return redirect("desk:organisation", number)
    return _form_page(request, "desk/organisations/close.html", form, one)


def _found(request: OfficeRequest, number: int) -> Organisation:
    one = organisation_with_number(request.user, number, on=today())
    if one is None:
        raise Http404
    return one


def _may_keep(request: OfficeRequest, one: Organisation) -> bool:
    return one.until_on is None and may(request.user, KEEP, code=one.division_code, on=today())


def _kept(request: OfficeRequest, number: int) -> Organisation:
    one = _found(request, number)
    if not _may_keep(request, one):
        raise Http404
    return one


def _tried(form: forms.Form, act: Callable[[], Organisation]) -> Organisation | None:
    try:
        return act()
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return None


def _form_page(
    request: OfficeRequest, template: str, form: forms.Form, one: Organisation | None = None
) -> HttpResponse:
    line = _lines([one])[0] if one else None
    context = {"form": form, "line": line, "placed": placed_in(request.user, one, today()) if one else 0}
    return render(request, template, context, status=422 if form.errors else 200)
