"""How looks are said (查看用语): what was done, and the form that asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from hutong.accounts.queries import Look
from hutong.law.identity import read_file_number

ACTS = {
    "open_child": _("opened the file"),
    "open_part": _("went on to another part of the file"),
    "open_with_purpose": _("opened the file for a purpose"),
    "open_in_emergency": _("opened the file in an emergency"),
    "open_received": _("opened the file to receive an application"),
    "register_received": _("registered the child to receive an application"),
    "state_purpose": _("stated a purpose"),
    "reveal": _("had shown: %(field)s"),
    "open_secret": _("opened the sealed part"),
    "open_paper": _("opened a paper"),
    "copy_out": _("took the child into copy %(field)s, which left the system"),
    "look_at_pair": _("compared the file with another"),
    "compare_national": _("compared the file with the list of the national system"),
}
FIELDS = {
    "child-id_number": _("ID number"),
    "child-address": _("Address"),
    "guardian-id_number": _("ID number of the guardian"),
    "guardian-phone": _("Telephone of the guardian"),
    "parent-id_number": _("ID number of a parent"),
    "parent-phone": _("Telephone of a parent"),
    "circumstance-certificate": _("Number of a certificate"),
    "circumstance-note": _("Note on a circumstance"),
    "health-words": _("Words on health"),
    "observation-answer": _("Answer of the form"),
    "payee-card": _("Number of a payee card"),
    "paper-note": _("Note on a paper"),
    "paper-withdrawn_why": _("Why a paper was withdrawn"),
}
"""Closed values by `noun-column`; all of the registry's (a test compares)."""


@dataclass(frozen=True)
class LookLine:
    """One line of the looks (查看行)."""

    look: Look
    done: str


def look_words(found: Iterable[Look]) -> list[LookLine]:
    """Looks in words."""
    return [LookLine(look, act_words(look.act, look.field)) for look in found]


def act_words(act: str, field: str) -> str:
    """One act of looking in words."""
    return str(ACTS[act]) % {"field": FIELDS.get(field, field)}


class FileNumberForm(forms.Form):
    """The file whose looks are asked for (档案号)."""

    number = forms.CharField(
        label=_("File number"),
        max_length=20,
        help_text=_("For example 64-0031-7728-K."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """The number in its one form."""
        number = read_file_number(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(_("One character of the file number is wrong. Compare it with the paper."))
        return number


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class LooksForm(FileNumberForm):
    """The file whose looks are asked for, and the first and the last day of them (查看期间)."""

    first = _day(_("From the day"))
    last = _day(_("To the day"))

    def clean(self) -> dict[str, Any]:
        """The first day comes first."""
        said = super().clean() or {}
        if said.get("first") and said.get("last") and said["first"] > said["last"]:
            self.add_error("last", _("The last day lies before the first."))
        return said

    @property
    def span(self) -> dict[str, datetime]:
        """The moments between which looks are asked for, the second not included."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        days = {"since": first, "until": last + timedelta(days=1) if last else None}
        return {name: make_aware(datetime.combine(day, time.min)) for name, day in days.items() if day}
