"""The national system by page (全国系统录入): three lists, marking one or many, one mark with its differences."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.copies import needs_another
from hutong.accounts.permissions import Permission
from hutong.allowances import national
from hutong.allowances.actions import national as marking
from hutong.allowances.actions.national import Mark
from hutong.allowances.models import NationalEntry
from hutong.desk.copy_lines import kind_lines
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.national_forms import (
    NUMBER,
    AnewForm,
    EndEntryForm,
    EnteredForm,
    NationalCopyForm,
    TheirListForm,
    typed_numbers,
)
from hutong.desk.national_lines import (
    NationalLine,
    Typed,
    difference_lines,
    ending_words,
    lines_changed,
    lines_ended,
    lines_to_enter,
)
from hutong.desk.paging import page_links
from hutong.desk.views.file import looked_or_404
from hutong.desk.words import category_title
from hutong.law.copies import KINDS, NATIONAL, copy_rules
from hutong.registry.models import CategoryHolding

PAGE = 50
KEEPS = Permission.ENTER_NATIONAL
TABS: dict[str, Promise] = {
    "enter": _lazy("To be entered"),
    "changed": _lazy("Changed since"),
    "ended": _lazy("Ended since"),
}


@dataclass(frozen=True)
class Chip:
    """One of the lists (录入分组)."""

    label: Promise
    href: str
    is_current: bool
    count: int


@only(KEEPS)
def index(request: OfficeRequest) -> HttpResponse:
    """The national system (全国系统录入): what is to be entered, what has changed since, what has ended since."""
    return _index(request, request.GET.get("list", "enter"), EnteredForm(initial={"entered_on": today()}), Typed())


def _index(
    request: OfficeRequest, chosen: str, form: EnteredForm, typed: Typed, left: list[tuple[str, str]] | None = None
) -> HttpResponse:
    chosen = chosen if chosen in TABS else "enter"
    found: Any = {"enter": national.to_enter, "changed": national.changed, "ended": national.ended}[chosen](
        request.user, on=today()
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "chips": [_chip(request, code, chosen) for code in TABS],
        "chosen": chosen,
        "lines": _lines(chosen, list(page.object_list), typed),
        "form": form,
        "left": left or [],
        "prefix": NUMBER,
        "their_form": TheirListForm(),
        "page": page,
    } | page_links(request, page)
    return render(request, "desk/national/index.html", context, status=422 if form.errors or left else 200)


def _lines(chosen: str, rows: list[Any], typed: Typed) -> list[NationalLine]:
    if chosen == "changed":
        return lines_changed(rows, on=today())
    return lines_ended(rows, on=today()) if chosen == "ended" else lines_to_enter(rows, typed, on=today())


def _chip(request: OfficeRequest, code: str, chosen: str) -> Chip:
    """Counted where the database counts: what has changed is found by reading each."""
    counts: dict[str, Callable[[], int]] = {
        "enter": lambda: national.to_enter(request.user, on=today()).count(),
        "ended": lambda: national.ended(request.user, on=today()).count(),
    }
    count = counts[code]() if code in counts else 0
    return Chip(TABS[code], f"{reverse('desk:national')}?list={code}", code == chosen, count)


@only(KEEPS)
def enter(request: OfficeRequest) -> HttpResponse:
    """Mark each line that has a number (录入登记); what cannot be marked says why, and what was typed stays."""
    if request.method != "POST":
        return redirect("desk:national")
    form, numbers = EnteredForm(request.POST), typed_numbers(request.POST)
    if not form.is_valid():
        return _index(request, "enter", form, Typed(numbers))
    held = {one.pk: one for one in national.to_enter(request.user, on=today()).filter(pk__in=numbers)}
    if not held:
        form.add_error(None, _("Type the number of at least one child."))
        return _index(request, "enter", form, Typed(numbers))
    return _marked(request, form, held, numbers)


def _marked(
    request: OfficeRequest, form: EnteredForm, held: dict[int, CategoryHolding], numbers: dict[int, str]
) -> HttpResponse:
    files = {pk: one.child.leading.file_number for pk, one in held.items()}
    marks = [Mark(files[pk], one.category, numbers[pk]) for pk, one in held.items()]
    try:
        marked = marking.enter_many(
            by=request.user, marks=marks, entered_on=form.cleaned_data["entered_on"], on=today()
        )
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return _index(request, "enter", form, Typed(numbers))
    done = len(marked.entries)
    if done:
        words = ngettext("%(done)s child marked as entered.", "%(done)s children marked as entered.", done)
        messages.success(request, words % {"done": done})
    if not marked.left:
        return redirect("desk:national")
    why = {pk: marked.left[file] for pk, file in files.items() if file in marked.left}
    left = [(one.child.leading.name, why[pk]) for pk, one in held.items() if pk in why]
    return _index(request, "enter", form, Typed({pk: numbers[pk] for pk in why}, why), left)


def _entry_or_404(request: OfficeRequest, number: int) -> NationalEntry:
    found = national.entry(request.user, number, on=today())
    if found is None:
        raise Http404
    return found


@only(KEEPS)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One mark (录入登记): what was entered, beside what the file says today. A look at the child."""
    entry = _entry_or_404(request, number)
    looked_or_404(request, entry.file.file_number)
    return _show(request, entry, _anew_form(entry), EndEntryForm())


