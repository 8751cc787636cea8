"""People and their postings, for the security administrator."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hutong.accounts.actions import people as administering
from hutong.accounts.actions.attempts import unlock_sign_in
from hutong.accounts.actions.factors import reset_factors
from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.postings import add_posting, end_posting, withdraw_posting
from hutong.accounts.clock import today
from hutong.accounts.directory import (
    Listed,
    PeopleFilters,
    State,
    listed,
    people,
    posting_of,
    postings_of,
    tasks_held_by,
)
from hutong.accounts.models import Person, Posting
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.accounts.sign_ins import has_second_factor, is_locked
from hutong.desk import said
from hutong.desk.administering import AccountForm, ClosingForm, LastDayForm, PeopleFilterForm, PostingForm, ResetForm
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.paging import page_links
from hutong.divisions.queries import path_names
from hutong.law.division_code import full

PAGE = 50
TONES = {
    State.IN_POST: "fine",
    State.ENDS_SOON: "soon",
    State.TO_COME: "info",
    State.NO_POST: "plain",
    State.CLOSED: "plain",
}


@dataclass(frozen=True)
class PostingLine:
    """A posting in words (任职行)."""

    number: int
    role: str
    place: str
    from_on: date
    until_on: date | None


def _posting_lines(postings: list[Posting], places: dict[str, str]) -> list[PostingLine]:
    return [
        PostingLine(
            posting.pk,
            str(posting.get_role_display()),
            "、".join(places.get(full(prefix), prefix) for prefix in posting.prefixes),
            posting.from_on,
            posting.until_on,
        )
        for posting in postings
    ]


def _places(postings: list[Posting]) -> dict[str, str]:
    return path_names(full(prefix) for posting in postings for prefix in posting.prefixes)


def _within(request: OfficeRequest) -> tuple[str, ...]:
    return jurisdiction_of(request.user, Permission.MANAGE_PEOPLE, on=today()).prefixes


@only(Permission.MANAGE_PEOPLE)
def index(request: OfficeRequest) -> HttpResponse:
    """People (人员): who works in the area, as what, where, and whether it ends soon."""
    form = PeopleFilterForm(request.GET, within=_within(request), on=today())
    text = said.recall(request, request.GET.get("said", "")).text
    filters = form.filters(text) if form.is_valid() else PeopleFilters(state="none")
    page = Paginator(people(request.user, filters, on=today()), PAGE).get_page(request.GET.get("page"))
    rows = listed(page.object_list)
    places = _places([posting for row in rows for posting in row.held])
    lines = [(row.person, _posting_lines(row.held, places), row.state, TONES[row.state]) for row in rows]
    context = {"form": form, "page": page, "lines": lines, "text": text}
    return render(request, "desk/people/index.html", context | page_links(request, page))


@only(Permission.MANAGE_PEOPLE)
def search(request: OfficeRequest) -> HttpResponse:
    """Search (查找人员): the words go to the session, the address only names them."""
    if request.method != "POST":
        return redirect("desk:people")
    key = said.keep(request, request.POST.get("q", ""))
    return redirect(f"{reverse('desk:people')}?said={key}")


@only(Permission.MANAGE_PEOPLE)
@fresh
def open_new(request: OfficeRequest) -> HttpResponse:
    """Open an account (开户): the one-time password stands in this one answer and nowhere else."""
    form = AccountForm(request.POST or None, within=_within(request), on=today())
    if form.is_valid():
        try:
            posting, password = administering.open_account(by=request.user, on=today(), at=now(), **form.said())
            return _opened(request, posting.person, password)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    return render(request, "desk/people/open.html", {"form": form})


def _opened(request: OfficeRequest, person: Person, password: str) -> HttpResponse:
    if password:
        return _tell_password(request, person, password)
    messages.success(request, _("The account is open. The township binds the director's phone; there is no password."))
    return redirect("desk:person", person.pk)


def _tell_password(request: OfficeRequest, person: Person, password: str) -> HttpResponse:
    return render(request, "desk/people/told.html", {"person": person, "password": password})


def _listed(request: OfficeRequest, number: int) -> Listed:
    found = listed(people(request.user, PeopleFilters(), on=today()).filter(pk=number))
    if not found:
        raise Http404
    return found[0]


def person_or_404(request: OfficeRequest, number: int) -> Person:
    """Somebody the user administers; to others there is nobody."""
    return _listed(request, number).person


@only(Permission.MANAGE_PEOPLE)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One person (人员信息): account and postings, to come, held and past."""
    row = _listed(request, number)
    person = row.person
    postings = postings_of(person, on=today())
    places = _places([*postings.to_come, *postings.held, *postings.past])
    context = {
        "person": person,
        "state": row.state,
        "tone": TONES[row.state],
        "is_self": person.pk == request.user.pk,
        "is_open": person.is_active and person.pk != request.user.pk,
        "to_come": _posting_lines(postings.to_come, places),
        "held": _posting_lines(postings.held, places),
        "past": _posting_lines(postings.past, places),
        "tasks": tasks_held_by(person),
        "has_second_factor": has_second_factor(person),
        "is_locked": is_locked(person, at=now(), on=today()),
    }
    return render(request, "desk/people/show.html", context)


