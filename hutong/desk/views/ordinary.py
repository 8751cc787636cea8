"""Ordinary applications, one after another by keyboard (常规申请连续办理); any other is opened by itself."""

from collections.abc import Iterator
from itertools import dropwhile

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.allowances import queries
from hutong.allowances.actions import deciding
from hutong.allowances.actions.stepping import is_late
from hutong.allowances.cases import Case, case_of, clock_of
from hutong.desk.application_lines import answer_lines, answer_words, application_lines, clock_words, item_lines
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.views.file import looked_or_404, row_number
from hutong.desk.words import category_title


@only(Permission.DECIDE_APPLICATIONS)
def show(request: OfficeRequest) -> HttpResponse:
    """The next ordinary application that waits for me, whole on one page; confirming it leads to the one after it.

    An application whose items do not all fit, against which the township or the law speaks, or that is late, is never
    among them. What has changed since the page was opened is not confirmed.
    """
    if request.method == "POST":
        return _confirm(request)
    after = row_number(request.GET.get("after", ""))
    waiting = [one.pk for one in queries.to_decide(request.user, on=today())]
    case = next(_ordinary(request, waiting, after), None)
    if case is None:
        return _end(request)
    application = case.application
    looked_or_404(request, application.file.file_number)
    context = {
        "application": application,
        "child": application.file,
        "category": category_title(application.category),
        "case": case,
        "items": item_lines(case),
        "answer": answer_words(case.answer),
        "reasons": answer_lines(case.answer.reasons),
        "clock_said": clock_words(clock_of(application, on=today())),
        "at": waiting.index(application.pk) + 1,
        "waiting": len(waiting),
    }
    return render(request, "desk/applications/ordinary.html", context)


def _ordinary(request: OfficeRequest, waiting: list[int], after: int) -> Iterator[Case]:
    """The ordinary ones behind the one that was seen last, in their order."""
    rest = list(dropwhile(lambda number: number != after, waiting))[1:] if after in waiting else waiting
    for number in rest:
        application = queries.application(request.user, number, on=today())
        if application is None or is_late(application, on=today()):
            continue
        case = case_of(application, on=today())
        if case.is_ordinary:
            yield case


def _confirm(request: OfficeRequest) -> HttpResponse:
    number = row_number(request.POST.get("number", ""))
    waiting = [0, *(one.pk for one in queries.to_decide(request.user, on=today()))]
    application = queries.application(request.user, number, on=today())
    if application is None:
        raise Http404
    before = waiting[waiting.index(number) - 1] if number in waiting else 0
    try:
        deciding.confirm(by=request.user, application=application, mark=request.POST.get("mark", ""), on=today())
    except Refused as refused:
        messages.warning(request, f"{application.number}：{refused.reason}")
        return redirect(f"{reverse('desk:ordinary_applications')}?after={number}")
    messages.success(request, _("%(number)s is confirmed.") % {"number": application.number})
    return redirect(f"{reverse('desk:ordinary_applications')}?after={before}")


def _end(request: OfficeRequest) -> HttpResponse:
    """What is left: those to be opened one by one."""
    left = queries.to_decide(request.user, on=today())
    context = {"lines": application_lines(left[:100], on=today())}
    return render(request, "desk/applications/ordinary_end.html", context)
