"""Receiving an application for a child of another place (异地受理), after a search of one's own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.allowances.actions import receiving
from hutong.allowances.models import Application
from hutong.desk import said as searched
from hutong.desk.application_forms import ApplicantForm
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.outgoing_forms import ReceivedChildForm
from hutong.desk.views.applications import drafted
from hutong.desk.views.steps import chosen_places, tell
from hutong.desk.words import search_words
from hutong.registry.actions import enrolling
from hutong.registry.finding import Kind, read_words

START = {"kind": "guardian", "category": "de_facto"}


@only(Permission.ACCEPT_APPLICATIONS)
def receive(request: OfficeRequest) -> HttpResponse:
    """Receive an application (异地受理) for a child whom a search of one's own said to be known in another place.

    Of a child whom no place holds the file is made first, for its home place.
    """
    key = request.GET.get("said", "")
    kept = searched.recall(request, key)
    if kept.answer == searched.NOWHERE:
        return _register(request, key, kept.text)
    if kept.answer != searched.ELSEWHERE:
        raise Http404
    form = ApplicantForm(request.POST or None, initial=START)
    begun = drafted(request, form, receiving.receive_application, text=kept.text)
    if begun:
        messages.success(request, _("The application is begun. The place that holds the file has been told."))
        return redirect("desk:application", begun.pk)
    context = {"form": form, "key": key, "text": search_words(kept.text)}
    return render(request, "desk/applications/receive.html", context, status=422 if form.errors else 200)


def _register(request: OfficeRequest, key: str, text: str) -> HttpResponse:
    form = ApplicantForm(request.POST or None, initial=START)
    child = ReceivedChildForm(request.POST or None, initial=searched_for(text), prefix="child")
    begun = _registered(request, child, form)
    if begun:
        messages.success(request, _("The child is registered and the application begun. The home place has been told."))
        return redirect("desk:application", begun.pk)
    places = chosen_places(child)
    context = {"form": form, "child": child, "places": places, "key": key, "text": search_words(text)}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/applications/register.html", context, status=status)


def searched_for(text: str) -> dict[str, Any]:
    """What the words of a search say of the child (检索所得), so that it is not typed again."""
    words = read_words(text)
    if words.kind == Kind.ID:
        return {"id_number": words.value}
    return {"name": words.value, "birth_date": words.birth_date} if words.birth_date else {}


def _registered(request: OfficeRequest, child: ReceivedChildForm, form: ApplicantForm) -> Application | None:
    if request.method != "POST" or not (child.is_valid() & form.is_valid()):
        return None
    said = child.cleaned_data
    try:
        return receiving.receive_unregistered(
            by=request.user,
            values=child.values(),
            home=said["home"],
            category=form.cleaned_data["category"],
            applicant=form.applicant,
            is_another=said["is_another"],
            on=today(),
        )
    except Refused as refused:
        _say(child, refused)
        return None


def _say(child: ReceivedChildForm, refused: Refused) -> None:
    tell(child, refused)
    if isinstance(refused, enrolling.MayBeThere | enrolling.MayBeElsewhere):
        child.ask_whether_another()
