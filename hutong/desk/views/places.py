"""The picker of places."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.divisions.queries import find, find_anywhere, path_names


@signed_in
def pick(request: OfficeRequest) -> HttpResponse:
    """Answers of the picker (区划选择): places of the jurisdiction by Chinese name, pinyin, initials or code.

    `scope=province` asks for places anywhere in our province, where children live and move to; `scope=nation` for
    registered places, counties anywhere in the country among them.
    """
    said = _typed(request).replace("\0", "")[:40]
    if request.GET.get("scope") == "nation":
        places = find_anywhere(said, on=today())
    else:
        is_wide = request.GET.get("scope") == "province"
        places = [*find(said, within=[settings.PROVINCE] if is_wide else _own_prefixes(request), on=today())]
    paths = path_names(place.code for place in places)
    return render(request, "desk/places/options.html", {"places": [(place, paths[place.code]) for place in places]})


def _typed(request: OfficeRequest) -> str:
    """What is typed: as `q`, or as the text beside the hidden code of whichever field holds the picker."""
    return next((request.GET[name] for name in request.GET if name == "q" or name.endswith("_text")), "")


def _own_prefixes(request: OfficeRequest) -> list[str]:
    """Where somebody sees children, administers people or keeps organisations."""
    return [
        prefix
        for permission in (Permission.SEE_CHILDREN, Permission.MANAGE_PEOPLE, Permission.KEEP_ORGANISATIONS)
        for prefix in jurisdiction_of(request.user, permission, on=today()).prefixes
    ]
