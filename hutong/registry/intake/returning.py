"""A children workbook given back (返还原表): the sender's own file, what is wrong beside each row and on each cell."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from hutong.kit.staging import RowProblem, marks
from hutong.kit.workbooks.findings import MarkWords
from hutong.kit.workbooks.layout import Layout
from hutong.kit.workbooks.marking import given_back
from hutong.registry.intake.problems import sentence


def marked_children(content: bytes, *, layout: Layout, problems: Iterable[RowProblem]) -> Iterator[bytes]:
    """The file with its problems (标注好的原表), as a stream. Raises RefusedFile at once, never midway."""
    words = MarkWords(
        author=_("Hutong"),
        column=_("What is wrong"),
        sheet=_("Rows to mend"),
        row_number=_("Row in your sheet"),
    )
    found = marks(problems, layout, sentence)
    return given_back(content, page=layout.page, header_row=layout.header_row, marks=found, words=words)
