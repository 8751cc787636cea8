"""Forms of the national system (全国系统表单): the day it was entered, entered anew, a mark that ends, its own list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.allowances.actions.national import ANEW
from hutong.desk.change_forms import date_field, words_field
from hutong.desk.titles import choices
from hutong.law.national_system import ENDINGS

NUMBER = "number-"
"""What a field for a number is called, before the id of its line."""


class EnteredForm(forms.Form):
    """On which day it was entered there (录入日期)."""

    entered_on = date_field(_("Entered there on"))


class AnewForm(EnteredForm):
    """Entered anew after a change (重新录入)."""

    number = forms.CharField(
        label=_("Number there"),
        max_length=40,
        help_text=_("Digits and letters, as the national system shows it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class EndEntryForm(forms.Form):
    """A mark ends (终止登记)."""

    reason = forms.ChoiceField(label=_("Why"), choices=(), widget=forms.RadioSelect)
    words = words_field()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        reasons = {code: title for code, title in ENDINGS.items() if code != ANEW}
        self.fields["reason"].choices = choices(reasons)  # type: ignore[attr-defined]


class TheirListForm(forms.Form):
    """The list that the national system gives (全国系统导出表)."""

    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv,.txt"}),
        help_text=_("At least number, name and ID number. It is compared and not kept."),
        error_messages={
            "required": _("Choose a workbook first."),
            "empty": _("The file is empty. Choose another one."),
        },
    )


class NationalCopyForm(forms.Form):
    """The list of those to be entered leaves as a copy (申请录入名单): who receives it."""

    receiver = forms.CharField(
        label=_("Who receives it"), max_length=200, error_messages={"required": _("Say who receives the copy.")}
    )


def typed_numbers(said: Any) -> dict[int, str]:
    """The numbers typed into a list (逐行编号), by line; where lines were ticked, those alone."""
    ticked = said.getlist("selected") if "ticked" in said else None
    found = {key.removeprefix(NUMBER): said[key].strip() for key in said if key.startswith(NUMBER)}
    return {
        int(at): number
        for at, number in found.items()
        if at.isdecimal() and number and (ticked is None or at in ticked)
    }
