"""The papers of one child: the list, adding, withdrawing, and the files themselves."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import NotAllowed, PurposeNeeded, Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only, signed_in
from hutong.desk.papers import PaperForm, WithdrawForm, neutral_name, paper_lines
from hutong.desk.views.file import Seen, file_context, file_page, looked_or_404, seen_or_404
from hutong.registry.actions.papers import FileNotTaken, open_paper
from hutong.registry.models import Evidence
from hutong.registry.queries import may_open_secret, papers_known_to, papers_unknown_to

ALONE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A file is shown and does nothing: no script, no form, no origin of ours."""


@signed_in
def index(request: OfficeRequest, file_number: str) -> HttpResponse:
    """The papers (证明材料): by kind, with how long they count; withdrawn ones folded. The look is recorded."""
    seen = looked_or_404(request, file_number)
    return _index(request, seen, PaperForm(may_seal=_may_seal(seen)))


def _may_seal(seen: Seen) -> bool:
    return may_open_secret(seen.user, seen.child, on=today())


def _index(request: OfficeRequest, seen: Seen, form: PaperForm, status: int = 200) -> HttpResponse:
    papers = papers_known_to(request.user, seen.child, sensitive=seen.is_sensitive, on=today())
    lines = paper_lines(request.user, seen.child, papers, seen.may, on=today(), at=timezone.now())
    context = {
        "form": form,
        "counting": [line for line in lines if line.paper.withdrawn_on is None],
        "withdrawn": [line for line in lines if line.paper.withdrawn_on],
        "unknown": papers_unknown_to(request.user, seen.child, sensitive=seen.is_sensitive),
    }
    return file_page(request, seen, "papers", context, status=status)


@only(Permission.ADD_EVIDENCE)
def add(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Add a paper (添加材料); what cannot be taken says why, and what was typed stays."""
    seen = seen_or_404(request, file_number)
    if request.method != "POST":
        return redirect("desk:papers", file_number)
    form = PaperForm(request.POST, request.FILES, may_seal=_may_seal(seen))
    if not form.is_valid():
        return _index(request, seen, form, status=422)
    is_large = form.cleaned_data["file"].size > settings.PAPER_LIMIT_BYTES
    try:
        paper = form.add(by=request.user, child=seen.child, on=today())
    except NotAllowed as error:
        raise Http404 from error
    except Refused as refused:
        form.add_error("file" if isinstance(refused, FileNotTaken) else None, str(refused.reason))
        return _index(request, seen, form, status=413 if is_large else 422)
    messages.success(request, _("Paper %(number)s is added.") % {"number": paper.pk})
    return redirect("desk:papers", file_number)


def _paper_or_404(seen: Seen, number: int) -> Evidence:
    paper = papers_known_to(seen.user, seen.child, sensitive=seen.is_sensitive, on=today()).filter(pk=number).first()
    if paper is None:
        raise Http404
    return paper


@signed_in
def show(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """One file (查看材料), shown by the browser and kept nowhere; a purpose is asked for first where one is needed."""
    paper = _paper_or_404(seen_or_404(request, file_number), number)
    try:
        content = open_paper(by=request.user, paper=paper, on=today(), at=timezone.now())
    except NotAllowed as error:
        raise Http404 from error
    except PurposeNeeded:
        return redirect(f"{reverse('desk:purpose', args=[file_number])}?next={request.path}")
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("desk:papers", file_number)
    named = {
        "Content-Disposition": f'inline; filename="{neutral_name(paper)}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": ALONE,
    }
    return HttpResponse(content, content_type=paper.media_type, headers=named)


@only(Permission.ADD_EVIDENCE)
def withdraw(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """Withdraw a paper (撤下材料), with the reason."""
    seen = seen_or_404(request, file_number)
    paper = _paper_or_404(seen, number)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            form.withdraw(by=request.user, paper=paper, on=today())
        except NotAllowed as error:
            raise Http404 from error
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Paper %(number)s is withdrawn.") % {"number": paper.pk})
            return redirect("desk:papers", file_number)
    (line,) = paper_lines(request.user, seen.child, [paper], seen.may, on=today(), at=timezone.now())
    if not line.withdraw_href:
        raise Http404
    context = file_context(seen, "papers") | {"form": form, "line": line}
    return render(request, "desk/children/withdraw_paper.html", context, status=422 if form.errors else 200)
