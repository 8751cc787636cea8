"""Forms of the duplicates desk: filters, both answers, undoing, two files to compare."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hutong.desk.change_forms import CHOOSE, IN_WORDS, place_field, words_field
from hutong.desk.looks import FileNumberForm
from hutong.desk.pair_words import BANDS, CHECKED, STATES
from hutong.desk.titles import choices
from hutong.law.duplicates import DIFFERENT, SAME, UNDOING, WORDS_AT_LEAST
from hutong.law.identity import read_file_number
from hutong.registry.models.pair import PairState
from hutong.registry.pairs import PairFilters

ALL = _("All")
WHOSE = {"mine": _("Myself")}
WHEN = {"today": _("Today")}


class PairFilterForm(forms.Form):
    """The filters of the list of pairs (疑似重复筛选)."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=lambda: [*STATES.items(), ("all", str(ALL))], initial=PairState.OPEN
    )
    band = forms.ChoiceField(label=_("Score"), required=False, choices=lambda: [("", str(ALL)), *BANDS.items()])
    checked = forms.ChoiceField(
        label=_("Second look"), required=False, choices=lambda: [("", str(ALL)), *CHECKED.items()]
    )
    whose = forms.ChoiceField(label=_("Answered by"), required=False, choices=lambda: [("", str(ALL)), *WHOSE.items()])
    when = forms.ChoiceField(label=_("Answered on"), required=False, choices=lambda: [("", str(ALL)), *WHEN.items()])
    division = place_field(_("Place"), required=False)
    division_text = forms.CharField(required=False)

    def __init__(self, said: QueryDict) -> None:
        """Who answered, or when, is asked of answered pairs alone."""
        said = said.copy()
        if (said.get("whose") or said.get("when")) and said.get("state", PairState.OPEN) == PairState.OPEN:
            said["state"] = "answered"
        super().__init__(said)

    def clean(self) -> dict[str, Any]:
        """A place that was typed and not chosen is no filter, and says so."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("division_text") and not said.get("division") and "division" not in self.errors:
            self.add_error("division", _("This place was typed, not chosen: the list is not narrowed by it."))
        return said

    def filters(self, *, by: int, on: date) -> PairFilters:
        """What is chosen and legible; open pairs where nothing is."""
        self.is_valid()
        said = self.cleaned_data
        state = said.get("state") or PairState.OPEN
        return PairFilters(
            "" if state == "all" else state,
            said.get("band", ""),
            said.get("division", ""),
            said.get("checked", ""),
            by if said.get("whose") else 0,
            on if said.get("when") else None,
        )

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields if name != "division_text")


def _reason_field(*, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Reason"), required=required, error_messages={"required": _("Choose a reason.")})


def _too_few_words() -> str:
    return str(_("Say in words why: at least %(least)s characters.")) % {"least": WORDS_AT_LEAST}


class _ReasonForm(forms.Form):
    reasons: dict[str, tuple[str, str]] = DIFFERENT
    reason = _reason_field()
    words = words_field(IN_WORDS)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].choices = choices(self.reasons, empty=CHOOSE)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Words, where the reason is something else."""
        said: dict[str, Any] = super().clean() or {}
        if (
            "words" not in self.errors
            and self.wants_words(said)
            and len(said.get("words", "").strip()) < WORDS_AT_LEAST
        ):
            self.add_error("words", _too_few_words())
        return said

    def wants_words(self, said: Mapping[str, Any]) -> bool:
        """Whether what was chosen is to be said in words."""
        return said.get("reason") == "other"


class _Leading(forms.RadioSelect):
    """Which file leads; one that cannot stays in sight and cannot be chosen."""

    barred: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *arguments, **named)
        return option | {"attrs": option["attrs"] | ({"disabled": True} if value in self.barred else {})}


class SameForm(_ReasonForm):
    """One child (判定为同一人): which file leads, and why; what files that contradict each other are joined on."""

    reasons = SAME
    field_order = ("leading", "reason", "words", "has_compared")
    leading = forms.ChoiceField(
        label=_("Which file leads"),
        widget=_Leading,
        error_messages={"required": _("Choose which of the two files leads.")},
    )

    def __init__(
        self,
        *arguments: Any,
        files: list[tuple[str, str]],
        barred: frozenset[str] = frozenset(),
        contradicts: bool = False,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.contradicts = contradicts
        self.fields["leading"].choices = files  # type: ignore[attr-defined]
        self.fields["leading"].widget.barred = barred
        if contradicts:
            self.fields["words"].required = True
            self.fields["words"].error_messages["required"] = _too_few_words()
            self.fields["has_compared"] = forms.BooleanField(
                label=_("I have compared both files and papers"),
                error_messages={"required": _("Compare both files and their papers first, then tick this.")},
            )

    def wants_words(self, said: Mapping[str, Any]) -> bool:
        """Of files that contradict each other every answer is said in words."""
        return self.contradicts or super().wants_words(said)


class DifferentForm(_ReasonForm):
    """Two children (判定为两人), and why."""


class UndoForm(_ReasonForm):
    """Undoing a merge (撤销合并), and why."""

    reasons = UNDOING


class SecondLookForm(forms.Form):
    """The answer of a second look (盲复核): one child or two, each with reasons of its own."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("different", _("Two children")), ("same", _("One child"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the two files are one child or two.")},
    )
    reason_different = _reason_field(required=False)
    reason_same = _reason_field(required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, reasons in (("reason_different", DIFFERENT), ("reason_same", SAME)):
            self.fields[name].choices = choices(reasons, empty=CHOOSE)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The `reason` of the answer that was chosen; what was chosen for the other answer does not count."""
        said: dict[str, Any] = super().clean() or {}
        name = f"reason_{said.get('answer')}"
        if name in self.fields and not said.get(name):
            self.add_error(name, _("Choose a reason."))
        return said | {"reason": said.get(name, "")}


class ManyForm(SecondLookForm):
    """One answer to several pairs (批量判定)."""

    words = words_field(IN_WORDS)

    def clean(self) -> dict[str, Any]:
        """Words, where the reason is something else."""
        said = super().clean()
        if said["reason"] == "other" and len(said.get("words", "").strip()) < WORDS_AT_LEAST:
            self.add_error("words", _too_few_words())
        return said


class AnewForm(forms.Form):
    """Why a pair is asked anew (重新判定原因)."""

    why = forms.CharField(
        label=_("Why it is asked anew"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "required": True}),
    )

    def clean_why(self) -> str:
        """A reason in words."""
        why: str = self.cleaned_data["why"].strip()
        if len(why) < WORDS_AT_LEAST:
            raise forms.ValidationError(_too_few_words())
        return why


class NameForm(forms.Form):
    """Whose pair is looked for (按姓名查找); sent, never in an address."""

    name = forms.CharField(
        label=_("Name"), required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


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
        if number == self.cleaned_data.get("number"):
            raise forms.ValidationError(_("You gave the same number twice. Give the numbers of two files."))
        return number
