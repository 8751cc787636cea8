"""Asking another place for a file that it holds."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk import said
from hutong.desk.forms import ElsewhereForm
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.words import search_words
from hutong.registry.actions.searching import request_elsewhere


@only(Permission.CHANGE_CHILDREN)
def ask(request: OfficeRequest) -> HttpResponse:
    """Ask for a file (请求迁入) that a search of one's own said to exist; nothing of it or of its place is told."""
    key = request.GET.get("said", "")
    kept = said.recall(request, key)
    if kept.answer != said.ELSEWHERE:
        raise Http404
    form = ElsewhereForm(request.POST or None)
    if form.is_valid():
        living, reason, words = (form.cleaned_data[name] for name in ("living", "reason", "words"))
        try:
            request_elsewhere(
                by=request.user,
                text=kept.text,
                to_code=living,
                living_code=living,
                reason=reason,
                words=words,
                on=today(),
            )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The other place has been asked. Its answer comes to your work of today."))
            return redirect("desk:children")
    context = {"form": form, "key": key, "text": search_words(kept.text), "typed": request.POST.get("living_text", "")}
    return render(request, "desk/children/elsewhere.html", context)
