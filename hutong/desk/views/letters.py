"""A letter of an application that is wrong (文书更正): withdrawn with a reason, or issued anew."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.documents import withdraw_document
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.clock import today
from hutong.accounts.documents import documents_about
from hutong.accounts.permissions import Permission
from hutong.allowances import queries
from hutong.allowances.actions.issuing import ROUNDS, issue_anew
from hutong.desk.change_forms import words_field
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.titles import pair_title
from hutong.desk.views.file import seen_or_404
from hutong.law.documents import KINDS

ANEW = "anew"


class AmendForm(forms.Form):
    """Why a letter is withdrawn (撤回文书); one that is issued anew says by its number which stands for it."""

    words = words_field()


@only(Permission.WITHDRAW_DOCUMENTS)
def amend(request: OfficeRequest, number: int, document: int) -> HttpResponse:
    """Withdraw a letter, or issue that of a decision anew by what the file says now (撤回、重新签发文书)."""
    application = queries.application(request.user, number, on=today())
    found = documents_about(queries.SUBJECT, str(number)).filter(pk=document, withdrawn_on__isnull=True).first()
    if application is None or found is None:
        raise Http404
    seen = seen_or_404(request, application.file.file_number)
    if not seen.is_sensitive:
        raise Http404
    form = AmendForm(request.POST or None)
    try:
        if request.method == "POST" and request.POST.get("act") == ANEW:
            issued = issue_anew(by=request.user, document=found, on=today())
            messages.success(request, _("Issued anew as %(number)s.") % {"number": issued.number})
            return redirect("desk:application", number)
        if request.method == "POST" and form.is_valid():
            withdraw_document(by=request.user, document=found, words=form.cleaned_data["words"], on=today())
            messages.success(request, _("The document is withdrawn."))
            return redirect("desk:application", number)
    except NotAllowed as error:
        raise Http404 from error
    except Refused as refused:
        form.add_error(None, str(refused.reason))
    context = {
        "application": application,
        "child": seen.child,
        "document": found,
        "title": pair_title(KINDS[found.kind]),
        "form": form,
        "can_issue": found.kind in ROUNDS,
    }
    return render(request, "desk/applications/amend.html", context, status=422 if form.errors else 200)
