"""Changes of a file by page (人员变更): 增员, 信息变更, 迁出, 减员, 恢复, and the second person."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.allowances.actions import suspending
from hutong.desk.change_forms import (
    AlterForm,
    AnswerForm,
    CloseForm,
    EnrolForm,
    MoveForm,
    ReopenForm,
)
from hutong.desk.file_lines import Difference, differences
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.pair_words import sentences
from hutong.desk.views.children import child_lines
from hutong.desk.views.file import seen_or_404
from hutong.desk.views.steps import (
    CHANGE,
    Step,
    changeable_or_404,
    chosen_places,
    opened_first,
    plain,
    reasoned,
    run,
    said_by,
    tell,
    tried,
)
from hutong.registry import dossier, finding
from hutong.registry.actions import altering, closing, deciding, enrolling, moving
from hutong.registry.linkage.record import Record

LIKELY = 3

ALTER = Step(
    _lazy("Change particulars"),
    _lazy("What stood before is kept beside what stands after, with your reason."),
    _lazy("Check"),
    AlterForm,
    altering.alter,
)


@only(CHANGE)
def alter(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Change particulars (信息变更)."""
    seen = changeable_or_404(request, file_number)
    asked = opened_first(request, seen, "child", seen.child)
    if asked:
        return asked
    before = altering.whole(seen.child)
    shown = {name: before[name] for name in altering.ALTERABLE} | {"birth_date": seen.child.birth_date}

    def compare(said: dict[str, Any]) -> list[Difference]:
        typed = said_by(said, {name: name for name in altering.ALTERABLE})
        if typed["id_number"]:
            typed["no_id_reason"] = ""
        return differences({name: before[name] for name in typed}, typed, is_typed=True)

    def arguments(form: forms.Form) -> dict[str, Any]:
        typed = said_by(form.cleaned_data, {name: name for name in altering.ALTERABLE})
        return reasoned(form) | {"child": seen.child, "values": typed}

    return run(request, seen, ALTER, initial=shown, arguments=arguments, compare=compare)


CLOSE = Step(
    _lazy("Close the file"),
    _lazy("The file stays and can be reopened. Where a category is paid for, another person confirms first."),
    _lazy("Check"),
    CloseForm,
    suspending.close_file,
    danger=True,
)


