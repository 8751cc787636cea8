"""The dated facts of a child by page (事实登记): record, correct, end, strike."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.clock import today
from hutong.accounts.permissions import Permission
from hutong.desk.change_forms import EndFactForm, StrikeForm
from hutong.desk.fact_forms import FACT_FORMS, REPLACING, FactForm
from hutong.desk.file_lines import Difference, differences
from hutong.desk.guards import OfficeRequest, only
from hutong.desk.titles import NOUNS
from hutong.desk.views.file import Seen, row_number, seen_or_404
from hutong.desk.views.steps import CHANGE, Step, opened_first, reasoned, run
from hutong.registry import dossier
from hutong.registry.actions import facts
from hutong.registry.actions.facts import APPLIED_WITH
from hutong.registry.models import Evidence
from hutong.registry.models.circumstance import Circumstance
from hutong.registry.models.facts import Fact
from hutong.registry.models.parent import Parent
from hutong.registry.queries import is_received, papers_known_to

TAB = {
    "guardian": "family",
    "parent": "family",
    "circumstance": "life",
    "study": "life",
    "health": "life",
    "aid": "life",
}


@only(CHANGE)
def record(request: OfficeRequest, file_number: str, noun: str) -> HttpResponse:
    """Record a fact (登记事实); a new guardian or school takes the place of the one before."""
    seen = _recordable(request, file_number, noun)
    parent = _parent(request, seen) if noun == "circumstance" else None

    def arguments(form: forms.Form) -> dict[str, Any]:
        return reasoned(form) | {
            "child": seen.child,
            "noun": noun,
            "values": _values(form),
            "papers": _papers(form),
            "replaces": noun in REPLACING,
            "with_siblings": form.cleaned_data.get("with_siblings", False),
        }

    note = _lazy("What holds until now ends the day before the first day you give.")
    step = Step(
        NOUNS[noun], note if noun in REPLACING else _lazy("From its first to its last day, both counted."),
        _lazy("Record"), _form(noun), facts.record_fact,
    )  # fmt: skip
    return run(
        request,
        seen,
        step,
        initial={"from_on": today(), "reason": "happened"},
        arguments=arguments,
        tab="family" if parent else TAB[noun],
        form_options=_options(seen, noun, parent),
    )


def _options(seen: Seen, noun: str, parent: Parent | None) -> dict[str, Any]:
    """What a form of this noun is made with: whose circumstance it is, and the papers that may show the fact."""
    options: dict[str, Any] = {"parent": parent} if noun == "circumstance" else {}
    if noun != "guardian":
        known = papers_known_to(seen.user, seen.child, sensitive=seen.is_sensitive, on=today())
        options["papers"] = list(known.filter(child=seen.child, is_sealed=False, withdrawn_on__isnull=True))
    return options


def _changeable(request: OfficeRequest, file_number: str, noun: str) -> Seen:
    seen = seen_or_404(request, file_number)
    if noun not in FACT_FORMS or not seen.may["alter"] or (noun == "circumstance" and not seen.is_sensitive):
        raise Http404
    return seen


def _recordable(request: OfficeRequest, file_number: str, noun: str) -> Seen:
    """As where a fact is changed, or where an application was received that rests on it (可登记)."""
    seen = seen_or_404(request, file_number)
    if noun in APPLIED_WITH and is_received(seen.user, Permission.APPLY, seen.child, on=today()):
        return seen
    return _changeable(request, file_number, noun)


def _parent(request: OfficeRequest, seen: Seen) -> Parent | None:
    number = request.GET.get("parent", "")
    if not number:
        return None
    parent = dossier.parent_of(seen.child, row_number(number))
    if parent is None:
        raise Http404
    return parent


def _form(noun: str) -> type[FactForm]:
    return FACT_FORMS[noun]


def _values(form: forms.Form) -> dict[str, Any]:
    values: dict[str, Any] = form.values()  # type: ignore[attr-defined]
    return values


def _tab(noun: str, fact: Fact) -> str:
    """Where a fact stands: what concerns a parent is with the family."""
    return "family" if isinstance(fact, Circumstance) and fact.parent else TAB[noun]


def _papers(form: forms.Form) -> list[Evidence]:
    papers: list[Evidence] = form.chosen_papers()  # type: ignore[attr-defined]
    return papers


@only(CHANGE)
def act_on(request: OfficeRequest, file_number: str, noun: str, number: int, act: str) -> HttpResponse:
    """Correct, end or strike (更正、终止、撤销) one fact."""
    seen = _changeable(request, file_number, noun)
    fact = dossier.fact_of(seen.child, noun, number, sensitive=seen.is_sensitive)
    if fact is None or act not in ACTS:
        raise Http404
    return ACTS[act](request, seen, noun, fact)


def _correct(request: OfficeRequest, seen: Seen, noun: str, fact: Fact) -> HttpResponse:
    asked = opened_first(request, seen, noun, fact)
    if asked:
        return asked
    parent = fact.parent if isinstance(fact, Circumstance) else None
    step = Step(
        NOUNS[noun],
        _lazy("What stood before is kept with the change."),
        _lazy("Check"),
        _form(noun),
        facts.correct_fact,
    )
    before = facts.document(fact)

    def compare(said: dict[str, Any]) -> list[Difference]:
        typed = _form(noun)(request.POST, **options)
        typed.is_valid()
        after = {f"{noun}.{name}": facts.said(value) for name, value in _values(typed).items()}
        after |= {f"{noun}.papers": " ".join(str(paper.pk) for paper in typed.chosen_papers())} if linked else {}
        return differences({column: before.get(column, "") for column in after}, after, is_typed=True)

    def arguments(form: forms.Form) -> dict[str, Any]:
        return reasoned(form) | {"fact": fact, "values": _values(form), "papers": _papers(form) if linked else None}

    options = _options(seen, noun, parent)
    linked = bool(options.get("papers"))
    return run(
        request,
        seen,
        step,
        initial=_form(noun).initial_of(fact) | {"reason": "corrected"},
        arguments=arguments,
        compare=compare,
        tab=_tab(noun, fact),
        form_options=options,
    )


def _end(request: OfficeRequest, seen: Seen, noun: str, fact: Fact) -> HttpResponse:
    step = Step(
        NOUNS[noun], _lazy("The last day is the last on which it holds."), _lazy("End"), EndFactForm, facts.end_fact
    )
    return run(
        request,
        seen,
        step,
        initial={"until_on": today(), "reason": "happened"},
        arguments=lambda form: reasoned(form) | {"fact": fact, "until_on": form.cleaned_data["until_on"]},
        tab=_tab(noun, fact),
    )


def _strike(request: OfficeRequest, seen: Seen, noun: str, fact: Fact) -> HttpResponse:
    note = _lazy("Only for what never was so. What it said is kept with the change.")
    step = Step(NOUNS[noun], note, _lazy("Strike"), StrikeForm, facts.strike_fact, danger=True)
    return run(
        request,
        seen,
        step,
        initial={"reason": "corrected"},
        arguments=lambda form: reasoned(form) | {"fact": fact},
        tab=_tab(noun, fact),
    )


ACTS = {"correct": _correct, "end": _end, "strike": _strike}
