"""Forms of lists and leads: a list that a department gave, what is said of an alarming one, why a lead is closed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.lead import CLOSING
from hutong.desk.change_forms import CHOOSE, words_field
from hutong.divisions.queries import path_names

SOUND, UNSOUND = "sound", "unsound"


class ListForm(forms.Form):
    """A list that a department gave (部门名单); the office is asked where somebody takes lists for several."""

    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": _("Choose the list that the department gave."),
            "empty": _("The file is empty. Choose the list that the department gave."),
        },
    )
    password = forms.CharField(
        label=_("Password of the workbook"),
        required=False,
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Only where the department has locked it."),
    )
    office = forms.ChoiceField(label=_("For which office"), choices=())

    def __init__(self, *arguments: Any, offices: tuple[str, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._offices = offices
        names = path_names(offices) if len(offices) > 1 else {}
        self.fields["office"].choices = [("", str(CHOOSE)), *names.items()]  # type: ignore[attr-defined]
        if not names:
            del self.fields["office"]

    @property
    def division_code(self) -> str:
        """The office for which the list is taken, once it is valid."""
        return str(self.cleaned_data.get("office") or self._offices[0])


class RulingForm(forms.Form):
    """What a second person says of a list that names very many (名单核定)."""

    answer = forms.ChoiceField(
        label=_("Whether it is right"),
        choices=[
            (SOUND, _("It is right: its leads count from now on")),
            (UNSOUND, _("It is not: the list stays aside")),
        ],
        widget=forms.RadioSelect,
    )
    words = words_field(_("How you found out"), required=True)


class CloseLeadForm(forms.Form):
    """Why a lead is closed without anything following from it (线索不采用)."""

    how = forms.ChoiceField(label=_("Why it is closed"), choices=(), widget=forms.RadioSelect)
    words = words_field(_("How you found out"), required=True)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["how"].choices = [(how.value, how.label) for how in CLOSING]  # type: ignore[attr-defined]
