"""Monthly runs by page (月度核定): preparing one, exceptions first, its lists, its steps, its papers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.documents import documents_about
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.allowances import run_queries as queries
from hutong.allowances.actions import running
from hutong.allowances.actions.run_issuing import LIST, SUBJECT, issue_list
from hutong.allowances.models import Run, RunLine
from hutong.allowances.models.run import RunState, RunStep
from hutong.desk import said
from hutong.desk.guards import OfficeRequest, fresh, only
from hutong.desk.paging import page_links
from hutong.desk.payment_forms import PrepareForm, StepForm
from hutong.desk.payment_lines import run_rows
from hutong.desk.payment_words import RUN_TONES, run_title
from hutong.desk.run_lines import compared_lines, hold_lines, list_chips, summary_lines
from hutong.desk.titles import money, pair_title
from hutong.desk.views.applications import give_letter
from hutong.desk.views.payments import places_to_prepare
from hutong.desk.words import search_words
from hutong.divisions.queries import path_names
from hutong.law.documents import KINDS as DOCUMENTS
from hutong.law.months import Month
from hutong.registry.finding import Filters, children
from hutong.treasury.books import balance_of
from hutong.treasury.models.book import BookKind

PAGE = 100
SEES = Permission.SEE_PAYMENTS


def run_or_404(request: OfficeRequest, number: int) -> Run:
    """A run that the user may see (可见核定)."""
    found = queries.run(request.user, number, on=today())
    if found is None:
        raise Http404
    return found


@only(Permission.PREPARE_RUNS)
@fresh
def prepare(request: OfficeRequest) -> HttpResponse:
    """Prepare a run (生成月度核定): month and place, after a look at what is still open there."""
    places = places_to_prepare(request.user, on=today())
    given = {name: request.GET[name] for name in ("month", "place") if name in request.GET}
    form = PrepareForm(request.POST or None, places=places, on=today(), initial=given)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            made = running.prepare(
                by=request.user, division_code=wanted["place"], month=Month.read(wanted["month"]), on=today(),
                purpose=wanted["purpose"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Prepared. Look at the exceptions first."))
            return redirect("desk:run", made.pk)
    context = {"form": form, "open": _open(request), "late": _late(request)}
    return render(request, "desk/runs/prepare.html", context, status=422 if form.errors else 200)


def _open(request: OfficeRequest) -> list[tuple[Run, str]]:
    """Runs that are not decided yet: preparing the same month again begins them anew."""
    found = queries.runs(request.user, on=today()).filter(state__in=(RunState.PREPARED, RunState.HANDED_IN))
    return [(one, run_title(one)) for one in found]


def _late(request: OfficeRequest) -> int:
    return queries.held_late(request.user, on=today()).count() + queries.missing(request.user, on=today()).count()


@only(Permission.PREPARE_RUNS)
@fresh
def anew(request: OfficeRequest) -> HttpResponse:
    """Attempts anew (重新支付) of what came back and may be sent again."""
    if request.method != "POST":
        return redirect("desk:payments")
    place = request.POST.get("place", "")
    if place not in dict(places_to_prepare(request.user, on=today())):
        raise Http404
    try:
        made = running.prepare_anew(by=request.user, division_code=place, on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:late")
    messages.success(request, _("Prepared. Look at each card, then hand it in."))
    return redirect("desk:run", made.pk)


@only(SEES)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One run (月度核定): exceptions first, then what differs from the month before, then every line."""
    run = run_or_404(request, number)
    summary, earlier = queries.summary_of(run), queries.before(run)
    place = path_names([run.division_code])[run.division_code]
    context: dict[str, Any] = {
        "run": run,
        "title": run_title(run),
        "place": place,
        "tone": RUN_TONES[RunState(run.state)],
        "words": run.words.open() if run.words and _sees_lists(request, run) else "",
        "summary": summary_lines(run, summary),
        "holds": hold_lines(summary),
        "overpaid": summary.overpaid,
        "earlier": run_title(earlier) if earlier else "",
        "compared": compared_lines(run, earlier) if earlier else [],
        "offered": _offered(request, run),
        "papers": [(one, pair_title(DOCUMENTS[one.kind])) for one in _papers(request, run)],
        "can_list": _sees_lists(request, run) and run.state == RunState.APPROVED,
        "money": _money(run, summary.pays.fen),
    }
    return render(request, "desk/runs/show.html", context | _listed(request, run, earlier))


