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
from hutong.desk.law_words import citation_words, place_title, value_said
from hutong.desk.words import speaks_chinese
from hutong.law.parameters import Parameter, Parameters, Value, shipped


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
            ValueLine(value, value_said(value, parameter.unit), citation_words(value.citation), value is current)
            for value in reversed(parameter.values)
            if value.is_provisional or not to_confirm
        ]
        if lines and place in ("", parameter.jurisdiction or "00"):
            title = parameter.title_zh if speaks_chinese() else parameter.title_en
            yield ParameterCard(parameter, title, place_title(parameter.jurisdiction), lines)
