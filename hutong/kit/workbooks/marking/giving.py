"""Marking (标注): the user's own file back, with what is wrong where it is wrong.

An xlsx goes through as a stream of its own parts: what is not marked comes back as it came, one column further on.
"""

from collections.abc import Iterable, Iterator

from hutong.kit.workbooks.kinds import kind_of_workbook
from hutong.kit.workbooks.marking.findings import Mark, MarkWords, findings_of
from hutong.kit.workbooks.marking.rewriting import rewritten
from hutong.kit.workbooks.marking.writing import written

KEPT_ENDINGS = (".xlsx", ".xlsm")
TEXT_NAME = "a.csv"  # the name decides between texts alone


def given_back(
    content: bytes, *, page: int, header_row: int, marks: Iterable[Mark], words: MarkWords
) -> Iterator[bytes]:
    """The bytes of the workbook with its marks (标注好的原表), as a stream.

    `page` is the sheet's position, `header_row` counts as a person does. Raises RefusedFile at once, never midway.
    """
    findings = findings_of(marks)
    is_xlsx = kind_of_workbook(content, name=TEXT_NAME) == "xlsx"
    give = rewritten if is_xlsx else written
    return give(content, page=page, header_row=header_row, findings=findings, words=words)


def name_given_back(name: str) -> str:
    """What a file is called that comes back: whatever is no xlsx comes back as one."""
    stem, dot, ending = name.rpartition(".")
    return name if f".{ending.lower()}" in KEPT_ENDINGS else f"{stem if dot else name}.xlsx"
