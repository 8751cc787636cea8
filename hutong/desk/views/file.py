"""One child's file: its frame, its tabs, what is shown on demand and for which purpose."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused
from hutong.accounts.actions.purposes import state_purpose
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import active_purpose, is_emergency, look_lines, lookers, may, open_tasks_about
from hutong.accounts.queries import looks as all_looks
from hutong.allowances.recognition_queries import holdings_of
from hutong.allowances.recognitions import standings
from hutong.desk.application_lines import open_application_line
from hutong.desk.change_forms import PurposeAskedForm
from hutong.desk.completing import completing_forms
from hutong.desk.file_lines import (
    ChangeLine,
    Entry,
    child_particulars,
    entry_lines,
    guardian_lines,
    guardian_words,
    holding_lines,
    member_lines,
    parent_lines,
    payee_line,
)
from hutong.desk.form_lines import form_lines
from hutong.desk.forms import PurposeForm
from hutong.desk.guards import OfficeRequest, only, signed_in
from hutong.desk.looks import look_words
from hutong.desk.paging import page_links
from hutong.desk.placement_lines import agreement_line, placement_line
from hutong.desk.recognition_lines import StandingLine, standing_line
from hutong.desk.timeline import events_of
from hutong.desk.titles import pair_title, reason_title
from hutong.desk.views.today import TaskLine, task_lines
from hutong.desk.words import age_words, category_title
from hutong.divisions.queries import path_names
from hutong.law.calendar import age_on
from hutong.law.categories import BASES, WITH_SECRET_BASIS
from hutong.law.copies import FORMS
from hutong.outreach.actions import opening as visit_opening
from hutong.protection.actions import opening as placement_opening
from hutong.protection.queries import agreements_of, placements_of
from hutong.registry import dossier
from hutong.registry.actions import opening
from hutong.registry.actions.paying import payee_of
from hutong.registry.actions.sealing import open_secret
from hutong.registry.merges import open_merge
from hutong.registry.models import Child
from hutong.registry.pairs import pairs_about
from hutong.registry.queries import files_of, hidden_among, may_for, may_open_secret, visible_to

LOOK_SPAN, LOOKS_SHOWN, MOST_DIGITS = timedelta(days=90), 50, 18
RIGHTS = {
    "alter": Permission.CHANGE_CHILDREN,
    "judge": Permission.JUDGE_PAIRS,
    "close": Permission.CLOSE_CHILDREN,
    "decide": Permission.CONFIRM_CHANGES,
    "sensitive": Permission.SEE_SENSITIVE,
    "secret": Permission.SEE_SECRET,
    "looks": Permission.SEE_LOOKS,
    "papers": Permission.ADD_EVIDENCE,
    "payees": Permission.KEEP_PAYEES,
    "apply": Permission.APPLY,
    "review": Permission.REVIEW_RECOGNITIONS,
    "end": Permission.END_RECOGNITIONS,
    "visits": Permission.RECORD_VISITS,
    "placing": Permission.PLACE_CHILDREN,
    "agreements": Permission.SIGN_AGREEMENTS,
    "leads": Permission.LOOK_INTO_LEADS,
}
READING = ("sensitive", "secret", "looks", "print", "leads")
ONLY_FOR = {"looks": "looks", "child_leads": "leads"}
"""Tabs that only those see who hold a right (按权限显示的分页)."""


@dataclass(frozen=True)
class Tab:
    """One tab of a file (档案分页)."""

    code: str
    label: Promise
    href: str
    is_current: bool


TABS = {
    "overview": (_("Overview"), "desk:child", "desk/children/overview.html"),
    "family": (_("Family"), "desk:family", "desk/children/family.html"),
    "life": (_("Life"), "desk:life", "desk/children/life.html"),
    "standing": (_("Categories and payee"), "desk:standing", "desk/children/standing.html"),
    "payments": (_("Payments"), "desk:child_payments", "desk/children/payments.html"),
    "visits": (_("Visits"), "desk:visits", "desk/children/visits.html"),
    "child_leads": (_("Leads"), "desk:child_leads", "desk/leads/of_child.html"),
    "papers": (_("Papers"), "desk:papers", "desk/children/papers.html"),
    "changes": (_("Changes"), "desk:changes", "desk/children/changes.html"),
    "looks": (_("Who looked"), "desk:looks_at_child", "desk/children/looks.html"),
}


@dataclass(frozen=True)
class Seen:
    """A child as one person sees it (所见档案): what that person may do here."""

    user: Person
    child: Child
    may: dict[str, bool]
    is_hidden: bool

    @property
    def is_sensitive(self) -> bool:
        """Whether sensitive facts may be shown."""
        return self.may["sensitive"]

    @property
    def offered(self) -> dict[str, bool]:
        """What a page offers (页面可办): of a joined file reading alone, for the leading one is written to."""
        return {right: may and (right in READING or not self.child.canonical_id) for right, may in self.may.items()}

    @property
    def can_undo(self) -> bool:
        """Whether this person may undo that the file is joined."""
        return self.may["close"] or self.may["decide"]


def seen_or_404(request: OfficeRequest, file_number: str) -> Seen:
    """A visible child with what the asker may do there; for forms, which record their own act."""
    child = visible_to(request.user, on=today()).filter(file_number=file_number).first()
    if child is None:
        raise Http404
    return _seen(request.user, child)


def _seen(user: Person, child: Child) -> Seen:
    code = child.leading.responsible_code
    held = {right: may_for(user, needed, child, on=today()) for right, needed in RIGHTS.items()}
    prints = any(may(user, Permission(form), code=code, on=today()) for form in FORMS)
    is_hidden = child.leading.pk in hidden_among([child.leading], on=today())
    return Seen(user, child, held | {"print": prints}, is_hidden)


def row_number(text: str) -> int:
    """The number of a row that somebody sent; 0, which no row has, where it can be none (行号)."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


