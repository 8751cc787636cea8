"""Choosing one's own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.people import choose_password
from hutong.accounts.clock import today
from hutong.desk.guards import OfficeRequest, arriving, by_office


@arriving
@by_office
def choose(request: OfficeRequest) -> HttpResponse:
    """Choose one's own password (设置口令): asked for first where the present one is a one-time password."""
    is_first = request.user.must_change_password
    form = (SetPasswordForm if is_first else PasswordChangeForm)(request.user, request.POST or None)
    if form.is_valid():
        try:
            password = form.cleaned_data["new_password1"]
            choose_password(by=request.user, password=password, kept=request.sign_in, on=today(), at=now())
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Your new password holds from now on."))
            return redirect("desk:today")
        except Refused as refused:
            form.add_error("new_password1", str(refused.reason))
    template = "desk/sign_in/first_password.html" if is_first else "desk/sign_in/password.html"
    return render(request, template, {"form": form})
