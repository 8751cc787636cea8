"""Visits after an adoption: which one is next, and from when a visit counts for it."""

from datetime import date

import pytest

from hutong.law.adoptions import next_follow_up

ADOPTED = date(2025, 1, 15)
PLACE = "640122000000"


@pytest.mark.parametrize(
    ("visited", "due_on"),
    [
        ((), date(2025, 2, 15)),
        ((date(2025, 1, 16),), date(2025, 7, 15)),
        ((date(2025, 1, 16), date(2025, 6, 14)), date(2025, 7, 15)),
        ((date(2025, 1, 16), date(2025, 6, 15)), date(2026, 1, 15)),
        ((date(2025, 9, 1),), date(2026, 1, 15)),
        ((date(2026, 1, 1),), date(2027, 1, 15)),
        ((date(2027, 1, 1),), date(2028, 1, 15)),
        ((date(2028, 1, 1),), date(2030, 1, 15)),
    ],
)
def test_the_next_is_the_first_that_no_visit_has_met(visited, due_on):
    assert next_follow_up(ADOPTED, visited, on=date(2028, 1, 2), jurisdiction=PLACE)[0] == due_on


def test_a_visit_counts_from_thirty_days_before_and_not_before_the_adoption():
    assert next_follow_up(ADOPTED, (), on=ADOPTED, jurisdiction=PLACE)[1] == date(2025, 1, 16)
    assert next_follow_up(date(2025, 2, 1), (), on=ADOPTED, jurisdiction=PLACE)[1] == date(2025, 2, 1)


def test_after_the_last_and_elsewhere_none_is_asked_for():
    assert next_follow_up(ADOPTED, (date(2030, 1, 1),), on=date(2030, 2, 1), jurisdiction=PLACE) is None
    assert next_follow_up(ADOPTED, (), on=date(2025, 3, 1), jurisdiction="220102000000") is None
    assert next_follow_up(ADOPTED, (), on=date(2024, 5, 6), jurisdiction=PLACE) is None
