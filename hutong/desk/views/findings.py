"""What audits found before money went out (核查发现): by audit, one by one, and what came of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.allowances import finding_queries as queries
from hutong.allowances.actions.auditing import settle_finding
from hutong.allowances.models import AuditFinding
from hutong.desk.chips import Chip
from hutong.desk.finding_forms import FindingForm
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.paging import page_links
from hutong.desk.titles import pair_title
from hutong.desk.views.file import looked_or_404
from hutong.divisions.queries import short_names
from hutong.law.audits import AUDITS

PAGE = 50


@only(*queries.READERS)
def index(request: OfficeRequest) -> HttpResponse:
    """The findings (核查发现): what is to be looked into, by audit; what is done under its own."""
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in AUDITS or chosen == queries.SETTLED else ""
    page = Paginator(queries.findings(request.user, on=today(), code=chosen), PAGE).get_page(request.GET.get("page"))
    places = short_names(one.division_code for one in page.object_list)
    context = {
        "chips": _chips(request, chosen),
        "is_settled": chosen == queries.SETTLED,
        "lines": [(one, pair_title(AUDITS[one.code].titles), places[one.division_code]) for one in page.object_list],
        "page": page,
    } | page_links(request, page)
    return render(request, "desk/findings/index.html", context)


def _chips(request: OfficeRequest, chosen: str) -> list[Chip]:
    found, address = queries.counts(request.user, on=today()), reverse("desk:findings")
    chips = [Chip(_("All"), address, chosen == "", sum(found.values()))]
    for code, audit in AUDITS.items():
        if found[code] or code == chosen:
            chips.append(Chip(pair_title(audit.titles), f"{address}?list={code}", code == chosen, found[code]))
    return [*chips, Chip(_("Done"), f"{address}?list={queries.SETTLED}", chosen == queries.SETTLED, 0)]


@only(*queries.READERS)
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """One finding (核查详情): what was found of whom, what to look at, and the form for what came of it."""
    finding = _finding_or_404(request, number)
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_finding(by=request.user, finding=finding, on=today(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done. It stands in the list of what is done, with your words."))
            return redirect("desk:findings")
    seen, audit = looked_or_404(request, finding.child.leading.file_number), AUDITS[finding.code]
    context = {
        "finding": finding,
        "child": seen.child,
        "title": pair_title(audit.titles),
        "look": pair_title((audit.look_zh, audit.look_en)),
        "audit": audit,
        "form": form if queries.may_settle(request.user, finding, on=today()) else None,
        "sensitive": seen.is_sensitive,
    }
    return render(request, "desk/findings/show.html", context, status=422 if form.errors else 200)


def _finding_or_404(request: OfficeRequest, number: int) -> AuditFinding:
    for code in ("", queries.SETTLED):
        found = queries.findings(request.user, on=today(), code=code).filter(pk=number).first()
        if found:
            return found
    raise Http404
