"""The notices of whoever is at work."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.notices import mark_all_read, mark_read
from hutong.accounts.clock import today
from hutong.accounts.queries import notices
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.desk.notices import notice_href, notice_lines
from hutong.desk.paging import page_links

PAGE = 30


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """Notices (通知) of the last thirty days, unread first."""
    page = Paginator(notices(request.user, on=today()), PAGE).get_page(request.GET.get("page"))
    lines = notice_lines(page.object_list)
    return render(request, "desk/notices/index.html", {"page": page, "lines": lines, **page_links(request, page)})


@signed_in
def show(request: OfficeRequest, number: int) -> HttpResponse:
    """Open a notice (打开通知): it counts as read, and what it is about opens."""
    if request.method != "POST":
        if not notices(request.user, on=today()).filter(pk=number).exists():
            raise Http404
        return redirect("desk:notices")
    try:
        notice = mark_read(by=request.user, number=number, on=today())
    except Refused as refused:
        raise Http404 from refused
    return redirect(notice_href(notice) or "desk:notices")


@signed_in
def read_all(request: OfficeRequest) -> HttpResponse:
    """Mark all as read (全部已读)."""
    if request.method == "POST":
        mark_all_read(by=request.user, on=today())
    return redirect("desk:notices")