def _money(run: Run, fen: int) -> dict[str, str]:
    """What is available beside what is paid, before the approval; attempts made anew have their money."""
    if run.state not in (RunState.PREPARED, RunState.HANDED_IN) or run.purpose == "anew":
        return {}
    available = balance_of(run.division_code, BookKind.AVAILABLE)
    left = available - fen
    short = money(-left) if left < 0 else ""
    return {"available": money(available), "needed": money(fen), "left": money(max(left, 0)), "short": short}


def _listed(request: OfficeRequest, run: Run, earlier: Run | None) -> dict[str, Any]:
    """The list that is open: its rows, its page, what it was searched for."""
    name = request.GET.get("list", queries.ALL)
    kept = said.recall(request, request.GET.get("said", ""))
    if name == queries.OVERPAID:
        return _overpaid(request, run)
    name, found = _lines_of(run, earlier, name)
    if kept.text:
        found = found.filter(
            child__in=children(request.user, Filters(text=kept.text, state="all"), on=today()).values("pk")
        )
    page: Page[Any] = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = run_rows(request.user, page.object_list, on=today())
    return {
        "chosen": name,
        "rows": rows,
        "page": page,
        "text": search_words(kept.text),
        "chips": list_chips(run, name),
        "sees_names": any(one.href for one in rows) or _sees_lists(request, run),
    } | page_links(request, page)


def _overpaid(request: OfficeRequest, run: Run) -> dict[str, Any]:
    page = Paginator(queries.overpaid(run), PAGE).get_page(request.GET.get("page"))
    seen = queries.names_seen(request.user, [one.child_id for one in page.object_list], on=today())
    rows = [(one, one.child.name if one.child_id in seen else "", money(one.amount_fen)) for one in page.object_list]
    chosen = queries.OVERPAID
    context: dict[str, Any] = {"chosen": chosen, "overpaid_rows": rows, "page": page, "chips": list_chips(run, chosen)}
    return context | page_links(request, page)


def _lines_of(run: Run, earlier: Run | None, name: str) -> tuple[str, Any]:
    if earlier and name.partition("-")[0] in queries.COMPARED:
        kind, _dash, why = name.partition("-")
        found: Any = queries.COMPARED[kind](run, earlier)
        return name, found.filter(why=why) if why else found
    name = name if name in queries.LISTS else queries.ALL
    return name, queries.lines(run, name)


@only(Permission.PREPARE_RUNS, Permission.APPROVE_RUNS)
def search(request: OfficeRequest, number: int) -> HttpResponse:
    """Find a child among the lines (查找): the words go to the session, not into the address."""
    run, text = run_or_404(request, number), said.clean(request.POST.get("q", ""))
    address = reverse("desk:run", args=[run.pk])
    if request.method != "POST" or not text:
        return redirect(address)
    return redirect(f"{address}?said={said.keep(request, text)}#lines")


@dataclass(frozen=True)
class StepPage:
    """One step of a run by page (核定环节页): its words, who takes it, its verb."""

    title: Promise
    note: Promise
    may: Permission
    act: Callable[..., object]
    kind: str = "quiet"
    with_words: bool = False


STEPS = {
    RunStep.HAND_IN: StepPage(
        _lazy("Hand in for approval"),
        _lazy("Nothing can be changed any more until it is sent back. Whoever waits is not paid with this run."),
        Permission.PREPARE_RUNS,
        running.hand_in,
        "main",
    ),
    RunStep.APPROVE: StepPage(
        _lazy("Approve"),
        _lazy("Compare lines, total and money. With your approval the money is set aside and finance can send it."),
        Permission.APPROVE_RUNS,
        running.approve,
        "main",
    ),
    RunStep.SEND_BACK: StepPage(
        _lazy("Send back"),
        _lazy("Whoever prepared it gets it back with your words."),
        Permission.APPROVE_RUNS,
        running.send_back,
        with_words=True,
    ),
    RunStep.CANCEL: StepPage(
        _lazy("Give up this run"),
        _lazy("Nothing of it was due. The month can be prepared again."),
        Permission.PREPARE_RUNS,
        running.cancel,
        "danger",
        with_words=True,
    ),
}


