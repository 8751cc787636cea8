"""The small changes that `make mutants` tries: each usual kind is made, and what means nothing is left alone."""

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from mutants import mutants_of

FILE = '''
"""Words."""
LIMIT: tuple[int, str] = (18, "years")

@cache
def may(age: int, wanted=True) -> bool:
    """Words."""
    if not wanted:
        raise ValueError("no")
    return age < LIMIT[0] and any(known)

def total(parts):
    note(parts)
    return max(parts) + 1
'''


def changes(text: str) -> set[str]:
    return {mutant.change for mutant in mutants_of("some", text)}


@pytest.mark.parametrize(
    "change",
    [
        "(18, 'years') → (19, 'years')",
        "(18, 'years') → (17, 'years')",
        "True → False",
        "not wanted → wanted",
        "raise ValueError('no') → pass",
        "age < LIMIT[0] → age <= LIMIT[0]",
        "age < LIMIT[0] → age >= LIMIT[0]",
        "age < LIMIT[0] and any(known) → age < LIMIT[0] or any(known)",
        "any(known) → all(known)",
        "return age < LIMIT[0] and any(known) → return not (age < LIMIT[0] and any(known))",
        "note(parts) → pass",
        "max(parts) + 1 → max(parts) - 1",
        "max(parts) → min(parts)",
        "return max(parts) + 1 → return None",
    ],
)
def test_each_usual_change_is_made(change):
    assert change in changes(FILE)


def test_words_annotations_and_decorators_are_left_alone():
    assert not [one for one in changes(FILE) if "Words" in one or "cache" in one or "int" in one]
    assert changes('"""A."""\nWORDS = {"a": ("b", "c")}\n') == set()


def test_a_module_is_as_before_when_all_have_been_listed():
    mutants = list(mutants_of("some", FILE))
    assert ast.unparse(mutants[0].tree) == ast.unparse(ast.parse(FILE))
    assert {one.on for one in mutants if "LIMIT" in one.change} == {"return age < LIMIT[0] and any(known)"}
