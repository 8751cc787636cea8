"""Copies: asking for one, agreeing to one, fetching it, saying that it was destroyed."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from hutong.accounts.actions.copies import decide_copy, destroy_copy
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.accounts.copies import copies, needs_another
from hutong.accounts.models import Copy, CopyState
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, permissions_of
from hutong.desk import said
from hutong.desk.copy_forms import CopyForm, CopyNumberForm, DecideCopyForm
from hutong.desk.copy_lines import CopyLine, copy_lines, kind_lines, kind_title
from hutong.desk.forms import FilterForm
from hutong.desk.guards import OfficeRequest, fresh, only, signed_in
from hutong.desk.paging import page_links
from hutong.desk.printing import sheet_of
from hutong.desk.views.file import seen_or_404
from hutong.desk.views.imports import XLSX
from hutong.desk.words import count_words, search_words
from hutong.divisions.queries import path_names
from hutong.law.copies import FORMS, LISTS, LISTS_BY_FILTERS, copy_rules
from hutong.registry.actions import copying
from hutong.registry.finding import counted

PAGE = 50
Taken = TypeVar("Taken")
SHEETS = {
    "print_file": "desk/copies/print_file.html",
    "print_visit": "desk/copies/print_visit.html",
    "print_family": "desk/copies/print_family.html",
    "print_care": "desk/copies/print_care.html",
}
OF_LISTS = tuple(Permission(code) for code in LISTS)
OF_FORMS = tuple(Permission(code) for code in FORMS)
SEERS = (*OF_LISTS, *OF_FORMS, Permission.DECIDE_COPIES, Permission.SEE_TRAIL)


@only(*SEERS)
def index(request: OfficeRequest) -> HttpResponse:
    """Copies (发出件): what somebody asked for, and what left the places where they decide or audit."""
    form = CopyNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = copies(request.user, on=today()).filter(number=form.cleaned_data["number"]).first()
        if found:
            return redirect("desk:copy", found.pk)
        form.add_error("number", _("No copy that you may see has this number."))
    page = Paginator(copies(request.user, on=today()), PAGE).get_page(request.GET.get("page"))
    lines = copy_lines(page.object_list, on=today(), at=timezone.now())
    context = {"form": form, "page": page, "copies": lines, **page_links(request, page)}
    return render(request, "desk/copies/index.html", context, status=422 if form.errors else 200)


@only(*OF_LISTS)
@fresh
def ask(request: OfficeRequest) -> HttpResponse:
    """Ask for a list (申请名册) of the children that the filters in the address name."""
    kept = said.recall(request, request.GET.get("said", ""))
    filters = FilterForm(request.GET, is_search=bool(kept.text))
    if not filters.is_valid():
        return redirect(f"{reverse('desk:children')}?{request.GET.urlencode()}")
    wanted, kinds = filters.filters(kept.text), _held(request, LISTS_BY_FILTERS)
    form = CopyForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        try:
            copy = copying.ask_for_list(
                by=request.user, filters=wanted, on=today(), at=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            return _asked(request, copy)
    rules = copy_rules(today())
    most = rules.children_at_most
    (children,) = counted((copying.to_list(request.user, kinds[0], wanted, on=today()), most))
    context = {
        "form": form,
        "kinds": kind_lines(kinds, on=today()),
        "children": count_words(children, most),
        "too_many": children > most,
        "most": most,
        "waits": needs_another(request.user, children, on=today(), at=timezone.now()),
        "alone": rules.children_alone,
        "filters": _filter_words(filters, kept.text),
        "back": f"{reverse('desk:children')}?{request.GET.urlencode()}",
    }
    return render(request, "desk/copies/ask.html", context, status=422 if form.errors else 200)


def _held(request: OfficeRequest, kinds: tuple[str, ...]) -> list[str]:
    held = permissions_of(request.user, on=today())
    return [code for code in kinds if Permission(code) in held]


def _filter_words(form: FilterForm, text: str) -> list[str]:
    """What narrows the list, as the filters are labelled."""
    words = [search_words(text)] if text else []
    for name, value in form.kept.items():
        field = form.fields[name]
        chosen = dict(getattr(field, "choices", [])).get(value, "")
        if name == "division":
            chosen = path_names([value]).get(value, value)
        words.append(f"{field.label}：{chosen}" if chosen else str(field.label))
    return words


def _asked(request: OfficeRequest, copy: Copy) -> HttpResponse:
    if copy.state == CopyState.ASKED:
        messages.success(request, _("Asked for. A second person has to agree; you get a notice."))
    else:
        messages.success(request, _("Given. Fetch it here."))
    return redirect("desk:copy", copy.pk)


@only(*OF_FORMS)
@fresh
def ask_form(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Ask for a printed form (申请打印) of one child."""
    seen = seen_or_404(request, file_number)
    child, on = seen.child.leading, today()
    kinds = [code for code in FORMS if may(request.user, Permission(code), code=child.responsible_code, on=on)]
    if not kinds:
        raise Http404
    form = CopyForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        try:
            copy = copying.ask_for_form(by=request.user, child=child, on=on, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            return _asked(request, copy) if copy.state == CopyState.ASKED else redirect("desk:copy_paper", copy.pk)
    context = {"form": form, "kinds": kind_lines(kinds, on=today()), "child": child}
    return render(request, "desk/copies/ask_form.html", context, status=422 if form.errors else 200)


def _copy_or_404(request: OfficeRequest, number: int) -> Copy:
    copy = copies(request.user, on=today()).filter(pk=number).first()
    if copy is None:
        raise Http404
    return copy


@only(*SEERS)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One copy (发出件): what it is, whose, what for, what became of it."""
    return _show(request, _copy_or_404(request, number), DecideCopyForm())


def _show(request: OfficeRequest, copy: Copy, form: DecideCopyForm) -> HttpResponse:
    (line,) = copy_lines([copy], on=today(), at=timezone.now())
    (kind,) = kind_lines([copy.kind], on=today())
    context: dict[str, Any] = {"line": line, "kind": kind, "form": form} | _acts(request, copy, line)
    return render(request, "desk/copies/show.html", context, status=422 if form.errors else 200)


def _acts(request: OfficeRequest, copy: Copy, line: CopyLine) -> dict[str, bool]:
    """What this person may do with it now."""
    mine = copy.by_id == request.user.pk
    decides = may(request.user, Permission.DECIDE_COPIES, code=copy.division_code, on=today())
    return {
        "can_fetch": mine and line.is_open and copy.kind in LISTS,
        "can_print": mine and line.is_open and copy.kind in FORMS,
        "can_decide": decides and not mine and copy.state == CopyState.ASKED,
        "can_destroy": mine and bool(copy.first_fetched_at and copy.destroy_on) and not copy.destroyed_on,
    }


@only(Permission.DECIDE_COPIES)
@fresh
def decide(request: OfficeRequest, number: int) -> HttpResponse:
    """Agree to a copy, or not (审核发出)."""
    copy = _copy_or_404(request, number)
    form = DecideCopyForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, copy, form)
    agrees = form.cleaned_data["answer"] == "yes"
    try:
        decide_copy(
            by=request.user,
            copy=copy,
            is_agreed=agrees,
            words=form.cleaned_data["words"],
            on=today(),
            at=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return _show(request, copy, form)
    messages.success(request, _("Agreed to.") if agrees else _("Not agreed to; whoever asked is told."))
    return redirect("desk:copy", number)


@only(*OF_LISTS)
@fresh
def fetch(request: OfficeRequest, number: int) -> HttpResponse:
    """Fetch a list (领取名册) that was given."""
    copy = _copy_or_404(request, number)
    content = _taken(request, copy, copying.fetch_list)
    if content is None:
        return redirect("desk:copy", number)
    name = f"{kind_title(copy.kind)}-{copy.number}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@only(*OF_FORMS)
@fresh
def paper(request: OfficeRequest, number: int) -> HttpResponse:
    """A form on paper (打印): one child, for one reader, with its number on every page."""
    copy = _copy_or_404(request, number)
    child = _taken(request, copy, copying.open_form)
    if child is None:
        return redirect("desk:copy", number)
    (kind,) = kind_lines([copy.kind], on=today())
    context = {"copy": copy, "child": child, "kind": kind} | sheet_of(request.user, child, copy.kind, on=today())
    return render(request, SHEETS[copy.kind], context)


def _taken(request: OfficeRequest, copy: Copy, take: Callable[..., Taken]) -> Taken | None:
    """What a verb hands out of a copy; None where it refuses, with the reason told on the next page."""
    try:
        return take(by=request.user, copy=copy, on=today(), at=timezone.now())
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return None


@signed_in
def destroyed(request: OfficeRequest, number: int) -> HttpResponse:
    """Say that a copy was destroyed (登记销毁)."""
    copy = _copy_or_404(request, number)
    if request.method == "POST" and _taken(request, copy, destroy_copy) is not None:
        messages.success(request, _("Recorded as destroyed."))
    return redirect("desk:copy", number)
