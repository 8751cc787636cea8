"""Who looked, for those who watch over the looking and see no child."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from hutong.accounts.actions.looks import see_looks
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import look_lines, lookers_among
from hutong.desk.access import access_entries
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.looks import LooksForm, look_words
from hutong.desk.paging import page_links

PAGE = 50
SPAN = timedelta(days=365)


@only(Permission.SEE_LOOKS)
def index(request: OfficeRequest) -> HttpResponse:
    """Who looked (查看记录): by a file number and days, each look, who was refused, and why; no child's data."""
    form = LooksForm(request.GET if "number" in request.GET else None)
    if not form.is_valid():
        return render(request, "desk/looks/index.html", {"form": form})
    number = form.cleaned_data["number"]
    seen = see_looks(by=request.user, scope_kind="child", scope_key=number, on=today(), **form.span)
    since = form.span.get("since", timezone.now() - SPAN)
    page = Paginator(seen.looks, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "number": number,
        "page": page,
        "lines": look_words(look_lines(page.object_list, with_words=True)),
        "lookers": lookers_among(seen.looks, since=since, with_words=True),
        "is_spanned": bool(form.span),
        "refused": access_entries(seen.refused[:PAGE]),
    }
    return render(request, "desk/looks/index.html", context | page_links(request, page))
