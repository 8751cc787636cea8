"""Applications of the demonstration stand on papers of their own, also where both parents are in the same plight."""

import pytest

from hutong.allowances.models.application import State
from hutong.demo import DEMONSTRATION_DAY
from hutong.demo.applications import Applications, Story
from tests.factories import TOWNSHIP, child, person
from tests.facts import circumstance, parent

pytestmark = pytest.mark.django_db


def test_two_parents_who_are_ill_have_two_papers():
    whose, supervisor = child(holdings=()), person("township_supervisor", TOWNSHIP)
    for role in ("father", "mother"):
        circumstance(parent(whose, role), "severe_illness")

    Applications({}, on=DEMONSTRATION_DAY)._show(whose, Story(State.CONFIRMED, 9, 8, 5, 2), supervisor)
    assert sorted(whose.papers.values_list("kind", flat=True)) == [
        "diagnosis",
        "diagnosis",
        "household_book",
        "id_card",
    ]
    assert whose.papers.values("digest").distinct().count() == 4
