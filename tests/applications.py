"""Factories of applications: a child whose parents' situations are shown by papers, and people for every duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from hutong.accounts.models import Person
from hutong.allowances.actions import applying, checking, confiding, deciding, receiving
from hutong.allowances.actions.applying import Applicant
from hutong.allowances.cases import case_of
from hutong.allowances.models import Application
from hutong.allowances.models.application import State
from hutong.registry.models import Child
from tests.factories import TOWNSHIP, VILLAGE, VILLAGE_OF_NEXT_COUNTY, child, person
from tests.facts import circumstance, evidence, parent

BEGUN, ACCEPTED, CHECKED, DECIDED = date(2026, 6, 10), date(2026, 6, 11), date(2026, 6, 15), date(2026, 6, 18)
"""Four working days of Ningxia on which things are done in time."""
BASE = ("household_book", "id_card")
TERM = {"until_on": date(2030, 1, 1)}


def papers(whose: Child, kinds: Iterable[str] = BASE, **more: Any) -> None:
    """Papers in a child's file."""
    for kind in kinds:
        evidence(whose, kind=kind, **more)


def unattended(**more: Any) -> Child:
    """A child whose father is dead and whose mother is in prison for years, both shown by papers."""
    made = child(**{"holdings": ()} | more)
    papers(made)
    shown = (
        ("father", "柳安和", "dead", "death_certificate", {}),
        ("mother", "尹素云", "imprisoned", "court_judgment", TERM),
    )
    for role, name, kind, paper, days in shown:
        fact = circumstance(parent(made, role, name=name), kind, **days)
        fact.evidence.add(evidence(made, kind=paper))
    return made


@dataclass
class Office:
    """People of one county, each for one duty."""

    @cached_property
    def director(self) -> Person:
        """Of the village."""
        return person("village_director", VILLAGE)

    @cached_property
    def acceptor(self) -> Person:
        """Of the township, who accepts."""
        return person("township_supervisor", TOWNSHIP)

    @cached_property
    def checker(self) -> Person:
        """Of the township, who checks."""
        return person("township_supervisor", TOWNSHIP)

    @cached_property
    def approver(self) -> Person:
        """Of the county, who decides."""
        return person("approver")

    def begun(self, whose: Child | None = None, **more: Any) -> Application:
        """A draft for a child with all papers."""
        values = {"category": "de_facto", "applicant": Applicant("guardian", "柳桂兰", "62"), "on": BEGUN} | more
        return applying.begin_application(by=self.director, child=whose or unattended(), **values)

    def submitted(self, whose: Child | None = None, **more: Any) -> Application:
        """One that waits to be accepted."""
        return applying.submit(by=self.director, application=self.begun(whose, **more), on=BEGUN)

    def accepted(self, whose: Child | None = None, **more: Any) -> Application:
        """One whose clock runs."""
        return applying.accept(by=self.acceptor, application=self.submitted(whose, **more), on=ACCEPTED)

    def looked(self, application: Application, *, on: date = CHECKED) -> Application:
        """All items looked at, all fit."""
        for item in case_of(application, on=on).items:
            checking.look_at_item(by=self.checker, application=application, item=item.key, verdict="fits", on=on)
        return Application.objects.get(pk=application.pk)

    def checked(self, whose: Child | None = None, **more: Any) -> Application:
        """One that waits for the county."""
        return self.checked_from(self.submitted(whose, **more))

    def checked_from(self, submitted: Application) -> Application:
        """The same, of one that was handed in."""
        accepted = applying.accept(by=self.acceptor, application=submitted, on=ACCEPTED)
        application = self.looked(accepted)
        return checking.check(by=self.checker, application=application, opinion="agrees", on=CHECKED)

    def confirmed(self, whose: Child | None = None, **more: Any) -> Application:
        """One that was confirmed."""
        return self.decided(self.checked(whose, **more))

    def decided(self, application: Application, *, on: date = DECIDED, **more: Any) -> Application:
        """Confirmed by the approver who has looked at the case."""
        mark = case_of(application, on=on).mark
        deciding.confirm(by=self.approver, application=application, mark=mark, on=on, **more)
        return Application.objects.get(pk=application.pk)

    def refused(self, whose: Child | None = None) -> Application:
        """One that was not confirmed."""
        application = self.checked(whose)
        mark = case_of(application, on=DECIDED).mark
        said = {"ground": "untrue", "words": "经核实父亲健在"}
        deciding.refuse(by=self.approver, application=application, mark=mark, on=DECIDED, **said)
        return Application.objects.get(pk=application.pk)

    @cached_property
    def reviewer(self) -> Person:
        """Of the county, who looks at a refusal again."""
        return person("approver")

    def reviewed(self, whose: Child | None = None) -> Application:
        """A refusal that somebody else is to look at again."""
        application = self.refused(whose)
        return applying.ask_for_review(by=self.director, application=application, words="父亲确已死亡", on=DECIDED)

    def upheld(self) -> Application:
        """A refusal that was upheld."""
        application = self.reviewed()
        mark = case_of(application, on=DECIDED).mark
        deciding.uphold(by=self.reviewer, application=application, mark=mark, words="维持", on=DECIDED)
        return Application.objects.get(pk=application.pk)


