"""Signing in and out, and in the demonstration choosing whom to be."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hutong.accounts.actions.signing_in import check_password
from hutong.accounts.clock import today
from hutong.accounts.queries import demonstration_person, demonstration_seats
from hutong.desk.forms import SignInForm
from hutong.desk.guards import public


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in (登录) by user name and password. Whatever does not fit, the answer is the same."""
    if request.user.is_authenticated:
        return redirect("desk:today")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        person = check_password(**form.cleaned_data, source=source_of(request), at=now(), on=today())
        if person:
            login(request, person)
            return redirect(next_page(request))
        form.add_error(None, _("This did not fit, or the sign-in is closed for a while after too many attempts."))
    context = {"form": form, "next": _asked(request), "has_demonstration": bool(_seats())}
    return render(request, "desk/sign_in/sign_in.html", context)


def source_of(request: HttpRequest) -> str:
    """The address somebody comes from (来源地址); in production the one that the proxy has put last."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return passed_on.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _asked(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")


def next_page(request: HttpRequest) -> str:
    """The page that somebody was on, of this site alone; else the first."""
    page = _asked(request)
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "desk:today"


sign_out = public(LogoutView.as_view(next_page="desk:sign_in"))


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
    login(request, person)
    return redirect("desk:today")
