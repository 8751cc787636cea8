"""Phones of village child directors: bound by the township, used by a PIN."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.phones import bind_phone, choose_pin, end_device, open_binding, use_pin
from hutong.accounts.clock import today
from hutong.accounts.models import Device, Way
from hutong.accounts.permissions import Permission
from hutong.accounts.phones import device_with, director_numbered, directors, is_locked_out
from hutong.desk.forms import BindForm, NewPinForm, PinForm
from hutong.desk.guards import OfficeRequest, fresh, only, public
from hutong.desk.limiting import source_of
from hutong.desk.sessions import begin, browser_of
from hutong.divisions.queries import path_names

COOKIE, KEPT_SECONDS = "hutong_phone", 400 * 24 * 60 * 60


def device_of(request: HttpRequest) -> Device | None:
    """The bound phone that asks (本机), known by the token it keeps."""
    token = request.COOKIES.get(COOKIE, "")
    return device_with(token) if token else None


@public
def pin(request: HttpRequest) -> HttpResponse:
    """Sign in on a bound phone by PIN (手机登录); on another phone, to its binding."""
    device = device_of(request)
    if device is None or not device.pin:
        return redirect("desk:choose_pin" if device else "desk:bind_phone")
    form = PinForm(request.POST or None)
    if form.is_valid():
        person = use_pin(device=device, **form.cleaned_data, at=now(), on=today())
        if person:
            begin(request, person, Way.PIN)
            return redirect("desk:today")
        form.add_error("pin", _("This did not fit. After five wrong PINs the township has to bind the phone anew."))
    return render(request, "desk/phones/pin.html", {"form": form, "person": device.person})


@public
def bind(request: HttpRequest) -> HttpResponse:
    """Bind this phone (绑定本机) by the code on the township's screen."""
    form = BindForm(request.POST or None)
    if form.is_valid():
        bound = bind_phone(
            **form.cleaned_data, browser=browser_of(request), source=source_of(request), at=now(), on=today()
        )
        if bound:
            return _keep_token(redirect("desk:choose_pin"), bound[1])
        form.add_error(None, _("This did not fit, or the code has expired. Ask the township for a new one."))
    return render(request, "desk/phones/bind.html", {"form": form})


def _keep_token(answer: HttpResponse, token: str) -> HttpResponse:
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(COOKIE, token, max_age=KEPT_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return answer


@public
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the PIN (设置PIN码) on a phone that was just bound."""
    device = device_of(request)
    if device is None or device.pin:
        return redirect("desk:phone")
    form = NewPinForm(request.POST or None)
    if form.is_valid():
        try:
            device = choose_pin(device=device, pin=form.cleaned_data["pin"], on=today())
            begin(request, device.person, Way.PIN)
            return redirect("desk:today")
        except Refused as refused:
            form.add_error("pin", str(refused.reason))
    return render(request, "desk/phones/choose.html", {"form": form, "person": device.person})


@only(Permission.BIND_PHONES)
def index(request: OfficeRequest) -> HttpResponse:
    """Phones (手机): the directors of the area, by place, with their bound phones."""
    found = directors(request.user, on=today())
    places = path_names(one.code for one in found)
    lines = [
        (one, places.get(one.code, one.code), [(device, is_locked_out(device, on=today())) for device in one.devices])
        for one in found
    ]
    return render(request, "desk/phones/index.html", {"lines": lines})


@only(Permission.BIND_PHONES)
@fresh
def open_for(request: OfficeRequest, number: int) -> HttpResponse:
    """Open a binding (开始绑定): the code stands in this one answer, for ten minutes."""
    person = director_numbered(request.user, number, on=today())
    if person is None:
        raise Http404
    if request.method != "POST":
        return redirect("desk:phones")
    try:
        binding, code = open_binding(by=request.user, person=person, on=today(), at=now())
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:phones")
    return render(request, "desk/phones/code.html", {"binding": binding, "code": code, "person": person})


@only(Permission.BIND_PHONES)
@fresh
def end(request: OfficeRequest, number: int) -> HttpResponse:
    """End a phone (停用手机)."""
    if number not in {device.pk for one in directors(request.user, on=today()) for device in one.devices}:
        raise Http404
    if request.method == "POST":
        end_device(by=request.user, number=number, at=now(), on=today())
        messages.success(request, _("The phone lets nobody in any more."))
    return redirect("desk:phones")
