"""The steps of a change by page (办理步骤): typed, checked side by side, done with a receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.file_lines import Difference
from hutong.desk.guards import OfficeRequest
from hutong.desk.views.file import Seen, file_context, seen_or_404
from hutong.divisions.queries import path_names
from hutong.registry.actions import opening
from hutong.registry.actions.changes import Overtaken, WrongValues
from hutong.registry.intake.problems import sentence
from hutong.registry.models import Change, Child, Move
from hutong.registry.models.change import MoveStage, Stage
from hutong.registry.models.facts import Fact

CHANGE = Permission.CHANGE_CHILDREN


@dataclass(frozen=True)
class Step:
    """One kind of change by page (变更办理): its words, its form, its verb."""

    title: str | Promise
    note: Promise
    button: Promise
    form: type[forms.Form]
    act: Callable[..., object]
    danger: bool = False


def run(
    request: OfficeRequest,
    seen: Seen,
    step: Step,
    *,
    initial: dict[str, Any],
    arguments: Callable[[forms.Form], dict[str, Any]],
    compare: Callable[[dict[str, Any]], list[Difference]] | None = None,
    tab: str = "overview",
    form_options: dict[str, Any] | None = None,
) -> HttpResponse:
    """The three steps of a change: typed, checked (`compare` side by side), done with a receipt.

    What cannot be taken stays typed, with the reason beside it.
    """
    options = form_options or {}
    if request.method != "POST":
        start = {"revision": seen.child.revision} | initial
        return _form_page(request, seen, step, step.form(initial=start, **options), tab)
    form = step.form(request.POST, **options)
    if "back" in request.POST or not form.is_valid():
        return _form_page(request, seen, step, form, tab, is_back="back" in request.POST)
    if compare and "checked" not in request.POST:
        refused = tried(lambda: step.act(by=request.user, on=today(), **arguments(form)))
        if refused:
            return _refused(request, seen, step, form, refused, tab)
        return _check_page(request, seen, step, form, compare(form.cleaned_data), tab)
    try:
        done = step.act(by=request.user, on=today(), **arguments(form))
    except Refused as refused:
        return _refused(request, seen, step, form, refused, tab)
    _receipt(request, done)
    return redirect(_after(seen, tab))


class _Undo(Exception):
    """Takes a trial run back."""


def tried(act: Callable[[], object]) -> Refused | None:
    """Why an act would be refused (预先核对): done for real and taken back, so that the answer is the true one."""
    try:
        with transaction.atomic():
            act()
            raise _Undo
    except Refused as refused:
        return refused
    except _Undo:
        return None


def _refused(
    request: OfficeRequest, seen: Seen, step: Step, form: forms.Form, refused: Refused, tab: str
) -> HttpResponse:
    tell(form, refused)
    now = seen_or_404(request, seen.child.file_number)
    return _form_page(request, now, step, form, tab, overtaken=isinstance(refused, Overtaken))


def _after(seen: Seen, tab: str) -> str:
    view = {"overview": "desk:child"}.get(tab, f"desk:{tab}")
    return reverse(view, args=[seen.child.file_number])


def tell(form: forms.Form, refused: Refused) -> None:
    """What was refused, beside the fields it is about (拒绝原因)."""
    if not isinstance(refused, WrongValues):
        form.add_error(None, str(refused.reason))
        return
    for problem in refused.problems:
        name = problem.column if problem.column in form.fields else None
        form.add_error(name, sentence(problem))


def _receipt(request: OfficeRequest, done: object) -> None:
    if isinstance(done, Move) and done.stage == MoveStage.OFFERED:
        messages.info(request, _("Offered. The other place has to take the file on."))
    elif isinstance(done, Change) and done.stage == Stage.PROPOSED:
        messages.info(request, _("Proposed. It takes effect once another person of the county has confirmed it."))
    else:
        messages.success(request, _("Done, and recorded."))


def _form_page(
    request: OfficeRequest,
    seen: Seen,
    step: Step,
    form: forms.Form,
    tab: str,
    *,
    overtaken: bool = False,
    is_back: bool = False,
) -> HttpResponse:
    if overtaken:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["revision"] = str(seen.child.revision)  # type: ignore[index]
    failed = bool(form.is_bound and form.errors and not is_back)
    context = {"step": step, "form": form, "places": chosen_places(form), "back": _after(seen, tab)}
    return render(
        request, "desk/children/change.html", file_context(seen, tab) | context, status=422 if failed else 200
    )


def _check_page(
    request: OfficeRequest, seen: Seen, step: Step, form: forms.Form, lines: list[Difference], tab: str
) -> HttpResponse:
    typed = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
    context = {"step": step, "form": form, "typed": typed, "lines": lines, "back": _after(seen, tab)}
    return render(request, "desk/children/check.html", file_context(seen, tab) | context)


def chosen_places(form: forms.Form) -> dict[str, str]:
    """The names of the places that a form holds, for its pickers."""
    names = [name for name, field in form.fields.items() if isinstance(field, forms.RegexField)]
    codes = {name: str(form[name].value() or "") for name in names}
    found = path_names(code for code in codes.values() if code)
    return {name: found.get(code) or form.data.get(f"{name}_text", "") for name, code in codes.items()}


def reasoned(form: forms.Form) -> dict[str, Any]:
    """Reason, words and revision of a form, as a verb takes them (变更原因)."""
    said = form.cleaned_data
    return {"reason": said["reason"], "words": said["words"], "revision": said["revision"]}


def plain(form: forms.Form, *names: str) -> dict[str, Any]:
    """These fields of a form with its reason (表单内容)."""
    return reasoned(form) | {name: form.cleaned_data[name] for name in names}


def said_by(said: dict[str, Any], columns: dict[str, str]) -> dict[str, str]:
    """What a form says, by the columns of a change."""
    found = {}
    for name, column in columns.items():
        value = said.get(name)
        found[column] = (
            value.isoformat()
            if isinstance(value, date)
            else " ".join(value)
            if isinstance(value, list)
            else str(value or "")
        )
    return found


def opened_first(request: OfficeRequest, seen: Seen, noun: str, row: Child | Fact) -> HttpResponse | None:
    """Closed values that a form is about to show (表单中的密文项): for a stated purpose, each recorded.

    Where none is stated, the page that asks for one and leads back; what was sent is the sender's own and shows again.
    """
    if request.method == "POST":
        return None
    number = 0 if noun == "child" else row.pk
    try:
        for value in opening.closed_values(noun, row):
            opening.reveal(by=request.user, child=seen.child, value=value, number=number, on=today(), at=timezone.now())
    except NotAllowed as error:
        raise Http404 from error
    except PurposeNeeded:
        return redirect(f"{reverse('desk:purpose', args=[seen.child.file_number])}?next={request.path}")
    return None


def changeable_or_404(request: OfficeRequest, file_number: str, right: str = "alter") -> Seen:
    """A visible child whom the asker may change in one way (可变更档案)."""
    seen = seen_or_404(request, file_number)
    if not seen.may[right]:
        raise Http404
    return seen
