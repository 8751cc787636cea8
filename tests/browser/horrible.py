"""A sheet as a township keeps it: titles, two storeys of headers, merged cells, and everything wrong at once."""

from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from hutong.law.identity import Sex
from tests.factories import id_number, wrong_last

REGION = "0641"
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
TOP = [
    "序号", "儿童基本情况", None, None, None, "住在哪个村", "照看人", None, None, "儿童类别", "备注",
]  # fmt: skip
BELOW = [None, "娃娃", "性别", "出生年月日", "身份证号", None, "监护人", "与儿童关系", "联系电话", None, None]
GIRL, BOY = Sex.FEMALE, Sex.MALE


def number(at: int, born: date, sex: Sex = GIRL) -> str:
    """An invented number that is the same in every run."""
    return id_number(born, sex, at=at, region=REGION)


def rows() -> list[list[object]]:
    """The rows from 5 on: three can be read as they are, six want mending, one is blank, one sums up."""
    eldest, second, third = date(2014, 3, 7), date(2016, 5, 1), date(2015, 10, 9)
    return [
        [
            1, "马\u200b小燕", "女", "2014.3.7", number(1, eldest).translate(FULL_WIDTH),
            "李俊镇西邵村", "马桂兰", "奶奶", "13912345601", "农村留守", "一家两个",
        ],
        [
            2, "马小军", "男", "二〇一六年五月一日", number(2, second, BOY),
            "西邵村委会3组12号", None, None, None, "农村留守", None,
        ],
        [
            3, "买买提•艾力", "男", date(2015, 10, 9), number(3, third, BOY),
            "宁化村", "古丽", "外祖母", "１３９１２３４５６０３", "留守儿童", None,
        ],
        [
            4, "王雨桐", "女", "2015/10/9", int(number(4, third)[:17]) * 10,
            "李庄村", "王秀英", "祖母", "13912345604", "农村留守", "号码是数字格式",
        ],
        [
            5, "李强", "男", "2015-10-09", wrong_last(number(5, third, BOY)),
            "古光村", "李建军", "父", "13912345605", "农村留守", None,
        ],
        [
            6, "张静", "女", "2013-01-02", number(6, third),
            "金塔村", "张丽", "母", "13912345606", "农村留守", "生日和号码对不上",
        ],
        [None] * 11,
        [
            7, "杨洋", None, "2015-10-09", number(7, third),
            "雷台村", "杨芳", "姑", "1391234", "农村留守", None,
        ],
        [
            8, "白露", "女", "2015年10月", number(8, third),
            "不晓得哪个村", "白伟", "父亲", "13912345608", "农村留守", None,
        ],
        [
            9, "哈燕", "女", "2015-10-09", number(9, third),
            "王团村", "哈丽", "祖母", "13912345609", "农村留守", "已筛选隐藏",
        ],
        ["合计", "9人"] + [None] * 9,
    ]  # fmt: skip


def horrible() -> bytes:
    """The workbook."""
    book = Workbook()
    page = book.active
    page.title = "2026年名单"
    page.append(["李俊镇2026年农村留守儿童摸排登记表"])
    page.append(["填表单位：李俊镇民政办        填表日期：2026年11月20日"])
    page.append(TOP)
    page.append(BELOW)
    for row in rows():
        page.append(row)
    _dress(page)
    last_year = book.create_sheet("去年")
    last_year.append(["姓名", "性别", "出生日期", "证件号码", "现居住地行政区划代码"])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _dress(page: Worksheet) -> None:
    for block in ("A1:K1", "A2:K2", "A3:A4", "B3:E3", "F3:F4", "G3:I3", "J3:J4", "K3:K4", "G5:G6", "H5:H6", "I5:I6"):
        page.merge_cells(block)
    page["A1"].font, page["A1"].alignment = Font(size=18, bold=True), Alignment(horizontal="center")
    for cell in page["7:7"]:
        cell.fill = PatternFill("solid", fgColor="FFFF00")
    page["B7"].comment = Comment("名字按户口本", "村干部")
    page["K9"] = "=CONCATENATE(B9,C9)"
    page.row_dimensions[14].hidden = True
    page.column_dimensions["E"].width = 24
    page.freeze_panes = "C5"
    page.auto_filter.ref = "A4:K14"
