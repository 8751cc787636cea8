"""What is done for several children at once."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.views.children import child_lines
from hutong.registry.finding import chosen, listed

MOST = 200


@only(Permission.CHANGE_CHILDREN, Permission.CLOSE_CHILDREN)
def show(request: OfficeRequest) -> HttpResponse:
    """The chosen children (批量办理), as far as they may be seen."""
    numbers = request.POST.getlist("selected")[:MOST]
    if request.method != "POST" or not numbers:
        return redirect("desk:children")
    rows = listed(chosen(request.user, numbers, on=today()), most=MOST)
    return render(request, "desk/children/bulk.html", {"children": child_lines(rows, today())})
