"""Factories of recognitions after the decision: a child who is paid for, and people who review, suspend and end."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from hutong.accounts.models import Person
from hutong.allowances.actions import ending, reviewing, suspending
from hutong.allowances.models import RecognitionEnd, RecognitionReview, RecognitionSuspension
from hutong.allowances.recognitions import recognised
from hutong.registry.models import CategoryHolding, Child, Circumstance
from tests.applications import unattended
from tests.factories import TOWNSHIP, holding, person

SINCE, ON, RELEASED = date(2025, 3, 1), date(2026, 6, 11), date(2026, 4, 30)
"""Since when the child is paid for, a day on which its review is overdue, and the last day of a term."""


def held(whose: Child | None = None, category: str = "de_facto", **more: Any) -> CategoryHolding:
    """What a child is paid for whose father is dead and whose mother is in prison."""
    return holding(whose or unattended(), category, **{"from_on": SINCE} | more)


def released(**more: Any) -> CategoryHolding:
    """The same, of a child whose mother has come out of prison."""
    made = held(**more)
    Circumstance.objects.filter(child=made.child, kind="imprisoned").update(until_on=RELEASED)
    return made


def mark(of: CategoryHolding, *, on: date = ON) -> str:
    """What somebody has looked at."""
    return recognised(CategoryHolding.objects.get(pk=of.pk), on=on).mark


@dataclass
class Reviewers:
    """People of one county, each for one duty."""

    @cached_property
    def supervisor(self) -> Person:
        """Of the township, who reviews."""
        return person("township_supervisor", TOWNSHIP)

    @cached_property
    def officer(self) -> Person:
        """Of the county, who reviews too."""
        return person("county_officer")

    @cached_property
    def approver(self) -> Person:
        """Of the county, who decides."""
        return person("approver")

    def reviewed(self, of: CategoryHolding | None = None, **more: Any) -> RecognitionReview:
        """A review: it goes on."""
        of, on = of or held(), more.pop("on", ON)
        values = {"by": self.supervisor, "holding": of, "mark": mark(of, on=on), "finding": "continues", "on": on}
        return reviewing.review(**values | more)

    def suspended(self, of: CategoryHolding | None = None, **more: Any) -> RecognitionSuspension:
        """A suspension, because something is being looked into."""
        values = {
            "by": self.supervisor,
            "holding": of or held(),
            "reason": "unclear",
            "words": "母亲近日返家",
            "on": ON,
        }
        return suspending.suspend(**values | more)

    def proposed(self, of: CategoryHolding | None = None, **more: Any) -> RecognitionEnd:
        """An end that waits for a second person: the mother was released."""
        of = of or released()
        values = {"reason": "released", "happened_on": RELEASED, "mark": mark(of), "on": ON}
        return ending.propose_end(**{"by": self.supervisor, "holding": of} | values | more)

    def ended(self, of: CategoryHolding | None = None, **more: Any) -> RecognitionEnd:
        """An end that was confirmed."""
        end = self.proposed(of)
        values = {"by": self.approver, "holding": end.holding, "mark": mark(end.holding), "on": ON}
        return ending.confirm_end(**values | more)