def looked_or_404(request: OfficeRequest, file_number: str) -> Seen:
    """A child whose page is being looked at: the look is recorded, a step from tab to tab as such."""
    is_step = f"/children/{file_number}/" in request.headers.get("HX-Current-URL", "")
    child = opening.look(by=request.user, file_number=file_number, on=today(), is_step=is_step)
    if child is None:
        raise Http404
    return _seen(request.user, child)


def file_page(request: OfficeRequest, seen: Seen, tab: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of a file (档案页): identity bar and tabs around the part that was chosen."""
    _label, _view, template = TABS[tab]
    return render(request, template, file_context(seen, tab) | context, status=status)


def file_context(seen: Seen, tab: str) -> dict[str, Any]:
    """What the frame of a file needs."""
    child, on = seen.child, today()
    purpose = active_purpose(seen.user, "child", child.file_number, at=timezone.now())
    return {
        "child": child,
        "may": seen.offered,
        "age": age_words(age_on(child.birth_date, on)),
        "guardian": guardian_words(child),
        "responsible": path_names([child.responsible_code])[child.responsible_code],
        "categories": list(dict.fromkeys(category_title(held.category) for held in dossier.open_holdings(child))),
        "closed_reason": reason_title(child.closed_reason),
        "proposal": dossier.proposal(child),
        "move": dossier.open_move(child),
        "purpose": purpose,
        "is_hidden": seen.is_hidden,
        "merge": open_merge(child) if child.canonical_id else None,
        "joined": files_of(child)[1:],
        "merges": [merge for one in files_of(child)[1:] if (merge := open_merge(one))],
        "pairs": list(pairs_about(seen.user, child, on=on)) if seen.may["judge"] or seen.may["decide"] else [],
        "can_undo": seen.can_undo,
        "print_href": reverse("desk:ask_form", args=[child.file_number]) if seen.may["print"] else "",
        "tabs": list(_tabs(seen, tab)),
    }


def _tabs(seen: Seen, current: str) -> list[Tab]:
    return [
        Tab(code, label, reverse(view, args=[seen.child.file_number]), code == current)
        for code, (label, view, _template) in TABS.items()
        if seen.may.get(ONLY_FOR.get(code, ""), True)
    ]


@signed_in
def show(request: OfficeRequest, file_number: str) -> HttpResponse:
    """One child (儿童档案): identity bar, what is due now, one timeline. The look is recorded."""
    seen = looked_or_404(request, file_number)
    since = timezone.now() - LOOK_SPAN
    context = {
        "particulars": child_particulars(seen.child, revealable(seen)),
        "events": events_of(seen.user, seen.child, sensitive=seen.is_sensitive),
        "tasks": _due(seen),
        "application": open_application_line(seen.user, seen.child, on=today()),
        "standings": standings_of(seen),
        "lookers": lookers("child", seen.child.file_number, since=since) if seen.may["looks"] else [],
        "completing": {} if seen.child.canonical_id else completing_forms(request.user, seen.child, on=today()),
        "joined_particulars": [
            (one, open_merge(one), child_particulars(one, frozenset())) for one in files_of(seen.child)[1:]
        ],
    }
    return file_page(request, seen, "overview", context)


def revealable(seen: Seen) -> frozenset[str]:
    """Which closed values this person may have shown (可显示项)."""
    code = seen.child.leading.responsible_code
    shown = [value for value, needed in opening.REVEALED.items() if may(seen.user, needed, code=code, on=today())]
    is_open = is_emergency(seen.user, "child", seen.child.leading.file_number, on=today())
    found = frozenset(shown) | frozenset(opening.IN_EMERGENCY if is_open else ())
    return found - frozenset(opening.IN_EMERGENCY) if seen.is_hidden and not seen.is_sensitive else found


def standings_of(seen: Seen) -> list[StandingLine]:
    """How the child's recognitions stand (认定状态), those that have ended too."""
    found = standings(list(holdings_of(seen.child.leading)), on=today())
    can_open = seen.may["review"] or seen.may["end"]
    return [standing_line(one, sensitive=seen.is_sensitive, can_open=can_open) for one in found]


def _due(seen: Seen) -> list[TaskLine]:
    tasks = open_tasks_about(seen.user, "child", seen.child.file_number, on=today())
    return task_lines(seen.user, list(tasks), on=today())


@signed_in
def family(request: OfficeRequest, file_number: str) -> HttpResponse:
    """The family (家庭情况): guardians, parents with their circumstances, household, brothers and sisters."""
    seen = looked_or_404(request, file_number)
    found = dossier.family(seen.child, sensitive=seen.is_sensitive)
    can, shown = seen.offered["alter"], revealable(seen)
    context = {
        "guardians": guardian_lines(seen.child, found.guardians, can_change=can, shown=shown),
        "parents": parent_lines(seen.child, found.parents, can_change=can, shown=shown),
        "members": member_lines(seen.child, found.household, can_change=can),
        "siblings": dossier.siblings(seen.user, seen.child, on=today()),
        "placements": _placements(seen),
        "agreements": [
            agreement_line(seen.child, one, can_end=seen.offered["agreements"])
            for one in agreements_of(seen.user, seen.child, today())
        ],
    }
    return file_page(request, seen, "family", context)


def _placements(seen: Seen) -> list[Entry]:
    words = {"sensitive": seen.is_sensitive, "is_hidden": seen.is_hidden and not seen.is_sensitive}
    found = placements_of(seen.user, seen.child, today())
    return [placement_line(seen.child, one, can_end=seen.offered["placing"], **words) for one in found]


@signed_in
def life(request: OfficeRequest, file_number: str) -> HttpResponse:
    """The life (生活情况): circumstances of the child, health, study, other aid, and what forms say."""
    seen = looked_or_404(request, file_number)
    found = dossier.life(seen.child, sensitive=seen.is_sensitive)
    can, shown = seen.offered["alter"], revealable(seen)

    def lines(facts: Any) -> Any:
        return entry_lines(seen.child, facts, can_change=can, shown=shown)

    context = {
        "circumstances": lines(found.circumstances),
        "health": lines(found.health),
        "study": lines(found.study),
        "aid": lines(found.aid),
        "forms": form_lines(seen.child, dossier.observations_of(seen.child, sensitive=seen.is_sensitive), shown),
    }
    return file_page(request, seen, "life", context)


@signed_in
def standing(request: OfficeRequest, file_number: str) -> HttpResponse:
    """The categories (类别): what the child holds and has held, on which document, and the sealed part."""
    seen = looked_or_404(request, file_number)
    return file_page(request, seen, "standing", standing_context(seen))


def standing_context(seen: Seen) -> dict[str, Any]:
    """What the tab of categories shows."""
    held = dossier.holdings(seen.child)
    own = [row for row in held if row.child_id == seen.child.pk and row.until_on is None]
    has_sealed = any(row.category in WITH_SECRET_BASIS for row in own)
    return {
        "holdings": holding_lines(seen.child, held, can_change=seen.offered["alter"]),
        "payee": payee_line(seen.child, payee_of(seen.child, on=today()), revealable(seen)),
        "joined_payees": [line for one in files_of(seen.child)[1:] for line in _payee_of_joined(one)],
        "has_sealed": has_sealed and seen.may["secret"],
        "is_named": may_open_secret(seen.user, seen.child, on=today()),
    }


def _payee_of_joined(child: Child) -> list[Entry]:
    lines = payee_line(child, payee_of(child, on=today()), frozenset())
    return [replace(line, file=child.file_number) for line in lines]


@signed_in
def changes(request: OfficeRequest, file_number: str) -> HttpResponse:
    """The changes (变更记录): before, after and reason side by side, and what waits for a second person."""
    seen = looked_or_404(request, file_number)
    sealed = may_open_secret(seen.user, seen.child, on=today())
    rows = dossier.changes(seen.child, sensitive=seen.is_sensitive, sealed=sealed)
    lines = [ChangeLine.of(change, seen.child) for change in rows[:100]]
    return file_page(request, seen, "changes", {"changes": lines})


@only(Permission.SEE_LOOKS)
def looks(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Who looked (谁看过): every single look at this child, as whom and why, and by person."""
    seen = looked_or_404(request, file_number)
    if not seen.may["looks"]:
        raise Http404
    page = Paginator(all_looks("child", file_number), LOOKS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": look_words(look_lines(page.object_list, with_words=True)),
        "lookers": lookers("child", file_number, since=timezone.now() - LOOK_SPAN, with_words=True),
    }
    return file_page(request, seen, "looks", context | page_links(request, page))


@signed_in
def reveal(request: OfficeRequest, file_number: str, value: str, number: int) -> HttpResponse:
    """Show one closed value (显示): a POST, so that no value and no wish for one stands in an address."""
    seen = seen_or_404(request, file_number)
    if request.method != "POST":
        return redirect("desk:child", file_number)
    return _revealed(request, seen, value, number)


def _revealing(value: str) -> Callable[..., str]:
    """The verb of the room in which a closed value stands."""
    above = (visit_opening, placement_opening)
    return next((room.reveal for room in above if value in room.REVEALED), opening.reveal)


def _revealed(request: OfficeRequest, seen: Seen, value: str, number: int) -> HttpResponse:
    try:
        shown = _revealing(value)(
            by=request.user, child=seen.child, value=value, number=number, on=today(), at=timezone.now()
        )
    except NotAllowed as error:
        raise Http404 from error
    except PurposeNeeded:
        return _ask_purpose(request, seen, PurposeAskedForm(), value=value, number=number)
    return render(request, "desk/children/revealed.html", {"value": shown, "child": seen.child})


def _ask_purpose(request: OfficeRequest, seen: Seen, form: PurposeAskedForm, **more: Any) -> HttpResponse:
    context = {"form": form, "child": seen.child, "next": "", "value": "", "number": ""} | more
    status = 422 if form.errors else 200
    template = "desk/children/asked.html" if request.htmx else "desk/children/asked_page.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


@signed_in
def purpose(request: OfficeRequest, file_number: str) -> HttpResponse:
    """State a purpose (说明目的): for fifteen minutes closed values of this child open without asking again."""
    seen = seen_or_404(request, file_number)
    said = request.POST if request.method == "POST" else request.GET
    next_page, value, number = said.get("next", ""), said.get("value", ""), said.get("number", "")
    asked = {"next": next_page, "value": value, "number": number}
    form = PurposeAskedForm(request.POST or None)
    if not form.is_valid():
        return _ask_purpose(request, seen, form, **asked)
    try:
        state_purpose(
            by=request.user,
            scope_kind="child",
            scope_key=file_number,
            division_code=seen.child.responsible_code,
            on=today(),
            at=timezone.now(),
            **form.cleaned_data,
        )
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return _ask_purpose(request, seen, form, **asked)
    if value:
        return _revealed(request, seen, value, row_number(number))
    is_safe = url_has_allowed_host_and_scheme(next_page, allowed_hosts=None)
    return redirect(next_page if next_page and is_safe else reverse("desk:child", args=[file_number]))


@only(Permission.SEE_SECRET)
def secret(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Open the sealed part (打开密封内容): for people named for this child, for a stated purpose."""
    seen = seen_or_404(request, file_number)
    if request.method != "POST":
        return redirect("desk:standing", file_number)
    try:
        opened = open_secret(by=request.user, child=seen.child, on=today(), at=timezone.now())
    except NotAllowed as error:
        raise Http404 from error
    except PurposeNeeded:
        return redirect(
            f"{reverse('desk:purpose', args=[file_number])}?next={reverse('desk:standing', args=[file_number])}"
        )
    except Refused as refused:
        return file_page(request, seen, "standing", standing_context(seen) | {"refusal": str(refused.reason)}, 422)
    return file_page(
        request, seen, "standing", standing_context(seen) | {"opened": opened, "basis": pair_title(BASES[opened.basis])}
    )


@only(Permission.COMPLETE, Permission.COMPLETE_ID)
def complete(request: OfficeRequest, file_number: str, field: str) -> HttpResponse:
    """Fill in one missing fact (补记); what cannot be taken stays typed, with the reason beside it."""
    seen = seen_or_404(request, file_number)
    form = completing_forms(request.user, seen.child, on=today()).get(field)
    if form is None:
        raise Http404
    if request.method != "POST":
        return redirect("desk:child", file_number)
    filled = type(form)(request.POST)
    if filled.is_valid():
        try:
            filled.complete(by=request.user, child=seen.child, on=today())
            return redirect("desk:child", file_number)
        except Refused as refused:
            filled.add_error(None, str(refused.reason))
    return render(request, "desk/children/complete.html", {"form": filled, "child": seen.child, "field": field})


@only(Permission.OPEN_WITH_PURPOSE)
def open_with_purpose(request: OfficeRequest) -> HttpResponse:
    """Open a file with a purpose (说明目的查看), for officers who see figures by default."""
    form = PurposeForm(request.POST or None)
    if form.is_valid():
        try:
            child = opening.open_with_purpose(by=request.user, on=today(), **form.cleaned_data)
            return redirect("desk:child", child.file_number)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    return render(request, "desk/children/purpose.html", {"form": form})
