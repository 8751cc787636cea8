"""Strange headers, sheets and rows."""

from typing import Any

from tests.factories import VILLAGE
from tests.kit.strange.making import (
    BIRTH,
    HEAD,
    NAME,
    NUMBER,
    PHONE,
    PLACE,
    Case,
    below,
    book,
    fill,
    one,
    read,
    refused,
    rows,
    two,
)

CHILD = HEAD[:5]
GIRL, BOY = one(1), one(2)


def storeys(made: Any, page: Any) -> None:
    """A title, then 姓名 and the like merged over two rows, and 监护人 over two columns."""
    page.merge_range(0, 0, 0, 6, "农村留守儿童信息登记表")
    for at, header in enumerate(CHILD):
        page.merge_range(1, at, 2, at, header)
    page.merge_range(1, 5, 1, 6, "监护人信息")
    fill(page, [[None] * 5 + ["姓名", "联系电话"]], 2)
    fill(page, two(), 3)


def groups(made: Any, page: Any) -> None:
    """Every column stands under a group."""
    page.merge_range(0, 0, 0, 4, "儿童基本信息")
    page.merge_range(0, 5, 0, 6, "监护人")
    fill(page, [["姓名", "性别", "出生日期", "身份证号码", "现居住地", "姓名", "电话"], *two()], 1)


def three(made: Any, page: Any) -> None:
    """Three storeys: 家庭情况 over 监护人 over 姓名."""
    for at, header in enumerate(CHILD):
        page.merge_range(0, at, 2, at, header)
    page.merge_range(0, 5, 0, 6, "家庭情况")
    page.merge_range(1, 5, 1, 6, "监护人")
    fill(page, [[None] * 5 + ["姓名", "电话"], *two()], 2)


def mother(made: Any, page: Any) -> None:
    """The mother's name must not be read as the child's, nor the school's telephone as the guardian's."""
    for at, header in enumerate(CHILD):
        page.merge_range(0, at, 1, at, header)
    page.merge_range(0, 5, 0, 6, "帮扶责任人")
    page.merge_range(0, 7, 0, 8, "学校信息")
    fill(page, [[None] * 5 + ["姓名", "身份证号码", "名称", "联系电话"]], 1)
    fill(page, [[*one(at)[:5], "汤桂英", "见附件", "习岗中心小学", "0951-0000000"] for at in (1, 2)], 2)


def addresses(made: Any, page: Any) -> None:
    """The address where the parents work is not where the child lives."""
    for at, header in enumerate(HEAD):
        page.merge_range(0, at, 1, at, header)
    page.merge_range(0, 7, 0, 8, "外出务工情况")
    page.merge_range(0, 9, 0, 10, "居住情况")
    fill(page, [[None] * 7 + ["省份", "详细地址", "住房", "详细地址"]], 1)
    fill(page, [[*row, "宁夏", "远庄 1 号", "自建房", "近庄 2 号"] for row in two()], 2)


def narrow_title(made: Any, page: Any) -> None:
    """A title that names the guardian, merged over fewer columns than the table has."""
    page.merge_range(0, 0, 0, 3, "儿童及监护人表")
    fill(page, [HEAD, *two()], 1)


def wide(made: Any, page: Any) -> None:
    """One header over two columns."""
    for at, header in enumerate(HEAD[:6]):
        page.write_string(0, at, header)
    page.merge_range(0, 6, 0, 7, "监护人电话")
    fill(page, two(), 1)


def siblings(made: Any, page: Any) -> None:
    """Guardian and village merged over three siblings."""
    fill(page, [HEAD, *[[*one(at)[:4], None, None, None] for at in (1, 2, 3)]])
    for at, said in ((PLACE, VILLAGE), (5, "柳桂兰"), (PHONE, "13900000001")):
        page.merge_range(1, at, 3, at, said)


def one_number(made: Any, page: Any) -> None:
    """The child's own cells merged over two rows."""
    fill(page, [HEAD, one(1), one(2, _0=None, _2=None, _3=None)])
    for at in (NAME, BIRTH, NUMBER):
        page.merge_range(1, at, 2, at, one(1)[at])


def tall(made: Any, page: Any) -> None:
    """One child over two lines of the sheet: the second line is no row."""
    fill(page, [HEAD])
    for at, said in enumerate(one(1)):
        page.merge_range(1, at, 2, at, said)
    fill(page, [one(2)], 3)


