"""The forms by which people and their postings are administered (人员管理表单)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.factors import ResetReason
from hutong.accounts.directory import PeopleFilters, State
from hutong.accounts.models import ClosedReason, Person, Posting
from hutong.accounts.queries import person_named
from hutong.accounts.roles import ROLES
from hutong.divisions.models import Division
from hutong.divisions.queries import find, path_names, spoken
from hutong.kit.names import clean_name, is_name
from hutong.law.division_code import full, prefix_of


def _roles() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((code, str(role.title)) for code, role in ROLES.items())]


def _states() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((state.value, str(state.label)) for state in State)]


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PlacedForm(forms.Form):
    """A form with a place (含区划的表单) that is chosen from the list or typed: without JavaScript the words decide."""

    division = forms.RegexField(r"^\d{2,12}$", label=_("Place"), required=False)

    def __init__(self, *arguments: Any, within: Sequence[str], on: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._within, self._on = within, on
        self.place: Division | None = None

    def clean(self) -> dict[str, Any]:
        """The place that was chosen, or the only one that fits what was typed."""
        said = super().clean() or {}
        typed = said.get("division") or self.typed
        if typed and "division" not in self.errors:
            self.place = _fitting(typed, find(typed, within=self._within, on=self._on))
            if self.place is None:
                self.add_error("division", _("Choose the place from the list that opens as you type."))
        return said

    @property
    def typed(self) -> str:
        """What was typed into the box of the picker."""
        return str(self.data.get("division_text", "")).replace("\0", "").strip()[:40]

    @property
    def chosen(self) -> str:
        """What the box of the picker shows: the name of the place, or what was typed."""
        return spoken(self.place.name) if self.place else self.typed

    @property
    def prefix_of_place(self) -> str:
        """The digits of the place that say something; none where no place was asked for."""
        return prefix_of(self.place.code) if self.place else ""


def _fitting(typed: str, found: list[Division]) -> Division | None:
    exact = [place for place in found if typed in (place.name, spoken(place.name)) or place.code == full(typed)]
    fitting = exact or found
    return fitting[0] if len(fitting) == 1 else None


class PeopleFilterForm(PlacedForm):
    """The filters of the directory (人员筛选)."""

    said = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=_roles)
    state = forms.ChoiceField(label=_("State"), required=False, choices=_states)
    field_order = ["said", "role", "state", "division"]

    def filters(self, text: str) -> PeopleFilters:
        """What is asked for by a valid form, and by the words of a search."""
        said = self.cleaned_data
        return PeopleFilters(text=text, role=said["role"], state=said["state"], place=self.prefix_of_place)

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in ("role", "state", "division"))


class PostingForm(PlacedForm):
    """A posting (任职): a role over a place from a first to a last day."""

    field_order = ["role", "division", "from_on", "until_on"]

    role = forms.ChoiceField(
        label=_("Role"),
        choices=lambda: [("", "—"), *_roles()[1:]],
        error_messages={"required": _("Choose the role.")},
    )
    from_on = forms.DateField(label=_("First day"), widget=_day())
    until_on = forms.DateField(
        label=_("Last day"), required=False, widget=_day(), help_text=_("Leave empty where no end is known.")
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["from_on"].initial = self._on

    def clean(self) -> dict[str, Any]:
        """A posting has a place."""
        said = super().clean()
        if self.place is None and "division" not in self.errors:
            self.add_error("division", _("Choose the place."))
        return said

    def said(self) -> dict[str, Any]:
        """The arguments of the verb."""
        named = {name: value for name, value in self.cleaned_data.items() if name != "division"}
        return named | {"prefix": self.prefix_of_place}


class AccountForm(PostingForm):
    """A new account with its first posting (开户)."""

    field_order = ["name", "username", "organisation", "role", "division", "from_on", "until_on"]

    name = forms.CharField(label=_("Name"), max_length=50)
    username = forms.RegexField(
        r"^[a-z][a-z0-9.-]{2,39}$",
        label=_("User name"),
        help_text=_("Small letters, digits, points and hyphens, for example wang-fang."),
        error_messages={"invalid": _("Small letters, digits, points and hyphens; a letter first, at least three.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=100)

    def clean_name(self) -> str:
        """The name in its one form."""
        name = clean_name(self.cleaned_data["name"])
        if not is_name(name):
            raise forms.ValidationError(_("Write the person's full name."))
        return name


class LastDayForm(forms.Form):
    """The last day of a posting (任职截止日)."""

    until_on = forms.DateField(
        label=_("Last day"), widget=_day(), help_text=_("The posting holds on this day still. Yesterday ends it now.")
    )


class ClosingForm(forms.Form):
    """Why an account is closed (停用原因)."""

    reason = forms.ChoiceField(
        label=_("Why the account is closed"),
        choices=[("", "—"), *ClosedReason.choices],
        error_messages={"required": _("Choose why the account is closed.")},
    )


class ResetForm(forms.Form):
    """Why a second factor is reset (重置原因)."""

    reason = forms.ChoiceField(
        label=_("Why it is reset"),
        choices=[("", "—"), *ResetReason.choices],
        error_messages={"required": _("Choose why it is reset.")},
    )


class StandInForm(forms.Form):
    """Who stands in (代理): for which posting, where, when and why."""

    posting = forms.ChoiceField(label=_("Which duty"), error_messages={"required": _("Choose the duty.")})
    to = forms.CharField(
        label=_("Who stands in"),
        max_length=60,
        help_text=_("The user name. An officer of the city may stand in for a county."),
        error_messages={"required": _("Type the user name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    places = forms.CharField(
        label=_("Only for these places"),
        max_length=200,
        required=False,
        help_text=_("Codes of townships or villages, with spaces between. Leave empty for the whole area."),
    )
    from_on = forms.DateField(label=_("First day"), widget=_day())
    until_on = forms.DateField(label=_("Last day"), widget=_day(), help_text=_("Thirty days are the most."))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *arguments: Any, postings: Sequence[Posting], on: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._postings = {str(posting.pk): posting for posting in postings}
        places = path_names(full(prefix) for posting in postings for prefix in posting.prefixes)
        self.fields["posting"].choices = [  # type: ignore[attr-defined]
            (key, f"{posting.get_role_display()} · {'、'.join(places.get(full(one), one) for one in posting.prefixes)}")
            for key, posting in self._postings.items()
        ]
        self.fields["from_on"].initial = on

    def clean_to(self) -> Person:
        """Somebody with an open account."""
        person = person_named(self.cleaned_data["to"].strip())
        if person is None or not person.is_active:
            raise forms.ValidationError(_("Nobody in office has this user name."))
        return person

    def clean_places(self) -> list[str]:
        """Prefixes of the places."""
        typed = self.cleaned_data["places"].replace(",", " ").replace("，", " ").split()
        if not all(one.isascii() and one.isdecimal() and 2 <= len(one) <= 12 for one in typed):
            raise forms.ValidationError(_("Codes have digits only."))
        return [prefix_of(one) for one in typed]

    def said(self) -> dict[str, Any]:
        """The arguments of the verb."""
        said = dict(self.cleaned_data)
        posting = self._postings[said.pop("posting")]
        return said | {"posting": posting, "prefixes": said.pop("places") or posting.prefixes}


class HandOverForm(forms.Form):
    """To whom open tasks go (交接对象)."""

    to: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        queryset=None, label=_("To whom"), empty_label="—", error_messages={"required": _("Choose somebody.")}
    )

    def __init__(self, *arguments: Any, people: QuerySet[Person], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
