"""Guards (门禁): every route says who may use it; a test of the house walks the routes and asks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

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


def only(*permissions: Permission) -> Callable[[View], View]:
    """For whoever holds one of the permissions today; to others the page does not exist."""
    return lambda view: _guarded(view, frozenset(permissions))


def _guarded(view: View, permissions: frozenset[Permission]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if permissions and not permissions & permissions_of(request.user, on=today()):
            raise Http404
        return view(request, *arguments, **named)

    guarded.guard = permissions or "signed_in"  # type: ignore[attr-defined]
    return guarded
