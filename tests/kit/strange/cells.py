"""Strange cells."""

from datetime import date, datetime
from typing import Any

from tests.factories import BORN, VILLAGE, id_number
from tests.kit.strange.making import (
    HEAD,
    NUMBER,
    Case,
    added,
    below,
    book,
    fill,
    inline,
    one,
    plain,
    read,
    rows,
    two,
    with_xml,
)

FULL_WIDTH = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
ID = id_number(at=1)
DOTTED = "阿依{}古丽"
DOTS = "•‧∙⋅．・●᛫⸱·ꞏ་"


def computed(made: Any, page: Any) -> None:
    """A number looked up by a formula, whose value the file holds, and one that failed."""
    fill(page, [HEAD, one(1, _3=None), one(2, _6=None)])
    page.write_formula(1, NUMBER, "=VLOOKUP(A2,Sheet2!A:B,2,0)", None, ID)
    page.write_formula(2, 6, "=1/0", None, "#DIV/0!")


def blank_formula() -> bytes:
    """A formula that says nothing on purpose."""
    return with_xml(
        inline(
            [HEAD, *two()],
            lambda at, said: '<c r="G2" t="str"><f>IF(A2="","","")</f><v></v></c>' if at == "G2" else plain(at, said),
        )
    )


def unsaved() -> bytes:
    """What a program writes that cannot compute."""
    return with_xml(
        inline(
            [HEAD, one(1)],
            lambda at, said: '<c r="D2"><f>B9&amp;"x"</f><v></v></c>' if at == "D2" else plain(at, said),
        )
    )


def with_births(*cells: object) -> list[list[object]]:
    """One row for each way of writing the day."""
    return [one(at, _2=cell) for at, cell in enumerate(cells, 1)]


GOOD_DAYS = (
    "2015-03-07", "2015/3/7", "2015.3.7", "2015年3月7日", "20150307", "2015-03-07 00:00:00", "2015-03-07T00:00:00",
    "２０１５－０３－０７", "2015 03 07", "二〇一五年三月七日", 42070, 20150307, date(2015, 3, 7),
    datetime(2015, 3, 7, 9, 30),
)  # fmt: skip
BAD_DAYS = {
    "3/7/2015": "date_ambiguous",
    "07/03/15": "date_ambiguous",
    "2015年3月": "date_incomplete",
    "2015-03": "date_incomplete",
    "农历三月初七": "date_lunar",
    "二月三十": "date_unreadable",
    "2015-02-30": "date_unreadable",
}

