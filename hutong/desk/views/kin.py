"""What somebody declares of their own relatives."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.kin import declare_kin, end_kin
from hutong.accounts.clock import today
from hutong.accounts.models import DeclaredKin, Person
from hutong.accounts.queries import declared_kin
from hutong.desk.declaring import KinForm
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.desk.words import kin_title
from hutong.kit.names import mask_id_number


@dataclass(frozen=True)
class KinLine:
    """One declared relative (申报行), the number masked."""

    number: int
    name: str
    relation: str
    id_number: str
    from_on: date
    until_on: date | None


def _line(kin: DeclaredKin) -> KinLine:
    masked = mask_id_number(kin.id_number.open()) if kin.id_number else ""
    return KinLine(kin.pk, kin.name, kin_title(kin.relation), masked, kin.from_on, kin.until_on)


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """My kin (本人申报亲属): what one has declared, and a form for one more."""
    form = KinForm(request.POST or None)
    if form.is_valid():
        try:
            declare_kin(by=request.user, on=today(), **form.cleaned_data)
            messages.success(request, _("Your declaration is kept."))
            return redirect("desk:kin")
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    lines = [_line(kin) for kin in declared_kin(request.user)]
    return render(request, "desk/kin/index.html", {"form": form, "lines": lines})


@signed_in
def end(request: OfficeRequest, number: int) -> HttpResponse:
    """End a declaration (终止申报): asked once more, for it stays on record."""
    line = _own(request.user, number)
    if line is None:
        raise Http404
    if request.method == "POST":
        end_kin(by=request.user, number=number, on=today())
        messages.success(request, _("The declaration has ended; it stays on record."))
        return redirect("desk:kin")
    return render(request, "desk/kin/end.html", {"line": line})


def _own(user: Person, number: int) -> KinLine | None:
    """One's own declaration that holds."""
    return next((_line(kin) for kin in declared_kin(user) if kin.pk == number and kin.until_on is None), None)
