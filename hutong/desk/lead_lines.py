"""Lists and leads in words (名单与线索用语): what which department said on which day, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.allowances.actions.following import is_recordable
from hutong.allowances.lead_queries import OPEN
from hutong.allowances.leads import said_in
from hutong.allowances.models import DepartmentList, Lead
from hutong.allowances.models.lead import How
from hutong.desk.data_check_lines import source_title, whose_title
from hutong.desk.titles import circumstance_title, day, disability_words, span
from hutong.divisions.queries import path_names
from hutong.law.circumstances import FINAL, WITH_REPORT
from hutong.law.facts import CircumstanceFact

STATES = {OPEN: _lazy("to be looked into")} | {how.value: how.label for how in How}
"""How a lead stands (线索状态), in the order in which lists show it."""
TONES = {OPEN: "soon", How.RECORDED.value: "fine", How.APPLIED.value: "fine"}


@dataclass(frozen=True)
class LeadLine:
    """One lead in words (线索行): who says what of whom, the state, and what may be done about it."""

    lead: Lead
    source: str
    whose: str
    what: str
    when: str
    given: str
    name: str
    tone: str
    state: str
    notes: tuple[str, ...]
    is_open: bool
    is_recordable: bool


def lead_lines(leads: Iterable[Lead]) -> list[LeadLine]:
    """Leads as a page shows them, what is said in them opened."""
    return [_lead_line(lead) for lead in leads]


def _lead_line(lead: Lead) -> LeadLine:
    said, end = said_in(lead), getattr(lead, "end", None)
    state = end.how if end else OPEN
    return LeadLine(
        lead,
        source_title(said.source),
        whose_title(lead.whose),
        circumstance_title(said.fact.kind),
        _when(said.fact),
        day(lead.list.given_on),
        said.name,
        TONES.get(state, "plain"),
        str(STATES[state]),
        tuple(filter(None, (disability_words(said.fact.disability_class, said.fact.grade), _ended(lead)))),
        end is None,
        is_recordable(lead),
    )


def _when(fact: CircumstanceFact) -> str:
    if fact.kind in FINAL:
        return day(fact.from_on) or _("day not said")
    if fact.kind in WITH_REPORT and fact.reported_on:
        return _("search taken on %(on)s") % {"on": day(fact.reported_on)}
    return span(fact.from_on, fact.until_on)


def _ended(lead: Lead) -> str:
    end = getattr(lead, "end", None)
    if end is None:
        return ""
    words = f"：{end.words.open()}" if end.words else ""
    return f"{end.by.name} {day(end.on)}{words}"


@dataclass(frozen=True)
class Figure:
    """How many leads of a list ended in one way (线索办理数), and the list of them; no address where none may open."""

    label: str
    count: int
    href: str


@dataclass(frozen=True)
class ListLine:
    """One list in words (名单行), with its figures."""

    taken: DepartmentList
    source: str
    place: str
    tone: str
    state: str
    leads: int
    figures: tuple[Figure, ...]


def list_lines(
    lists: Iterable[DepartmentList], counted: Mapping[int, Counter[str]], *, can_open: bool
) -> list[ListLine]:
    """Lists as a page shows them; figures open where their leads may be seen."""
    found = list(lists)
    places = path_names(one.division_code for one in found)
    return [_list_line(one, places[one.division_code], counted.get(one.pk, Counter()), can_open) for one in found]


def _list_line(taken: DepartmentList, place: str, counted: Counter[str], can_open: bool) -> ListLine:
    tone, state = _state(taken)
    address = reverse("desk:leads")
    figures = tuple(
        Figure(str(label), counted[how], f"{address}?how={how}&list={taken.pk}" if can_open else "")
        for how, label in STATES.items()
        if counted[how]
    )
    return ListLine(taken, source_title(taken.source), place, tone, state, counted.total(), figures)


def _state(taken: DepartmentList) -> tuple[str, str]:
    ruling = getattr(taken, "ruling", None)
    if taken.is_alarming and ruling is None:
        return "late", _("names very many, asked about first")
    if ruling is not None and not ruling.is_sound:
        return "plain", _("set aside")
    if taken.faulty:
        return "soon", _("rows to be mended")
    return "fine", _("taken")
