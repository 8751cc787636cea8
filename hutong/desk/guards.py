"""Guards (门禁): every route says who may use it; a test of the house walks the routes and asks."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.timezone import now

from hutong.accounts.clock import today
from hutong.accounts.models import Person, SignIn, Way
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of
from hutong.accounts.sign_ins import is_fresh

View = Callable[..., HttpResponseBase]
METHODS = ("GET", "HEAD", "POST")
"""What a page answers to at all (可用请求方法)."""


class OfficeRequest(HttpRequest):
    """A request of somebody who has signed in (已登录请求)."""

    user: Person
    sign_in: SignIn


def public(view: View) -> View:
    """For everybody, without sign-in and without a child's data."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For whoever has signed in; what is shown is decided by queries that ask who it is."""
    return _guarded(view, frozenset())


def arriving(view: View) -> View:
    """For whoever has signed in, even before they have chosen their own password and set up a second factor."""
    return _guarded(view, frozenset(), is_arriving=True)


def only(*permissions: Permission) -> Callable[[View], View]:
    """For whoever holds one of the permissions today; to others the page does not exist."""
    return lambda view: _guarded(view, frozenset(permissions))


def _guarded(view: View, permissions: frozenset[Permission], *, is_arriving: bool = False) -> View:
    @wraps(view)
    def guarded(request: OfficeRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if not is_arriving and (first := first_step(request)):
            return go_to(request, reverse(first))
        if permissions and not permissions & permissions_of(request.user, on=today()):
            raise Http404
        response = view(request, *arguments, **named)
        patch_cache_control(response, private=True, no_store=True)
        return response

    guarded.guard = permissions or "signed_in"  # type: ignore[attr-defined]
    return guarded


def first_step(request: OfficeRequest) -> str:
    """What somebody has to do before anything else opens (登录后先办): the name of its page, or nothing."""
    if request.user.must_change_password:
        return "desk:password"
    return "" if request.sign_in.is_whole else "desk:second_factor"


def fresh(view: View) -> View:
    """For whoever has just proved who they are (须刚验证过): before money, keys and exports. Stands under the guard."""

    @wraps(view)
    def proved(request: OfficeRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if is_fresh(request.sign_in, request.user, at=now(), on=today()):
            return view(request, *arguments, **named)
        return go_to(request, f"{reverse('desk:prove')}?{urlencode({'next': _page(request)})}")

    return proved


def by_office(view: View) -> View:
    """Not for whoever signs in on a bound phone (非手机登录): they have no password and no second factor."""

    @wraps(view)
    def guarded(request: OfficeRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if request.sign_in.way == Way.PIN:
            raise Http404
        return view(request, *arguments, **named)

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page, and back to the page somebody was on."""
    return go_to(request, redirect_to_login(_page(request)).url)


def _page(request: HttpRequest) -> str:
    """The page somebody was on: a part of a page and a form are none."""
    if request.headers.get("HX-Request") or request.method != "GET":
        return urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", "/")).path
    return request.get_full_path()


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Go to another page (跳转), the whole of it, whether a page or a part of one was asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
