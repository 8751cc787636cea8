"""Leads as they are kept and counted: what is said in them, and which of them count."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from hutong.allowances.facts import child_facts
from hutong.allowances.models import Lead
from hutong.law.data_checks import CHILD
from hutong.law.facts import CircumstanceFact
from hutong.law.leads import as_if
from hutong.law.recognition import Recognition, recognise
from hutong.registry.models import Child

SUBJECT = "department_list"
"""What tasks and the trail call a list."""
FOLLOW, CHECK, COMPARE, DIED = "follow_leads", "check_child", "compare_name", "child_said_dead"
ABOUT_A_CHILD = (FOLLOW, CHECK, COMPARE, DIED)
"""The tasks that leads of a child raise (线索待办)."""
COUNTS = Q(list__is_alarming=False) | Q(list__ruling__is_sound=True)
"""Leads that count (有效线索): not those of a list that names so many that it is asked about first."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a department says (所称情况): what holds, by which source, and of whom by name."""

    source: str
    name: str
    fact: CircumstanceFact


def written(said: Said) -> str:
    """What is kept of a lead (线索留存); the same for the same."""
    kept = {"source": said.source, "name": said.name, "fact": asdict(said.fact)}
    return json.dumps(kept, ensure_ascii=False, default=date.isoformat, sort_keys=True)


def read(kept: str) -> Said:
    """What was said, back again."""
    said = json.loads(kept)
    fact: dict[str, Any] = {name: _value(name, value) for name, value in said["fact"].items()}
    return Said(said["source"], said["name"], CircumstanceFact(**fact))


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_on") and value else value


def said_in(lead: Lead) -> Said:
    """What a lead says."""
    return read(lead.said.open())


def waiting() -> QuerySet[Lead]:
    """The leads that count and that nobody has ended (待核线索), of files that are open, with the list and the file."""
    found = Lead.objects.filter(COUNTS, end__isnull=True, child__closed_on__isnull=True)
    return found.select_related("list", "child__canonical")


def leading(lead: Lead) -> int:
    """The file that leads, by id."""
    return lead.child.canonical_id or lead.child_id


def by_child(leads: Iterable[Lead]) -> Mapping[int, list[Lead]]:
    """Leads by the file that leads."""
    found: dict[int, list[Lead]] = defaultdict(list)
    for lead in leads:
        found[leading(lead)].append(lead)
    return found


def said_by_role(leads: Collection[Lead]) -> dict[str, list[CircumstanceFact]]:
    """What leads say of the parents, by role, as the law would read it (线索所称父母情形)."""
    found: dict[str, list[CircumstanceFact]] = defaultdict(list)
    for lead in leads:
        if lead.whose != CHILD:
            found[lead.whose].append(said_in(lead).fact)
    return found


def answer_if_true(child: Child, leads: Collection[Lead], *, on: date) -> Recognition:
    """What the law would answer if leads of a child were true (假定属实的认定结论)."""
    return recognise(as_if(child_facts(child), said_by_role(leads)), on=on, jurisdiction=child.responsible_code)