def _anew_form(entry: NationalEntry) -> AnewForm:
    return AnewForm(initial={"number": entry.number, "entered_on": today()})


def _show(request: OfficeRequest, entry: NationalEntry, anew: AnewForm, end: EndEntryForm) -> HttpResponse:
    child = entry.file
    holds = national.holding_of(child, entry.category, on=today()) is not None
    found = next((one.differences for one in national.changes_of([entry], on=today())), ()) if holds else ()
    is_open = entry.ended_on is None
    context = {
        "entry": entry,
        "child": child,
        "category": category_title(entry.category),
        "ending": ending_words(entry),
        "holds": holds,
        "lines": difference_lines(found) if is_open else [],
        "anew": anew if is_open and holds else None,
        "end": end if is_open else None,
    }
    return render(request, "desk/national/show.html", context, status=422 if anew.errors or end.errors else 200)


@only(KEEPS)
def anew(request: OfficeRequest, number: int) -> HttpResponse:
    """Entered anew after a change (重新录入)."""
    entry = _entry_or_404(request, number)
    form = AnewForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return redirect("desk:national_entry", number)
    if form.is_valid():
        try:
            made = marking.update_entry(by=request.user, entry=entry, on=today(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect("desk:national_entry", made.pk)
    return _show(request, entry, form, EndEntryForm())


@only(KEEPS)
def end(request: OfficeRequest, number: int) -> HttpResponse:
    """A mark ends (终止登记)."""
    entry = _entry_or_404(request, number)
    form = EndEntryForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return redirect("desk:national_entry", number)
    if form.is_valid():
        try:
            marking.end_entry(by=request.user, entry=entry, on=today(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect("desk:national_entry", number)
    return _show(request, entry, _anew_form(entry), form)


@only(Permission.EXPORT_NATIONAL)
@fresh
def ask(request: OfficeRequest) -> HttpResponse:
    """Ask for the list of those to be entered (申请录入名单), as a copy like any other."""
    form = NationalCopyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            copy = marking.ask_for_national(
                by=request.user,
                purpose=KINDS[NATIONAL].purposes[0],
                receiver=form.cleaned_data["receiver"],
                on=today(),
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            return redirect("desk:copy", copy.pk)
    return _ask_page(request, form, on=today())


def _ask_page(request: OfficeRequest, form: NationalCopyForm, *, on: date) -> HttpResponse:
    children = national.children_to_enter(request.user, on=on).count()
    (kind,) = kind_lines([NATIONAL], on=on)
    context = {
        "form": form,
        "kind": kind,
        "children": children,
        "waits": needs_another(request.user, children, on=on, at=timezone.now()),
        "alone": copy_rules(on).children_alone,
    }
    return render(request, "desk/national/ask.html", context, status=422 if form.errors else 200)
