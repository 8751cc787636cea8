"""One's own second factors, and where one is signed in."""

from io import BytesIO
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hutong.accounts.actions.factors import (
    begin_authenticator,
    confirm_authenticator,
    finish_set_up,
    make_recovery_codes,
    remove_authenticator,
)
from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.passkeys import add_passkey, ask_to_make, remove_passkey
from hutong.accounts.actions.sessions import end_others
from hutong.accounts.clock import today
from hutong.accounts.models import Way
from hutong.accounts.sign_ins import factors_of, sign_ins_of
from hutong.desk.challenges import asked_in_json, challenge_of, site_of
from hutong.desk.forms import CodeForm, PasskeyForm
from hutong.desk.guards import OfficeRequest, arriving, by_office, fresh, signed_in
from hutong.desk.sessions import browser_of


@arriving
@by_office
@fresh
def show(request: OfficeRequest) -> HttpResponse:
    """One's own sign-in (我的登录): second factors and where one is signed in; first of all, setting one up."""
    if not request.sign_in.is_whole:
        return render(request, "desk/factors/first.html", {})
    context = {
        "factors": factors_of(request.user),
        "sign_ins": sign_ins_of(request.user, at=now(), on=today()),
        "here": request.sign_in,
    }
    return render(request, "desk/factors/show.html", context)


@arriving
@by_office
@fresh
def app(request: OfficeRequest) -> HttpResponse:
    """Set up an authenticator app (设置动态口令): a picture to photograph, and the first code."""
    form = CodeForm(request.POST or None)
    try:
        secret, address = begin_authenticator(by=request.user, name=str(_("Hutong")))
        if form.is_valid():
            confirm_authenticator(by=request.user, **form.cleaned_data, kept=request.sign_in, at=now(), on=today())
            return _set_up(request, Way.CODE, _("The app is set up."))
    except Refused as refused:
        if not form.is_bound:
            messages.error(request, str(refused.reason))
            return redirect("desk:second_factor")
        form.add_error("code", str(refused.reason))
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    layout = "desk/base.html" if request.sign_in.is_whole else "desk/bare.html"
    context = {"form": form, "secret": groups, "picture": _picture(address), "layout": layout}
    return render(request, "desk/factors/app.html", context)


def _picture(address: str) -> SafeString:
    """A QR code as inline SVG."""
    kept = BytesIO()
    segno.make(address, error="m").save(kept, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, omitsize=True)
    return mark_safe(kept.getvalue().decode())


@arriving
@by_office
@fresh
def passkey_request(request: OfficeRequest) -> HttpResponse:
    """What the browser is asked for a new passkey (登记请求)."""
    if request.method != "POST":
        raise Http404
    return asked_in_json(request, *ask_to_make(by=request.user, site=site_of(request)))


@arriving
@by_office
@fresh
def passkey(request: OfficeRequest) -> HttpResponse:
    """Add a passkey (登记通行密钥)."""
    form, challenge = PasskeyForm(request.POST), challenge_of(request)
    try:
        if not form.is_valid() or challenge is None:
            raise Refused(_("The device did not answer as it should. Try once more."))
        add_passkey(
            by=request.user,
            answer=form.cleaned_data["answer"],
            challenge=challenge,
            site=site_of(request),
            name=browser_of(request) or _("Passkey"),
            kept=request.sign_in,
            at=now(),
            on=today(),
        )
        return _set_up(request, Way.PASSKEY, _("The passkey is registered."))
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:second_factor")


def _set_up(request: OfficeRequest, way: Way, done: str) -> HttpResponse:
    """The first factor makes the sign-in whole, and the recovery codes are told; a further one is said to be there."""
    if not request.sign_in.is_whole:
        codes = finish_set_up(by=request.user, sign_in=request.sign_in, way=way, at=now(), on=today())
        return _tell_codes(request, codes)
    messages.success(request, done)
    return redirect("desk:second_factor")


def _tell_codes(request: OfficeRequest, codes: list[str]) -> HttpResponse:
    return render(request, "desk/factors/codes.html", {"codes": codes})


@signed_in
@by_office
@fresh
def codes(request: OfficeRequest) -> HttpResponse:
    """New recovery codes (新的恢复码): they stand in this one answer and nowhere else."""
    if request.method != "POST":
        return redirect("desk:second_factor")
    return _tell_codes(request, make_recovery_codes(by=request.user, on=today()))


@signed_in
@by_office
@fresh
def remove_app(request: OfficeRequest) -> HttpResponse:
    """Remove one's app (解除动态口令)."""
    if request.method == "POST":
        _try(request, _("The app is removed."), remove_authenticator)
    return redirect("desk:second_factor")


@signed_in
@by_office
@fresh
def remove(request: OfficeRequest, number: int) -> HttpResponse:
    """Remove a passkey (删除通行密钥)."""
    if number not in {one.pk for one in factors_of(request.user).passkeys}:
        raise Http404
    if request.method == "POST":
        _try(request, _("The passkey is removed."), remove_passkey, number=number)
    return redirect("desk:second_factor")


def _try(request: OfficeRequest, done: str, verb: Any, **named: object) -> None:
    try:
        verb(by=request.user, kept=request.sign_in, at=now(), on=today(), **named)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused.reason))


@signed_in
def end(request: OfficeRequest) -> HttpResponse:
    """End one's other sign-ins (结束其他登录)."""
    if request.method == "POST":
        ended = end_others(by=request.user, kept=request.sign_in, at=now(), on=today())
        messages.success(request, _("Signed out elsewhere: %(count)s.") % {"count": ended})
    return redirect("desk:second_factor")
