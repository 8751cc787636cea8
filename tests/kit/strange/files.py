"""Strange files."""

import re
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from openpyxl import Workbook

from hutong.kit.workbooks.kinds import COMPOUND_SIGNATURE
from tests.factories import ENCRYPTED, bomb, zipped
from tests.kit.strange.making import (
    FILES,
    HEAD,
    added,
    book,
    changed,
    fill,
    inline,
    member,
    one,
    plain,
    read,
    refused,
    rows,
    sheet_xml,
    text,
    two,
    with_xml,
    without_references,
)

LIST = [HEAD, *two()]
STRINGS = "xl/sharedStrings.xml"
SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"


def kept(name: str) -> bytes:
    """A file that another program wrote."""
    return (FILES / name).read_bytes()


def usual() -> bytes:
    """A list without fault."""
    return rows(*LIST)


def by_openpyxl() -> bytes:
    """A list as openpyxl writes it."""
    made, target = Workbook(), BytesIO()
    for line in LIST:
        made.active.append(line)
    made.save(target)
    return target.getvalue()


def protected() -> bytes:
    """An xls whose second record says that all others are encrypted (FILEPASS)."""
    content = bytearray(kept("storeys.xls"))
    begin = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    content[begin + 20 : begin + 22] = b"\x2f\x00"
    return bytes(content)


def web_page() -> bytes:
    """What a web system gives out as 导出.xls."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in LIST)
    return f"<html><head><meta charset='utf-8'></head><body><table>{lines}</table></body></html>".encode()


def rich(reference: str, said: str) -> str:
    """A cell whose text is in two runs, with its pinyin beside it."""
    return (
        f'<c r="{reference}" t="inlineStr"><is><r><t>{said[:1]}</t></r><r><rPr><b/></rPr><t>{said[1:]}</t></r>'
        '<rPh sb="0" eb="1"><t>liu</t></rPh></is></c>'
    )


def entities() -> bytes:
    """A billion laughs in the shared strings."""
    names = "abcdefghij"
    laughs = "".join(
        f'<!ENTITY {name} "{f"&{names[at - 1]};" * 10 if at else "ha" * 10}">' for at, name in enumerate(names)
    )
    return member(
        usual(),
        STRINGS,
        lambda data: data.replace(b"<sst", f"<!DOCTYPE sst [{laughs}]><sst".encode(), 1).replace(
            "柳宁".encode(), b"&j;", 1
        ),
    )


def far(first: str, last: str) -> bytes:
    """Two cells far from one another, the second in the first row's clothes."""
    return with_xml(sheet_xml(f"<row r='1'><c r='{first}'><v>1</v></c><c r='{last}'><v>1</v></c></row>"))


def strict() -> bytes:
    """The strict form of the standard."""
    return changed(
        usual(),
        lambda name, data: data.replace(SPACE, STRICT).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )


def prefixed() -> bytes:
    """Every element with the prefix of its space."""
    xml = inline(LIST, plain).replace(b" xmlns=", b" xmlns:x=")
    return with_xml(re.sub(rb"<(/?)(\w+)(?=[\s>/])", rb"<\1x:\2", xml))


