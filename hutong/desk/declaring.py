"""The form by which somebody declares a relative (亲属申报表单)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.words import kin_title
from hutong.law.relations import KIN


def _relations() -> list[tuple[str, str]]:
    return [("", "—"), *((code, kin_title(code)) for code in KIN)]


class KinForm(forms.Form):
    """One relative of one's own (申报亲属)."""

    name = forms.CharField(
        label=_("Name of the relative"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    relation = forms.ChoiceField(
        label=_("The relative is your …"),
        choices=_relations,
        error_messages={"required": _("Choose the relation.")},
    )
    id_number = forms.CharField(
        label=_("ID number"),
        required=False,
        max_length=30,
        help_text=_("With the number the relative is recognised beyond doubt. It is sealed and shown to nobody."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
