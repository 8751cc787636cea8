"""Confidential applications by page (密办申请): begun for named people, and others named for one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import people_who_may, postings_on
from hutong.accounts.roles import ROLES
from hutong.allowances.actions import confiding
from hutong.desk.application_forms import ConfidentialForm, NamedForm
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.views.applications import application_or_404
from hutong.desk.views.file import seen_or_404
from hutong.registry.models import Child
from hutong.registry.queries import guardian_of, named_for


@only(Permission.SEE_SECRET)
def begin(request: OfficeRequest, file_number: str) -> HttpResponse:
    """Begin a confidential application (密办申请登记) for a child: who applies, what it rests on, who may know."""
    child = seen_or_404(request, file_number).child
    guardian = guardian_of(child)
    start = {"kind": "guardian"}
    if guardian:
        start |= {"name": guardian.name, "relation": guardian.relation}
    form = ConfidentialForm(request.POST or None, initial=start, people=_others(request, child, ()))
    if request.method == "POST" and form.is_valid():
        said = {"named": form.people, "reason": form.cleaned_data["reason"], "basis": form.cleaned_data["basis"]}
        try:
            begun = confiding.begin_confidential(
                by=request.user, child=child, applicant=form.applicant, on=today(), **said
            )
        except NotAllowed as error:
            raise Http404 from error
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The application is begun. Only the people named see it."))
            return redirect("desk:application", begun.pk)
    context = {"form": form, "child": child}
    return render(request, "desk/applications/confide.html", context, status=422 if form.errors else 200)


@only(Permission.SEE_SECRET)
def people(request: OfficeRequest, number: int) -> HttpResponse:
    """Name others for a confidential application (增加知悉人)."""
    application = application_or_404(request, number)
    if not application.is_confidential:
        raise Http404
    named = named_for(application.file, on=today())
    form = NamedForm(request.POST or None, people=_others(request, application.file, named))
    if request.method == "POST" and form.is_valid():
        try:
            confiding.name_people(
                by=request.user,
                application=application,
                named=form.people,
                reason=form.cleaned_data["reason"],
                on=today(),
            )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done, and recorded."))
            return redirect("desk:application", number)
    context = {"form": form, "application": application, "confidants": [one.name for one in named]}
    return render(request, "desk/applications/people.html", context, status=422 if form.errors else 200)


def _others(request: OfficeRequest, child: Child, named: tuple[Person, ...] | list[Person]) -> list[tuple[Person, str]]:
    """Who could be named beside whoever asks (可指定人员), each with the post by which they take a step."""
    found = people_who_may(Permission.SEE_SECRET, code=child.responsible_code, on=today())
    return [(one, f"{one.name}（{_posts(one)}）") for one in found if one != request.user and one not in named]


def _posts(person: Person) -> str:
    return "、".join(dict.fromkeys(str(ROLES[post.role].title) for post in postings_on(person, on=today())))
