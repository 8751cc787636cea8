"""Opening a file of another place in an emergency, and its review."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.models import EmergencyAccess
from hutong.accounts.models.emergency import Verdict
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import emergencies, may
from hutong.desk import said
from hutong.desk.emergency_forms import EmergencyForm, ReviewForm
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.titles import emergency_title
from hutong.desk.words import days_left, search_words
from hutong.divisions.queries import path_names
from hutong.registry.actions import emergency

PAGE = 50
SEERS = (Permission.OPEN_IN_EMERGENCY, Permission.REVIEW_EMERGENCIES, Permission.SEE_LOOKS)


@dataclass(frozen=True)
class EmergencyLine:
    """An emergency in words (紧急查看行)."""

    access: EmergencyAccess
    reason: str
    place: str
    origin: str
    tone: str
    state: str


@only(Permission.OPEN_IN_EMERGENCY)
def open_one(request: OfficeRequest) -> HttpResponse:
    """Open a file (紧急查看) that a search of one's own said to exist in another place."""
    key = request.GET.get("said", "")
    kept = said.recall(request, key)
    if kept.answer != said.ELSEWHERE:
        raise Http404
    form = EmergencyForm(request.POST or None)
    if form.is_valid():
        given = {"reason": form.cleaned_data["reason"], "words": form.cleaned_data["words"]}
        try:
            child = emergency.open_in_emergency(by=request.user, text=kept.text, on=today(), at=timezone.now(), **given)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Opened until the end of tomorrow. Your superior and the child's county know."))
            return redirect("desk:child", child.file_number)
    context = {"form": form, "key": key, "text": search_words(kept.text)}
    return render(request, "desk/emergencies/open.html", context, status=422 if form.errors else 200)


@only(*SEERS)
def index(request: OfficeRequest) -> HttpResponse:
    """What was opened in emergencies (紧急查看记录): one's own, and that of one's places."""
    page = Paginator(emergencies(request.user, on=today()), PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/emergencies/index.html", {"page": page, "emergencies": _lines(list(page.object_list))})


def _lines(found: list[EmergencyAccess]) -> list[EmergencyLine]:
    names = path_names(code for one in found for code in (one.division_code, one.from_code))
    return [_line(one, names) for one in found]


def _line(one: EmergencyAccess, names: dict[str, str]) -> EmergencyLine:
    tone, state = days_left(one.due_on, today())
    if one.verdict:
        tone, state = "fine" if one.verdict == Verdict.JUSTIFIED else "late", str(Verdict(one.verdict).label)
    places = names.get(one.division_code, one.division_code), names.get(one.from_code, one.from_code)
    return EmergencyLine(one, emergency_title(one.reason), *places, tone, state)


@only(*SEERS)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One emergency (紧急查看), and its review by somebody else."""
    access = emergencies(request.user, on=today()).filter(pk=number).first()
    if access is None:
        raise Http404
    mine = may(request.user, Permission.REVIEW_EMERGENCIES, code=access.division_code, on=today())
    can_review = mine and not access.verdict and access.grant.person_id != request.user.pk
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"verdict": form.cleaned_data["verdict"], "words": form.cleaned_data["words"]}
        try:
            emergency.review_emergency(by=request.user, access=access, on=today(), at=timezone.now(), **given)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Reviewed, and recorded."))
            return redirect("desk:emergency", number)
    (line,) = _lines([access])
    context = {"line": line, "form": form, "can_review": can_review}
    return render(request, "desk/emergencies/show.html", context, status=422 if form.errors else 200)
