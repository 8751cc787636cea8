"""Forms of applications for children of other places (异地申请表单): of no file yet, of other provinces."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.allowances.actions.outgoing import ADDRESS_AT_MOST, PHONE_AT_MOST, Outsider
from hutong.allowances.models.application import OFFICE_AT_MOST
from hutong.allowances.models.decision import Outcome
from hutong.allowances.models.outgoing import OutgoingStep
from hutong.desk.application_forms import ApplicantForm
from hutong.desk.change_forms import EnrolForm, date_field, place_field, words_field
from hutong.desk.titles import choices
from hutong.law.papers import PAPERS

WITH_WORDS = {OutgoingStep.WITHDRAW}


class ReceivedChildForm(EnrolForm):
    """A child whom no place holds yet, for its home place (异地受理建档): no category, that is what is applied for."""

    home = place_field(
        _("Home place"),
        help_text=_("Where the child is registered, in this province. The file is that place’s; it decides and pays."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].label = _("Name of the child")
        for name in (
            "category", "category_from", "decision_number", "late_reason", "words", "once", "registered_division",
        ):  # fmt: skip
            del self.fields[name]
        self.order_fields(["name", "sex", "birth_date", "id_number", "no_id_reason", "ethnic_group", "home"])

    def values(self) -> dict[str, str]:
        """What was typed, by the workbook's column codes."""
        own = ("is_another", "home")
        return {column: str(value) for column, value in self.cleaned_data.items() if column not in own and value}


def _papers_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Papers the family brought"),
        choices=lambda: choices(PAPERS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Copies go with the letter. None is kept here."),
    )


class OutgoingForm(ApplicantForm):
    """An application for a child of another province (异地转办登记)."""

    child_name = forms.CharField(label=_("Name of the child"), max_length=50)
    birth_date = date_field(_("Birth date"))
    id_number = forms.CharField(
        label=_("ID number"), max_length=30, required=False, help_text=_("Leave empty where there is none.")
    )
    home = place_field(_("County in the other province"), help_text=_("Where the child is registered."))
    office = forms.CharField(
        label=_("Office the letter goes to"),
        max_length=OFFICE_AT_MOST,
        required=False,
        help_text=_("Empty: the county’s civil-affairs office."),
    )
    address = forms.CharField(label=_("Registered address"), max_length=ADDRESS_AT_MOST)
    phone = forms.CharField(
        label=_("Telephone of the family"),
        max_length=PHONE_AT_MOST,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    situation = words_field(_("How it is with the parents"), required=True)
    papers = _papers_field()
    field_order = (
        "child_name", "birth_date", "id_number", "home", "address", "office", "situation", "papers", "category", "kind",
        "name", "relation", "phone",
    )  # fmt: skip

    @property
    def outsider(self) -> Outsider:
        """The child, once it is valid."""
        said = self.cleaned_data
        return Outsider(
            name=said["child_name"],
            birth_date=said["birth_date"],
            home_code=said["home"],
            address=said["address"],
            phone=said["phone"],
            situation=said["situation"],
            id_number=said["id_number"],
            office=said["office"],
            papers=tuple(said["papers"]),
        )


class OutgoingStepForm(forms.Form):
    """What a step of an outgoing application asks for (转办环节表单)."""

    papers = _papers_field()
    outcome = forms.ChoiceField(label=_("What home decided"), choices=Outcome, widget=forms.RadioSelect)
    decided_on = date_field(_("Day on which home decided"))
    words = words_field()
    late_reason = words_field(_("Why it took longer than the last day"), required=True)

    def __init__(self, *arguments: object, step: OutgoingStep, is_late: bool, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["words"].required = step in WITH_WORDS
        if step != OutgoingStep.BRING:
            del self.fields["papers"]
        else:
            del self.fields["words"]
        if step != OutgoingStep.ANSWER:
            del self.fields["outcome"], self.fields["decided_on"]
        if not is_late or step not in (OutgoingStep.SEND, OutgoingStep.TELL):
            del self.fields["late_reason"]
