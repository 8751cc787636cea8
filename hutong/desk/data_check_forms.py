"""Forms of checks with other departments: a workbook that came back, and what somebody looked up."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.allowances.models.data_check import ANSWERED_BY_AT_MOST
from hutong.desk.change_forms import CHOOSE, date_field, words_field
from hutong.desk.return_words import sentence
from hutong.desk.titles import pair_title
from hutong.law.data_checks import Fault
from hutong.law.data_sources import Field, Outcome, Topic, Value

OUTCOMES = {
    Outcome.FOUND: _("Found"),
    Outcome.NOT_FOUND: _("Not found"),
    Outcome.UNAVAILABLE: _("Could not be looked up"),
}


class ReturnForm(forms.Form):
    """A workbook that came back (返回核对表)."""

    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": _("Choose the workbook that came back."),
            "empty": _("The file is empty. Choose the workbook that came back."),
        },
    )


class AnswerForm(forms.Form):
    """What somebody looked up in a department's own system (人工查询登记), by the fields of the topic."""

    def __init__(self, *arguments: Any, topic: Topic, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._topic = topic
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Result"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect
        )
        for field in topic.fields:
            self.fields[_name(field)] = _field(field)
        self.fields["answered_by"] = forms.CharField(
            label=_("Who looked it up, and in which office"), max_length=ANSWERED_BY_AT_MOST
        )
        self.fields["words"] = words_field(_("Where it was looked up, and how"), required=True)

    @property
    def said(self) -> dict[str, Any]:
        """What the verb is told, once it is valid."""
        given = {field.code: _value(field, self.cleaned_data[_name(field)]) for field in self._topic.fields}
        values = {code: value for code, value in given.items() if value is not None}
        return {name: self.cleaned_data[name] for name in ("outcome", "answered_by", "words")} | {"values": values}

    def blame(self, faults: Sequence[Fault]) -> None:
        """Puts each fault at its field."""
        for fault in faults:
            self.add_error(f"value_{fault.field}", sentence(fault.code, {}))


def _name(field: Field) -> str:
    return f"value_{field.code}"


def _field(field: Field) -> forms.Field:
    title = pair_title((field.title_zh, field.title_en))
    if not field.choices:
        return date_field(title, required=False)
    offered = [(str(at), pair_title(choice[1:])) for at, choice in enumerate(field.choices)]
    return forms.ChoiceField(label=title, required=False, choices=[("", CHOOSE), *offered])


def _value(field: Field, said: str | date | None) -> Value | None:
    """What a field says: one of its choices by its place, or a day."""
    if not field.choices or not said:
        return said or None
    return field.choices[int(str(said))][0]
