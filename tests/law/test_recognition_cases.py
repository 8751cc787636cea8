"""Recognition: the cases of tests/law/cases/recognition, read and judged as the command does."""

from pathlib import Path

import pytest

from hutong.console.recognising import of_case
from hutong.law.cases import Case, read_cases

FILES = sorted((Path(__file__).parent / "cases" / "recognition").glob("*.yaml"))
CASES = [
    pytest.param(case, id=f"{file.stem}: {case.name}")
    for file in FILES
    for case in read_cases(file.read_text(encoding="utf-8"), name=file.name)
]


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    assert isinstance(case, Case), case.why
    (answer,) = of_case(case)
    assert answer["passed"] is True, answer


def test_no_name_stands_twice():
    assert len({param.values[0].name for param in CASES}) == len(CASES) >= 90
