"""Signing in and out, and in the demonstration choosing whom to be."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hutong.accounts.actions.passkeys import ask_to_use, use_passkey
from hutong.accounts.actions.phones import use_pin
from hutong.accounts.actions.sessions import end_sign_in, prove_anew
from hutong.accounts.actions.signing_in import check_code, check_password
from hutong.accounts.clock import today
from hutong.accounts.models import Person, Way
from hutong.accounts.queries import demonstration_person, demonstration_seats, person_numbered
from hutong.accounts.sign_ins import factors_of, has_second_factor
from hutong.desk.challenges import asked_in_json, challenge_of, site_of
from hutong.desk.forms import CodeForm, PasskeyForm, PinForm, ProofForm, SignInForm
from hutong.desk.guards import OfficeRequest, public, signed_in
from hutong.desk.limiting import source_of
from hutong.desk.sessions import begin
from hutong.desk.views.phones import device_of
from hutong.law.sign_in import sign_in_rules

HALF = "half_way"


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in (登录) by user name and password. Whatever does not fit, the answer is the same."""
    if request.user.is_authenticated:
        return redirect("desk:today")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        person = check_password(**form.cleaned_data, source=source_of(request), at=now(), on=today())
        if person:
            return _after_password(request, person)
        form.add_error(None, _did_not_fit())
    return _ask(request, form)


def _ask(request: HttpRequest, form: SignInForm) -> HttpResponse:
    context = {"form": form, "next": _asked(request), "has_demonstration": bool(_seats())}
    return render(request, "desk/sign_in/sign_in.html", context)


def _did_not_fit() -> str:
    return _("This did not fit, or the sign-in is closed for a while after too many attempts.")


def _after_password(request: HttpRequest, person: Person) -> HttpResponse:
    """In the demonstration in; else on to the second factor, or to setting it up."""
    if not person.is_demonstration and has_second_factor(person):
        request.session.cycle_key()
        request.session[HALF] = {"person": person.pk, "at": now().isoformat(), "next": next_page(request)}
        return redirect("desk:sign_in_code")
    begin(request, person, Way.CHOSEN if person.is_demonstration else Way.BEGUN)
    return redirect(next_page(request))


@public
def code(request: HttpRequest) -> HttpResponse:
    """The second step of a sign-in (输入验证码)."""
    half = request.session.get(HALF, {})
    person = _half_way(half)
    if person is None:
        return redirect("desk:sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        way = check_code(person=person, **form.cleaned_data, source=source_of(request), at=now(), on=today())
        if way:
            del request.session[HALF]
            begin(request, person, way)
            return redirect(half["next"])
        form.add_error("code", _did_not_fit())
    return render(request, "desk/sign_in/code.html", {"form": form, "factors": factors_of(person)})


def _half_way(half: dict[str, Any]) -> Person | None:
    """Who has given the right password in this browser within the last minutes."""
    if not half or now() - datetime.fromisoformat(half["at"]) > sign_in_rules(today()).half_way:
        return None
    return person_numbered(half["person"])


@public
def passkey_request(request: HttpRequest) -> HttpResponse:
    """What the browser is asked to sign in by a passkey (通行密钥请求); it names nobody."""
    if request.method != "POST":
        raise Http404
    return asked_in_json(request, *ask_to_use(site=site_of(request)))


@public
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey (用通行密钥登录)."""
    person = _passkey_owner(request)
    if person:
        begin(request, person, Way.PASSKEY)
        return redirect(next_page(request))
    form = SignInForm(request.POST or None)
    form.errors.clear()
    form.add_error(None, _did_not_fit())
    return _ask(request, form)


def _passkey_owner(request: HttpRequest) -> Person | None:
    form, challenge = PasskeyForm(request.POST), challenge_of(request)
    if not form.is_valid() or challenge is None:
        return None
    return use_passkey(
        answer=form.cleaned_data["answer"],
        challenge=challenge,
        site=site_of(request),
        source=source_of(request),
        at=now(),
        on=today(),
    )


@signed_in
def prove(request: OfficeRequest) -> HttpResponse:
    """Prove oneself anew (重新验证身份) before what concerns money, keys and exports."""
    if request.sign_in.way == Way.PIN:
        return _prove_by_pin(request)
    form = ProofForm(None if "answer" in request.POST else request.POST or None)
    way = _proof(request, **form.cleaned_data) if form.is_valid() else _proof_by_passkey(request)
    if way:
        prove_anew(sign_in=request.sign_in, way=way, at=now(), on=today())
        return redirect(next_page(request))
    has_failed = request.method == "POST" and not form.errors
    context = {
        "form": form,
        "next": _asked(request),
        "factors": factors_of(request.user),
        "failed": _did_not_fit() if has_failed else "",
    }
    return render(request, "desk/sign_in/prove.html", context)


def _prove_by_pin(request: OfficeRequest) -> HttpResponse:
    """The same on a bound phone: by its PIN."""
    form, device = PinForm(request.POST or None), device_of(request)
    if device and device.person_id == request.user.pk and form.is_valid():
        if use_pin(device=device, **form.cleaned_data, at=now(), on=today()):
            prove_anew(sign_in=request.sign_in, way=Way.PIN, at=now(), on=today())
            return redirect(next_page(request))
        form.add_error("pin", _("This did not fit. After five wrong PINs the township has to bind the phone anew."))
    return render(request, "desk/sign_in/prove_by_pin.html", {"form": form, "next": _asked(request)})


def _proof_by_passkey(request: OfficeRequest) -> Way | None:
    return Way.PASSKEY if "answer" in request.POST and _passkey_owner(request) == request.user else None


def _proof(request: OfficeRequest, password: str, code: str) -> Way | None:
    source, at, on = source_of(request), now(), today()
    name = request.user.username
    person = check_password(username=name, password=password, source=source, at=at, on=on)
    return check_code(person=person, code=code, source=source, at=at, on=on) if person else None


def _asked(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")


def next_page(request: HttpRequest) -> str:
    """The page that somebody was on, of this site alone; else the first."""
    page = _asked(request)
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "desk:today"


@public
def sign_out(request: OfficeRequest) -> HttpResponse:
    """Sign out (退出登录)."""
    if request.method == "POST" and request.user.is_authenticated:
        end_sign_in(sign_in=request.sign_in, at=now(), on=today())
        logout(request)
    return redirect("desk:sign_in")


def _seats() -> list[Any]:
    return [] if settings.PRODUCTION else demonstration_seats(on=today())


@public
def choose(request: HttpRequest) -> HttpResponse:
    """Choose whom to be (选择身份), in the demonstration only."""
    seats = _seats()
    if not seats:
        raise Http404
    return render(request, "desk/sign_in/choose.html", {"seats": seats})


@public
def be(request: HttpRequest) -> HttpResponse:
    """Be somebody of the demonstration (以此身份进入)."""
    if request.method != "POST":
        return redirect("desk:choose")
    person = None if settings.PRODUCTION else demonstration_person(request.POST.get("person", ""))
    if person is None:
        raise Http404
    begin(request, person, Way.CHOSEN)
    return redirect("desk:today")
