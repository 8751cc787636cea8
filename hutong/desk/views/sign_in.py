"""Signing in and out, and in the demonstration choosing whom to be."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hutong.accounts.clock import today
from hutong.accounts.queries import demonstration_person, demonstration_seats
from hutong.desk.forms import SignInForm
from hutong.desk.guards import public


class SignInView(LoginView):
    """Sign-in (登录) by user name and password."""

    template_name = "desk/sign_in/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {"has_demonstration": bool(_seats())}


sign_in = public(SignInView.as_view())
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
