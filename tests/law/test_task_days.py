"""Days of tasks: by when an office does what it is asked for, and how soon a look in an emergency is reviewed."""

from datetime import date

import pytest

from hutong.law.deadlines import by_working_days
from hutong.law.parameters import shipped
from hutong.law.task_days import due_on

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(("kind", "due"), [("admit_batch", date(2026, 11, 23)), ("second_look", date(2026, 12, 5))])
def test_tasks_are_due_by_calendar_days(kind, due):
    assert due_on(kind, on=FRIDAY) == due_on(kind, on=FRIDAY, jurisdiction="640122000000") == due


def test_a_kind_without_days_is_refused():
    with pytest.raises(LookupError):
        due_on("nothing", on=FRIDAY)


def test_what_is_opened_in_an_emergency_on_a_friday_is_reviewed_by_the_wednesday():
    days = shipped().number("emergency_review_working_days", on=FRIDAY)
    assert by_working_days(FRIDAY, days).due_on == date(2026, 11, 25)
