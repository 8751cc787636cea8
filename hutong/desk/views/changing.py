"""Changes of a file by page (人员变更): typed, checked side by side, then done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import people_who_may
from hutong.desk.change_forms import (
    AlterForm,
    AnswerForm,
    CloseForm,
    EndHoldingForm,
    EnrolForm,
    HoldingForm,
    HouseholdForm,
    MemberForm,
    MoveForm,
    ReasonedForm,
    ReopenForm,
    SealForm,
)
from hutong.desk.file_lines import Difference, differences
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.views.file import Seen, file_context, seen_or_404
from hutong.divisions.queries import path_names
from hutong.registry import dossier
from hutong.registry.actions import altering, closing, deciding, enrolling, holding, household, moving, sealing
from hutong.registry.actions.changes import Overtaken, WrongValues
from hutong.registry.intake.problems import sentence
from hutong.registry.models import Change
from hutong.registry.models.change import Stage

CHANGE = Permission.CHANGE_CHILDREN


@dataclass(frozen=True)
class Step:
    """One kind of change by page (变更办理): its words, its form, its verb."""

    title: Promise
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
        return _check_page(request, seen, step, form, compare(form.cleaned_data), tab)
    try:
        done = step.act(by=request.user, on=today(), **arguments(form))
    except Refused as refused:
        _tell(form, refused)
        overtaken = isinstance(refused, Overtaken)
        return _form_page(request, seen_or_404(request, seen.child.file_number), step, form, tab, overtaken=overtaken)
    _receipt(request, done)
    return redirect(_after(seen, tab))


def _after(seen: Seen, tab: str) -> str:
    view = {"overview": "desk:child"}.get(tab, f"desk:{tab}")
    return reverse(view, args=[seen.child.file_number])


def _tell(form: forms.Form, refused: Refused) -> None:
    if not isinstance(refused, WrongValues):
        form.add_error(None, str(refused.reason))
        return
    for problem in refused.problems:
        name = problem.column if problem.column in form.fields else None
        form.add_error(name, sentence(problem))


def _receipt(request: OfficeRequest, done: object) -> None:
    if isinstance(done, Change) and done.stage == Stage.PROPOSED:
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
        form.data = {**form.data.dict(), "revision": str(seen.child.revision)}  # type: ignore[attr-defined]
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
    return {name: found.get(code, "") for name, code in codes.items()}


def _reasoned(form: forms.Form) -> dict[str, Any]:
    said = form.cleaned_data
    return {"reason": said["reason"], "words": said["words"], "revision": said["revision"]}


def _plain(form: forms.Form, *names: str) -> dict[str, Any]:
    return _reasoned(form) | {name: form.cleaned_data[name] for name in names}


def _said(said: dict[str, Any], columns: dict[str, str]) -> dict[str, str]:
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
    seen = _changeable(request, file_number)
    before = altering.whole(seen.child)
    shown = {name: before[name] for name in altering.ALTERABLE} | {"birth_date": seen.child.birth_date}

    def compare(said: dict[str, Any]) -> list[Difference]:
        typed = _said(said, {name: name for name in altering.ALTERABLE})
        if typed["id_number"]:
            typed["no_id_reason"] = ""
        return differences({name: before[name] for name in typed}, typed)

    def arguments(form: forms.Form) -> dict[str, Any]:
        typed = _said(form.cleaned_data, {name: name for name in altering.ALTERABLE})
        return _reasoned(form) | {"child": seen.child, "values": typed}

    return run(request, seen, ALTER, initial=shown, arguments=arguments, compare=compare)


def _changeable(request: OfficeRequest, file_number: str, right: str = "alter") -> Seen:
    seen = seen_or_404(request, file_number)
    if not seen.may[right]:
        raise Http404
    return seen


CLOSE = Step(
    _lazy("Close the file"),
    _lazy("The file stays and can be reopened. Where a category is paid for, another person confirms first."),
    _lazy("Check"),
    CloseForm,
    closing.close,
    danger=True,
)


@only(Permission.CLOSE_CHILDREN)
def close(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Close a file (减员)."""
    seen = _changeable(request, file_number, "close")

    def compare(said: dict[str, Any]) -> list[Difference]:
        held = " ".join(row.category for row in dossier.holdings(seen.child) if row.until_on is None)
        after = _said(said, {"closed_on": "closed_on", "reason": "closed_reason", "to_code": "moved_to"})
        return differences({"category": held}, after)

    return run(
        request,
        seen,
        CLOSE,
        initial={"closed_on": today()},
        arguments=lambda form: _plain(form, "closed_on", "to_code") | {"child": seen.child},
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
    seen = _changeable(request, file_number, "close")
    ended = [row.category for row in dossier.holdings(seen.child) if row.until_on == seen.child.closed_on]
    return run(
        request,
        seen,
        REOPEN,
        initial={"categories": ended},
        arguments=lambda form: _plain(form, "categories") | {"child": seen.child},
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
    seen = _changeable(request, file_number)

    def compare(said: dict[str, Any]) -> list[Difference]:
        columns = {"to_code": "responsible_division", "living_code": "living_division"}
        after = {column: value for column, value in _said(said, columns).items() if value}
        before = {"responsible_division": seen.child.responsible_code, "living_division": seen.child.living_code}
        return differences({column: before[column] for column in after}, after)

    def arguments(form: forms.Form) -> dict[str, Any]:
        return _plain(form, "to_code", "living_code", "address") | {"child": seen.child}

    return run(request, seen, MOVE, initial={}, arguments=arguments, compare=compare)


HOLD = Step(
    _lazy("Add a category"),
    _lazy("A category that is paid for is proposed; another person of the county confirms it."),
    _lazy("Add"),
    HoldingForm,
    holding.begin_holding,
)


@only(CHANGE)
def begin_holding(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Add a category (增加类别)."""
    seen = _changeable(request, file_number)
    return run(
        request,
        seen,
        HOLD,
        initial={"from_on": today()},
        arguments=lambda form: _plain(form, "category", "from_on", "decision_number") | {"child": seen.child},
        tab="standing",
    )


END_HOLDING = Step(
    _lazy("End a category"),
    _lazy("The last day is the last on which it holds. What is paid for ends once another person has confirmed it."),
    _lazy("End"),
    EndHoldingForm,
    holding.end_holding,
    danger=True,
)


@only(CHANGE)
def end_holding(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """End a category (终止类别)."""
    seen = _changeable(request, file_number)
    held = dossier.holding_of(seen.child, number)
    if held is None:
        raise Http404
    return run(
        request,
        seen,
        END_HOLDING,
        initial={"until_on": today()},
        arguments=lambda form: _plain(form, "until_on") | {"holding": held},
        tab="standing",
    )


FOUND = Step(
    _lazy("Set up the household"),
    _lazy("Brothers and sisters join it from their own pages."),
    _lazy("Set up"),
    HouseholdForm,
    household.found_household,
)
JOIN = Step(
    _lazy("Join the household of a brother or sister"),
    _lazy("Both then show the same household."),
    _lazy("Join"),
    ReasonedForm,
    household.join_household,
)


@only(CHANGE)
def found_household(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Set up a household (建立家庭户)."""
    seen = _changeable(request, file_number)
    return run(
        request,
        seen,
        FOUND,
        initial={"reason": "happened"},
        arguments=lambda form: _plain(form, "kind") | {"child": seen.child},
        tab="family",
    )


@only(CHANGE)
def join_household(request: OfficeRequest, file_number: str, sibling: str) -> HttpResponse:
    """Join a household (并入家庭户)."""
    seen, other = _changeable(request, file_number), seen_or_404(request, sibling)
    return run(
        request,
        seen,
        JOIN,
        initial={"reason": "happened"},
        arguments=lambda form: _reasoned(form) | {"child": seen.child, "sibling": other.child},
        tab="family",
    )


MEMBER = Step(
    _lazy("Add somebody who lives there"),
    _lazy("Only people the work needs to know of: who lives with the child, and how they are related."),
    _lazy("Add"),
    MemberForm,
    household.add_member,
)


@only(CHANGE)
def add_member(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Add a member of the household (增加家庭成员)."""
    seen = _changeable(request, file_number)
    return run(
        request,
        seen,
        MEMBER,
        initial={"reason": "happened"},
        arguments=lambda form: _plain(form, "name", "relation", "from_on") | {"child": seen.child},
        tab="family",
    )


LEAVE = Step(
    _lazy("End a membership"),
    _lazy("The last day on which this person lived there."),
    _lazy("End"),
    EndHoldingForm,
    household.end_member,
)


@only(CHANGE)
def end_member(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """End a membership (成员离开)."""
    seen = _changeable(request, file_number)
    member = dossier.member_of(seen.child, number)
    if member is None:
        raise Http404
    return run(
        request,
        seen,
        LEAVE,
        initial={"until_on": today(), "reason": "happened"},
        arguments=lambda form: _plain(form, "until_on") | {"child": seen.child, "member": member},
        tab="family",
    )


SEAL = Step(
    _lazy("Sealed part"),
    _lazy("Lists, prints, exports and payments show nothing of it. Only the people named here can open it."),
    _lazy("Save"),
    SealForm,
    sealing.seal_basis,
)


@only(Permission.SEE_SECRET)
def seal(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Set the sealed part (密封依据) and who may open it."""
    seen = _changeable(request, file_number, "secret")
    people = _possible_readers(request, seen)

    def arguments(form: forms.Form) -> dict[str, Any]:
        said = form.cleaned_data
        named = [person for person in people if str(person.pk) in said["named"]]
        return {"child": seen.child, "basis": said["basis"], "named": named, "reason": said["reason"]}

    options = {"people": [(str(person.pk), f"{person.name}（{person.organisation}）") for person in people]}
    return run(request, seen, SEAL, initial={}, arguments=arguments, tab="standing", form_options=options)


def _possible_readers(request: OfficeRequest, seen: Seen) -> list[Person]:
    people = people_who_may(Permission.SEE_SECRET, code=seen.child.responsible_code, on=today())
    return [person for person in people if person != request.user]


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
    said = form.cleaned_data
    if "checked" not in request.POST:
        lines = differences({}, form.values())
        typed = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
        return render(request, "desk/children/enrol_check.html", {"form": form, "typed": typed, "lines": lines})
    more: dict[str, Any] = {}
    try:
        enrolled = enrolling.enrol(
            by=request.user,
            values=form.values(),
            on=today(),
            late_reason=said["late_reason"],
            words=said["words"],
            is_another=said["is_another"],
        )
    except Refused as refused:
        _tell(form, refused)
        more = {
            "there": getattr(refused, "file_number", ""),
            "elsewhere": isinstance(refused, enrolling.ElsewhereThere),
        }
        return _enrol_page(request, form, 422, **more)
    words = _("Entered. The paid category waits for another person.") if enrolled.waits else _("Entered, and recorded.")
    messages.success(request, words)
    return redirect("desk:child", enrolled.child.file_number)


def _enrol_page(request: OfficeRequest, form: EnrolForm, status: int, **more: Any) -> HttpResponse:
    context = {"form": form, "places": chosen_places(form), "there": "", "elsewhere": False} | more
    return render(request, "desk/children/enrol.html", context, status=status)
