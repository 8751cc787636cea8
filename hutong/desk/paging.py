"""Links (翻页) from one page of a list to the next."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest


def page_links(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """`previous` and `next` for the pager, with what else the address asks for; empty at an end."""
    return {"previous": _link(request, page, -1), "next": _link(request, page, +1)}


def _link(request: HttpRequest, page: Page[Any], step: int) -> str:
    wanted = page.number + step
    if not 1 <= wanted <= page.paginator.num_pages:
        return ""
    query = request.GET.copy()
    query["page"] = str(wanted)
    return f"?{query.urlencode()}"
