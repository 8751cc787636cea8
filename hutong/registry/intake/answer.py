"""What a check answers (检查结果): the contract's document."""

from collections.abc import Iterable, Iterator

from hutong.kit.staging import RowProblem
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import JudgedRow
from hutong.registry.intake.problems import sentence


def as_document(one: RowProblem) -> dict[str, object]:
    """A problem as the contract prints it."""
    return {
        "row": one.row,
        "column": CHILDREN.header_of(one.problem.column) or None,
        "code": one.problem.code,
        "severity": str(one.problem.severity),
        "message": sentence(one.problem),
    }


def row_problems(rows: Iterable[JudgedRow]) -> Iterator[RowProblem]:
    """All problems of judged rows, in the order of the sheet."""
    for row in rows:
        for problem in row.problems:
            yield RowProblem(row.number, problem)
