"""Recognitions by page (年度复核): what is due, suspended or to end; the law beside the evidence; the steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.documents import documents_about
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.allowances import recognition_queries as queries
from hutong.allowances.actions import ending, reviewing, suspending
from hutong.allowances.actions.deciding import CaseChanged
from hutong.allowances.models.recognition import EndStage
from hutong.allowances.recognition_queries import Step
from hutong.allowances.recognitions import SUBJECT, Recognised, recognised
from hutong.desk.application_lines import answer_lines, answer_words, evidence_lines
from hutong.desk.chips import Chip
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.paging import page_links
from hutong.desk.recognition_forms import RecognitionForm
from hutong.desk.recognition_lines import (
    RecognitionLine,
    course_lines,
    end_lines,
    found_words,
    standing_line,
    suspension_lines,
    task_lines,
)
from hutong.desk.titles import pair_title
from hutong.desk.views.applications import StepPage, give_letter
from hutong.desk.views.file import looked_or_404, seen_or_404
from hutong.desk.words import category_title
from hutong.law.documents import KINDS as DOCUMENTS
from hutong.law.recognition_review import Finding

PAGE = 50
USERS = (Permission.REVIEW_RECOGNITIONS, Permission.END_RECOGNITIONS)


@dataclass(frozen=True)
class Group:
    """One of the lists (复核分组): its rows, how they are said, and how the day beside each is called."""

    label: Promise
    rows: Callable[[Person], QuerySet[Any]]
    lines: Callable[..., list[RecognitionLine]]
    day: Promise


GROUPS = {
    "due": Group(
        _lazy("Due within 30 days"),
        lambda user: queries.due(user, on=today(), is_late=False),
        lambda rows: task_lines(rows, on=today()),
        _lazy("Last day"),
    ),
    "overdue": Group(
        _lazy("Overdue"),
        lambda user: queries.due(user, on=today(), is_late=True),
        lambda rows: task_lines(rows, on=today()),
        _lazy("Last day"),
    ),
    "changed": Group(
        _lazy("Something has changed"),
        lambda user: queries.looked_into(user, on=today()),
        lambda rows: task_lines(rows, on=today()),
        _lazy("Last day"),
    ),
    "suspended": Group(
        _lazy("Suspended"), lambda user: queries.suspended(user, on=today()), suspension_lines, _lazy("Suspended on")
    ),
    "proposed": Group(
        _lazy("End proposed"),
        lambda user: queries.ends(user, on=today(), stage=EndStage.PROPOSED),
        end_lines,
        _lazy("Proposed on"),
    ),
    "ended": Group(
        _lazy("Ended"),
        lambda user: queries.ends(user, on=today(), stage=EndStage.CONFIRMED),
        end_lines,
        _lazy("Decided on"),
    ),
}


@only(*USERS)
def index(request: OfficeRequest) -> HttpResponse:
    """The reviews (年度复核): due, overdue, changed, suspended, to end, ended."""
    chosen = request.GET.get("list", "due")
    chosen = chosen if chosen in GROUPS else "due"
    group = GROUPS[chosen]
    page = Paginator(group.rows(request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "chips": [_chip(request, code, chosen) for code in GROUPS],
        "group": group,
        "lines": group.lines(page.object_list),
        "page": page,
    } | page_links(request, page)
    return render(request, "desk/reviews/index.html", context)


def _chip(request: OfficeRequest, code: str, chosen: str) -> Chip:
    group = GROUPS[code]
    count = 0 if code == "ended" else group.rows(request.user).count()
    return Chip(group.label, f"{reverse('desk:reviews')}?list={code}", code == chosen, count)


def _recognised_or_404(request: OfficeRequest, number: int) -> Recognised:
    found = queries.holding(request.user, number, on=today())
    if found is None:
        raise Http404
    return recognised(found, on=today())


@only(*USERS)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One recognition (认定详情): what the law finds beside the evidence, what was done. A look at the child."""
    now = _recognised_or_404(request, number)
    seen = looked_or_404(request, now.file.file_number)
    course, sensitive = queries.course_of(now.holding), seen.is_sensitive
    steps = queries.steps_for(request.user, now)
    context = {
        "now": now,
        "child": now.file,
        "standing": standing_line(now, sensitive=sensitive, can_open=False),
        "sensitive": sensitive,
        "is_late": now.is_held and now.due_on < now.on,
        "items": evidence_lines(now.items, now.file) if sensitive and now.is_held else [],
        "offered": sorted(((step, STEPS[step]) for step in steps), key=lambda one: one[1].kind != "main"),
        "history": course_lines(course, sensitive=sensitive),
        "letters": [
            (letter, pair_title(DOCUMENTS[letter.kind]))
            for letter in (documents_about(SUBJECT, now.key) if sensitive else ())
        ],
    }
    return render(request, "desk/reviews/show.html", context | _found(request, now))