CASES = {
    "days": read(
        "日期的各种写法",
        below(*with_births(*GOOD_DAYS)),
        len(GOOD_DAYS),
        values={row: {"birth_date": BORN.isoformat()} for row in range(2, len(GOOD_DAYS) + 2)},
    ),
    "bad days": read(
        "看不准的日期都不猜",
        below(*with_births(*BAD_DAYS)),
        0,
        *[(row, "出生日期", code) for row, code in enumerate(BAD_DAYS.values(), 2)],
        verdicts={"invalid": len(BAD_DAYS)},
    ),
    "1904": read(
        "1904 日期系统",
        lambda: rows(HEAD, one(1, _2=42070 - 1462), one(2, _2=date(2015, 3, 7)), one(3, _2=20150307), date_1904=True),
        3,
        values={row: {"birth_date": "2015-03-07"} for row in (2, 3, 4)},
    ),
    "full width": read("全角数字、字母和空格", below(one(1, _3=ID.translate(FULL_WIDTH), _1="　女　"), one(2))),
    "invisible": read(
        "零宽、不换行空格、方向符",
        below(one(1, _3=f"\u200e{ID[:6]}\u200b{ID[6:]}\u00a0", _0="柳\u200d安\ufe0f"), one(2)),
        values={2: {"name": "柳安", "id_number": ID}},
    ),
    "line breaks": read(
        "单元格里有换行和制表符",
        below(one(1, _0="柳\n安", _3=f"\t{ID}\n", _2="2015-03-07\r\n"), one(2)),
        values={2: {"name": "柳安", "id_number": ID}},
    ),
    "apostrophes": read(
        "号码前有撇号",
        below(one(1, _3="'" + ID), one(2, _6="’13900000002")),
        values={2: {"id_number": ID}, 3: {"guardian_phone": "13900000002"}},
    ),
    "dots": read(
        "姓名中间的各种点",
        below(*[one(at, _0=DOTTED.format(dot)) for at, dot in enumerate(DOTS, 1)]),
        len(DOTS),
        values={row: {"name": "阿依·古丽"} for row in range(2, len(DOTS) + 2)},
    ),
    "rare characters": read(
        "生僻字照收",
        below(
            one(1, _0="柳𠮷"),
            one(2, _0="柳𬀩"),
            one(3, _0="柳㐂"),
            one(4, _0="柳\U00030edd"),
            one(5, _0="柳﨑"),
            one(6, _0="柳〇安"),
        ),
        6,
        values={2: {"name": "柳𠮷"}, 5: {"name": "柳\U00030edd"}, 6: {"name": "柳﨑"}, 7: {"name": "柳〇安"}},
    ),
    "private character": read(
        "自造字", below(one(1, _0="柳\ue863"), one(2)), 1, (2, "姓名", "private_character"), verdicts={"invalid": 1}
    ),
    "lost character": read(
        "姓名成了问号",
        below(one(1, _0="柳??"), one(2, _0="柳\ufffd")),
        0,
        (2, "姓名", "name_form"),
        (3, "姓名", "name_form"),
        verdicts={"invalid": 2},
    ),
    "numeric id": read(
        "号码成了数值",
        below(one(1, _3=990000201503070000), one(2)),
        1,
        (2, "证件号码", "numeric_id"),
        verdicts={"invalid": 1},
    ),
    "scientific id": read(
        "号码成了科学计数文本",
        below(one(1, _3="9.90000201503E+17"), one(2, _3="9.9E+17"), one(3, _3=ID[:17] + "0.0")),
        0,
        *[(row, "证件号码", "numeric_id") for row in (2, 3, 4)],
        verdicts={"invalid": 3},
    ),
    "numeric code": read(
        "行政区划代码是数值",
        below(one(1, _4=int(VILLAGE)), one(2, _6=13900000002)),
        values={2: {"living_division": VILLAGE}, 3: {"guardian_phone": "13900000002"}},
    ),
    "address became a date": read(
        "门牌号变成日期",
        lambda: rows([*HEAD, "家庭住址"], [*one(1), date(2025, 3, 2)], [*one(2), "3-2"]),
        1,
        (2, "现居住地详细地址", "turned_into_date"),
        verdicts={"invalid": 1},
    ),
    "error value": read(
        "错误值", below(one(1, _6="#REF!"), one(2)), 1, (2, "监护人电话", "formula_error"), verdicts={"invalid": 1}
    ),
    "formulas": read(
        "公式取值和出错的公式",
        lambda: book(computed),
        1,
        (2, "证件号码", "formula_cell"),
        (3, "监护人电话", "formula_error"),
        verdicts={"invalid": 1},
    ),
    "formula that says nothing": read("公式结果为空", blank_formula),
    "formula without its value": read(
        "没有保存公式结果",
        unsaved,
        0,
        (1, None, "formulas_unsaved"),
        (2, "证件号码", "formula_error"),
        verdicts={"invalid": 1},
    ),
    "macros": read(
        "带宏的表格，宏不运行", lambda: added(rows(HEAD, *two()), "xl/vbaProject.bin", b"x"), 2, (None, None, "macros")
    ),
    "true and false": read(
        "性别列是逻辑值", below(one(1, _1=True), one(2)), 1, (2, "性别", "sex_unknown"), verdicts={"invalid": 1}
    ),
    "twins": read("同日出生的双胞胎", below(one(1), one(2)), values={2: {"birth_date": BORN.isoformat()}}),
    "same row twice": Case(
        "同一行抄了两遍", below(one(1), one(1)), 2, {"new": 1, "repeat": 1}, [(3, "证件号码", "repeat")]
    ),
    "leading formula sign": read(
        "以等号、加号、@ 开头的文本只是文本",
        below(one(1, _0="=cmd|' /C calc'!A0"), one(2, _5="@柳")),
        0,
        (2, "姓名", "name_form"),
        (3, "监护人姓名", "name_form"),
        verdicts={"invalid": 2},
    ),
    "very long cell": read(
        "单元格三万字", below(one(1, _0="柳" * 30_000), one(2)), 1, (2, "姓名", "name_form"), verdicts={"invalid": 1}
    ),
    "blank signs": read(
        "全是空格和破折号的号码",
        below(one(1, _3=" 　"), one(2, _3="—")),
        0,
        (2, "证件号码", "no_id_no_reason"),
        (3, "证件号码", "id_length"),
        verdicts={"invalid": 2},
    ),
}
