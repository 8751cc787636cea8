"""The small forms for what is missing about a child (补记表单)."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.registry.actions.completing import complete_id_number, complete_phone
from hutong.registry.models import Child
from hutong.registry.queries import guardian_of


class PhoneForm(forms.Form):
    """The guardian's telephone (监护人电话)."""

    value = forms.CharField(
        label=_("Telephone of the guardian"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def complete(self, *, by: Person, child: Child, on: date) -> None:
        """Calls the verb. Raises Refused."""
        complete_phone(by=by, child=child, phone=self.cleaned_data["value"].replace(" ", ""), on=on)


class IdNumberForm(forms.Form):
    """The child's ID number (证件号码)."""

    value = forms.CharField(label=_("ID number"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def complete(self, *, by: Person, child: Child, on: date) -> None:
        """Calls the verb. Raises Refused."""
        complete_id_number(by=by, child=child, number=self.cleaned_data["value"], on=on)


def completing_forms(user: Person, child: Child, *, on: date) -> dict[str, PhoneForm | IdNumberForm]:
    """The forms for what is missing about a child and what this person may fill in, by field."""
    guardian, code = guardian_of(child), child.responsible_code
    found: dict[str, PhoneForm | IdNumberForm] = {}
    if guardian and not guardian.phone and may(user, Permission.COMPLETE, code=code, on=on):
        found["guardian_phone"] = PhoneForm(auto_id="phone_%s")
    if not child.id_number and may(user, Permission.COMPLETE_ID, code=code, on=on):
        found["id_number"] = IdNumberForm(auto_id="id_number_%s")
    return found
