"""A case of the law in a form (案例表单), for officers who do not write YAML: what is typed is put into their text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.desk.change_forms import CHOOSE, date_field
from hutong.desk.law_words import place_title
from hutong.desk.titles import choices, circumstance_title
from hutong.desk.words import category_title
from hutong.governance.models.case_set import NAME_AT_MOST
from hutong.law.aid import AIDS
from hutong.law.case_sketch import MONTHS, PEOPLE, ROLES, SHOWN, Sketch, drawn, shown
from hutong.law.case_text import added, cases_in, marks_in, replaced
from hutong.law.cases import HELD, NATIONAL, OF_CHILD, Case, read_cases
from hutong.law.circumstances import CIRCUMSTANCES, OF_PARENTS
from hutong.law.disability import CLASSES, GRADES
from hutong.law.division_code import full, is_code, is_prefix
from hutong.law.months import Month, months_between
from hutong.law.parameters import shipped
from hutong.law.placements import PLACEMENTS
from hutong.law.recognition import PAID
from hutong.law.study import LEVELS

FEN = 100
MONTHS_AT_MOST = 120
SUMS = ("aid_own", "aid_household")
KEYS = ("kind", "from", "until", "class", "grade", "reported_on")
AMOUNTS = (
    *MONTHS, "holding", "decided_on", "from_month", "placement", "study", "aid", "aid_own", "aid_household",
    "aid_members",
)  # fmt: skip
WHOSE = {"father": _lazy("Father"), "mother": _lazy("Mother"), "child": _lazy("The child itself")}
OUTCOMES = {
    "recognised": _lazy("recognised"),
    "refused": _lazy("not recognised"),
    "manual": _lazy("left to a person"),
}
BEYOND_THE_LIST = {
    "unable_to_work": _lazy("Unable to work because of a mental illness"),
    "hiv": _lazy("Infection with HIV"),
}
"""Circumstances that stand in no national list of the register (清单外情形)."""


class Misplaced(ValueError):
    """The case that was opened in the form stands in the text no more (原案例已不在文本中)."""


class MonthField(forms.CharField):
    """A month (月份), with the browser's own calendar where it has one."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"})
        super().__init__(label=label, required=False, widget=widget, help_text=help_text)

    def clean(self, value: Any) -> str:
        """The month as cases write it."""
        said: str = super().clean(value)
        try:
            return str(Month.read(said)) if said else ""
        except ValueError as error:
            raise forms.ValidationError(_("Write the month as 2026-01.")) from error


def _yuan(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=11, decimal_places=2, required=False)