def stored() -> bytes:
    """A zip that is not packed."""
    target = BytesIO()
    with ZipFile(BytesIO(usual())) as before, ZipFile(target, "w", ZIP_STORED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
    return target.getvalue()


def spaced(lines: list[list[object]], gap: str = "   ") -> bytes:
    """A block as a chat shows it."""
    return "\n".join(gap.join(map(str, line)) for line in lines).encode()


def unnumbered_flood() -> bytes:
    """One wide row and very many rows, none of whose cells says where it stands."""
    wide = "<row>" + "<c><v>1</v></c>" * 2000 + "</row>"
    return with_xml(sheet_xml(wide + "<row><c><v>1</v></c></row>" * 10_000))


def one_endless_row() -> bytes:
    """A row of cells that do not say where they stand, longer than any piece that is read at once."""
    return with_xml(sheet_xml("<row>" + "<c><v>1</v></c>" * 400_000 + "</row>" + "<row><c><v>1</v></c></row>" * 40))


def padded() -> bytes:
    """A cell far out whose place and end lie tens of millions of spaces apart."""
    spaces = " " * 40_000_000
    return with_xml(sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"{spaces}t="n"><v>1</v></c></row>'))


def understated() -> bytes:
    """Shared strings that are longer than the zip's directory says."""
    content = bytearray(usual())
    at = content.rindex(STRINGS.encode())
    content[at - 22 : at - 18] = (50).to_bytes(4, "little")
    return bytes(content)


def locked_member() -> bytes:
    """A zip that says its members are encrypted."""
    content = bytearray(usual())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    return bytes(content)


def overlapping() -> bytes:
    """Very many merged cells that lie over one another."""
    merged = "<mergeCells>" + '<mergeCell ref="A2:A90000"/>' * 5_000 + "</mergeCells>"
    far_below = plain("A90000", "柳安")
    xml = inline(LIST, plain).replace(b"</sheetData>", f'<row r="90000">{far_below}</row></sheetData>{merged}'.encode())
    return with_xml(xml)


XML_2003 = (
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
SENTENCE = "姓名：柳安，性别：女，出生日期：2015-03-07\n姓名：柳宁，性别：女，出生日期：2015-03-07\n".encode()
MISSING = [HEAD, one(1), [cell for at, cell in enumerate(one(2)) if at != 3]]
COMMA = [HEAD, one(1), [*one(2)[:5], "黎明村", "二组", "13900000002"]]

CASES = {
    "xls": read(
        "Excel 97 两级表头，LibreOffice 写成",
        lambda: kept("storeys.xls"),
        name="a.xls",
        values={4: {"guardian_name": "柳桂兰"}},
    ),
    "et": read(
        "WPS 的 .et（复合文档）", lambda: kept("siblings.et"), 3, name="a.et", values={4: {"guardian_name": "柳桂兰"}}
    ),
    "et in a zip": read("WPS 的 .et（压缩包）", usual, name="a.et"),
    "xlsx by LibreOffice": read(
        "LibreOffice 写成的 xlsx", lambda: kept("storeys.xlsx"), values={4: {"guardian_name": "柳桂兰"}}
    ),
    "xlsx by openpyxl": read("openpyxl 写成的 xlsx", by_openpyxl),
    "ods": refused("OpenDocument 表格", lambda: kept("storeys.ods"), "other_workbook", name="a.ods"),
    "csv": read("csv，UTF-8", lambda: text(LIST), name="a.csv"),
    "csv with mark": read("csv，UTF-8 带 BOM", lambda: text(LIST, encoding="utf-8-sig"), name="a.csv"),
    "csv of the country": read("csv，GB18030", lambda: text(LIST, encoding="gb18030"), name="a.csv"),
    "unicode text": read("Excel 的“Unicode 文本”", lambda: text(LIST, "\t", "utf-16"), name="a.txt"),
    "tabs called xls": read("制表符文本改名 .xls", lambda: text(LIST, "\t", "gb18030"), name="导出.xls"),
    "semicolons": read("分号分隔", lambda: text(LIST, ";"), name="a.csv"),
    "full-width commas": read("全角逗号分隔", lambda: text(LIST, "，"), name="pasted.txt"),
    "pauses": read("顿号分隔", lambda: text(LIST, "、"), name="pasted.txt"),
    "bars": read("竖线分隔", lambda: text([["", *line, ""] for line in LIST], "|"), name="pasted.txt"),
    "commas beside pauses": read(
        "逗号分隔，类别里有顿号",
        lambda: text([[*HEAD, "儿童类别"], *[[*line, "低保家庭、残疾儿童"] for line in two()]]),
        name="a.csv",
    ),
    "pasted tabs": read("从聊天里粘贴，制表符", lambda: text(LIST, "\t"), name="pasted.txt"),
    "pasted spaces": read("从聊天里粘贴，多个空格", lambda: spaced(LIST), name="pasted.txt"),
    "pasted wide spaces": read("从聊天里粘贴，全角空格", lambda: spaced(LIST, "　　"), name="pasted.txt"),
    "pasted gap": read(
        "空格分隔时少一格，不猜",
        lambda: spaced(MISSING),
        1,
        (3, None, "uneven_row"),
        verdicts={"invalid": 1},
        name="pasted.txt",
    ),
    "comma in a cell": read(
        "地址里有逗号，整行错位",
        lambda: text(COMMA),
        1,
        (3, None, "uneven_row"),
        verdicts={"invalid": 1},
        name="a.csv",
    ),
    "quoted": read(
        "csv 加引号和换行", lambda: text([HEAD, [f'"{cell}"' for cell in one(1)], one(2, _0='"柳\n宁"')]), name="a.csv"
    ),
    "text signs of Excel": read(
        'csv 写成 ="号码"', lambda: text([HEAD, one(1, _3=f'="{one(1)[3]}"'), one(2)]), name="a.csv"
    ),
    "sentences": refused("聊天里一句一句写的", lambda: SENTENCE, "no_header", name="pasted.txt"),
    "nothing": refused("零字节", lambda: b"", "empty"),
    "web page": refused("网页表格改名 .xls", web_page, "html_table", name="导出.xls"),
    "xml of 2003": refused("XML 表格 2003", lambda: XML_2003, "html_table", name="a.xls"),
    "pdf": refused("PDF 改名 .xlsx", lambda: b"%PDF-1.7\n%%EOF", "not_a_workbook"),
    "pdf called csv": refused("PDF 改名 .csv", lambda: b"%PDF-1.7\n%%EOF", "not_a_workbook", name="a.csv"),
    "photograph": refused("照片改名 .xls", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF", "not_a_workbook", name="a.xls"),
    "letter": refused("Word 文档", lambda: zipped({"word/document.xml": b"<w/>"}), "not_a_workbook", name="a.docx"),
    "old letter": refused(
        "Word 97 文档",
        lambda: COMPOUND_SIGNATURE + bytes(600) + "WordDocument".encode("utf-16-le"),
        "not_a_workbook",
        name="a.xls",
    ),
    "xlsb": refused("二进制表格 xlsb", lambda: zipped({"xl/workbook.bin": b"x"}), "other_workbook", name="a.xlsb"),
    "password": refused("有打开密码的 xlsx", lambda: ENCRYPTED, "password"),
    "password on xls": refused("有打开密码的 xls", protected, "password", name="a.xls"),
    "bomb": refused("压缩炸弹", bomb, "too_large"),
    "cut off": refused("传了一半", lambda: usual()[:-200], "unreadable"),
    "cut off xls": refused("传了一半的 xls", lambda: kept("storeys.xls")[:2000], "unreadable", name="a.xls"),
    "laughs": refused("实体炸弹", entities, "unreadable"),
    "nested": refused(
        "嵌套十万层", lambda: member(usual(), STRINGS, lambda data: b"<sst>" + b"<si>" * 100_000), "unreadable"
    ),
    "no strings": refused(
        "共享字符串丢失", lambda: changed(usual(), lambda name, data: None if name == STRINGS else data), "unreadable"
    ),
    "stray cell": refused(
        "最后一格有字",
        lambda: book(lambda made, page: (fill(page, LIST), page.write(1_048_575, 16_383, "x"))),
        "too_many_cells",
    ),
    "cell in another row": refused("单元格谎报行号", lambda: far("A1", "XFD1048576"), "too_many_cells"),
    "odd attributes": refused(
        "属性之间有空格",
        lambda: with_xml(
            sheet_xml("<row r='1'><c r='A1'><v>1</v></c></row><row><c\nr = 'ZZZ1048576'><v>1</v></c></row>")
        ),
        "too_many_cells",
    ),
    "flood without places": refused("不写位置的单元格泛滥", unnumbered_flood, "too_many_cells"),
    "one endless row": refused("一行四十万格", one_endless_row, "too_many_cells"),
    "padded": refused("属性里塞满空格", padded, "unreadable"),
    "understated": refused("压缩包谎报大小", understated, "unreadable"),
    "locked members": refused("压缩包成员加密", locked_member, "unreadable"),
    "overlapping": refused("合并区域互相重叠", overlapping, "unreadable"),
    "no places": read("单元格不写位置", lambda: with_xml(without_references(inline(LIST, plain)))),
    "inline strings": read("内联字符串", lambda: with_xml(inline(LIST, plain))),
    "rich text": read("一格里几种字体，带拼音", lambda: with_xml(inline(LIST, rich)), values={2: {"name": "柳宁"}}),
    "wrong dimension": read(
        "声明的范围不对",
        lambda: with_xml(inline(LIST, plain).replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')),
    ),
    "strict": read("严格格式", strict),
    "prefixed": read("元素带前缀", prefixed),
    "absolute": read(
        "关系里写绝对路径",
        lambda: member(
            usual(), "xl/_rels/workbook.xml.rels", lambda data: data.replace(b'"worksheets/', b'"/xl/worksheets/')
        ),
    ),
    "not packed": read("不压缩的 xlsx", stored),
    "merged without end": read(
        "合并区域到天边",
        lambda: with_xml(
            inline(LIST, plain).replace(
                b"</worksheet>", b'<mergeCells><mergeCell ref="J1:XFD1048576"/></mergeCells></worksheet>'
            )
        ),
    ),
    "sheet that is a text": refused(
        "工作表指向共享字符串",
        lambda: member(
            usual(),
            "xl/_rels/workbook.xml.rels",
            lambda data: data.replace(b"worksheets/sheet1.xml", b"sharedStrings.xml"),
        ),
        "unreadable",
    ),
    "more in the zip": read("压缩包里另有文件", lambda: added(usual(), "../../evil.sh", b"x")),
}