def across(made: Any, page: Any) -> None:
    """Cells merged across are the left column's alone."""
    fill(page, [HEAD, one(1, _6=None), one(2)])
    page.merge_range(1, 5, 1, 6, "柳桂兰")


def hidden(made: Any, page: Any) -> None:
    """A filter has hidden a row, somebody a column."""
    fill(page, [HEAD, *two()])
    page.set_row(2, None, None, {"hidden": True})
    page.set_column(3, 3, None, None, {"hidden": True})


def hidden_sheet_first(made: Any, page: Any) -> None:
    """A hidden sheet stands before the one that is sent."""
    fill(page, [HEAD, one(3)])
    sent = made.add_worksheet("本月")
    fill(sent, [HEAD, *two()])
    sent.activate()
    sent.set_first_sheet()
    page.hide()


def two_sheets(made: Any, page: Any) -> None:
    """Each village on a sheet of its own."""
    fill(page, [HEAD, *two()])
    fill(made.add_worksheet("黎明村"), [HEAD, one(3), one(4), one(5)])
    fill(made.add_worksheet("空表"), [HEAD])
    fill(made.add_worksheet("说明"), [["怎样填表"]])


def given_back(made: Any, page: Any) -> None:
    """Our own file, mended on the sheet that we added."""
    fill(page, [[*HEAD, "错误说明", "原行号"], *[[*row, "", ""] for row in two()]])
    fill(made.add_worksheet("需修改的行"), [[*HEAD, "错误说明", "原行号"], [*one(3), "性别", "3"]])


def given_back_as_it_was(made: Any, page: Any) -> None:
    """Our own file, mended on its first sheet alone."""
    fill(page, [[*HEAD, "错误说明", "原行号"], *[[*row, "", ""] for row in two()]])
    fill(made.add_worksheet("需修改的行"), [["错误说明", *HEAD, "原行号"], ["性别", *two()[1], "3"]])


def chart_first(made: Any, page: Any) -> None:
    """A chart and a sheet without our headers stand before the list."""
    fill(page, [["村", "人数"], ["黎明村", 2]])
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": "=Sheet1!$B$2:$B$2"})
    made.add_chartsheet().set_chart(chart)
    fill(made.add_worksheet(), [HEAD, *two()])


def formatted(made: Any, page: Any) -> None:
    """A whole sheet of bordered empty cells under two rows."""
    fill(page, [HEAD, *two()])
    border = made.add_format({"border": 1})
    for row in range(3, 60_000):
        page.write_blank(row, 0, None, border)
    page.set_row(1_048_575, 20, border)
    page.write_blank(1_048_575, 8, None, border)


UNMERGED = [
    [*CHILD, "监护人", ""],
    ["", "", "", "", "", "姓名", "联系电话"],
    *two(),
]
FOOT = [
    ["合计", "", "2人"],
    ["填表人：尹清和"],
    ["审核人：", "", "汤宁", "填表日期：", "2025年6月"],
    ["备注：外出的另报"],
]

