"""Forms about placements and agreements (安置与协议表单)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.desk.change_forms import CHOOSE, date_field
from hutong.desk.titles import choices, day
from hutong.desk.words import relation_title
from hutong.law.agreements import AGREEMENTS
from hutong.law.placements import ENDING_PLACEMENTS, PLACEMENTS
from hutong.network.models import Organisation
from hutong.registry.models import Evidence, Guardian


class PlacementForm(forms.Form):
    """Where a child is raised (安置登记)."""

    kind = forms.ChoiceField(label=_("Where the child is raised"), choices=lambda: choices(PLACEMENTS, empty=CHOOSE))
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        queryset=None, label=_("Institution"), required=False, empty_label=str(CHOOSE)
    )
    carer = forms.CharField(
        label=_("Who raises the child"), max_length=50, required=False, help_text=_("The full name, kept sealed.")
    )
    from_on = date_field(_("First day"))
    decided_on = date_field(_("Decided on"))
    decision_number = forms.CharField(label=_("Document number"), max_length=60, required=False)

    def __init__(self, *arguments: Any, organisations: QuerySet[Organisation], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An institution is named, and so is a carer."""
        said = super().clean() or {}
        if said.get("kind") == "institution" and not said.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", _("Choose the institution."))
        if said.get("kind") in ("kin", "foster") and not said.get("carer") and "carer" not in self.errors:
            self.add_error("carer", _("Give the full name of who raises the child."))
        return said


class EndPlacementForm(forms.Form):
    """Why and when a placement ended (终止安置)."""

    until_on = date_field(_("Last day"))
    reason = forms.ChoiceField(label=_("Reason"), choices=lambda: choices(ENDING_PLACEMENTS, empty=CHOOSE))


class AgreementForm(forms.Form):
    """What a guardian signed (监护协议登记)."""

    kind = forms.ChoiceField(label=_("What was signed"), choices=lambda: choices(AGREEMENTS, empty=CHOOSE))
    guardian = forms.ChoiceField(label=_("Signed by"), choices=())
    signed_on = date_field(_("Signed on"))
    from_on = date_field(_("First day"))
    until_on = date_field(_("Last day"), required=False, help_text=_("Leave empty where no end is agreed."))
    paper = forms.ChoiceField(
        label=_("The signed sheet"), choices=(), required=False, help_text=_("One that was added under Papers.")
    )

    def __init__(
        self, *arguments: Any, guardians: Iterable[Guardian], papers: Iterable[Evidence], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self._guardians = {str(one.pk): one for one in guardians}
        self._papers = {str(one.pk): one for one in papers}
        self.fields["guardian"].choices = [  # type: ignore[attr-defined]
            ("", str(CHOOSE)),
            *((key, f"{relation_title(one.relation)} {one.name}".strip()) for key, one in self._guardians.items()),
        ]
        self.fields["paper"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((key, f"{one.pk} · {day(one.issued_on or one.added_at.date())}") for key, one in self._papers.items()),
        ]

    def said(self) -> dict[str, Any]:
        """The arguments of the verb."""
        said = dict(self.cleaned_data)
        return said | {"guardian": self._guardians[said["guardian"]], "paper": self._papers.get(said["paper"])}


class EndAgreementForm(forms.Form):
    """The last day of an agreement (终止协议)."""

    until_on = date_field(_("Last day"))
