"""Findings (检查结果): what is wrong in a sheet, gathered by row and cell, and the words around it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

COLOUR = "FBEAE7"
COMMENTS_AT_MOST = 5000
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet may take for a formula when somebody edits the cell."""
LONGEST_TEXT = 32_000  # a cell takes 32,767 characters
LONGEST_NAME = 31


@dataclass(frozen=True)
class Mark:
    """One cell to mark (标注): row as a person counts, column position from 0 or None for the row, and the sentence.

    `header` names the column where the sentence stands away from its cell.
    """

    row: int
    column: int | None
    message: str
    is_error: bool = True
    header: str = ""


@dataclass(frozen=True)
class MarkWords:
    """The words of a marked file (标注用语): who comments, the titles of the new columns and the new sheet, and what
    stands over each column of the sheet, in one line."""

    author: str
    column: str
    sheet: str
    row_number: str
    headers: tuple[str, ...] = ()


@dataclass
class Findings:
    """All marks of a sheet (检查结果): sentences by row and by cell, and the rows that hold an error."""

    rows: dict[int, list[str]] = field(default_factory=dict)
    cells: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    bad_rows: set[int] = field(default_factory=set)

    def sentences(self, row: int) -> str:
        """All that is wrong in a row, a line each."""
        return "\n".join(dict.fromkeys(self.rows.get(row, ())))[:LONGEST_TEXT]

    def comments(self) -> dict[tuple[int, int], str]:
        """What the comments say, by row and column, as many as a spreadsheet can bear."""
        some = sorted(self.cells)[:COMMENTS_AT_MOST]
        return {cell: "\n".join(dict.fromkeys(self.cells[cell])) for cell in some}


def findings_of(marks: Iterable[Mark]) -> Findings:
    """Marks gathered."""
    found = Findings()
    for mark in marks:
        said = f"【{mark.header}】{mark.message}" if mark.header else mark.message
        found.rows.setdefault(mark.row, []).append(said)
        if mark.column is not None:
            found.cells.setdefault((mark.row, mark.column), []).append(mark.message)
        if mark.is_error:
            found.bad_rows.add(mark.row)
    return found


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name for a new sheet, a number behind it where one is called so already."""
    names = {name.casefold() for name in taken}
    name, at = wanted[:LONGEST_NAME], 1
    while name.casefold() in names:
        at += 1
        name = f"{wanted[: LONGEST_NAME - len(str(at)) - 1]} {at}"
    return name