@only(Permission.MANAGE_PEOPLE)
@fresh
def post(request: OfficeRequest, number: int) -> HttpResponse:
    """Add a posting (增加任职)."""
    person = person_or_404(request, number)
    form = PostingForm(request.POST or None, within=_within(request), on=today())
    if form.is_valid():
        try:
            add_posting(by=request.user, person=person, on=today(), **form.said())
            messages.success(request, _("The posting is given."))
            return redirect("desk:person", number)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    return render(request, "desk/people/post.html", {"form": form, "person": person})


def _posting(request: OfficeRequest, number: int) -> Posting:
    posting = posting_of(request.user, number, on=today())
    if posting is None:
        raise Http404
    return posting


@only(Permission.MANAGE_PEOPLE)
@fresh
def posting(request: OfficeRequest, number: int) -> HttpResponse:
    """One posting (任职): its last day."""
    posting = _posting(request, number)
    form = LastDayForm(request.POST or None, initial={"until_on": posting.until_on or today()})
    if form.is_valid():
        try:
            end_posting(by=request.user, posting=posting, on=today(), **form.cleaned_data)
            messages.success(request, _("The last day of the posting is set."))
            return redirect("desk:person", posting.person_id)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    (line,) = _posting_lines([posting], _places([posting]))
    context = {"form": form, "posting": posting, "line": line, "has_begun": posting.from_on <= today()}
    return render(request, "desk/people/posting.html", context)


@only(Permission.MANAGE_PEOPLE)
@fresh
def withdraw(request: OfficeRequest, number: int) -> HttpResponse:
    """Withdraw a posting (撤回任职) that has not begun."""
    posting = _posting(request, number)
    if request.method == "POST":
        _try(request, _("The posting is withdrawn."), withdraw_posting, posting=posting)
    return redirect("desk:person", posting.person_id)


@only(Permission.MANAGE_PEOPLE)
@fresh
def renew(request: OfficeRequest, number: int) -> HttpResponse:
    """Give a new one-time password (重置口令)."""
    return _new_password(request, person_or_404(request, number), administering.renew_password)


@only(Permission.MANAGE_PEOPLE)
@fresh
def unlock(request: OfficeRequest, number: int) -> HttpResponse:
    """Unlock a sign-in (解除锁定)."""
    person = person_or_404(request, number)
    if request.method == "POST":
        _try(request, _("The sign-in is unlocked."), unlock_sign_in, person=person)
    return redirect("desk:person", number)


@only(Permission.MANAGE_PEOPLE)
@fresh
def reopen(request: OfficeRequest, number: int) -> HttpResponse:
    """Reopen an account (恢复启用)."""
    return _new_password(request, person_or_404(request, number), administering.reopen_account)


def _new_password(request: OfficeRequest, person: Person, verb: Any) -> HttpResponse:
    if request.method != "POST":
        return redirect("desk:person", person.pk)
    try:
        password = verb(by=request.user, person=person, on=today(), at=now())
        return _tell_password(request, person_or_404(request, person.pk), password)
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:person", person.pk)


@only(Permission.MANAGE_PEOPLE)
@fresh
def reset(request: OfficeRequest, number: int) -> HttpResponse:
    """Reset a lost second factor (重置第二重验证): the one-time password stands in this one answer."""
    person = person_or_404(request, number)
    form = ResetForm(request.POST or None)
    if form.is_valid():
        try:
            password = reset_factors(by=request.user, person=person, on=today(), at=now(), **form.cleaned_data)
            return _tell_password(request, person_or_404(request, number), password)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    return render(request, "desk/people/reset.html", {"form": form, "person": person})


@only(Permission.MANAGE_PEOPLE)
@fresh
def close(request: OfficeRequest, number: int) -> HttpResponse:
    """Close an account (停用账户): says first how many tasks the person holds."""
    person = person_or_404(request, number)
    form = ClosingForm(request.POST or None)
    if form.is_valid():
        try:
            released = administering.close_account(
                by=request.user, person=person, on=today(), at=now(), **form.cleaned_data
            )
            messages.success(request, _closed_words(released))
            return redirect("desk:person", number)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    context = {"form": form, "person": person, "tasks": tasks_held_by(person)}
    return render(request, "desk/people/close.html", context)


def _closed_words(released: int) -> str:
    words = ngettext(
        "The account is closed. %(tasks)s task is free for colleagues.",
        "The account is closed. %(tasks)s tasks are free for colleagues.",
        released,
    )
    return words % {"tasks": released}


def _try(request: OfficeRequest, done: str, verb: Any, **named: Any) -> None:
    """Calls a verb that needs no form; its refusal is said on the next page."""
    try:
        verb(by=request.user, on=today(), **named)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused.reason))
