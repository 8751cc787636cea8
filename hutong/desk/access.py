"""The yearly report on looking in words (查阅年报用语): its lines, what opens them, and how refusals are said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.access import FROM_ABOVE, NONE, people_named
from hutong.accounts.actions.refusing import NOT_ALLOWED, NOT_FOUND, REFUSED
from hutong.accounts.models import TrailEntry
from hutong.accounts.models.purpose import PurposeReason
from hutong.accounts.queries import role_titles
from hutong.desk.looks import act_words
from hutong.divisions.queries import path_names
from hutong.law.division_code import full

PARTS = {
    "month": _lazy("By month"),
    "county": _lazy("By county"),
    "role": _lazy("By role"),
    "purpose": _lazy("By purpose"),
    "person": _lazy("By person"),
}
"""By what the report counts; all but the months with the most first."""
OF_ACTS = {"emergency": _lazy("in an emergency"), "copy": _lazy("taken into a list or form that left")}
"""What a look was for that no purpose is stated for (行为即目的)."""
LISTED = ("looks", "person", "file")
"""What a list of the report holds: single looks, people, or files."""
REFUSALS = {
    NOT_FOUND: _lazy("asked for a page that is not there for this person"),
    NOT_ALLOWED: _lazy("asked for what this person has no right to"),
    REFUSED: _lazy("asked for what could not be done"),
}


class YearForm(forms.Form):
    """The year that is asked for (年份); none is the current one."""

    year = forms.IntegerField(required=False, min_value=2000, max_value=2100)


class AccessForm(forms.Form):
    """What the address of a list asks for (查阅条件)."""

    listed = forms.ChoiceField(choices=[(one, one) for one in LISTED])
    year = forms.IntegerField(min_value=2000, max_value=2100)
    person = forms.IntegerField(required=False, min_value=0)
    role = forms.CharField(required=False, max_length=200, empty_value=None)
    county = forms.CharField(required=False, max_length=6, empty_value=None)
    month = forms.IntegerField(required=False, min_value=1, max_value=12)
    purpose = forms.CharField(required=False, max_length=20, empty_value=None)

    @property
    def chosen(self) -> dict[str, Any]:
        """What of the year is asked for, by dimension."""
        return {name: self.cleaned_data[name] for name in PARTS if self.cleaned_data[name] is not None}


@dataclass(frozen=True)
class AccessLine:
    """A line of the report (年报行): a number that opens its list."""

    title: str
    note: str
    looks: int
    href: str


def access_lines(rows: Iterable[Mapping[str, Any]], dimension: str, year: int, **chosen: object) -> list[AccessLine]:
    """Rows of `key` and `looks` in words, each with the list it counts."""
    counted = list(rows)
    titles = _titles(dimension, [row["key"] for row in counted])
    return [
        AccessLine(*titles[row["key"]], row["looks"], _href(dimension, row["key"], year, chosen)) for row in counted
    ]


def list_href(year: int, listed: str = "looks", chosen: Mapping[str, object] | None = None) -> str:
    """The address of a list of the report."""
    return f"{reverse('desk:access_list')}?{urlencode({'listed': listed, 'year': year, **(chosen or {})})}"


def looks_href(file_number: str, **days: str) -> str:
    """The address of the looks at one file."""
    return f"{reverse('desk:looks')}?{urlencode({'number': file_number, **days})}"


def _href(dimension: str, key: object, year: int, chosen: Mapping[str, object]) -> str:
    if dimension == "file":
        return looks_href(str(key), first=f"{year}-01-01", last=f"{year}-12-31")
    return list_href(year, chosen={**chosen, dimension: key})


def chosen_words(chosen: Mapping[str, object]) -> list[str]:
    """What of the year is asked for, in words."""
    return [_titles(dimension, [key])[key][0] for dimension, key in chosen.items()]


def _titles(dimension: str, keys: list[Any]) -> dict[Any, tuple[str, str]]:
    """Each key's title and a note."""
    if dimension == "person":
        people = people_named(keys)
        return {key: (people[key].name, people[key].organisation) if key in people else ("—", "") for key in keys}
    if dimension == "county":
        names = path_names(full(key) for key in keys if key)
        return {key: (names.get(full(key), key) if key else "—", "") for key in keys}
    return {key: (one_title(dimension, key), "") for key in keys}


def one_title(dimension: str, key: Any) -> str:
    """A month, a role, a purpose or a file in words."""
    match dimension:
        case "month":
            return str(MONTHS[key])
        case "role":
            return _("no posting") if key == NONE else role_titles(key)
        case "purpose":
            return purpose_title(key)
    return str(key)


def purpose_title(reason: str) -> str:
    """What was stated for a look; that nothing was, where the look needs no purpose."""
    if reason == NONE:
        return _("none stated: a file of one's own area")
    if reason == FROM_ABOVE:
        return _("stated in words, by an officer from above")
    return str(OF_ACTS[reason] if reason in OF_ACTS else PurposeReason(reason).label)


@dataclass(frozen=True)
class AccessEntry:
    """One look in a list of the report (查阅明细)."""

    entry: TrailEntry
    name: str
    organisation: str
    roles: str
    done: str
    purpose: str
    href: str


def access_entries(found: Iterable[TrailEntry]) -> list[AccessEntry]:
    """Single looks in words; what was typed for one stands with the file, to which each leads."""
    return [
        AccessEntry(
            entry,
            entry.by.name if entry.by else "",
            entry.by.organisation if entry.by else "",
            role_titles(entry.role),
            refusal_words(entry) if entry.act == "refused" else act_words(entry.act, entry.details.get("field", "")),
            purpose_title(entry.its_purpose) if entry.act != "refused" else "",  # type: ignore[attr-defined]
            looks_href(entry.subject_key),
        )
        for entry in found
    ]


def refusal_words(entry: TrailEntry) -> str:
    """What was refused (拒绝用语)."""
    return str(REFUSALS.get(entry.details.get("why", ""), REFUSALS[REFUSED]))
