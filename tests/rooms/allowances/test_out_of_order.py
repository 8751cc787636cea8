"""Twenty clients call every verb in any order, on any day, on the same applications: what stands is always lawful.

`--calls` says how many calls are made, by the same seed the same ones.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from random import Random
from threading import Thread

import pytest
from django.db import connections

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.allowances.actions import applying, checking, deciding, receiving
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.cases import case_of
from hutong.allowances.models import Application, ApplicationStep
from hutong.allowances.models.application import DECIDED, OPEN, STATES, State, Step
from hutong.allowances.queries import steps_for
from hutong.registry.models import CategoryHolding, Child
from tests.applications import BEGUN, unattended
from tests.factories import NEXT_COUNTY, TOWNSHIP, VILLAGE, person

pytestmark = pytest.mark.usefixtures("committed_database", "in_english")
CLIENTS, CALLS_PER_CHILD, DAYS = 20, 200, 2
FAR = 20_000
"""So many calls reach every state there is."""
SEATS = [
    *[("village_director", VILLAGE)] * 3,
    *[("township_supervisor", TOWNSHIP)] * 9,
    *[("approver", "640122")] * 6,
    ("county_officer", "640122"),
    ("approver", NEXT_COUNTY),
]


class Client:
    """Somebody who does not know what they are doing, by a seed."""

    def __init__(self, person_id: int, children: list[int], seed: int) -> None:
        self._id, self._children, self._random = person_id, children, Random(seed)
        self.outcomes: Counter[str] = Counter()

    def call(self, times: int) -> None:
        """So many calls, whatever comes of each."""
        try:
            for _ in range(times):
                self.outcomes[self._once()] += 1
        finally:
            connections.close_all()

    def _once(self) -> str:
        verb = self._random.choice([self._begin, *[self._step] * 9])
        try:
            verb(Person.objects.get(pk=self._id), Child.objects.get(pk=self._random.choice(self._children)))
        except Refused:
            return "refused"
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:200]
        return "done"

    @property
    def _on(self):
        days = self._random.randint(0, DAYS) if self._random.random() < 0.1 else DAYS
        return BEGUN + timedelta(days=days)

    def _begin(self, by: Person, whose: Child) -> None:
        applicant = Applicant("guardian", "柳桂兰", "62")
        applying.begin_application(by=by, child=whose, category="de_facto", applicant=applicant, on=self._on)

    def _step(self, by: Person, whose: Child) -> None:
        found = list(Application.objects.filter(child=whose).order_by("pk"))
        if not found:
            raise Refused("nothing there")
        application = found[-1] if self._random.random() < 0.8 else self._random.choice(found)
        on = self._on
        case = case_of(application, on=on)
        said = {"by": by, "application": application, "on": on}
        decided = said | {"mark": case.mark, "words": "核实"}
        item = self._random.choice(case.items).key
        late = {"late_reason": "晚"}
        verbs: dict[str, Callable[[], object]] = {
            "submit": lambda: applying.submit(**said),
            "ask": lambda: applying.ask_for_papers(words="请补", **said),
            "bring": lambda: applying.bring_papers(**said),
            "accept": lambda: applying.accept(words="受理", **said),
            "doubt": lambda: checking.doubt(words="存疑", **said),
            "ask_more": lambda: checking.ask_for_more(words="缺页", **said),
            "bring_more": lambda: applying.bring_papers(**said),
            "look": lambda: checking.look_at_item(item=item, verdict="fits", **said),
            "check": lambda: checking.check(opinion="disagrees", words="意见", **late, **said),
            "confirm": lambda: deciding.confirm(**decided, **late),
            "refuse": lambda: deciding.refuse(ground="untrue", **decided, **late),
            "send_back": lambda: deciding.send_back(words="退回", **said),
            "tell": lambda: receiving.tell_family(**said),
            "withdraw": lambda: applying.withdraw(words="撤回", **said),
            "ask_review": lambda: applying.ask_for_review(words="请复核", **said),
            "uphold": lambda: deciding.uphold(**decided),
            "overturn": lambda: deciding.overturn(**decided),
        }
        offered = [step.value for step in steps_for(by, application, on=on) if step != Step.WITHDRAW]
        if self._random.random() > 0.03:
            del verbs["withdraw"]
        wanted = offered if offered and self._random.random() < 0.75 else list(verbs)
        verbs[self._random.choice(wanted)]()


def is_lawful(application: Application) -> bool:
    """Whether its steps lead to its state, its decisions belong to it, and its people are different ones."""
    steps = list(application.steps.order_by("number"))
    states = [State.DRAFT, *[step.state for step in steps]]
    links = zip(pairwise(states), steps, strict=True)
    chain = all(STATES.after(before, step.step) == after for (before, after), step in links)
    numbers = [step.number for step in steps] == list(range(1, len(steps) + 1))
    days = [step.on for step in steps] == sorted(step.on for step in steps)
    hands = ("accepted_by_id", "checked_by_id", "decided_by_id", "reviewed_by_id")
    known = [one for one in (getattr(application, hand) for hand in hands) if one]
    rounds = [decision.round for decision in application.decisions.all()]
    wanted = [1] * (application.state in DECIDED) + [2] * (application.reviewed_by_id is not None)
    return (
        chain
        and numbers
        and days
        and states[-1] == application.state
        and len(known) == len(set(known))
        and rounds == wanted
    )


def test_what_stands_is_always_lawful(request):
    calls = request.config.getoption("--calls")
    children = [unattended().pk for _ in range(max(6, calls // CALLS_PER_CHILD))]
    clients = [Client(person(*seat).pk, children, seed) for seed, seat in enumerate(SEATS)]
    threads = [Thread(target=client.call, args=(calls // CLIENTS,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    outcomes = sum((client.outcomes for client in clients), Counter())
    assert set(outcomes) == {"done", "refused"}, outcomes
    assert sum(outcomes.values()) == calls // CLIENTS * CLIENTS
    applications = list(Application.objects.all())
    assert [one.pk for one in applications if not is_lawful(one)] == []
    open_ones = Counter(one.child_id for one in applications if one.state in OPEN)
    assert set(open_ones.values()) <= {1}
    confirmed = Counter(one.child_id for one in applications if one.state == State.CONFIRMED)
    held = Counter(CategoryHolding.objects.filter(category="de_facto").values_list("child_id", flat=True))
    assert confirmed == held
    assert set(confirmed.values()) <= {1}
    assert outcomes["done"] > calls / 40, outcomes
    states = {step.state for step in ApplicationStep.objects.all()}
    assert {State.ACCEPTED, State.CHECKED} < states, states
    if calls >= FAR:
        assert states == set(State) - {State.DRAFT}, states
