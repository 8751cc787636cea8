"""Which step leads where."""

import pytest

from hutong.kit.states import States, WrongStep

DOOR = States({"open": {"shut": "ajar"}, "close": {"ajar": "shut"}, "break": {"shut": "gone", "ajar": "gone"}})


def test_a_step_leads_from_a_state_to_the_next():
    assert DOOR.after("shut", "open") == "ajar"
    assert DOOR.after("ajar", "break") == "gone"


@pytest.mark.parametrize(("state", "step"), [("ajar", "open"), ("gone", "close"), ("shut", "paint"), ("lost", "open")])
def test_a_step_that_leads_nowhere_is_refused(state, step):
    with pytest.raises(WrongStep) as refused:
        DOOR.after(state, step)

    assert (refused.value.state, refused.value.step) == (state, step)


def test_what_is_possible_stands_in_the_order_of_the_table():
    assert DOOR.steps_from("shut") == ("open", "break")
    assert DOOR.steps_from("gone") == ()
