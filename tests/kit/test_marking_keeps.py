"""Marking keeps: whatever a workbook holds stands in the one given back, one column further on in the marked sheet."""

from copy import copy
from datetime import date
from io import BytesIO
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.chart import LineChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from hutong.kit.workbooks.marking.findings import COLOUR, Mark
from tests.kit.test_marking import given as given_back_marked

ROWS, COLUMNS = 8, 6
NAMES = ["儿童信息", "Sheet 1", "O'Brien", "A1", "Data"]
FORMULAS = {
    "=1+1": "=1+1",
    "=A1": "=B1",
    "=$A$1&B2": "=$B$1&C2",
    '=IF(A2="=A1","A1",SUM(B:C))': '=IF(B2="=A1","A1",SUM(C:D))',
    "=SUM(1:2)+SUM($B$1:C3)": "=SUM(1:2)+SUM($C$1:D3)",
    "=LOG10(B2)+1E5": "=LOG10(C2)+1E5",
    "=OTHER!A1+OWN!B2": "=OTHER!A1+OWN!C2",
    "=SUM(OWN!$A:$A,OTHER!A:A)": "=SUM(OWN!$B:$B,OTHER!A:A)",
    "=VLOOKUP(C3,OWN!A1:C9,2,FALSE)": "=VLOOKUP(D3,OWN!B1:D9,2,FALSE)",
    "=年龄*2": "=年龄*2",
}
"""What a formula in the marked sheet becomes."""
ELSEWHERE = {
    "=A1+B2": "=A1+B2",
    "=OWN!A1": "=OWN!B1",
    '=SUM(OWN!$A$1:$C$3)&"OWN!A1"': '=SUM(OWN!$B$1:$D$3)&"OWN!A1"',
    "=OTHER!C3": "=OTHER!C3",
}
"""What a formula in another sheet becomes."""
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn"]), max_size=8)
VALUES = st.one_of(
    st.none(), TEXTS.filter(lambda text: not text.startswith("=")), st.integers(-(10**9), 10**9), st.booleans(),
    st.floats(-1e6, 1e6), st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.sampled_from(list(FORMULAS)),
)  # fmt: skip
STYLES = st.sampled_from(["", "", "bold", "fill", "format", "align", "border"])


def quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def said(formula: str, own: str, other: str) -> str:
    """The formula with the names of the sheets; what stands in quotation marks is nobody's."""
    head, mark, tail = formula.partition('&"')
    return head.replace("OWN", quoted(own)).replace("OTHER", quoted(other)) + mark + tail


def look(cell: Cell, style: str) -> None:
    if style == "bold":
        cell.font = Font(bold=True, color="FF0000", name="宋体")
    elif style == "fill":
        cell.fill = PatternFill("solid", fgColor="00FF00")
    elif style == "format":
        cell.number_format = "0.00%"
    elif style == "align":
        cell.alignment = Alignment(horizontal="right", wrap_text=True)
    elif style == "border":
        cell.border = Border(left=Side("thin"))


@st.composite
def workbooks(draw: Any) -> tuple[Workbook, int, dict[tuple[int, int], Any], dict[str, Any]]:
    """A workbook, the position of the sheet to mark, what its formulas become, and what of it was drawn."""
    own, other = draw(st.permutations(NAMES))[:2]
    book, page_at = Workbook(), draw(st.integers(0, 1))
    pages = [book.active, book.create_sheet()]
    page, elsewhere = pages[page_at], pages[1 - page_at]
    page.title, elsewhere.title = own, other
    book.defined_names["年龄"] = DefinedName("年龄", attr_text=f"{quoted(own)}!$C$1:$C$9")
    becomes: dict[tuple[int, int], Any] = {}
    for row in range(1, draw(st.integers(1, ROWS)) + 1):
        for column in range(1, COLUMNS + 1):
            value = draw(VALUES)
            cell = page.cell(row, column)
            if value in FORMULAS:
                cell.value = said(value, own, other)
                becomes[row, column] = said(FORMULAS[value], own, other)
            elif value is not None:
                cell.value = value
            look(cell, draw(STYLES))
    for at, formula in enumerate(draw(st.lists(st.sampled_from(list(ELSEWHERE)), max_size=4)), 1):
        elsewhere.cell(at, 1).value = said(formula, own, other)
        becomes[-at, 1] = said(ELSEWHERE[formula], own, other)
    return book, page_at, becomes, {name: draw(st.booleans()) for name in FURNITURE}


