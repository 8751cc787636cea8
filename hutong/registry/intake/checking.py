"""A whole file of children judged (表格检查): what `check`, the import and the page all build on."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from hutong.kit.beside import Other
from hutong.kit.staging import Opened, RowProblem, open_file
from hutong.kit.workbooks.layout import Layout, Sheet
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import Judge, JudgedRow, Register, Seal
from hutong.registry.intake.reading import Circumstances


def open_children(content: bytes, *, name: str, layout: Layout | None = None) -> Opened:
    """Opens a workbook of children (打开儿童表格) by its headers or by a given layout."""
    return open_file(content, name=name, columns=CHILDREN, layout=layout)


class JudgedSheet(NamedTuple):
    """A sheet as it is judged (判定中的表格): its slices, and what is said of rows when the last one has come by."""

    slices: Iterator[list[JudgedRow]]
    at_the_end: Callable[[], list[RowProblem]]


def judge_sheet(
    sheet: Sheet,
    *,
    given: Circumstances,
    covers: Callable[[str], bool],
    register: Register,
    seal: Seal | None = None,
    other: Other | None = None,
) -> JudgedSheet:
    """Slices of judged rows, sealed for staging where `seal` is given; `other` helps."""
    judge = Judge(given, covers=covers, register=register)
    return JudgedSheet(judge.judge(sheet, seal=seal, other=other), judge.alike_in_sheet)
