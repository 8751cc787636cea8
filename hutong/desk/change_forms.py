"""Forms for what officers know as changes: 增员, 信息变更, 迁移, 减员, 恢复, and the facts around a child."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.accounts.models.purpose import PurposeReason
from hutong.desk.titles import choices
from hutong.desk.words import category_title, relation_title
from hutong.law.categories import BASES, CATEGORIES
from hutong.law.changes import ALTERING, LATE, LEAVING, MOVING, RETURNING
from hutong.law.ethnic_groups import ETHNIC_GROUPS
from hutong.law.ethnic_groups import title as ethnic_title
from hutong.law.identity import Sex
from hutong.law.relations import RELATIONS
from hutong.registry.actions.bulk import Wanted
from hutong.registry.actions.holding import ENDING
from hutong.registry.models.child import SEXES
from hutong.registry.models.household import Kind as HouseholdKind
from hutong.treasury.actions.payees import Holder
from hutong.treasury.models import PayeeKind

CHOOSE, IN_WORDS = _("Choose"), _("In words")


def date_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, with the browser's own calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def words_field(label: Any = IN_WORDS, *, required: bool = False) -> forms.CharField:
    """A few words, kept sealed."""
    return forms.CharField(label=label, required=required, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def relation_choices() -> list[tuple[str, str]]:
    """The relations of GB/T 4761."""
    return [("", str(CHOOSE)), *((code, relation_title(code)) for code in RELATIONS)]


def ethnic_choices() -> list[tuple[str, str]]:
    """The ethnic groups of GB/T 3304."""
    return [("", str(CHOOSE)), *((code, ethnic_title(code)) for code in ETHNIC_GROUPS)]


def category_choices() -> list[tuple[str, str]]:
    """The categories of the list."""
    return [(code, category_title(code)) for code in CATEGORIES]


def place_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.RegexField:
    """A place, chosen from the list that opens as one types."""
    return forms.RegexField(
        r"^\d{12}$",
        label=label,
        required=required,
        help_text=help_text,
        error_messages={
            "required": _("Choose the place from the list that opens as you type."),
            "invalid": _("Choose the place from the list that opens as you type."),
        },
    )


class ReasonedForm(forms.Form):
    """A change with its reason (变更原因); `revision` is the state of the file that was seen."""

    reasons: dict[str, tuple[str, str]] = ALTERING
    reason = forms.ChoiceField(label=_("Reason"), choices=())
    words = words_field()
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].choices = choices(self.reasons, empty=CHOOSE)  # type: ignore[attr-defined]
        self.order_fields([name for name in self.fields if name not in ("reason", "words", "revision")])


class AlterForm(ReasonedForm):
    """Particulars of a child (信息变更)."""

    name = forms.CharField(label=_("Name"), max_length=50)
    sex = forms.ChoiceField(label=_("Sex"), choices=list(SEXES.items()))
    birth_date = date_field(_("Birth date"))
    id_number = forms.CharField(label=_("ID number"), max_length=30, required=False)
    no_id_reason = forms.CharField(label=_("Why there is no ID number"), max_length=100, required=False)
    ethnic_group = forms.ChoiceField(label=_("Ethnic group"), choices=ethnic_choices, required=False)
    registered_division = place_field(_("Registered place"), required=False)
    living_division = place_field(_("Living place"))
    living_address = forms.CharField(label=_("Address"), max_length=200, required=False)


class EnrolForm(forms.Form):
    """A new child (增员)."""

    name = forms.CharField(label=_("Name"), max_length=50)
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[(code, title) for code, title in SEXES.items() if code != Sex.UNSTATED],
        widget=forms.RadioSelect,
    )
    birth_date = date_field(_("Birth date"))
    id_number = forms.CharField(
        label=_("ID number"),
        max_length=30,
        required=False,
        help_text=_("Leave empty where there is none, and say why."),
    )
    no_id_reason = forms.CharField(
        label=_("Why there is no ID number"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": "no_id_reasons"}),
    )
    ethnic_group = forms.ChoiceField(label=_("Ethnic group"), choices=ethnic_choices, required=False)
    registered_division = place_field(_("Registered place"), required=False)
    living_division = place_field(_("Living place"))
    living_address = forms.CharField(label=_("Address"), max_length=200, required=False)
    category = forms.MultipleChoiceField(
        label=_("Category"), choices=category_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    category_from = date_field(_("First day of the category"), required=False)
    decision_number = forms.CharField(label=_("Document number"), max_length=60, required=False)
    guardian_name = forms.CharField(label=_("Guardian"), max_length=50, required=False)
    guardian_relation = forms.ChoiceField(label=_("Relation to the child"), choices=relation_choices, required=False)
    guardian_id_number = forms.CharField(label=_("ID number of the guardian"), max_length=30, required=False)
    guardian_phone = forms.CharField(
        label=_("Telephone of the guardian"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    late_reason = forms.ChoiceField(
        label=_("Why so late"), choices=(), required=False, help_text=_("Only for somebody who has reached 18.")
    )
    words = words_field()
    is_another = forms.BooleanField(
        label=_("It is another child"),
        help_text=_("I have compared the two; their papers show that they are two children."),
        required=False,
        widget=forms.HiddenInput,
    )
    once = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["late_reason"].choices = choices(LATE, empty=CHOOSE)  # type: ignore[attr-defined]

    def ask_whether_another(self) -> None:
        """Asks whether it is another child (询问是否另一名): only once there is one like it."""
        self.fields["is_another"].widget = forms.CheckboxInput()

    def values(self) -> dict[str, str]:
        """What was typed, by the workbook's column codes."""
        said = self.cleaned_data
        own = {"late_reason", "words", "is_another", "category", "once"}
        typed = {column: str(value) for column, value in said.items() if column not in own and value}
        return typed | {"category": " ".join(said["category"])}