def _offered(request: OfficeRequest, run: Run) -> list[tuple[RunStep, StepPage]]:
    """The steps that this person may take now (可办环节)."""
    return [(step, page) for step, page in STEPS.items() if _is_possible(request, run, step)]


def _is_possible(request: OfficeRequest, run: Run, step: RunStep) -> bool:
    now = {
        RunStep.HAND_IN: (RunState.PREPARED,),
        RunStep.CANCEL: (RunState.PREPARED, RunState.HANDED_IN),
    }.get(step, (RunState.HANDED_IN,))
    is_other = step is not RunStep.APPROVE or run.prepared_by_id != request.user.pk
    return run.state in now and is_other and may(request.user, STEPS[step].may, code=run.division_code, on=today())


@only(Permission.PREPARE_RUNS, Permission.APPROVE_RUNS)
@fresh
def take(request: OfficeRequest, number: int, step: str) -> HttpResponse:
    """Take a step (办理环节): the numbers to be compared, then the act; what cannot be done says why."""
    run = run_or_404(request, number)
    if step not in STEPS:
        raise Http404
    page = STEPS[RunStep(step)]
    if not may(request.user, page.may, code=run.division_code, on=today()):
        raise Http404
    form = StepForm(
        request.POST if request.method == "POST" else None,
        with_words=page.with_words,
        initial={"revision": run.revision},
    )
    if request.method != "POST" and not _is_possible(request, run, RunStep(step)):
        return redirect("desk:run", number)
    if form.is_valid() and _taken(request, run, RunStep(step), form):
        return redirect("desk:run", number)
    summary = queries.summary_of(run)
    context = {
        "run": run,
        "title": run_title(run),
        "place": path_names([run.division_code])[run.division_code],
        "said": page,
        "form": form,
        "summary": summary,
        "pays": money(summary.pays.fen),
        "held": sum(one.children for one in summary.holds.values()),
        "money": _money(run, summary.pays.fen) if step in (RunStep.APPROVE, RunStep.HAND_IN) else {},
    }
    return render(request, "desk/runs/step.html", context, status=422 if form.errors else 200)


def _taken(request: OfficeRequest, run: Run, step: RunStep, form: StepForm) -> bool:
    said_more = {"words": form.cleaned_data["words"]} if STEPS[step].with_words else {}
    if step is RunStep.APPROVE:
        said_more = {"revision": form.cleaned_data["revision"]}
    try:
        STEPS[step].act(by=request.user, run=run, on=today(), **said_more)
    except running.RunChanged as changed:
        messages.warning(request, str(changed.reason))
        return True
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return False
    messages.success(request, _("Done, and recorded."))
    return True


def _sees_lists(request: OfficeRequest, run: Run) -> bool:
    """Whether somebody may have the list of payments: those who prepare and approve at the place."""
    asked = (Permission.PREPARE_RUNS, Permission.APPROVE_RUNS)
    return any(may(request.user, one, code=run.division_code, on=today()) for one in asked)


def _papers(request: OfficeRequest, run: Run) -> Any:
    found = documents_about(SUBJECT, str(run.pk))
    return found if _sees_lists(request, run) else found.exclude(kind=LIST)


@only(Permission.PREPARE_RUNS, Permission.APPROVE_RUNS)
@fresh
def make_list(request: OfficeRequest, number: int) -> HttpResponse:
    """The list of payments (发放明细清册): issued once, the same file each time."""
    run = run_or_404(request, number)
    if not _sees_lists(request, run):
        raise Http404
    if request.method != "POST":
        return redirect("desk:run", number)
    try:
        issue_list(by=request.user, run=run, on=today())
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Issued. Open it here; asked for again it is the same file."))
    return redirect("desk:run", number)


@only(SEES)
def fetch(request: OfficeRequest, number: int, document: int) -> HttpResponse:
    """A paper of a run (核定文书), as it left."""
    run = run_or_404(request, number)
    found = _papers(request, run).filter(pk=document).first()
    if found is None:
        raise Http404
    return give_letter(request, found, back=reverse("desk:run", args=[number]))


def line_or_404(request: OfficeRequest, number: int, line: int) -> RunLine:
    """A line of a child whom the user sees (可见明细)."""
    found = queries.line(request.user, number, line, on=today())
    if found is None:
        raise Http404
    return found
