"""Finding the children nobody has applied for: what files and departments say of parents, read against the law."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce

from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.models import Task
from hutong.accounts.models.task import Harm
from hutong.allowances.facts import facts_of_many
from hutong.allowances.leads import (
    ABOUT_A_CHILD,
    CHECK,
    COMPARE,
    DIED,
    FOLLOW,
    by_child,
    said_by_role,
    said_in,
    waiting,
)
from hutong.allowances.models import Application, ApplicationStep, Lead
from hutong.allowances.models.application import OPEN, State
from hutong.governance.calendars import calendar_in_force
from hutong.law.applying import APPLIED_FOR
from hutong.law.calendar import born_after
from hutong.law.categories import CATEGORIES, age_limit
from hutong.law.data_checks import CHILD
from hutong.law.deadlines import by_working_days
from hutong.law.facts import ChildFacts
from hutong.law.leads import as_if, is_news
from hutong.law.parameters import shipped
from hutong.law.recognition import Outcome, recognise
from hutong.law.rules import Rules
from hutong.registry.models import CategoryHolding, Child, Circumstance
from hutong.registry.queries import CHILD_SCOPE

PAID = [code for code, category in CATEGORIES.items() if category.paid]
IN_VAIN = [State.REFUSED, State.UPHELD, State.WITHDRAWN]
AT_ONCE = 2000
APPLY_FOR, VISIT = "apply_for_child", "visit_family"
TASKS = {
    APPLY_FOR: ("township_supervisor", Harm.LOSS),
    FOLLOW: ("township_supervisor", Harm.LOSS),
    CHECK: ("township_supervisor", Harm.LOSS),
    COMPARE: ("township_supervisor", Harm.ORDINARY),
    DIED: ("county_officer", Harm.DANGER),
    VISIT: ("village_director", Harm.ORDINARY),
}
"""What the township is told with its reasons, and the village without any: that a family is to be visited."""
LED_TO_A_VISIT = (FOLLOW, CHECK)


@transaction.atomic
def find_unapplied(*, on: date) -> int:
    """Find children nobody has applied for (查找应报未报儿童): how many; each is a task until somebody applies.

    Nothing is decided: a person looks, and applies or says why not.
    """
    found = list(_eligible(on=on))
    led = _led(besides={child.pk for child in found}, on=on)
    visits = {child.pk: child for child in (*found, *(one for kind in LED_TO_A_VISIT for one in led[kind]))}
    wanted = {APPLY_FOR: found} | led | {VISIT: list(visits.values())}
    since = _days_given(wanted)
    for kind, children in wanted.items():
        if children or since[kind]:
            _keep(kind, children, since[kind], on=on)
    return len(found) + len(led[FOLLOW])


def _keep(kind: str, children: Sequence[Child], since: Mapping[str, date], *, on: date) -> None:
    role, harm = TASKS[kind]
    days = "lead_working_days" if kind in ABOUT_A_CHILD else "unapplied_working_days"
    wanted = [
        Wanted(one.file_number, one.responsible_code, since.get(one.file_number) or _due(one, days, on=on))
        for one in children
    ]
    keep_tasks(kind=kind, subject_kind=CHILD_SCOPE, role=role, harm=harm, wanted=wanted, outcome="done")


def _days_given(kinds: Iterable[str]) -> dict[str, dict[str, date]]:
    """The last days of those found before, by the kind of task: they do not begin anew every night."""
    found: dict[str, dict[str, date]] = {kind: {} for kind in kinds}
    waiting = Task.objects.filter(kind__in=found, subject_kind=CHILD_SCOPE, closed_at__isnull=True)
    for kind, key, due_on in waiting.values_list("kind", "subject_key", "due_on"):
        found[kind][key] = due_on
    return found


def _due(child: Child, within: str, *, on: date) -> date:
    days = shipped().number(within, on=on, jurisdiction=child.responsible_code)
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
    return _unpaid(_latest(Circumstance.objects.all(), "recorded_at", path=""), on=on)


def _unpaid(known: Mapping[int, datetime], *, on: date) -> list[int]:
    """Of the children of whom something is known since a moment, those whom an application may be for, by id."""
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


def _led(*, besides: Collection[int], on: date) -> dict[str, list[Child]]:
    """The children whom leads are about (线索涉及儿童), by the task that they raise, each once.

    A name that differs never does more than ask for a comparison.
    """
    leads = by_child(waiting())
    children = {child.pk: child for child in _minors(leads, on=on)} if leads else {}
    agreeing = {pk: [lead for lead in leads[pk] if lead.names_agree] for pk in children}
    news = {pk: max(lead.list.at for lead in said) for pk, said in agreeing.items() if said}
    free = [children[pk] for pk in (_unpaid(news, on=on) if news else ()) if pk not in besides]
    likely = {child.pk for child in _likely(free, agreeing, on=on)}
    found: dict[str, list[Child]] = {kind: [] for kind in ABOUT_A_CHILD}
    for pk, child in children.items():
        is_misnamed = len(agreeing[pk]) < len(leads[pk])
        for kind in _kinds(agreeing[pk], child, is_likely=pk in likely, is_misnamed=is_misnamed, on=on):
            found[kind].append(child)
    return found


def _minors(numbers: Collection[int], *, on: date) -> QuerySet[Child]:
    of_age = born_after(age_limit(on), on)
    return Child.objects.filter(pk__in=list(numbers), is_closed=False, birth_date__gte=of_age).order_by("pk")


def _likely(children: Sequence[Child], leads: Mapping[int, list[Lead]], *, on: date) -> Iterator[Child]:
    """Those who would be recognised if what is said of their parents were true."""
    for at in range(0, len(children), AT_ONCE):
        some = children[at : at + AT_ONCE]
        facts = facts_of_many(some)
        for child in some:
            if _is_recognised(child, as_if(facts[child.pk], said_by_role(leads[child.pk])), on=on):
                yield child


def _kinds(agreeing: Sequence[Lead], child: Child, *, is_likely: bool, is_misnamed: bool, on: date) -> Iterator[str]:
    """What the leads of one child raise: that somebody looks and applies, checks on the child, or compares a name."""
    rules = Rules(shipped(), child.responsible_code).on(on)
    if any(lead.whose == CHILD for lead in agreeing):
        yield DIED
    if is_likely:
        yield FOLLOW
    elif any(is_news(said_in(lead).fact, rules) for lead in agreeing):
        yield CHECK
    elif is_misnamed:
        yield COMPARE
