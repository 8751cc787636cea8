"""What a check answers (检查结果): the contract's document, and the marks in the user's own file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hutong.kit.staging import Problem
from hutong.kit.workbooks import Mark
from hutong.registry.intake.checking import Opened
from hutong.registry.intake.columns import header_of
from hutong.registry.intake.judge import JudgedRow
from hutong.registry.intake.problems import sentence


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A problem with the row it stands in (行问题); None is the file itself."""

    row: int | None
    problem: Problem

    def document(self) -> dict[str, object]:
        """As the contract prints it."""
        return {
            "row": self.row,
            "column": header_of(self.problem.column) or None,
            "code": self.problem.code,
            "severity": str(self.problem.severity),
            "message": sentence(self.problem),
        }


def row_problems(rows: Iterable[JudgedRow]) -> Iterator[RowProblem]:
    """All problems of judged rows, in the order of the sheet."""
    for row in rows:
        for problem in row.problems:
            yield RowProblem(row.number, problem)


def marks(problems: Iterable[RowProblem], opened: Opened) -> Iterator[Mark]:
    """Where to mark the user's file; a problem of a column that the sheet lacks is marked on the row's first cell."""
    positions = {code: at for at, code in opened.sheeting.codes.items()}
    for one in problems:
        if one.row is not None:
            yield Mark(one.row, positions.get(one.problem.column), sentence(one.problem))