CASES = {
    "title": read(
        "标题和单位在表头上面", lambda: rows(["登记表"], ["填报单位：习岗镇", "", "", "2025年6月"], HEAD, *two())
    ),
    "note with headers": read(
        "填表说明里提到表头", lambda: rows(["填表说明：姓名、性别、出生日期必填"], [], HEAD, *two())
    ),
    "two storeys": read(
        "两级表头，监护人下分姓名和电话", lambda: book(storeys), values={4: {"guardian_name": "柳桂兰"}}
    ),
    "groups": read("每列都在分组之下", lambda: book(groups), values={3: {"guardian_phone": "13900000001"}}),
    "three storeys": read("三级表头", lambda: book(three), values={4: {"guardian_phone": "13900000001"}}),
    "somebody else": read("帮扶人和学校的姓名电话不是儿童和监护人的", lambda: book(mother)),
    "two addresses": read(
        "父母务工的地址不是现住址",
        lambda: book(addresses),
        values={3: {"living_address": "近庄 2 号"}, 4: {"living_address": "近庄 2 号"}},
    ),
    "narrow title": read("标题提到监护人，合并得比表窄", lambda: book(narrow_title)),
    "unmerged storeys": read(
        "两级表头没有合并单元格", lambda: rows(*UNMERGED), values={3: {"guardian_name": "柳桂兰"}}
    ),
    "storeys in csv": read(
        "两级表头另存为 csv", lambda: "\n".join(",".join(map(str, row)) for row in UNMERGED).encode(), name="a.csv"
    ),
    "header over two columns": read(
        "一个表头合并两列", lambda: book(wide), values={2: {"guardian_phone": "13900000001"}}
    ),
    "headers with remarks": read(
        "表头带序号、星号、括号和换行",
        lambda: rows(
            [
                "1.姓名*",
                "（2）性别",
                "出生日期\n（必填）",
                "*身份证号码【18位】",
                "现 居 住 地",
                "监护人",
                "联系电话：",
            ],
            *two(),
        ),
    ),
    "header twice": Case(
        "同一列出现两次", lambda: rows([*HEAD, "姓名"], [*one(1), "柳宁"]), told=[(None, "姓名", "same_column")]
    ),
    "no place": Case(
        "缺现居住地列",
        lambda: rows([*HEAD[:4], *HEAD[5:]], [*one(1)[:4], "柳桂兰"]),
        told=[(None, "现居住地行政区划代码", "missing_column")],
    ),
    "siblings": read("兄弟姐妹共用监护人和住址", lambda: book(siblings), 3, values={4: {"guardian_name": "柳桂兰"}}),
    "one number for two": read(
        "姓名、出生日期、证件号码跨两行合并",
        lambda: book(one_number),
        1,
        (3, "姓名", "merged_identity"),
        (3, "出生日期", "merged_identity"),
        (3, "证件号码", "merged_identity"),
        verdicts={"invalid": 1},
    ),
    "tall row": read("一名儿童占两行高", lambda: book(tall)),
    "merged across": read("横向合并只算左边一列", lambda: book(across)),
    "hidden": read("隐藏的行和列", lambda: book(hidden), 2, (1, "证件号码", "hidden_column"), (3, None, "hidden_row")),
    "hidden sheet": read("隐藏的工作表不读", lambda: book(hidden_sheet_first)),
    "two sheets": read("每村一张工作表", lambda: book(two_sheets), 2, (1, None, "another_sheet")),
    "given back": read("在我们加的工作表里修改", lambda: book(given_back), 2, (1, None, "mended_sheet")),
    "given back unchanged": read("我们加的工作表没有动过", lambda: book(given_back_as_it_was), 2),
    "chart first": read("图表和汇总表在前", lambda: book(chart_first)),
    "formatted and empty": read("空行都带边框，直到最后一行", lambda: book(formatted)),
    "blank rows": read("中间有空行", below(one(1), [], ["", " ", "\t"], one(2))),
    "headers again": read(
        "打印用的标题和表头在中间重复",
        lambda: rows(["登记表"], HEAD, one(1), ["登记表"], HEAD, one(2)),
        2,
        (4, None, "not_a_row"),
        (5, None, "not_a_row"),
    ),
    "foot": read(
        "表尾有合计、填表人、审核人、备注", below(*two(), *FOOT), 2, *[(row, None, "not_a_row") for row in (4, 5, 6, 7)]
    ),
    "spaced foot": read("合 计", below(*two(), ["合  计", 2]), 2, (4, None, "not_a_row")),
    "row like a foot": read(
        "备注栏写得像表尾的儿童照样读", lambda: rows(["备注", *HEAD], ["说明", *one(1)], ["合计", *one(2)])
    ),
    "serial numbers alone": read(
        "预先编好序号的空行",
        lambda: rows(["序号", *HEAD], [1, *one(1)], [2, *one(2)], [3]),
        2,
        *[(4, header, "required") for header in HEAD[:3]],
        (4, "证件号码", "no_id_no_reason"),
        (4, "现居住地行政区划代码", "required"),
        verdicts={"invalid": 1},
    ),
    "no header": refused("没有表头", lambda: rows(*two()), "no_header"),
    "a form": refused(
        "一人一张的登记卡", lambda: rows(["姓名", "柳安", "照片"], ["监护人", "柳桂兰", "13900000001"]), "no_header"
    ),
    "empty table": refused("只有表头", below(), "no_rows"),
    "foot alone": Case("只有表头和表尾", below(["合计", 0]), told=[(None, None, "no_rows")]),
}
