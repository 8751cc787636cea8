"""Forms about organisations (机构表单)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.administering import PlacedForm
from hutong.desk.change_forms import CHOOSE, date_field
from hutong.desk.titles import choices
from hutong.law.organisations import ORGANISATIONS
from hutong.network.models import Organisation
from hutong.network.models.organisation import NAME_AT_MOST
from hutong.network.queries import Filters


class OrganisationFilterForm(forms.Form):
    """The filters of the list (机构筛选)."""

    q = forms.CharField(label=_("Name or credit code"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=lambda: choices(ORGANISATIONS, empty=_("All")))
    closed = forms.BooleanField(label=_("Closed ones too"), required=False)

    def filters(self) -> Filters:
        """What a valid form asks for; nothing special where it cannot be read."""
        said = self.cleaned_data if self.is_valid() else {}
        return Filters(said.get("kind", ""), said.get("q", ""), said.get("closed", False))

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields)


class AlterOrganisationForm(forms.Form):
    """What may be altered of an organisation (变更机构信息)."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=NAME_AT_MOST)
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        required=False,
        max_length=30,
        help_text=_("18 characters, as on the certificate. Empty where there is none, as of a children’s home."),
    )
    from_on = date_field(_("First day"))

    @classmethod
    def of(cls, organisation: Organisation) -> dict[str, Any]:
        """What the form begins with."""
        return {name: getattr(organisation, name) for name in cls.base_fields}


class OrganisationForm(PlacedForm, AlterOrganisationForm):
    """A new organisation (登记机构)."""

    field_order = ["kind", "name", "division", "credit_code", "from_on"]

    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: choices(ORGANISATIONS, empty=CHOOSE))

    def clean(self) -> dict[str, Any]:
        """An organisation works at a place."""
        said = super().clean()
        if self.place is None and "division" not in self.errors:
            self.add_error("division", _("Choose the place from the list that opens as you type."))
        return said

    def said(self) -> dict[str, Any]:
        """The arguments of the verb."""
        said = dict(self.cleaned_data)
        del said["division"]
        return said | {"division_code": self.place.code if self.place else ""}


class CloseOrganisationForm(forms.Form):
    """The last day of an organisation (注销日期)."""

    until_on = date_field(_("Last day"), help_text=_("The last day on which it works."))
