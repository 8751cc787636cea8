"""What speaks so plainly against two files being one child's that nobody joins them without words (明显不符)."""

from datetime import date
from enum import StrEnum

from hutong.law.duplicates import YEARS_APART
from hutong.law.identity import Verdict, judge_id_number
from hutong.registry.linkage.model import Model
from hutong.registry.models import Child, Pair


class Contradiction(StrEnum):
    """Contradiction (明显不符) between two files that somebody may take for one child's."""

    SEX = "sex"
    NUMBERS = "numbers"
    BIRTH_YEARS = "birth_years"
    SCORE = "score"


def contradictions(pair: Pair, *, on: date) -> list[Contradiction]:
    """What contradicts that both files are one child's, as they are now; no value of either is told."""
    first, second = pair.first, pair.second
    found = {
        Contradiction.SEX: first.sex != second.sex,
        Contradiction.NUMBERS: _have_two_numbers(first, second, on=on),
        Contradiction.BIRTH_YEARS: abs(first.birth_date.year - second.birth_date.year) > YEARS_APART,
        Contradiction.SCORE: pair.probability < Model.load().costs.ask,
    }
    return [code for code, holds in found.items() if holds]


def _have_two_numbers(first: Child, second: Child, *, on: date) -> bool:
    numbers = {child.id_number.open() for child in (first, second) if child.id_number}
    return len(numbers) == 2 and all(
        judge_id_number(number, on=on, tests_allowed=True).verdict != Verdict.INVALID for number in numbers
    )
