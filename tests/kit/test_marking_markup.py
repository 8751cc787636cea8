"""Marking and markup: whatever form a workbook is written in, its marks are the same; what is broken is refused."""

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.marking.findings import Mark
from hutong.kit.workbooks.marking.giving import given_back
from hutong.kit.workbooks.marking.shifting import shift_formula
from tests.kit.test_marking import WORDS, coloured, values
from tests.kit.test_marking import given as given_back_marked

SHEET, TYPES, RELS = "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
MARKS = [Mark(2, 1, "看。"), Mark(4, 2, "改。"), Mark(9, 0, "空行。")]


def _source() -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet("儿童")
        for at, row in enumerate([["姓名", "性别", "数"], ["柳安", "女", 1], ["柳宁", "男", 2.5], ["柳<清>", "&", 3]]):
            page.write_row(at, 0, row)
        page.write_formula("D2", '=C2&"<A1>"&$A$1', None, "1<A1>姓名")
        page.set_column("B:B", 20)
        book.add_worksheet("别的").write_formula("A1", "=SUM(儿童!C2:C4)", None, 6.5)
    return target.getvalue()


SOURCE = _source()


def changed(part: str, change: Callable[[bytes], bytes], source: bytes = SOURCE, **more: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(BytesIO(source)) as before, ZipFile(target, "w", ZIP_DEFLATED) as after:
        for info in before.infolist():
            held = before.read(info)
            after.writestr(info.filename, change(held) if info.filename == part else held)
        for name, held in more.items():
            after.writestr(name.replace("__", "/").replace("_dot_", "."), held)
    return target.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name)


def _without_places(sheet: bytes) -> bytes:
    return re.sub(rb'<(row|c) r="\w+"', rb"<\1", sheet)


def _with_prefix(sheet: bytes) -> bytes:
    declaration, sheet = sheet.split(b"\n", 1)
    sheet = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", sheet).replace(b' xmlns="', b' xmlns:x="')
    return declaration + b"\n" + sheet


def _with_asides(sheet: bytes) -> bytes:
    sheet = sheet.replace(b"<c r=", b'<!-- </row><c r="A1"> --><?aside <c?><c r=')
    return re.sub(rb"<f>(.*?)</f>", lambda found: b"<f><![CDATA[" + _plain(found[1]) + b"]]></f>", sheet)


def _plain(text: bytes) -> bytes:
    for name, sign in ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&amp;", b"&")):
        text = text.replace(name, sign)
    return text


