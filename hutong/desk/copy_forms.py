"""Forms of copies (发出件表单): which copy, what for, who receives it; and the second person's answer."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.copies import WORDS_AT_MOST
from hutong.desk.change_forms import CHOOSE
from hutong.desk.titles import choices, pair_title
from hutong.law.copies import KINDS, PURPOSES, read_copy_number


class CopyForm(forms.Form):
    """Which copy is asked for (申请发出): the kinds that somebody may have, a purpose that fits, who receives it."""

    kind = forms.ChoiceField(
        label=_("Which copy"), widget=forms.RadioSelect, error_messages={"required": _("Choose which copy.")}
    )
    purpose = forms.ChoiceField(
        label=_("What it is for"), error_messages={"required": _("Choose what the copy is for.")}
    )
    receiver = forms.CharField(
        label=_("Who receives it"),
        max_length=WORDS_AT_MOST,
        help_text=_("The office and the person, for example: education bureau of the county, section of aid."),
        error_messages={"required": _("Say who receives the copy.")},
    )

    def __init__(self, *arguments: Any, kinds: Collection[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        offered = {code: (KINDS[code].title_zh, KINDS[code].title_en) for code in kinds}
        fitting = {code for kind in kinds for code in KINDS[kind].purposes}
        self.fields["kind"].choices = choices(offered)  # type: ignore[attr-defined]
        self.fields["purpose"].choices = choices(  # type: ignore[attr-defined]
            {code: title for code, title in PURPOSES.items() if code in fitting}, empty=CHOOSE
        )

    def clean(self) -> dict[str, Any]:
        """A purpose that the kind is not made for is named, with those it is."""
        said = super().clean() or {}
        kind, purpose = said.get("kind"), said.get("purpose")
        if kind and purpose and purpose not in KINDS[kind].purposes:
            fitting = "、".join(pair_title(PURPOSES[one]) for one in KINDS[kind].purposes)
            self.add_error("purpose", _("This copy is made for: %(fitting)s.") % {"fitting": fitting})
        return said


class DecideCopyForm(forms.Form):
    """Whether a second person agrees to a copy (审核发出)."""

    answer = forms.ChoiceField(
        label=_("Do you agree?"),
        choices=[("yes", _("Yes, it may be given")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you agree.")},
    )
    words = forms.CharField(
        label=_("Why"),
        max_length=WORDS_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where you do not agree."),
    )


class CopyNumberForm(forms.Form):
    """The number on a copy that turned up somewhere (发出件编号)."""

    number = forms.CharField(
        label=_("Number on the copy"),
        max_length=20,
        help_text=_("For example 7K2M-9QXC-T, at the head of every page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """The number in its one form."""
        number = read_copy_number(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(_("One character of the number is wrong. Compare it with the copy."))
        return number
