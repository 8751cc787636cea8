"""The household of a child by page (家庭户)."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.clock import today
from hutong.desk.change_forms import (
    EndHoldingForm,
    HouseholdForm,
    MemberForm,
    ReasonedForm,
)
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.views.file import seen_or_404
from hutong.desk.views.steps import CHANGE, Step, changeable_or_404, plain, reasoned, run
from hutong.registry import dossier
from hutong.registry.actions import household

FOUND = Step(
    _lazy("Set up the household"),
    _lazy("Brothers and sisters join it from their own pages."),
    _lazy("Set up"),
    HouseholdForm,
    household.found_household,
)
JOIN = Step(
    _lazy("Join the household of a brother or sister"),
    _lazy("Both then show the same household."),
    _lazy("Join"),
    ReasonedForm,
    household.join_household,
)


@only(CHANGE)
def found_household(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Set up a household (建立家庭户)."""
    seen = changeable_or_404(request, file_number)
    return run(
        request,
        seen,
        FOUND,
        initial={"reason": "happened"},
        arguments=lambda form: plain(form, "kind") | {"child": seen.child},
        tab="family",
    )


@only(CHANGE)
def join_household(request: OfficeRequest, file_number: str, sibling: str) -> HttpResponse:
    """Join a household (并入家庭户)."""
    seen, other = changeable_or_404(request, file_number), seen_or_404(request, sibling)
    return run(
        request,
        seen,
        JOIN,
        initial={"reason": "happened"},
        arguments=lambda form: reasoned(form) | {"child": seen.child, "sibling": other.child},
        tab="family",
    )


MEMBER = Step(
    _lazy("Add somebody who lives there"),
    _lazy("Only people the work needs to know of: who lives with the child, and how they are related."),
    _lazy("Add"),
    MemberForm,
    household.add_member,
)


@only(CHANGE)
def add_member(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Add a member of the household (增加家庭成员)."""
    seen = changeable_or_404(request, file_number)
    return run(
        request,
        seen,
        MEMBER,
        initial={"reason": "happened"},
        arguments=lambda form: plain(form, "name", "relation", "from_on") | {"child": seen.child},
        tab="family",
    )


LEAVE = Step(
    _lazy("End a membership"),
    _lazy("The last day on which this person lived there."),
    _lazy("End"),
    EndHoldingForm,
    household.end_member,
)


@only(CHANGE)
def end_member(request: OfficeRequest, file_number: str, number: int) -> HttpResponse:
    """End a membership (成员离开)."""
    seen = changeable_or_404(request, file_number)
    member = dossier.member_of(seen.child, number)
    if member is None:
        raise Http404
    return run(
        request,
        seen,
        LEAVE,
        initial={"until_on": today(), "reason": "happened"},
        arguments=lambda form: plain(form, "until_on") | {"child": seen.child, "member": member},
        tab="family",
    )