def _merge(page: Worksheet) -> None:
    page.merge_cells("B6:C7")


def _validate(page: Worksheet) -> None:
    listed, own = DataValidation("list", '"男,女"'), DataValidation("custom", "LEN(A2)=18")
    listed.add("A2:A9")
    own.add("B2:C9")
    for one in (listed, own):
        page.add_data_validation(one)


def _condition(page: Worksheet) -> None:
    page.conditional_formatting.add("A1:B9", FormulaRule(['A1="B1"'], font=Font(bold=True)))


def _link(page: Worksheet) -> None:
    for cell in (page["D4"], page["D5"], page["D6"]):
        cell.value = "见此" if cell.value in (None, "") else cell.value
    page["D4"].hyperlink = "https://example.org/"
    page["D5"].hyperlink = Hyperlink(ref="D5", location=f"{quoted(page.title)}!B2")
    page["D6"].hyperlink = f"#{quoted(page.title)}!B2"


def _freeze(page: Worksheet) -> None:
    page.freeze_panes = "B2"


def _hide(page: Worksheet) -> None:
    page.row_dimensions[3].hidden = True
    page.column_dimensions["C"].hidden = True
    page.column_dimensions["D"].width = 33


def _filter(page: Worksheet) -> None:
    page.auto_filter.ref = "A1:C9"


def _table(page: Worksheet) -> None:
    page["J1"], page["K1"] = "甲", "乙"
    page.add_table(Table(displayName="表", ref="J1:K4"))


def _draw(page: Worksheet) -> None:
    chart = LineChart()
    chart.add_data(Reference(page, min_col=2, max_col=3, min_row=1, max_row=5))
    page.add_chart(chart, "F9")


def _array(page: Worksheet) -> None:
    page["H2"] = ArrayFormula("H2:H4", "=A2:A4*2")


def _remark(page: Worksheet) -> None:
    page["A2"].comment = Comment("自己的批注", "尹清和")


def _print(page: Worksheet) -> None:
    page.print_area, page.print_title_rows = "A1:C9", "1:1"


FURNITURE = {
    "merge": _merge, "validate": _validate, "condition": _condition, "link": _link, "freeze": _freeze, "hide": _hide,
    "filter": _filter, "table": _table, "draw": _draw, "array": _array, "remark": _remark, "print": _print,
}  # fmt: skip
MARKS = st.lists(
    st.builds(
        Mark, st.integers(2, ROWS + 2), st.one_of(st.none(), st.integers(0, COLUMNS)), st.sampled_from(["看。", "=1"]),
        st.booleans(),
    ),
    max_size=6,
)  # fmt: skip


def appearance(cell: Cell, *, is_marked: bool) -> tuple[Any, ...]:
    held = (cell.number_format, cell.font, cell.alignment, cell.border, cell.protection)
    return (*map(copy, held), None if is_marked else copy(cell.fill))


def marked_places(page: Worksheet, marks: list[Mark]) -> set[tuple[int, int]]:
    places = {(mark.row, mark.column + 1) for mark in marks if mark.column is not None}
    merged = {(6, 2), (6, 3), (7, 2), (7, 3)} if page.merged_cells.ranges else set()
    return places - merged | ({(6, 2)} if places & merged else set())


def shapes(page: Worksheet, by: int) -> dict[str, Any]:
    """All that stands in a sheet beside cells, columns counted `by` fewer."""
    return {
        "merged": sorted(moved(str(one), by) for one in page.merged_cells.ranges),
        "validations": [
            (moved(str(one.sqref), by), one.type, one.formula1) for one in page.data_validations.dataValidation
        ],
        "conditions": [(moved(str(one.sqref), by), one.rules[0].formula) for one in page.conditional_formatting],
        "links": {
            moved(cell.coordinate, by): (link.target, link.location)
            for row in page
            for cell in row
            if (link := cell.hyperlink)
        },
        "filter": moved(page.auto_filter.ref or "", by),
        "tables": {name: moved(ref, by) for name, ref in page.tables.items()},
        "hidden": [row for row, one in page.row_dimensions.items() if one.hidden],
        "comments": {moved(cell.coordinate, by): cell.comment.text for row in page for cell in row if cell.comment},
        "charts": [(one.anchor._from.col - by, one.anchor._from.row) for one in page._charts],
    }


