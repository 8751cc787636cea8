"""Finding the children nobody has applied for: what the register says of their parents, read against the law."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce

from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.models import Task
from hutong.accounts.models.task import Harm
from hutong.allowances.facts import facts_of_many
from hutong.allowances.models import Application, ApplicationStep
from hutong.allowances.models.application import OPEN, State
from hutong.governance.calendars import calendar_in_force
from hutong.law.applying import APPLIED_FOR
from hutong.law.calendar import born_after
from hutong.law.categories import CATEGORIES, age_limit
from hutong.law.deadlines import by_working_days
from hutong.law.facts import ChildFacts
from hutong.law.parameters import shipped
from hutong.law.recognition import Outcome, recognise
from hutong.registry.models import CategoryHolding, Child, Circumstance
from hutong.registry.queries import CHILD_SCOPE

PAID = [code for code, category in CATEGORIES.items() if category.paid]
IN_VAIN = [State.REFUSED, State.UPHELD, State.WITHDRAWN]
AT_ONCE = 2000
TASKS = (("apply_for_child", "township_supervisor", Harm.LOSS), ("visit_family", "village_director", Harm.ORDINARY))
"""What the township is told with its reasons, and the village without any: that a family is to be visited."""


@transaction.atomic
def find_unapplied(*, on: date) -> int:
    """Find children nobody has applied for (查找应报未报儿童): how many; each is a task until somebody applies.

    Nothing is decided: a person looks, and applies or says why not.
    """
    found = list(_eligible(on=on))
    for kind, role, harm in TASKS:
        since = _days_given(kind)
        wanted = [
            Wanted(one.file_number, one.responsible_code, since.get(one.file_number) or _due(one, on=on))
            for one in found
        ]
        keep_tasks(kind=kind, subject_kind=CHILD_SCOPE, role=role, harm=harm, wanted=wanted, outcome="done")
    return len(found)


def _days_given(kind: str) -> dict[str, date]:
    """The last days of those found before: they do not begin anew every night."""
    waiting = Task.objects.filter(kind=kind, subject_kind=CHILD_SCOPE, closed_at__isnull=True)
    return dict(waiting.values_list("subject_key", "due_on"))


def _due(child: Child, *, on: date) -> date:
    days = shipped().number("unapplied_working_days", on=on, jurisdiction=child.responsible_code)
    return by_working_days(on, days, jurisdiction=child.responsible_code, calendar=calendar_in_force()).due_on


def _eligible(*, on: date) -> Iterator[Child]:
    numbers = candidates(on=on)
    of_age = born_after(age_limit(on), on)
    for at in range(0, len(numbers), AT_ONCE):
        found = Child.objects.filter(pk__in=numbers[at : at + AT_ONCE], is_closed=False, birth_date__gte=of_age)
        some = list(found.order_by("pk"))
        facts = facts_of_many(some)
        yield from (child for child in some if _is_recognised(child, facts[child.pk], on=on))


def _is_recognised(child: Child, facts: ChildFacts, *, on: date) -> bool:
    answer = recognise(facts, on=on, jurisdiction=child.responsible_code)
    return answer.outcome is Outcome.RECOGNISED and answer.category in APPLIED_FOR


def candidates(*, on: date) -> list[int]:
    """Children of whom something is known that may count, who are not paid for and have no open application, by id.

    Once an application has come to nothing, nobody is asked again before something new is known. A few questions,
    each of one table: how many children there are does not matter.
    """
    known = _latest(Circumstance.objects.all(), "recorded_at", path="")
    held = CategoryHolding.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), category__in=PAID)
    busy = _latest(held, "pk", path="").keys() | _latest(_told_of().filter(state__in=OPEN), "pk", path="").keys()
    vain = ApplicationStep.objects.filter(state__in=IN_VAIN, application__in=_told_of())
    ended = _latest(vain, "at", path="application__")
    return sorted(
        number for number, news in known.items() if number not in busy and (number not in ended or news > ended[number])
    )


def _told_of() -> QuerySet[Application]:
    """The applications that tasks may take notice of (可知申请): a confidential one opens and closes none of them."""
    return Application.objects.filter(is_confidential=False)


def _latest(rows: QuerySet[Any], column: str, *, path: str) -> dict[int, Any]:
    """The greatest value of a column for each child, by id of the file that leads."""
    files = rows.annotate(file=Coalesce(f"{path}child__canonical_id", f"{path}child_id"))
    return dict(files.order_by().values_list("file").annotate(latest=Max(column)))