@only(Permission.CLOSE_CHILDREN)
def close(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Close a file (减员)."""
    seen = changeable_or_404(request, file_number, "close")

    def compare(said: dict[str, Any]) -> list[Difference]:
        held = " ".join(row.category for row in dossier.open_holdings(seen.child))
        after = said_by(said, {"closed_on": "closed_on", "reason": "closed_reason", "to_code": "moved_to"})
        return differences({"category": held}, after)

    return run(
        request,
        seen,
        CLOSE,
        initial={"closed_on": today()},
        arguments=lambda form: plain(form, "closed_on", "to_code") | {"child": seen.child},
        compare=compare,
    )


REOPEN = Step(
    _lazy("Reopen the file"),
    _lazy("Say which categories the child holds again. A paid one waits for another person."),
    _lazy("Reopen"),
    ReopenForm,
    closing.reopen,
)


@only(Permission.CLOSE_CHILDREN)
def reopen(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Reopen a file (减员恢复)."""
    seen = changeable_or_404(request, file_number, "close")
    ended = [row.category for row in dossier.holdings(seen.child) if row.until_on == seen.child.closed_on]
    return run(
        request,
        seen,
        REOPEN,
        initial={"categories": ended},
        arguments=lambda form: plain(form, "categories") | {"child": seen.child},
    )


MOVE = Step(
    _lazy("Hand the file over"),
    _lazy("Until the other place takes the file on, yours is responsible. Within your own area it goes over at once."),
    _lazy("Check"),
    MoveForm,
    moving.offer_move,
)


@only(CHANGE)
def move(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Hand a file over (迁出)."""
    seen = changeable_or_404(request, file_number)

    def compare(said: dict[str, Any]) -> list[Difference]:
        columns = {"to_code": "responsible_division", "living_code": "living_division"}
        after = {column: value for column, value in said_by(said, columns).items() if value}
        before = {"responsible_division": seen.child.responsible_code, "living_division": seen.child.living_code}
        return differences({column: before[column] for column in after}, after)

    def arguments(form: forms.Form) -> dict[str, Any]:
        return plain(form, "to_code", "living_code", "address") | {"child": seen.child}

    return run(request, seen, MOVE, initial={}, arguments=arguments, compare=compare)


@only(CHANGE, Permission.CONFIRM_CHANGES)
def decide(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """Confirm or refuse (确认、不同意) what somebody else proposed."""
    seen = seen_or_404(request, file_number)
    change = dossier.change_of(seen.child, number)
    if change is None:
        raise Http404
    if request.method != "POST":
        return redirect("desk:changes", file_number)
    form = AnswerForm(request.POST)
    try:
        if "confirm" in request.POST:
            deciding.confirm(by=request.user, change=change, on=today())
        else:
            form.is_valid()
            deciding.refuse(by=request.user, change=change, words=form.cleaned_data.get("words", ""), on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Done, and recorded."))
    return redirect("desk:changes", file_number)


@only(CHANGE)
def enrol(request: OfficeRequest) -> HttpResponse:
    """Enter one child by hand (增员), over 18 as a late entry (超龄补录)."""
    form = EnrolForm(request.POST or None)
    if request.method != "POST" or "back" in request.POST or not form.is_valid():
        failed = request.method == "POST" and "back" not in request.POST
        return _enrol_page(request, form, 422 if failed else 200)
    enter = partial(_enter, request, form)
    if "checked" not in request.POST:
        refused = tried(enter)
        return _enrol_refused(request, form, refused) if refused else _enrol_check(request, form)
    try:
        enrolled = enter()
    except Refused as refused:
        return _enrol_refused(request, form, refused)
    words = _("Entered. The paid category waits for another person.") if enrolled.waits else _("Entered, and recorded.")
    messages.success(request, words)
    return redirect("desk:child", enrolled.child.file_number)


def _enter(request: OfficeRequest, form: EnrolForm) -> enrolling.Enrolled:
    said = form.cleaned_data
    return enrolling.enrol(
        by=request.user,
        values=form.values(),
        on=today(),
        late_reason=said["late_reason"],
        words=said["words"],
        is_another=said["is_another"],
        once=said["once"],
    )


@only(CHANGE)
def like(request: OfficeRequest) -> HttpResponse:
    """Who is like the child that is being typed in (疑似同一人): files of one's own children, and why."""
    if request.method != "POST":
        return redirect("desk:enrol")
    found = finding.like(request.user, _record(EnrolForm(request.POST)), on=today())[:LIKELY]
    lines = child_lines([child for child, _explained in found], today())
    reasons = [sentences(explained.steps) for _child, explained in found]
    context = {"likely": list(zip(lines, reasons, strict=True))}
    return HttpResponse(render_to_string("desk/children/like.html", context))  # without the frame and its questions


def _record(form: EnrolForm) -> Record:
    """What has been typed so far and can be read."""
    form.is_valid()
    said = form.cleaned_data
    texts = ("name", "sex", "id_number", "living_division", "guardian_name", "guardian_phone")
    return Record("", birth_date=said.get("birth_date"), **{name: said.get(name) or "" for name in texts})


def _enrol_check(request: OfficeRequest, form: EnrolForm) -> HttpResponse:
    lines = differences({}, form.values(), is_typed=True)
    typed = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
    return render(request, "desk/children/enrol_check.html", {"form": form, "typed": typed, "lines": lines})


def _enrol_refused(request: OfficeRequest, form: EnrolForm, refused: Refused) -> HttpResponse:
    if isinstance(refused, NotAllowed):
        form.add_error("living_division", _("With this place another office is responsible. It enters the child."))
    else:
        tell(form, refused)
    there = getattr(refused, "file_number", "")
    elsewhere = isinstance(refused, enrolling.ElsewhereThere)
    if isinstance(refused, enrolling.MayBeThere | enrolling.MayBeElsewhere):
        form.ask_whether_another()
    return _enrol_page(request, form, 422, there=there, elsewhere=elsewhere)


def _enrol_page(request: OfficeRequest, form: EnrolForm, status: int, **more: Any) -> HttpResponse:
    context = {"form": form, "places": chosen_places(form), "there": "", "elsewhere": False} | more
    return render(request, "desk/children/enrol.html", context, status=status)
