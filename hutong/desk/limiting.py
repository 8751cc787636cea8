"""How often anybody may ask (访问频率): each person, and each address before it has signed in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

Answer = Callable[[HttpRequest], HttpResponse]
MINUTE = 60


class Limited:
    """Limited requests (限频): over `REQUESTS_A_MINUTE` the answer is 429, and when to come again. Each process counts
    by itself."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response, self._windows = get_response, FixedWindowRateLimiter(MemoryStorage())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or that there are too many."""
        kind, key = _who(request)
        if self._windows.hit(RateLimitItemPerMinute(settings.REQUESTS_A_MINUTE[kind]), kind, key):
            return self._get_response(request)
        answer = render(request, "429.html", status=429)
        answer["Retry-After"] = str(MINUTE)
        return answer


def _who(request: HttpRequest) -> tuple[str, str]:
    if request.user.is_authenticated:
        return "person", str(request.user.pk)
    return "address", source_of(request)


def source_of(request: HttpRequest) -> str:
    """The address a request came from (来源地址): behind a province's own proxy the one that the proxy saw."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return passed_on.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
