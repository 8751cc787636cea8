"""Guards (门禁): every route says who may use it; a test of the house walks the routes and asks."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of

View = Callable[..., HttpResponseBase]


class OfficeRequest(HttpRequest):
    """A request of somebody who has signed in (已登录请求)."""

    user: Person


def public(view: View) -> View:
    """For everybody, without sign-in and without a child's data."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For whoever has signed in; what is shown is decided by queries that ask who it is."""
    return _guarded(view, frozenset())


def arriving(view: View) -> View:
    """For whoever has signed in, even before they have chosen their own password."""
    return _guarded(view, frozenset(), is_before_password=True)


def only(*permissions: Permission) -> Callable[[View], View]:
    """For whoever holds one of the permissions today; to others the page does not exist."""
    return lambda view: _guarded(view, frozenset(permissions))


def _guarded(view: View, permissions: frozenset[Permission], *, is_before_password: bool = False) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if request.user.must_change_password and not is_before_password:
            return go_to(request, reverse("desk:password"))
        if permissions and not permissions & permissions_of(request.user, on=today()):
            raise Http404
        response = view(request, *arguments, **named)
        patch_cache_control(response, private=True, no_store=True)
        return response

    guarded.guard = permissions or "signed_in"  # type: ignore[attr-defined]
    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page, and back to the page somebody was on: a part of a page and a form are none."""
    page = request.get_full_path()
    if request.headers.get("HX-Request") or request.method != "GET":
        page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", "/")).path
    return go_to(request, redirect_to_login(page).url)


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Go to another page (跳转), the whole of it, whether a page or a part of one was asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
