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
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.looks import FileNumberForm, look_words
from hutong.desk.paging import page_links

PAGE = 50
SPAN = timedelta(days=365)


@only(Permission.SEE_LOOKS)
def index(request: OfficeRequest) -> HttpResponse:
    """Who looked (查看记录): by a file number, everybody who opened the file and each single look; no child's data."""
    form = FileNumberForm(request.GET if "number" in request.GET else None)
    if not form.is_valid():
        return render(request, "desk/looks/index.html", {"form": form})
    number = form.cleaned_data["number"]
    found = see_looks(by=request.user, scope_kind="child", scope_key=number, on=today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "number": number,
        "page": page,
        "lines": look_words(look_lines(page.object_list, with_words=True)),
        "lookers": lookers_among(found, since=timezone.now() - SPAN, with_words=True),
    }
    return render(request, "desk/looks/index.html", context | page_links(request, page))
