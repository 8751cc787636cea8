"""Whether somebody who has signed in still is (登录是否有效), asked at every request."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hutong.accounts.actions.sessions import begin_sign_in, end_sign_in, keep_sign_in
from hutong.accounts.clock import today
from hutong.accounts.models import Person, SignIn, Way
from hutong.desk.guards import OfficeRequest

KEY = "sign_in"
BROWSERS = {
    "MicroMessenger": "WeChat", "QQBrowser": "QQ", "Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome",
    "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS",
           "Linux": "Linux"}  # fmt: skip


class StandingSignIn:
    """Signs somebody out (登录失效即退出) whose sign-in was ended, is too old, or rests on a posting that has ended."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: OfficeRequest) -> HttpResponse:
        if request.session.get(KEY) or request.user.is_authenticated:
            self._look(request)
        return self.answer(request)

    def _look(self, request: OfficeRequest) -> None:
        sign_in = None
        if request.user.is_authenticated:
            number = request.session.get(KEY)
            sign_in = keep_sign_in(person=request.user, number=number, at=now(), on=today())
        if sign_in is None:
            logout(request)
            messages.info(request, _("Your sign-in has ended. Sign in again to go on."))
        else:
            request.sign_in = sign_in


def begin(request: HttpRequest, person: Person, way: Way) -> SignIn:
    """Begin a sign-in in this browser (登录); one that it had ends."""
    before = getattr(request, KEY, None)
    if before:
        end_sign_in(sign_in=before, at=now(), on=today())
    login(request, person)
    sign_in = begin_sign_in(person=person, way=way, browser=browser_of(request), at=now(), on=today())
    request.session[KEY] = sign_in.pk
    return sign_in


def browser_of(request: HttpRequest) -> str:
    """The browser and system in two words (浏览器), as far as it says so."""
    said = request.headers.get("User-Agent", "")
    known = (next((name for mark, name in names.items() if mark in said), "") for names in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, known))
