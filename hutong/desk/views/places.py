"""The picker of places."""

from django.http import HttpResponse
from django.shortcuts import render

from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.divisions.queries import find, path_names


@signed_in
def pick(request: OfficeRequest) -> HttpResponse:
    """Answers of the picker (区划选择): places of one's own by Chinese name, pinyin, initials or code."""
    said = (request.GET.get("q", "") or request.GET.get("division_text", "")).replace("\0", "")
    within = [
        prefix
        for permission in (Permission.SEE_CHILDREN, Permission.MANAGE_PEOPLE)
        for prefix in jurisdiction_of(request.user, permission, on=today()).prefixes
    ]
    places = find(said[:40], within=within, on=today())
    paths = path_names(place.code for place in places)
    return render(request, "desk/places/options.html", {"places": [(place, paths[place.code]) for place in places]})