def moved(text: str, by: int) -> str:
    """References back by some columns, written anew by openpyxl's own means."""
    pieces = []
    for one in text.split():
        left, top, right, bottom = range_boundaries(one)
        pieces.append(f"{get_column_letter(left - by)}{top}:{get_column_letter(right - by)}{bottom}")
    return " ".join(pieces)


def value_of(cell: Cell) -> Any:
    return (cell.value.ref, cell.value.text) if isinstance(cell.value, ArrayFormula) else cell.value


@settings(max_examples=60)
@given(workbooks(), MARKS)
def test_whatever_is_not_marked_comes_back_as_it_came(drawn, marks):
    book, page_at, becomes, furniture = drawn
    for name, wanted in furniture.items():
        if wanted:
            FURNITURE[name](book.worksheets[page_at])
    target = BytesIO()
    book.save(target)
    source = load_workbook(BytesIO(target.getvalue()))
    content = given_back_marked(target.getvalue(), *marks, page=page_at)
    again = load_workbook(BytesIO(content))
    before, after = source.worksheets[page_at], again.worksheets[page_at]
    marked = marked_places(before, marks)

    assert again.sheetnames[:-1] == source.sheetnames
    for row in before.iter_rows():
        for cell in row:
            there, is_marked = after.cell(cell.row, cell.column + 1), (cell.row, cell.column) in marked
            held = value_of(cell)
            expected = becomes.get((cell.row, cell.column), held) if held is not None else None
            if furniture["array"] and cell.coordinate == "H2":
                expected = ("I2:I4", "=B2:B4*2")
            assert value_of(there) == expected, cell.coordinate
            assert appearance(there, is_marked=is_marked) == appearance(cell, is_marked=is_marked), cell.coordinate
            assert (there.fill.fgColor.rgb == f"FF{COLOUR}") == is_marked
    for row in source.worksheets[1 - page_at].iter_rows():
        for cell in row:
            there = again.worksheets[1 - page_at].cell(cell.row, cell.column)
            assert there.value == becomes.get((-cell.row, cell.column), cell.value)
    compare_shapes(before, after, furniture)
    assert again.defined_names["年龄"].attr_text == f"{quoted(before.title)}!$D$1:$D$9"
    compare_values(target.getvalue(), content, page_at)


def compare_shapes(before: Worksheet, after: Worksheet, furniture: dict[str, bool]) -> None:
    first, second = shapes(before, 0), shapes(after, 1)
    own = first.pop("comments")
    assert {at: text.partition("\n护童：\n")[0] for at, text in second.pop("comments").items() if at in own} == own
    if furniture["validate"]:
        assert [one[2] for one in second["validations"]] == ['"男,女"', "LEN(B2)=18"]
        first["validations"], second["validations"] = (
            [one[:2] for one in each["validations"]] for each in (first, second)
        )
    if furniture["condition"]:
        assert second.pop("conditions")[0][1] == ['B1="B1"'] and first.pop("conditions")
    if furniture["link"]:
        assert second["links"].pop("D5:D5") == (None, f"{quoted(before.title)}!C2") and first["links"].pop("D5:D5")
        assert second["links"].pop("D6:D6") == (f"#{quoted(before.title)}!C2", None) and first["links"].pop("D6:D6")
    assert second == first
    if furniture["freeze"]:
        assert after.freeze_panes == "C2"
    if furniture["hide"]:
        assert after.column_dimensions["D"].hidden and after.column_dimensions["E"].width == 33
        assert after.row_dimensions[3].hidden
    if furniture["draw"]:
        assert "$C$1" in after._charts[0].series[0].val.numRef.f
    if furniture["print"]:
        assert after.print_area.endswith("$B$1:$D$9") and after.print_title_rows == "$1:$1"


def compare_values(source: bytes, content: bytes, page_at: int) -> None:
    first, second = (CalamineWorkbook.from_filelike(BytesIO(one)) for one in (source, content))
    before, after = (one.get_sheet_by_index(page_at).to_python(skip_empty_area=False) for one in (first, second))
    for row, there in zip(before, after, strict=False):
        assert there[1 : len(row) + 1] == row
    other = 1 - page_at
    assert first.get_sheet_by_index(other).to_python() == second.get_sheet_by_index(other).to_python()