FORMS = {
    "as it is": lambda sheet: sheet,
    "no places": _without_places,
    "prefix": _with_prefix,
    "UTF-16": lambda sheet: sheet.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "GB18030": lambda sheet: sheet.decode().replace("UTF-8", "GB18030").encode("gb18030"),
    "byte order mark": lambda sheet: b"\xef\xbb\xbf" + sheet,
    "asides": _with_asides,
    "other order": lambda sheet: re.sub(rb'<c r="(\w+)"( t="\w+")?', rb"<c\n \2 r = '\1' ", sheet).replace(
        b"<row ", b"\n<row\t"
    ),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_markup_takes_the_same_marks(form):
    book = load_workbook(BytesIO(given_back_marked(changed(SHEET, form), *MARKS)))
    page = book.worksheets[0]
    assert values(page)[:4] == [
        ["错误说明", "姓名", "性别", "数", None],
        ["看。", "柳安", "女", 1, '=D2&"<A1>"&$B$1'],
        [None, "柳宁", "男", 2.5, None],
        ["改。", "柳<清>", "&", 3, None],
    ]
    assert coloured(page) == {"A2", "C2", "A4", "D4", "A9", "B9"}
    assert {cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment} == {
        "C2": "看。", "D4": "改。", "B9": "空行。",
    }  # fmt: skip
    assert page.column_dimensions["C"].width == pytest.approx(20, abs=1)
    assert book["别的"]["A1"].value == "=SUM(儿童!D2:D4)"
    assert [row[:5] for row in values(book["需修改的行"])][1] == ["看。", 2, "柳安", "女", 1]


def test_a_shared_formula_moves_with_its_cells():
    shared = b'<c r="D2"><f t="shared" ref="D2:D3" si="0">C2*2</f><v>2</v></c>'
    source = changed(SHEET, lambda sheet: re.sub(rb'<c r="D2".*?</c>', shared, sheet))
    source = changed(
        SHEET,
        lambda sheet: sheet.replace(b'</row><row r="4"', b'<c r="D3"><f t="shared" si="0"/></c></row><row r="4"'),
        source,
    )
    page = load_workbook(BytesIO(given_back_marked(source, Mark(2, 0, "看。")))).worksheets[0]
    assert (page["E2"].value, page["E3"].value) == ("=D2*2", "=D3*2")


def test_macros_and_other_sheets_come_back_byte_for_byte():
    more = {"xl__vbaProject_dot_bin": b"\0macros\xff", "xl__printerSettings_dot_bin": b"\1\2"}
    source = changed("xl/worksheets/sheet2.xml", lambda sheet: re.sub(rb"<f>.*?</f>", b"", sheet), **more)
    content = given_back_marked(source, Mark(2, 0, "看。"))
    for name in ("xl/vbaProject.bin", "xl/printerSettings.bin", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"):
        assert part_of(content, name) == part_of(source, name)


def test_the_order_of_calculation_is_left_to_the_spreadsheet():
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    relation = b'<Relationship Id="rId99" Type="%s" Target="calcChain.xml"/></Relationships>' % kind
    declared = b'<Override PartName="/xl/calcChain.xml" ContentType="text/xml"/></Types>'
    source = changed(
        RELS, lambda text: text.replace(b"</Relationships>", relation), xl__calcChain_dot_xml=b"<calcChain/>"
    )
    source = changed(TYPES, lambda text: text.replace(b"</Types>", declared), source)
    content = given_back_marked(source, Mark(2, 0, "看。"))
    assert "xl/calcChain.xml" not in ZipFile(BytesIO(content)).namelist()
    assert b"calcChain" not in part_of(content, RELS) + part_of(content, TYPES)


def test_a_workbook_without_styles_gets_the_ones_it_needs():
    source = changed(RELS, lambda text: re.sub(rb"<Relationship [^>]*styles.xml[^>]*>", b"", text))
    content = given_back_marked(source, Mark(2, 1, "看。"))
    assert b"FBEAE7" in b"".join(
        part_of(content, name) for name in ZipFile(BytesIO(content)).namelist() if "styles" in name
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: sheet[:-20],
        lambda sheet: sheet.replace(b"</sheetData>", b"</sheetData"),
        lambda sheet: sheet.replace(b"\n", b'\n<!DOCTYPE worksheet [<!ENTITY a "b">]>', 1),
        lambda sheet: re.sub(rb"<sheetData>.*</sheetData>", b"", sheet),
        lambda sheet: sheet.replace(b'encoding="UTF-8"', b'encoding="nonsense"'),
        lambda sheet: sheet.replace(b'r="C2"', b'r="XFD2"'),
    ],
    ids=["cut off", "not closed", "entities", "no rows", "no encoding", "last column"],
)
def test_a_sheet_that_cannot_be_marked_is_refused_at_once(change):
    with pytest.raises(RefusedFile):
        given_back(changed(SHEET, change), page=0, header_row=1, marks=MARKS, words=WORDS)


def give_back_or_refuse(content: bytes) -> None:
    """Refused at once, or given back to the end: a stream that has begun cannot say no."""
    try:
        chunks = given_back(content, page=0, header_row=1, marks=MARKS, words=WORDS)
    except RefusedFile as refused:
        assert refused.code in ("unreadable", "not_a_workbook", "too_large", "too_many_cells")
    else:
        assert b"".join(chunks).startswith(b"PK")


@given(st.data())
def test_a_damaged_workbook_is_given_back_or_refused_and_nothing_else(data):
    content = bytearray(SOURCE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    give_back_or_refuse(bytes(content))


@given(st.sampled_from([SHEET, "xl/styles.xml", "xl/workbook.xml", TYPES, RELS, "xl/sharedStrings.xml"]), st.data())
def test_a_damaged_part_is_given_back_or_refused_and_nothing_else(part, data):
    held = bytearray(part_of(SOURCE, part))
    for _ in range(data.draw(st.integers(1, 3))):
        held[data.draw(st.integers(0, len(held) - 1))] = data.draw(st.sampled_from(b"<>/\"'= aZ09&;\0"))
    give_back_or_refuse(changed(part, lambda _: bytes(held)))


@given(st.text("AZ$1!:'\"[](){},;+- .#中XFD", max_size=14))
def test_a_formula_that_names_no_cell_of_the_sheet_stays(text):
    assert shift_formula(text, sheet="别的", inside=False) == text
    shifted = shift_formula(text, sheet="儿童", inside=True)
    assert re.sub("[A-Z]+", "", shifted) == re.sub("[A-Z]+", "", text)
