"""Forms of applications (申请表单): who applies, one item, one step."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.accounts.models import Person
from hutong.allowances.actions.applying import Applicant, Letter
from hutong.allowances.models.application import Opinion, Step
from hutong.allowances.models.decision import Verdict
from hutong.desk.change_forms import CHOOSE, date_field, relation_choices, words_field
from hutong.desk.titles import choices
from hutong.desk.words import category_title
from hutong.law.applying import APPLICANTS, APPLIED_FOR, GROUNDS, INSTITUTION
from hutong.law.categories import BASES

REVIEWS = {Step.UPHOLD, Step.OVERTURN}
WITH_WORDS = {Step.DOUBT, Step.ASK_MORE, Step.SEND_BACK, Step.REFUSE, Step.WITHDRAW, Step.ASK_REVIEW, *REVIEWS}
"""Steps that nobody takes without words."""
DECISIONS = {Step.CONFIRM, Step.REFUSE, *REVIEWS}
"""Steps that rest on the case as it was looked at."""


class ApplicantForm(forms.Form):
    """What is applied for and who applies (申请登记); all else stands in the file.

    An institution is offered where the child `is_raised` in one.
    """

    category = forms.ChoiceField(label=_("What is applied for"), choices=(), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Who applies"), choices=(), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Full name"), max_length=50)
    relation = forms.ChoiceField(label=_("Relation to the child"), choices=(), required=False)

    def __init__(self, *arguments: object, is_raised: bool = False, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        if "category" in self.fields:
            self.fields["category"].choices = [(code, category_title(code)) for code in APPLIED_FOR]  # type: ignore[attr-defined]
        offered = {code: titles for code, titles in APPLICANTS.items() if is_raised or code != INSTITUTION}
        self.fields["kind"].choices = choices(offered)  # type: ignore[attr-defined]
        self.fields["relation"].choices = relation_choices()  # type: ignore[attr-defined]

    @property
    def applicant(self) -> Applicant:
        """Who applies, once it is valid."""
        said = self.cleaned_data
        return Applicant(said["kind"], said["name"], said["relation"])


class BeginForm(ApplicantForm):
    """The same at home, where it may have come by a letter of another province (来函申请)."""

    sent_by = forms.CharField(label=_("Office that sent it"), max_length=60, required=False)
    sent_on = date_field(_("Day of its letter"), required=False)
    came_on = date_field(
        _("Day on which it came"), required=False, help_text=_("The working days are counted from the day after.")
    )

    def clean(self) -> dict[str, Any]:
        """A letter is said whole, or not at all."""
        said = super().clean() or {}
        named = [name for name in ("sent_by", "sent_on", "came_on") if said.get(name)]
        if named and len(named) < 3:
            self.add_error(None, _("Of a letter say the office, the day it was written and the day it came."))
        return said

    @property
    def letter(self) -> Letter | None:
        """The letter it came by, once the form is valid; None for a family that came itself."""
        said = self.cleaned_data
        return Letter(said["sent_by"], said["sent_on"], said["came_on"]) if said["sent_by"] else None


class NamedForm(forms.Form):
    """Who may know of a confidential application (知悉人), and why they."""

    named = forms.MultipleChoiceField(
        label=_("Who may know of it beside you"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("Why these people"), max_length=200)

    def __init__(self, *arguments: object, people: Sequence[tuple[Person, str]], **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self._people = {str(one.pk): one for one, _said in people}
        self.fields["named"].choices = [(str(one.pk), said) for one, said in people]  # type: ignore[attr-defined]

    @property
    def people(self) -> list[Person]:
        """Those chosen, once it is valid."""
        return [self._people[key] for key in self.cleaned_data["named"]]


class ConfidentialForm(NamedForm, ApplicantForm):
    """A confidential application (密办申请登记): who applies, what it rests on, who may know of it."""

    category = None  # type: ignore[assignment]
    basis = forms.ChoiceField(label=_("What the scattered standard rests on"), choices=(), widget=forms.RadioSelect)
    field_order = ("kind", "name", "relation", "basis", "named", "reason")

    def __init__(self, *arguments: object, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["basis"].choices = choices(BASES)  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """One look at one item (逐项核对)."""

    item = forms.CharField(max_length=60, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=Verdict)
    words = forms.CharField(label=_("What is doubtful"), max_length=500, required=False)


class StepForm(forms.Form):
    """What a step asks for beside who takes it (环节表单)."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)
    opinion = forms.ChoiceField(label=_("Opinion of the township"), choices=Opinion, widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("Ground"), choices=())
    words = words_field()
    late_reason = words_field(_("Why it took longer than the last day"))

    def __init__(self, *arguments: object, step: Step, is_late: bool, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["ground"].choices = choices(GROUNDS, empty=CHOOSE)  # type: ignore[attr-defined]
        self.fields["words"].required = step in WITH_WORDS
        if step in (Step.SUBMIT, Step.BRING, Step.BRING_MORE):
            del self.fields["words"]
        if step != Step.CHECK:
            del self.fields["opinion"]
        if step != Step.REFUSE:
            del self.fields["ground"]
        if step not in DECISIONS:
            del self.fields["mark"]
        if not is_late or step not in (Step.CHECK, Step.CONFIRM, Step.REFUSE):
            del self.fields["late_reason"]