def _choice(label: Any, titles: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", str(CHOOSE)), *titles], required=False)


def _kinds(person: str) -> list[tuple[str, str]]:
    codes = sorted(OF_CHILD) if person == "child" else (*OF_PARENTS, "unable_to_work")
    return [(code, circumstance_title(code) if code in CIRCUMSTANCES else str(BEYOND_THE_LIST[code])) for code in codes]


def _held() -> list[tuple[str, str]]:
    unpaid = sorted(HELD - PAID.keys())
    return [*choices(PAID), *((code, category_title(code)) for code in unpaid)]


def _circumstance(person: str, number: int) -> dict[str, forms.Field]:
    """The fields of one circumstance of a person."""
    fields: dict[str, forms.Field] = {
        "kind": _choice(_("Circumstance"), _kinds(person)),
        "from": date_field(_("First day"), required=False),
        "until": date_field(_("Last day"), required=False),
        "class": _choice(_("Class of disability"), choices(CLASSES)),
        "grade": _choice(_("Grade"), [(str(grade), str(grade)) for grade in GRADES]),
        "reported_on": date_field(_("Search taken by the police on"), required=False),
    }
    for field in fields.values():
        field.group = f"{WHOSE[person]} {number}"  # type: ignore[attr-defined]
    return {f"{person}_{number}_{key}": field for key, field in fields.items()}


@dataclass(frozen=True)
class Row:
    """One circumstance on the page (情形一行); another one is folded away while nothing is said there."""

    fields: list[BoundField]
    is_other: bool
    is_open: bool


@dataclass(frozen=True)
class Group:
    """Father, mother or the child itself on the page (一人情形)."""

    title: str | Promise
    unknown: BoundField | None
    rows: list[Row]


class CaseForm(forms.Form):
    """One case (案例): its facts, as a form shows them; `number` and `mark` where it was opened from the text."""

    use_required_attribute = False
    prefix = "case"
    number = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_lazy("What the case is called"), max_length=2 * NAME_AT_MOST, required=False)
    birth_date = date_field(_lazy("Birth date"))
    place = forms.ChoiceField(label=_lazy("Place"), choices=(), required=False)
    code = forms.CharField(
        label=_lazy("Or a division code"),
        max_length=12,
        required=False,
        help_text=_lazy("2 to 12 digits; it goes before the place."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    on = date_field(
        _lazy("Day of the decision"), required=False, help_text=_lazy("On which it is decided. Empty for sums alone.")
    )
    father_unknown = forms.BooleanField(label=_lazy("Nobody knows who this is"), required=False)
    mother_unknown = forms.BooleanField(label=_lazy("Nobody knows who this is"), required=False)
    first_month = MonthField(_lazy("First month"))
    last_month = MonthField(_lazy("Last month"))
    decided_on = date_field(_lazy("Recognised on"), required=False)
    from_month = MonthField(_lazy("Paid from"))
    aid_own = _yuan(_lazy("The child's own, yuan a month"))
    aid_household = _yuan(_lazy("The household's, yuan a month"))
    aid_members = forms.IntegerField(label=_lazy("Heads of the household"), min_value=1, max_value=40, required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        titles = [(place, place_title(place.removeprefix(NATIONAL))) for place in _places()]
        self.fields["place"].choices = titles  # type: ignore[attr-defined]
        self.fields |= {
            name: field
            for person in PEOPLE
            for number in SHOWN
            for name, field in _circumstance(person, number).items()
        }
        self.fields |= {
            "holding": _choice(_("Recognised category"), _held()),
            "placement": _choice(_("Raised by"), choices(PLACEMENTS)),
            "aid": _choice(_("Other aid"), choices(AIDS)),
            "study": _choice(_("Schooling"), choices(LEVELS)),
            "outcome": _choice(_("What is expected"), [(code, str(title)) for code, title in OUTCOMES.items()]),
            "category": _choice(_("Expected category"), choices(PAID)),
        }

    def clean_code(self) -> str:
        """A code as divisions have them; whether the place exists is not asked."""
        code: str = self.cleaned_data["code"]
        if code and not (is_code(code) or is_prefix(code)):
            raise forms.ValidationError(_("A division code has 2, 4, 6, 9 or 12 digits."))
        return code

    def clean(self) -> dict[str, Any]:
        """What belongs together is there together."""
        said = super().clean() or {}
        for row in (f"{person}_{number}_" for person in PEOPLE for number in SHOWN):
            if not said.get(f"{row}kind") and any(said.get(f"{row}{key}") for key in KEYS):
                self._complain(f"{row}kind", _("Choose the circumstance that these days belong to."))
        if not said.get("holding") and (said.get("decided_on") or said.get("from_month")):
            self._complain("holding", _("Choose the category that was recognised."))
        self._clean_months(said)
        self._clean_aid(said)
        return said

    def _clean_months(self, said: Mapping[str, Any]) -> None:
        first, last = said.get("first_month"), said.get("last_month")
        if last and not first:
            self._complain("first_month", _("Say from which month."))
        elif first and last and not 0 < len(months_between(Month.read(first), Month.read(last))) <= MONTHS_AT_MOST:
            self._complain("last_month", _("From the first month to the last: at most ten years, and forward."))

    def _clean_aid(self, said: Mapping[str, Any]) -> None:
        own, household, members = (said.get(name) is not None for name in (*SUMS, "aid_members"))
        if not said.get("aid"):
            if own or household or members:
                self._complain("aid", _("Choose the aid that this is paid as."))
        elif own == household:
            self._complain("aid_own", _("Fill in either the child's own sum or the household's."))
        elif household and not members:
            self._complain("aid_members", _("Say how many heads the household's sum is counted on."))
        elif own and members:
            self._complain("aid_members", _("Heads are counted for the household's sum only."))

    def _complain(self, name: str, words: str) -> None:
        if name not in self.errors:
            self.add_error(name, words)

    def sketch(self) -> Sketch:
        """What was typed, as cases write it."""
        said = dict(self.cleaned_data)
        place = said.pop("code") or said["place"] or NATIONAL
        fen = {name: None if said[name] is None else int(said[name] * FEN) for name in SUMS}
        own = {"number", "mark"}
        texts = {name: _written(value) for name, value in (said | fen).items() if name not in own}
        return texts | {"place": place, "last_month": texts["last_month"] or texts["first_month"]}

    @property
    def is_editing(self) -> bool:
        """Whether a case of the text is open here."""
        return bool(self["mark"].value())

    @property
    def is_used(self) -> bool:
        """Whether anything was opened or typed here (表单已使用)."""
        return self.is_bound or self.is_editing or bool(self.initial.get("used"))

    @property
    def groups(self) -> list[Group]:
        """What is asked of each person."""
        return [
            Group(WHOSE[who], self[f"{who}_unknown"] if who in ROLES else None, [self._row(who, at) for at in SHOWN])
            for who in PEOPLE
        ]

    def _row(self, person: str, number: int) -> Row:
        fields = [self[f"{person}_{number}_{key}"] for key in KEYS]
        return Row(fields, number > SHOWN[0], self._is_said(fields))

    @property
    def amounts_are_said(self) -> bool:
        """Whether anything was typed that sums are counted from."""
        return self._is_said(self[name] for name in AMOUNTS)

    def _is_said(self, fields: Iterable[BoundField]) -> bool:
        return any(field.value() or (self.is_bound and field.errors) for field in fields)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)


def _places() -> list[str]:
    """The whole country, and the places that the parameters know."""
    return list(dict.fromkeys((NATIONAL, *(one.jurisdiction or NATIONAL for one in shipped()))))


def begun(prefixes: Iterable[str], on: date) -> dict[str, Any]:
    """What stands in the form before anything is typed (空白表单): the officer's own place, and the day."""
    return {"place": _known(full(next(iter(prefixes), NATIONAL))), "on": on.isoformat()}


def _known(code: str) -> str:
    """The smallest place of the list that a code lies in (所属地区)."""
    return max((place for place in _places() if code.startswith(place)), key=len, default=NATIONAL)


def typed(data: Mapping[str, str], begun: Mapping[str, Any]) -> CaseForm:
    """The form as it was sent, nothing checked (原样保留): for whoever pressed another button of the page."""
    start = f"{CaseForm.prefix}-"
    given = {name.removeprefix(start): said for name, said in data.items() if name.startswith(start)}
    is_used = any(said != begun.get(name, "") for name, said in given.items())
    return CaseForm(initial={**begun, **given, "used": is_used})


def opened(text: str, number: int) -> CaseForm | None:
    """The form, filled from one case of a text; None where there is no such case that can be read.

    Raises WrongText and Unplaced.
    """
    cases = read_cases(text, name="")
    if not (0 <= number < len(cases) and isinstance(cases[number], Case)):
        return None
    mark = marks_in(text)[number]
    return CaseForm(initial=_initial(shown(cases_in(text)[number])) | {"number": number, "mark": mark})


def _initial(sketch: Sketch) -> dict[str, Any]:
    """What a case says, as the form's fields show it."""
    yuan = {name: f"{Decimal(sketch[name]) / FEN:.2f}" if sketch[name] else "" for name in SUMS}
    place = _known(sketch["place"])
    return {**sketch, **yuan, "place": place, "code": "" if place == sketch["place"] else sketch["place"]}


def with_one_more(text: str, form: CaseForm) -> tuple[str, int]:
    """The text with the case of a valid form at its end, and the case's number. Raises WrongText and Unplaced."""
    return added(text, drawn(form.sketch())), len(cases_in(text))


def put_back(text: str, form: CaseForm) -> tuple[str, int]:
    """The text with the case that was opened as a valid form says it. Raises WrongText, Unplaced and Misplaced."""
    number, mark = form.cleaned_data["number"], form.cleaned_data["mark"]
    found = [at for at, one in enumerate(marks_in(text)) if one == mark]
    if not found:
        raise Misplaced
    at = number if number in found else found[0]
    return replaced(text, at, drawn(form.sketch(), cases_in(text)[at])), at
