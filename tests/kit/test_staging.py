"""Staging: verdicts in the contract's order, and problems that survive being stored."""

from hypothesis import given
from hypothesis import strategies as st

from hutong.kit.staging import ADMISSIBLE, Problem, Severity, Verdict, read_problems

WORDS = st.text(max_size=20)
PROBLEMS = st.builds(Problem, WORDS, WORDS, st.sampled_from(Severity), st.dictionaries(WORDS, WORDS, max_size=3))


def test_verdicts_stand_in_the_order_of_the_contract():
    assert Verdict.values == ["new", "same", "changed", "possible", "repeat", "outside", "invalid"]


def test_only_new_and_changed_rows_may_be_admitted():
    assert [str(verdict) for verdict in ADMISSIBLE] == ["new", "changed"]


@given(st.lists(PROBLEMS, max_size=4))
def test_problems_come_back_as_they_were_stored(problems):
    assert list(read_problems([problem.stored() for problem in problems])) == problems


def test_a_problem_is_an_error_unless_said_otherwise():
    assert Problem("required").severity == Severity.ERROR
    assert Problem("required").stored() == {"code": "required", "column": "", "severity": "error", "values": {}}