class CloseForm(ReasonedForm):
    """Closing a file (减员)."""

    reasons = LEAVING
    closed_on = date_field(_("Last day"), help_text=_("The last day on which the child belonged here."))
    to_code = place_field(
        _("Where the child went"), required=False, help_text=_("Only for a child who left the province.")
    )

    def clean(self) -> dict[str, Any]:
        """Who left the province went somewhere."""
        said = super().clean() or {}
        if said.get("reason") == "moved_out" and not said.get("to_code") and "to_code" not in self.errors:
            self.add_error("to_code", _("Choose the place from the list that opens as you type."))
        return said


class ReopenForm(ReasonedForm):
    """Reopening a file (减员恢复)."""

    reasons = RETURNING
    categories = forms.MultipleChoiceField(
        label=_("Holds again from today"), choices=category_choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class MoveForm(ReasonedForm):
    """Handing a file over (迁出移交)."""

    reasons = MOVING
    to_code = place_field(_("Place that becomes responsible"))
    living_code = place_field(
        _("New living place"), required=False, help_text=_("Empty: the child goes on living where it lives.")
    )
    address = forms.CharField(label=_("New address"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """A new address belongs to a new living place."""
        said = super().clean() or {}
        if said.get("address") and not said.get("living_code") and "living_code" not in self.errors:
            self.add_error("living_code", _("Choose the living place that the new address belongs to."))
        return said


class HoldingForm(ReasonedForm):
    """A category that begins (增加类别)."""

    category = forms.ChoiceField(label=_("Category"), choices=lambda: [("", str(CHOOSE)), *category_choices()])
    from_on = date_field(_("First day"))
    decision_number = forms.CharField(label=_("Document number"), max_length=60, required=False)


class EndHoldingForm(ReasonedForm):
    """A category that ends (终止类别)."""

    reasons = ENDING
    until_on = date_field(_("Last day"))


class EndFactForm(ReasonedForm):
    """A fact that ends (终止事实)."""

    until_on = date_field(_("Last day"))


class StrikeForm(ReasonedForm):
    """A fact that never was (撤销误登)."""


class AnswerForm(forms.Form):
    """An answer with a reason (答复)."""

    words = words_field(_("Why"), required=True)


class SealForm(forms.Form):
    """The sealed part (密封内容): what the standard rests on, and who may open it."""

    basis = forms.ChoiceField(
        label=_("What the scattered standard rests on"),
        choices=(),
        required=False,
        widget=forms.RadioSelect,
    )
    named = forms.MultipleChoiceField(
        label=_("Who may open this part beside you"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("Why these people"), max_length=200)

    def __init__(self, *arguments: Any, people: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["basis"].choices = [("", _("Leave it as it is")), *choices(BASES)]  # type: ignore[attr-defined]
        self.fields["named"].choices = people  # type: ignore[attr-defined]


class PurposeAskedForm(forms.Form):
    """What closed values are opened for (查看目的)."""

    reason = forms.ChoiceField(label=_("What you need it for"), choices=())
    words = forms.CharField(label=_("In words"), max_length=200, required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].choices = [("", str(CHOOSE)), *PurposeReason.choices]  # type: ignore[attr-defined]


class HouseholdForm(ReasonedForm):
    """A household of a child (建立家庭户), its own or that of a brother or sister."""

    kind = forms.ChoiceField(label=_("Kind of registration"), choices=HouseholdKind.choices, widget=forms.RadioSelect)


class MemberForm(ReasonedForm):
    """Somebody who lives with the child (家庭成员)."""

    name = forms.CharField(label=_("Name"), max_length=50)
    relation = forms.ChoiceField(label=_("Relation to the child"), choices=relation_choices)
    from_on = date_field(_("First day"), required=False)


class CardForm(ReasonedForm):
    """Another card (换卡) of whoever is paid."""

    card = forms.CharField(
        label=_("Card number"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    bank_name = forms.CharField(label=_("Bank"), max_length=100)
    is_sure = forms.BooleanField(label=_("The card number is right, compared with the card"), required=False)


class PayeeForm(CardForm):
    """Who is paid for the child (领款人)."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=PayeeKind.choices, widget=forms.RadioSelect, initial=PayeeKind.PERSON
    )
    name = forms.CharField(label=_("Name of the card's holder"), max_length=100)
    id_number = forms.CharField(
        label=_("ID number"), max_length=30, required=False, help_text=_("Of the holder, where it is a person.")
    )
    credit_code = forms.CharField(
        label=_("Credit code"),
        max_length=18,
        required=False,
        help_text=_("Of the holder, where it is an organisation."),
    )
    field_order = ("kind", "name", "id_number", "credit_code", "card", "bank_name", "is_sure", "reason", "words")

    def clean(self) -> dict[str, Any]:
        """A person has an ID number, an organisation a credit code."""
        said = super().clean() or {}
        needed = "credit_code" if said.get("kind") == PayeeKind.ORGANISATION else "id_number"
        if not said.get(needed):
            self.add_error(needed, _("Fill this in: it says who the holder of the card is."))
        return said

    def holder(self) -> Holder:
        """The holder that was typed."""
        said = self.cleaned_data
        return Holder(PayeeKind(said["kind"]), said["name"], said["id_number"], said["credit_code"])


class BulkForm(forms.Form):
    """One change on many files (批量变更); what an operation does not need is left empty."""

    operation = forms.ChoiceField(
        label=_("What is to be done"),
        choices=[
            ("place", _("Change the living place")),
            ("begin_category", _("Add a category")),
            ("end_category", _("End a category")),
            ("close", _("Close the files")),
        ],
        widget=forms.RadioSelect,
    )
    place = place_field(_("New living place"), required=False)
    category = forms.ChoiceField(
        label=_("Category"), choices=lambda: [("", str(CHOOSE)), *category_choices()], required=False
    )
    day = date_field(_("First or last day"), required=False)
    altering = forms.ChoiceField(label=_("Reason"), choices=(), required=False)
    leaving = forms.ChoiceField(label=_("Reason for closing"), choices=(), required=False)
    words = words_field()
    needs = {
        "place": ("place", "altering"),
        "begin_category": ("category", "day", "altering"),
        "end_category": ("category", "day", "altering"),
        "close": ("day", "leaving"),
    }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["altering"].choices = choices(ALTERING, empty=CHOOSE)  # type: ignore[attr-defined]
        self.fields["leaving"].choices = choices(LEAVING, empty=CHOOSE)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Each operation has what it needs."""
        said = super().clean() or {}
        for name in self.needs.get(said.get("operation", ""), ()):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("Fill this in for what is to be done."))
        return said

    def wanted(self) -> Wanted:
        """What is to be done to every file."""
        said = self.cleaned_data
        reason = said["leaving"] if said["operation"] == "close" else said["altering"]
        values = {name: said[name] for name in ("place", "category", "day")}
        return Wanted(said["operation"], values, reason, said["words"])
