"""Forms about recognitions (复核、暂停、终止表单): what each step asks for beside who takes it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.recognition import Finding
from hutong.allowances.recognition_queries import Step
from hutong.allowances.recognitions import Recognised
from hutong.desk.change_forms import CHOOSE, date_field, words_field
from hutong.desk.titles import choices
from hutong.law.months import Month, months_between
from hutong.law.recognition_review import DIED, ENDINGS, SUSPENSIONS, Examination
from hutong.law.recognition_review import Finding as Examined

OF_STEP = {
    Step.REVIEW: ("mark", "finding", "suspended_because", "ends_because", "happened_on", "words"),
    Step.SUSPEND: ("suspended_because", "happened_on", "words"),
    Step.LIFT: ("mark", "again_from", "words"),
    Step.PROPOSE_END: ("mark", "ends_because", "happened_on", "words"),
    Step.CONFIRM_END: ("mark", "words"),
    Step.REJECT_END: ("mark", "words"),
}
"""The fields of each step."""
WITH_WORDS = {Step.SUSPEND, Step.LIFT, Step.REJECT_END}


class RecognitionForm(forms.Form):
    """One step about a recognition; `values` are the arguments of its verb, once it is valid."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)
    finding = forms.ChoiceField(label=_("What you have found"), choices=Finding, widget=forms.RadioSelect)
    suspended_because = forms.ChoiceField(label=_("Why it is suspended"), choices=(), required=False)
    ends_because = forms.ChoiceField(label=_("Why it ends"), choices=(), required=False)
    happened_on = date_field(
        _("The day it happened"),
        required=False,
        help_text=_("Of a death, a release, an adoption: the months not paid are counted from it."),
    )
    again_from = forms.ChoiceField(label=_("First month paid again"), choices=())
    words = words_field()

    def __init__(self, *arguments: Any, step: Step, now: Recognised, found: Examination, **named: Any) -> None:
        start: dict[str, Any] = {"mark": now.mark}
        if found.finding is Examined.ENDS:
            start |= {"ends_because": found.reason, "happened_on": found.happened_on}
        elif found.finding is Examined.DOUBTFUL:
            start |= {"suspended_because": found.reason}
        super().__init__(*arguments, **{"initial": start} | named)
        self._step = step
        for name in set(self.fields) - set(OF_STEP[step]):
            del self.fields[name]
        if "suspended_because" in self.fields:
            said = {code: why.titles for code, why in SUSPENSIONS.items()}
            self._choose("suspended_because", choices(said, empty=CHOOSE), required=step == Step.SUSPEND)
        if "ends_because" in self.fields:
            said = {code: why.titles for code, why in ENDINGS.items()}
            self._choose("ends_because", choices(said, empty=CHOOSE), required=step == Step.PROPOSE_END)
            self.fields["happened_on"].required = step == Step.PROPOSE_END
        if "again_from" in self.fields:
            self._choose("again_from", _months(now))
        self.fields["words"].required = step in WITH_WORDS

    def _choose(self, name: str, offered: list[tuple[str, str]], *, required: bool = True) -> None:
        self.fields[name].choices, self.fields[name].required = offered, required  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of the verb."""
        said = dict(self.cleaned_data)
        suspended, ends = said.pop("suspended_because", ""), said.pop("ends_because", "")
        if self._step in (Step.REVIEW, Step.SUSPEND, Step.PROPOSE_END):
            is_end = self._step == Step.PROPOSE_END or said.get("finding") == Finding.ENDS
            said["reason"] = ends if is_end else suspended
            if not is_end and said["reason"] != DIED:
                said["happened_on"] = None
        if "again_from" in said:
            said["again_from"] = date.fromisoformat(said["again_from"])
        return said


def _months(now: Recognised) -> list[tuple[str, str]]:
    """The months from which it may be paid again: the suspended ones and the next."""
    if now.suspension is None:
        return []
    first = Month.of(now.suspension.from_month)
    offered = months_between(first, max(first, Month.of(now.on).plus(1)))
    return [(one.first.isoformat(), date_format(one.first, "YEAR_MONTH_FORMAT")) for one in offered]
