"""A whole file of children judged (表格检查): what `check`, the import and the page all build on."""

from collections.abc import Callable, Iterator

from hutong.kit.beside import Other
from hutong.kit.staging import Opened, open_file
from hutong.kit.workbooks.layout import Layout, Sheet
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import Judge, JudgedRow, Register, Seal
from hutong.registry.intake.reading import Circumstances


def open_children(content: bytes, *, name: str, layout: Layout | None = None) -> Opened:
    """Opens a workbook of children (打开儿童表格) by its headers or by a given layout."""
    return open_file(content, name=name, columns=CHILDREN, layout=layout)


def judge_sheet(
    sheet: Sheet,
    *,
    given: Circumstances,
    covers: Callable[[str], bool],
    register: Register,
    seal: Seal | None = None,
    other: Other | None = None,
) -> Iterator[list[JudgedRow]]:
    """Slices of judged rows, sealed for staging where `seal` is given; `other` helps."""
    return Judge(given, covers=covers, register=register).judge(sheet, seal=seal, other=other)
