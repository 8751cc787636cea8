"""A children workbook given back (返还原表): the sender's own file, what is wrong beside each row and on each cell."""

from collections.abc import Iterable, Iterator

from hutong.kit.staging import MENDED_SHEET, RowProblem, marks
from hutong.kit.workbooks.layout import Layout
from hutong.kit.workbooks.marking.findings import MarkWords
from hutong.kit.workbooks.marking.giving import given_back
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.problems import sentence

AUTHOR = "护童"
"""Who comments, in every language: what was said in an earlier round is known by it."""


def marked_children(content: bytes, *, layout: Layout, problems: Iterable[RowProblem]) -> Iterator[bytes]:
    """The file with its problems (标注好的原表), as a stream. Raises RefusedFile at once, never midway."""
    column, row_number = CHILDREN.ignored
    words = MarkWords(AUTHOR, column=column, sheet=MENDED_SHEET, row_number=row_number, headers=layout.headers)
    found = marks(problems, layout, sentence)
    return given_back(content, page=layout.page, header_row=layout.header_row, marks=found, words=words)
