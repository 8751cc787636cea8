"""Cases of the law in words (案例试算用语): what the law answers to each, and what it would elsewhere or then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.desk.change_forms import date_field
from hutong.desk.law_words import citation_words, code_words, place_title
from hutong.desk.titles import money
from hutong.governance.models.case_set import NAME_AT_MOST, TEXT_AT_MOST
from hutong.governance.wording import case_fault_of, fault_of
from hutong.law.amount_cases import answer_cases
from hutong.law.cases import Case, WrongCase, read_cases
from hutong.law.citation import Reason
from hutong.law.parameters import shipped
from hutong.law.recognition import Outcome, recognise
from hutong.law.texts import WrongText

NATIONAL = "00"
OUTCOMES = {
    Outcome.RECOGNISED: (_lazy("recognised"), "fine"),
    Outcome.REFUSED: (_lazy("not recognised"), "late"),
    Outcome.MANUAL: (_lazy("left to a person"), "soon"),
}
EXAMPLE = """\
- name: %(first)s
  jurisdiction: "640122000000"
  on: 2026-06-03
  child: {birth_date: 2015-03-07, adopted: false}
  parents:
    - {role: father, circumstances: [{kind: dead, from: 2023-11-02}]}
    - {role: mother, circumstances: [{kind: imprisoned, from: 2026-01-10, until: 2028-01-09}]}
  expect: {outcome: recognised, category: de_facto}
- name: %(second)s
  jurisdiction: "640122000000"
  months: [2025-12, 2026-01]
  child: {birth_date: 2015-03-07}
  holdings: [{category: de_facto, decided_on: 2024-06-14, from_month: 2024-07}]
  other_aid: [{kind: dibao, household_fen_per_month: 180000, members: 3, from: 2024-01-01}]
  expect: {2025-12: 60000, 2026-01: 104000}
"""


def example() -> str:
    """Two cases to begin with (示例案例), one of recognition and one of amounts."""
    names = {
        "first": _("Father dead, mother in prison for two years"),
        "second": _("Rate raised, three heads on subsistence allowance"),
    }
    return EXAMPLE % names


class CasesForm(forms.Form):
    """Cases to be tried (试算), and what they are compared with."""

    text = forms.CharField(
        label=_lazy("Cases"),
        strip=False,
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "wrap": "off"}),
        help_text=_lazy("YAML, one case after another; invented, without names and numbers of real children."),
        error_messages={"required": _lazy("Write at least one case.")},
    )
    other_day = date_field(_lazy("Compare with another day"), required=False)
    other_place = forms.ChoiceField(label=_lazy("Compare with another place"), required=False, choices=())
    name = forms.CharField(label=_lazy("Keep them as"), max_length=NAME_AT_MOST, required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        places = dict.fromkeys(one.jurisdiction for one in shipped())
        self.fields["other_place"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((place or NATIONAL, place_title(place)) for place in places),
        ]

    def clean_text(self) -> str:
        """A text that is no list of cases is told of, with the line."""
        text: str = self.cleaned_data["text"]
        try:
            read_cases(text, name="")
        except WrongText as wrong:
            raise forms.ValidationError(fault_of(wrong)) from wrong
        return text


@dataclass(frozen=True)
class ReasonLine:
    """One reason in words (理由行); `is_provisional`: what it rests on is still to be confirmed."""

    text: str
    citation: str
    is_provisional: bool = False


@dataclass(frozen=True)
class Answer:
    """What the law answers to one case (试算结果); `passed` None where nothing was expected."""

    outcome: str
    tone: str
    category: str
    reasons: list[ReasonLine]
    passed: bool | None
    when: str


@dataclass(frozen=True)
class MonthLine:
    """What is due for a month (月份金额): the sum in yuan, its parts, and whether it is what was expected."""

    month: str
    amount: str
    parts: list[ReasonLine]
    passed: bool | None
    other: str = ""


@dataclass(frozen=True)
class Tried:
    """One case with its answer (案例结果), and with the other day's or place's where one is asked for.

    A case that asks for months has them; one that asks for a day, or for nothing, has an answer. One that cannot be
    read `can_open` in no form.
    """

    name: str
    wrong: str
    can_open: bool = True
    answer: Answer | None = None
    other: Answer | None = None
    months: tuple[MonthLine, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the other day or place gives another answer."""
        is_other = bool(self.answer and self.other) and _said(self.answer) != _said(self.other)
        return is_other or any(line.other not in ("", line.amount) for line in self.months)

    @property
    def judged(self) -> list[bool]:
        """Whether what was expected came, for each expectation."""
        passed = [line.passed for line in self.months] + [self.answer.passed if self.answer else None]
        return [one for one in passed if one is not None]


