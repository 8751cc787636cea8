"""Visits to disabled orphans who were adopted (收养后回访): the next one due is a task of the county."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.models.task import Harm
from hutong.allowances.facts import facts_of_many
from hutong.law.adoptions import next_follow_up
from hutong.law.facts import ChildFacts
from hutong.law.recognition import ADOPTIVE, is_adopted_disabled
from hutong.outreach.queries import counting_visits
from hutong.registry.models import Child, Parent
from hutong.registry.queries import CHILD_SCOPE

VISIT = "visit_adopted"


@transaction.atomic
def find_follow_ups(*, on: date) -> int:
    """Find the visits after an adoption that are due soon (查找应回访): how many; each is a task until somebody visits.

    By what the file says of adoption and disability alone, whatever the child receives.
    """
    wanted = list(_wanted(on=on))
    keep_tasks(
        kind=VISIT,
        subject_kind=CHILD_SCOPE,
        role="county_officer",
        harm=Harm.ORDINARY,
        wanted=wanted,
        outcome="done",
    )
    return len(wanted)


def _wanted(*, on: date) -> Iterator[Wanted]:
    adopted = Parent.objects.filter(role__in=sorted(ADOPTIVE), until_on__isnull=True, from_on__lte=on)
    numbers = {one.child.leading.pk for one in adopted.select_related("child__canonical")}
    children = list(Child.objects.filter(pk__in=numbers, is_closed=False).order_by("pk"))
    facts = facts_of_many(children)
    for child in children:
        due = _due(child, facts[child.pk], on=on)
        if due:
            yield Wanted(child.file_number, child.responsible_code, due)


def _due(child: Child, facts: ChildFacts, *, on: date) -> date | None:
    """The last day of the next visit, once it is time for it."""
    place = child.responsible_code
    if facts.adopted_on is None or not is_adopted_disabled(facts, on=on, jurisdiction=place):
        return None
    visited = [visit.visited_on for visit in counting_visits(child)]
    found = next_follow_up(facts.adopted_on, visited, on=on, jurisdiction=place)
    return found[0] if found and found[1] <= on else None
