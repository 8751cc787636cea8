"""Refusals (拒绝): what the desk refuses to somebody who has signed in is recorded, whatever page it was.

One entry a request, of what its verbs refused or of a page that does not exist for the person. Addresses that lead
nowhere, static files and people who have not signed in leave none.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hutong.accounts.actions.guard import NotAllowed, Refused, noting_refusals
from hutong.accounts.actions.refusing import NOT_ALLOWED, NOT_FOUND, REFUSED, record_refusal
from hutong.accounts.actions.trail import TrailNotWritten
from hutong.accounts.clock import today
from hutong.law.identity import read_file_number
from hutong.registry.queries import place_of_file

TYPED = ("file_number", "number", "other")
"""Fields of forms and questions in which a file number is typed."""
SUBJECTS = {
    "imports": "import_batch",
    "duplicates": "pair",
    "moves": "move",
    "people": "person",
    "notices": "notice",
    "emergencies": "emergency",
    "copies": "copy",
    "data-checks": "data_batch",
    "lists": "department_list",
    "applications": "application",
    "reviews": "recognition",
    "organisations": "organisation",
    "law": "case_set",
    "kin": "declared_kin",
    "runs": "run",
    "batches": "batch",
    "funds": "fund",
}
"""What a number in an address is of, by the first word of the address."""


class RefusalsRecorded:
    """Records what is refused (拒绝留痕). Where the trail cannot be written nothing is told but that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with noting_refusals() as noted:
            response = self.get_response(request)
        why = _why(request, response, noted)
        try:
            if why:
                _record(request, why)
        except TrailNotWritten:
            return _not_written(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page of its own where an act did not happen because the trail could not be written."""
        return _not_written(request) if isinstance(exception, TrailNotWritten) else None


def _why(request: HttpRequest, response: HttpResponse, noted: list[Refused]) -> str:
    """Why there is something to record; nothing where there is nothing."""
    found = NOT_FOUND if response.status_code == 404 else ""
    if noted:
        found = NOT_ALLOWED if any(isinstance(one, NotAllowed) for one in noted) else REFUSED
    return found if found and request.resolver_match and request.user.is_authenticated else ""


def _record(request: HttpRequest, why: str) -> None:
    kind, key = _subject(request)
    record_refusal(
        by=request.user,  # type: ignore[arg-type]
        act=request.resolver_match.url_name or "",  # type: ignore[union-attr]
        why=why,
        subject_kind=kind,
        subject_key=key,
        division_code=place_of_file(key) if kind == "child" else "",
        on=today(),
    )


def _subject(request: HttpRequest) -> tuple[str, str]:
    """What was asked for: a file by its number, which must be one, so that nothing else typed stays in the trail."""
    known = request.resolver_match.kwargs  # type: ignore[union-attr]
    said = request.POST if request.method == "POST" else request.GET
    typed = (known.get("file_number", ""), *(said.get(name, "") for name in TYPED))
    file_number = next(filter(None, map(read_file_number, typed)), None)
    if file_number:
        return "child", file_number
    if "number" in known:
        return SUBJECTS.get(request.path.split("/")[1], "page"), str(known["number"])
    return "page", ""


def _not_written(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/not_written.html", status=503)