def _said(answer: Answer | None) -> tuple[str, str]:
    return (answer.outcome, answer.category) if answer else ("", "")


def tried(text: str, *, on: date, other_day: date | None = None, other_place: str = "") -> list[Tried]:
    """The answers to all cases of a text (试算); a case without a day is judged on `on`. Raises WrongText."""
    return [_tried(one, on, other_day, other_place) for one in read_cases(text, name="")]


def _tried(one: Case | WrongCase, on: date, other_day: date | None, other_place: str) -> Tried:
    if isinstance(one, WrongCase):
        return Tried(one.name, case_fault_of(one.fault), can_open=False)
    place = one.jurisdiction if not other_place else other_place.removeprefix(NATIONAL)
    months = _months(one, place) if one.months else []
    if isinstance(months, str):
        return Tried(one.name, months)
    made = Tried(one.name, "", months=tuple(months))
    if one.months and one.on is None:
        return made
    made = replace(made, answer=_answer(one, one.on or on, one.jurisdiction))
    if not (other_day or other_place):
        return made
    return replace(made, other=_answer(replace(one, expect=None), other_day or one.on or on, place))


def _months(case: Case, place: str) -> list[MonthLine] | str:
    """The months of a case, each beside that of another place; why not, where it cannot be answered."""
    own = answer_cases([case], shipped())
    other = answer_cases([replace(case, jurisdiction=place, expect=None)], shipped())
    faults = [one["fault"] for one in own if "fault" in one]
    if faults:
        return case_fault_of(faults[0])
    sums = {one["month"]: money(one["amount_fen"]) for one in other if "error" not in one}
    elsewhere = sums if place != case.jurisdiction else {}
    return [
        MonthLine(
            one["month"],
            money(one["amount_fen"]),
            [_line(line, one["provisional"]) for line in one["lines"]],
            one["passed"],
            elsewhere.get(one["month"], ""),
        )
        for one in own
    ]


def _line(said: Mapping[str, Any], to_confirm: list[str]) -> ReasonLine:
    return ReasonLine(f"{money(said['amount_fen'])}  {said['text']}", said["citation"], said["code"] in to_confirm)


def _answer(case: Case, on: date, jurisdiction: str) -> Answer:
    try:
        found = recognise(case.child, on=on, jurisdiction=jurisdiction)
    except LookupError as missing:
        return Answer(_("no rule"), "late", "", [ReasonLine(str(missing), "")], None, _when(on, jurisdiction))
    title, tone = OUTCOMES[found.outcome]
    category = code_words(found.category) if found.category else ""
    passed = _passed(case.expect, found.outcome, found.category)
    return Answer(str(title), tone, category, reason_lines(found.reasons), passed, _when(on, jurisdiction))


def _when(on: date, jurisdiction: str) -> str:
    return f"{on.isoformat()} · {place_title(jurisdiction)}"


def _passed(expect: Mapping[str, Any] | None, outcome: str, category: str | None) -> bool | None:
    if not expect or "outcome" not in expect:
        return None
    return bool(expect["outcome"] == outcome and expect.get("category") in (None, category))


def reason_lines(reasons: Iterable[Reason]) -> list[ReasonLine]:
    """Reasons with their citations."""
    cited = ((reason.text, reason.citation) for reason in reasons)
    return [ReasonLine(text, citation_words(citation), citation.is_provisional) for text, citation in cited]
