"""The parameters of the law, for whoever wants to read the rule before they trust it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.clock import today
from hutong.desk.guards import OfficeRequest, signed_in
from hutong.desk.titles import circumstance_title, money, pair_title
from hutong.desk.words import speaks_chinese
from hutong.divisions.queries import path_names
from hutong.law.circumstances import CIRCUMSTANCES
from hutong.law.disability import CLASSES
from hutong.law.division_code import PROVINCES, full
from hutong.law.parameters import Parameter, Parameters, Value, shipped

UNITS = {
    "fen_per_month": _lazy("%(value)s yuan a month"),
    "fen_per_year": _lazy("%(value)s yuan a year"),
    "fen": _lazy("%(value)s yuan"),
    "working_days": _lazy("%(value)s working days"),
    "days": _lazy("%(value)s days"),
    "months": _lazy("%(value)s months"),
    "years": _lazy("%(value)s years"),
    "times": _lazy("%(value)s times"),
}
PLACED = {
    "institution": _lazy("in an institution"),
    "foster": _lazy("in a foster family"),
    "kin": _lazy("with relatives"),
    "independent": _lazy("living independently"),
}
IN_FEN = frozenset({"fen_per_month", "fen_per_year", "fen"})


class ParametersForm(forms.Form):
    """Which parameters are shown (参数筛选)."""

    place = forms.ChoiceField(label=_lazy("Holds in"), required=False, choices=())
    to_confirm = forms.BooleanField(label=_lazy("To be confirmed by the Department"), required=False)

    def __init__(self, *arguments: object, held: Parameters, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        prefixes = dict.fromkeys(parameter.jurisdiction or "00" for parameter in held)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", str(_("All"))),
            *((prefix, place_title(prefix.removeprefix("00"))) for prefix in prefixes),
        ]

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields)


@dataclass(frozen=True)
class ValueLine:
    """One value in words (参数值行): from when it holds, on what it rests, and what is still to be confirmed."""

    value: Value
    said: str
    citation: str
    is_current: bool


@dataclass(frozen=True)
class ParameterCard:
    """A parameter with its history, the latest value first (参数卡片)."""

    parameter: Parameter
    title: str
    place: str
    lines: list[ValueLine]


@signed_in
def index(request: OfficeRequest) -> HttpResponse:
    """Parameters of the law (政策参数): every value with the day it holds from and its source."""
    held = shipped()
    form = ParametersForm(request.GET or None, held=held)
    said = form.cleaned_data if form.is_valid() else {}
    cards = list(_cards(held, said.get("place", ""), to_confirm=bool(said.get("to_confirm")), on=today()))
    context = {"form": form, "cards": cards, "waiting": len(held.to_confirm()), "total": sum(1 for _one in held)}
    return render(request, "desk/parameters/index.html", context)


def _cards(held: Parameters, place: str, *, to_confirm: bool, on: date) -> Iterator[ParameterCard]:
    for parameter in held:
        current = parameter.on(on)
        lines = [
            ValueLine(value, value_said(value, parameter.unit), _citation(value), value is current)
            for value in reversed(parameter.values)
            if value.is_provisional or not to_confirm
        ]
        if lines and place in ("", parameter.jurisdiction or "00"):
            title = parameter.title_zh if speaks_chinese() else parameter.title_en
            yield ParameterCard(parameter, title, place_title(parameter.jurisdiction), lines)


def place_title(prefix: str) -> str:
    """`全国`, or the name of a province or place."""
    if not prefix:
        return _("Whole country")
    return PROVINCES.get(prefix) or path_names([full(prefix)]).get(full(prefix), prefix)


def value_said(value: Value, unit: str) -> str:
    """A value with its unit, as people say it."""
    if value.value is None:
        return _("none from this day on")
    if isinstance(value.value, tuple):
        return "、".join(code_words(code) for code in value.value)
    said = money(value.value) if unit in IN_FEN and isinstance(value.value, int) else str(value.value)
    return str(UNITS[unit]) % {"value": said} if unit in UNITS else said


def code_words(code: str) -> str:
    """One code of a list, a situation or a class of disability for example, in the reader's language."""
    if code in CIRCUMSTANCES:
        return circumstance_title(code)
    if code in CLASSES:
        return pair_title(CLASSES[code])
    return str(PLACED.get(code, code))


def _citation(value: Value) -> str:
    return value.citation.zh if speaks_chinese() else value.citation.en
