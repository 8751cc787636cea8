"""Forms about visits (走访表单)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.change_forms import CHOOSE, date_field, words_field
from hutong.desk.titles import choices
from hutong.law.visits import PURPOSES, SEEING, WAYS
from hutong.outreach.actions.visiting import Said
from hutong.outreach.models import Visit
from hutong.outreach.models.visit import RELATION_AT_MOST

STATEMENTS = 3


class StatementForm(forms.Form):
    """What one neighbour or relative said (邻里证言); left empty where nobody did."""

    relation_to_child = forms.CharField(
        label=_("Who said it"),
        max_length=RELATION_AT_MOST,
        required=False,
        help_text=_("What they are to the child: neighbour, grandmother, teacher."),
    )
    name = forms.CharField(
        label=_("Their name"), max_length=50, required=False, help_text=_("Empty where they wish not to be named.")
    )
    words = words_field(_("What they said"))

    def clean(self) -> dict[str, Any]:
        """Who said something, and what, belong together."""
        said = super().clean() or {}
        if said.get("words") and not said.get("relation_to_child"):
            self.add_error("relation_to_child", _("Say what they are to the child."))
        if (said.get("relation_to_child") or said.get("name")) and not said.get("words"):
            self.add_error("words", _("Say what they said, or leave all three empty."))
        return said


StatementForms = forms.formset_factory(StatementForm, extra=STATEMENTS, max_num=STATEMENTS)


class VisitForm(forms.Form):
    """A visit (走访登记)."""

    visited_on = date_field(_("Day of the visit"))
    way = forms.ChoiceField(label=_("Way"), choices=lambda: choices(WAYS), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("What for"), choices=lambda: choices(PURPOSES, empty=CHOOSE))
    child_seen = forms.BooleanField(
        label=_("The child was seen"), required=False, help_text=_("At its home or by video, not on the telephone.")
    )
    findings = forms.CharField(
        label=_("What was found"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Living, school, health, mood, who looks after the child, safety, what is needed."),
    )

    def clean(self) -> dict[str, Any]:
        """Whoever was seen was seen in a way in which one sees."""
        said = super().clean() or {}
        if said.get("child_seen") and said.get("way") and said["way"] not in SEEING:
            self.add_error("child_seen", _("A child is seen at its home or by video, not in this way."))
        return said

    @staticmethod
    def of(visit: Visit) -> dict[str, Any]:
        """What a correction begins with: what is not sealed of the visit it corrects."""
        return {name: getattr(visit, name) for name in ("visited_on", "way", "purpose", "child_seen")}


def statements_of(forms_of: Any) -> list[Said]:
    """The statements of valid forms (所填证言), without those that were left empty."""
    said = [form.cleaned_data for form in forms_of]
    return [Said(one["relation_to_child"], one["words"], one["name"]) for one in said if one.get("words")]
