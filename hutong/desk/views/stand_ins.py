"""Standing in for one another, and handing over what is open."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from hutong.accounts.actions.delegations import (
    confirm_delegation,
    end_delegation,
    propose_delegation,
    refuse_delegation,
)
from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.tasks import hand_over_tasks
from hutong.accounts.clock import today
from hutong.accounts.delegations import delegation_numbered, delegations_of, may_be_delegated
from hutong.accounts.directory import held_tasks, people_to_choose
from hutong.accounts.models import Delegation, Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of
from hutong.desk.administering import HandOverForm, StandInForm
from hutong.desk.guards import OfficeRequest, fresh, only, signed_in
from hutong.desk.views.people import person_or_404
from hutong.desk.words import TASKS
from hutong.divisions.queries import path_names
from hutong.law.division_code import full

TONES = {"open": "soon", "agreed": "fine", "closed": "plain"}


@dataclass(frozen=True)
class DelegationLine:
    """A delegation in words (代理行)."""

    delegation: Delegation
    role: str
    place: str
    state: str
    tone: str


def _lines(found: list[Delegation]) -> list[DelegationLine]:
    places = path_names(full(prefix) for one in found for prefix in one.prefixes)
    return [
        DelegationLine(
            one,
            str(one.posting.get_role_display()),
            "、".join(places.get(full(prefix), prefix) for prefix in one.prefixes),
            (state := _state(one)),
            TONES[state],
        )
        for one in found
    ]


def _state(one: Delegation) -> str:
    if one.closed_on or one.until_on < today():
        return "closed"
    return "agreed" if one.confirmed_by_id else "open"


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """Stand-ins (代理): what one has given and taken, and a new one for a posting of one's own."""
    return _index(request, request.user)


@only(Permission.MANAGE_PEOPLE)
@fresh
def for_person(request: OfficeRequest, number: int) -> HttpResponse:
    """A stand-in for somebody who cannot propose it (代为提出): the administrator does, another one confirms."""
    return _index(request, person_or_404(request, number))


def _index(request: OfficeRequest, whose: Person) -> HttpResponse:
    postings = may_be_delegated(whose, on=today())
    form = StandInForm(request.POST or None, postings=postings, on=today())
    if form.is_valid():
        try:
            propose_delegation(by=request.user, on=today(), **form.said())
            messages.success(request, _("It is proposed. It holds once a security administrator agrees."))
            return redirect(request.path)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    lines = _lines(delegations_of(whose))
    context = {"form": form, "lines": lines, "can_propose": bool(postings), "whose": whose}
    return render(request, "desk/stand_ins/index.html", context)


@signed_in
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One stand-in (代理详情): who for whom, where, when and why; to be agreed to, or ended."""
    found = delegation_numbered(request.user, number, on=today())
    if found is None:
        raise Http404
    (line,) = _lines([found])
    takes_part = request.user.pk in (found.proposed_by_id, found.to_id, found.posting.person_id)
    administers = Permission.MANAGE_PEOPLE in permissions_of(request.user, on=today())
    context = {
        "line": line,
        "reason": found.reason.open(),
        "may_decide": line.state == "open" and administers and not takes_part,
        "may_end": line.state != "closed" and request.user.pk in (found.proposed_by_id, found.posting.person_id),
    }
    return render(request, "desk/stand_ins/show.html", context)


ACTS = {
    "confirm": (confirm_delegation, _lazy("Agreed: the duty is held from the first day on.")),
    "refuse": (refuse_delegation, _lazy("Not agreed to.")),
    "end": (end_delegation, _lazy("It has ended.")),
}


@signed_in
@fresh
def decide(request: OfficeRequest, number: int, act: str) -> HttpResponse:
    """Agree to a stand-in, or not, or end it (同意、不同意或结束代理)."""
    found = delegation_numbered(request.user, number, on=today())
    if found is None or act not in ACTS:
        raise Http404
    if request.method == "POST":
        verb, done = ACTS[act]
        try:
            verb(by=request.user, delegation=found, on=today())
            messages.success(request, str(done))
        except Refused as refused:
            messages.error(request, str(refused.reason))
    return redirect("desk:stand_in", number)


@only(Permission.MANAGE_PEOPLE)
@fresh
def hand_over(request: OfficeRequest, number: int) -> HttpResponse:
    """Hand over what is open (交接待办): a list, a person, one act."""
    person = person_or_404(request, number)
    form = HandOverForm(request.POST or None, people=people_to_choose(request.user, besides=person, on=today()))
    if form.is_valid():
        try:
            to = form.cleaned_data["to"]
            counts = hand_over_tasks(by=request.user, person=person, to=to, on=today())
            messages.success(request, _handed_over_words(*counts))
            return redirect("desk:person", number)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    context = {"form": form, "person": person, "lines": _task_lines(person)}
    return render(request, "desk/stand_ins/hand_over.html", context)


def _handed_over_words(moved: int, staying: int) -> str:
    words = ngettext("%(moved)s task is handed over.", "%(moved)s tasks are handed over.", moved) % {"moved": moved}
    if staying:
        left = ngettext("%(staying)s is no duty of theirs and stays.", "%(staying)s are no duties of theirs and stay.",
                        staying)  # fmt: skip
        return f"{words} {left % {'staying': staying}}"
    return words


def _task_lines(person: Person) -> list[dict[str, Any]]:
    """The open tasks without a name or number of anybody."""
    tasks = held_tasks(person)
    places = path_names(task.division_code for task in tasks)
    return [
        {"what": TASKS[task.kind].label, "place": places.get(task.division_code, ""), "due_on": task.due_on}
        for task in tasks
    ]