def _found(request: OfficeRequest, now: Recognised) -> dict[str, object]:
    """What the law finds, as far as the user may know; where it gives no reasons, its answer stands for nothing."""
    found = now.shown_to(request.user)
    is_shown = found.finding is not Finding.UNSHOWN and bool(found.answer.reasons)
    return {
        "found": found_words(found, is_sealed=now.is_sealed),
        "answer": answer_words(found.answer) if is_shown else None,
        "reasons": answer_lines(found.answer.reasons) if is_shown else [],
    }


@only(*USERS)
def fetch(request: OfficeRequest, number: int, document: int) -> HttpResponse:
    """Fetch a letter about a recognition (取出文书), as it left; for whoever sees sensitive facts there."""
    now = _recognised_or_404(request, number)
    found = documents_about(SUBJECT, now.key).filter(pk=document).first()
    if found is None or not seen_or_404(request, now.file.file_number).is_sensitive:
        raise Http404
    return give_letter(request, found, back=reverse("desk:review", args=[number]))


STEPS: dict[Step, StepPage] = {
    Step.REVIEW: StepPage(
        _lazy("Review"),
        _lazy("See the child, the parents’ situation and the papers. Say what you found; the next is due in a year."),
        _lazy("Record the review"),
        reviewing.review,
        "main",
    ),
    Step.SUSPEND: StepPage(
        _lazy("Suspend"),
        _lazy("Nothing is paid until it is lifted or ended. The family is told why, and what it can do."),
        _lazy("Suspend"),
        suspending.suspend,
    ),
    Step.LIFT: StepPage(
        _lazy("Lift the suspension"),
        _lazy("Say from which month it is paid again: where nothing had changed, from the first that was suspended."),
        _lazy("Lift the suspension"),
        suspending.lift,
    ),
    Step.PROPOSE_END: StepPage(
        _lazy("Propose the end"),
        _lazy("It goes on until another person of the county confirms it. Suspend it where it should not wait."),
        _lazy("Propose the end"),
        ending.propose_end,
    ),
    Step.CONFIRM_END: StepPage(
        _lazy("Confirm the end"),
        _lazy("The category ends with the last month paid. The letter tells the family the reason and where to turn."),
        _lazy("Confirm the end"),
        ending.confirm_end,
        "danger",
    ),
    Step.REJECT_END: StepPage(
        _lazy("Reject the end"),
        _lazy("It goes on. Whoever proposed it hears why; a suspension stays until it is lifted."),
        _lazy("Reject the end"),
        ending.reject_end,
    ),
}


@only(*USERS)
def take(request: OfficeRequest, number: int, step: str) -> HttpResponse:
    """Take a step (办理环节); what cannot be done says why, and what was typed stays."""
    now = _recognised_or_404(request, number)
    if step not in list(Step):
        raise Http404
    said, found = STEPS[Step(step)], now.shown_to(request.user)
    if request.method != "POST":
        if step not in queries.steps_for(request.user, now):
            return redirect("desk:review", number)
        return _step_page(request, now, said, RecognitionForm(step=Step(step), now=now, found=found))
    form = RecognitionForm(request.POST, step=Step(step), now=now, found=found)
    if not form.is_valid():
        return _step_page(request, now, said, form)
    try:
        said.act(by=request.user, holding=now.holding, on=today(), **form.values)
    except CaseChanged as changed:
        messages.warning(request, str(changed.reason))
        return redirect("desk:review", number)
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return _step_page(request, now, said, form)
    messages.success(request, _("Done, and recorded."))
    return redirect("desk:review", number)


def _step_page(request: OfficeRequest, now: Recognised, said: StepPage, form: RecognitionForm) -> HttpResponse:
    seen = seen_or_404(request, now.file.file_number)
    context = {
        "now": now,
        "child": now.file,
        "category": category_title(now.holding.category),
        "standing": standing_line(now, sensitive=seen.is_sensitive, can_open=False),
        "said": said,
        "form": form,
        "sensitive": seen.is_sensitive,
    }
    return render(request, "desk/reviews/step.html", context | _found(request, now), status=422 if form.errors else 200)
