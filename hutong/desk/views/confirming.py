"""Confirming a document by its check code, without sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hutong.accounts.actions.confirming import TooManyCodes, confirm_document
from hutong.accounts.clock import today
from hutong.accounts.models import IssuedDocument
from hutong.desk.forms import ConfirmForm
from hutong.desk.guards import public
from hutong.desk.limiting import source_of
from hutong.desk.titles import pair_title
from hutong.law.documents import KINDS


@public
def show(request: HttpRequest) -> HttpResponse:
    """Confirm a document (核验文书): what kind, by whom, when, how many pages, and whether it holds; no more than that.

    A code never stands in an address that a server sees: it is posted, and a square code brings it behind the #.
    """
    form, document = ConfirmForm(request.POST or None), None
    if form.is_valid():
        document = _confirmed(request, form)
    answer = render(request, "desk/confirming/show.html", {"form": form, "document": document, **_words(document)})
    patch_cache_control(answer, no_store=True)
    return answer


def _confirmed(request: HttpRequest, form: ConfirmForm) -> IssuedDocument | None:
    try:
        found = confirm_document(**form.cleaned_data, source=source_of(request), at=now(), on=today())
    except TooManyCodes:
        form.add_error(None, _("Too many codes that no document bears. Come again in a quarter of an hour."))
        return None
    if found is None:
        form.add_error("code", _("No document bears this code."))
    return found


def _words(document: IssuedDocument | None) -> dict[str, object]:
    """What the page says beside the columns of the document."""
    if document is None:
        return {}
    return {"kind": pair_title(KINDS[document.kind]), "replacement": getattr(document, "replaced_by", None)}