@dataclass
class Away(Office):
    """As an office, where the family applies in a township of the next county."""

    @cached_property
    def director(self) -> Person:
        """Of the township that receives it: who begins there also passes it on."""
        return person("township_supervisor", VILLAGE_OF_NEXT_COUNTY[:9])

    @property
    def acceptor(self) -> Person:  # type: ignore[override]
        """The same."""
        return self.director

    def begun(self, whose: Child | None = None, **more: Any) -> Application:
        """A draft there, for a child with all papers."""
        made = whose or unattended()
        values = {"category": "de_facto", "applicant": Applicant("guardian", "柳桂兰", "62"), "on": BEGUN} | more
        return receiving.receive_application(by=self.director, text=made.id_number.open(), **values)

    def told(self, application: Application, *, on: date = DECIDED) -> Application:
        """One of which the family knows."""
        return receiving.tell_family(by=self.director, application=application, on=on)


def in_state(state: State) -> Application:
    """An application in a state, by the steps that lead there."""
    office = Office()
    match state:
        case State.CORRECTION:
            whose = child(holdings=())
            return applying.ask_for_papers(
                by=office.acceptor, application=office.submitted(whose), words="", on=ACCEPTED
            )
        case State.RECHECK:
            return checking.doubt(by=office.checker, application=office.accepted(), words="电话无人接听", on=CHECKED)
        case State.SUPPLEMENT:
            return checking.ask_for_more(
                by=office.checker, application=office.accepted(), words="判决书缺页", on=CHECKED
            )
        case State.REVIEW:
            return office.reviewed()
        case State.UPHELD:
            return office.upheld()
        case State.WITHDRAWN:
            return applying.withdraw(by=office.director, application=office.begun(), words="父亲已返家", on=BEGUN)
    made = {
        State.DRAFT: office.begun,
        State.SUBMITTED: office.submitted,
        State.ACCEPTED: office.accepted,
        State.CHECKED: office.checked,
        State.CONFIRMED: office.confirmed,
        State.REFUSED: office.refused,
    }
    return made[state]()


def with_parents(**more: Any) -> Child:
    """A child with both parents, whose confirmation report lies sealed in the file."""
    made = child(**{"holdings": ()} | more)
    papers(made)
    parent(made, "father", name="柳安和")
    parent(made, "mother", name="尹素云")
    evidence(made, kind="other", is_sealed=True)
    return made


@dataclass
class Confidants(Office):
    """People of one county who are named for a child; nobody else is to know."""

    basis: str = "hiv"

    @cached_property
    def director(self) -> Person:
        """The officer who begins it and accepts it."""
        return person("county_officer")

    @property
    def acceptor(self) -> Person:  # type: ignore[override]
        """The same."""
        return self.director

    @cached_property
    def checker(self) -> Person:
        """Another officer."""
        return person("county_officer")

    def begun(self, whose: Child | None = None, **more: Any) -> Application:
        """A draft that only they know of."""
        values = {
            "basis": self.basis,
            "named": [self.checker, self.approver, self.reviewer],
            "reason": "个案责任人",
            "applicant": Applicant("guardian", "柳安和", "51"),
            "on": BEGUN,
        } | more
        made = confiding.begin_confidential(by=self.director, child=whose or with_parents(), **values)
        for one in (self.director, self.checker, self.approver, self.reviewer):
            for kept in ("_grants_on", "_jurisdictions"):
                vars(one).pop(kept, None)
        return made
