"""Forms of the duplicates desk: filters, both answers, undoing, two files to compare."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.change_forms import CHOOSE, IN_WORDS, place_field, words_field
from hutong.desk.looks import FileNumberForm
from hutong.desk.pair_words import BANDS, CHECKED, STATES
from hutong.desk.titles import choices
from hutong.law.duplicates import DIFFERENT, SAME, UNDOING
from hutong.law.identity import read_file_number
from hutong.registry.models.pair import PairState
from hutong.registry.pairs import PairFilters

ALL = _("All")


class PairFilterForm(forms.Form):
    """The filters of the list of pairs (疑似重复筛选)."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=lambda: [*STATES.items(), ("all", str(ALL))], initial=PairState.OPEN
    )
    band = forms.ChoiceField(label=_("Score"), required=False, choices=lambda: [("", str(ALL)), *BANDS.items()])
    checked = forms.ChoiceField(
        label=_("Second look"), required=False, choices=lambda: [("", str(ALL)), *CHECKED.items()]
    )
    division = place_field(_("Place"), required=False)

    def filters(self) -> PairFilters:
        """What is chosen; open pairs where nothing, or nothing legible, is."""
        said = self.cleaned_data if self.is_valid() else {}
        state = said.get("state") or PairState.OPEN
        return PairFilters(
            "" if state == "all" else state, said.get("band", ""), said.get("division", ""), said.get("checked", "")
        )

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields)


class SameForm(forms.Form):
    """One child (判定为同一人): which file leads, and why."""

    leading = forms.ChoiceField(label=_("Which file leads"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"))
    words = words_field(IN_WORDS)

    def __init__(self, *arguments: Any, files: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["leading"].choices = files  # type: ignore[attr-defined]
        self.fields["reason"].choices = choices(SAME, empty=CHOOSE)  # type: ignore[attr-defined]


class _ReasonForm(forms.Form):
    reasons: dict[str, tuple[str, str]] = DIFFERENT
    reason = forms.ChoiceField(label=_("Reason"))
    words = words_field(IN_WORDS)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].choices = choices(self.reasons, empty=CHOOSE)  # type: ignore[attr-defined]


class DifferentForm(_ReasonForm):
    """Two children (判定为两人), and why."""


class UndoForm(_ReasonForm):
    """Undoing a merge (撤销合并), and why."""

    reasons = UNDOING


class ManyForm(forms.Form):
    """One answer to several pairs (批量判定)."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[("different", _("Two children")), ("same", _("One child"))],
        widget=forms.RadioSelect,
        initial="different",
    )
    reason = forms.ChoiceField(label=_("Reason"))
    words = words_field(IN_WORDS)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        groups = [(_("Two children"), choices(DIFFERENT)), (_("One child"), choices(SAME))]
        self.fields["reason"].choices = [("", CHOOSE), *groups]  # type: ignore[attr-defined]


class CompareForm(FileNumberForm):
    """Two files somebody takes for one child's (自行比对)."""

    field_order = ("number", "other")
    other = forms.CharField(
        label=_("The other file's number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_other(self) -> str:
        """The other number in its one form."""
        number = read_file_number(self.cleaned_data["other"])
        if number is None:
            raise forms.ValidationError(_("One character of the file number is wrong. Compare it with the paper."))
        return number
