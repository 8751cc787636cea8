"""The official form of left-behind children as a county's list (登记表示例): titles above, headers in two storeys."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from hutong.demo.children import InventedChild
from hutong.demo.people import HAN, Invention
from hutong.demo.places import Places
from hutong.demo.workbook import Line, line_of
from hutong.divisions.queries import spoken
from hutong.law.calendar import age_on
from hutong.law.identity import Sex

TITLE = "农村留守儿童基本情况登记表"
FORM_COLUMNS = (
    ("", "序号", "at"),
    ("儿童基本情况", "姓名", "name"),
    ("儿童基本情况", "性别", "sex"),
    ("儿童基本情况", "民族", "ethnic_group"),
    ("儿童基本情况", "出生日期", "birth_date"),
    ("儿童基本情况", "身份证号码", "id_number"),
    ("儿童基本情况", "是否登记户口", "is_registered"),
    ("儿童基本情况", "户籍地址", "registered_division"),
    ("儿童基本情况", "现居住地址", "living_address"),
    ("儿童基本情况", "身体状况", "health"),
    ("儿童基本情况", "残疾类别", "disability_class"),
    ("儿童基本情况", "残疾等级", "disability_grade"),
    ("儿童基本情况", "患病病种", "illness"),
    ("儿童基本情况", "是否寄宿", "boarding"),
    ("儿童基本情况", "就学情况", "schooling"),
    ("祖父", "姓名", "paternal_grandfather_name"),
    ("祖父", "出生日期", "paternal_grandfather_birth_date"),
    ("祖母", "姓名", "paternal_grandmother_name"),
    ("祖母", "出生日期", "paternal_grandmother_birth_date"),
    ("外祖父", "姓名", "maternal_grandfather_name"),
    ("外祖父", "出生日期", "maternal_grandfather_birth_date"),
    ("外祖母", "姓名", "maternal_grandmother_name"),
    ("外祖母", "出生日期", "maternal_grandmother_birth_date"),
    ("父亲", "姓名", "father_name"),
    ("父亲", "出生日期", "father_birth_date"),
    ("父亲", "现务工地（至省市）", "father_workplace"),
    ("父亲", "联系电话", "father_phone"),
    ("父亲", "身份证号码", "father_id_number"),
    ("母亲", "姓名", "mother_name"),
    ("母亲", "出生日期", "mother_birth_date"),
    ("母亲", "现务工地（至省市）", "mother_workplace"),
    ("母亲", "联系电话", "mother_phone"),
    ("母亲", "身份证号码", "mother_id_number"),
    ("监护情况", "父母外出情况", "absence"),
    ("监护情况", "无监护能力一方", "unable_parent"),
    ("监护情况", "是否委托监护", "is_entrusted"),
    ("受委托人", "姓名", "guardian_name"),
    ("受委托人", "联系电话", "guardian_phone"),
    ("受委托人", "身份证号码", "guardian_id_number"),
    ("受委托人", "与儿童关系", "guardian_relation"),
    ("受委托人", "地址", "carer_address"),
    ("", "监护类型", "guardianship_type"),
    ("", "收入来源", "income"),
    ("", "受助情况", "aid"),
    ("", "填表日期", "filled_on"),
)
WORKPLACES = ("浙江省杭州市", "内蒙古自治区鄂尔多斯市", "陕西省西安市", "宁夏回族自治区银川市", "广东省东莞市")
SCHOOLS = ((3, "未入园"), (6, "幼儿园"), (12, "小学"), (15, "初中"), (18, "高中"))


def form_workbook(children: Sequence[InventedChild], invention: Invention, places: Places, *, on: date) -> bytes:
    """The bytes of the form for these children, filled in on a day."""
    lines = [_line(child, invention, places, on=on) | {"at": str(at)} for at, child in enumerate(children, 1)]
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(on.year, on.month, on.day)})
        page = book.add_worksheet("登记表")
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True})
        last = len(FORM_COLUMNS) - 1
        page.set_column(0, last, 14, text)
        page.merge_range(0, 0, 0, last, TITLE, bold)
        page.write_string(1, 0, f"填表单位：李俊镇人民政府    填表时间：{on.year}年{on.month}月")
        _headers(page, bold)
        for row, line in enumerate(lines, 4):
            for at, (_, _, code) in enumerate(FORM_COLUMNS):
                page.write_string(row, at, str(line.get(code, "")), text)
    return target.getvalue()


def _headers(page: xlsxwriter.worksheet.Worksheet, look: object) -> None:
    """Two rows: a group over its blanks, and a blank of no group over both."""
    groups = [group for group, _, _ in FORM_COLUMNS]
    for at, (group, header, _) in enumerate(FORM_COLUMNS):
        if not group:
            page.merge_range(2, at, 3, at, header, look)
            continue
        page.write_string(3, at, header, look)
        if groups[at - 1] != group:
            page.merge_range(2, at, 2, at + groups.count(group) - 1, group, look)


def _line(child: InventedChild, invention: Invention, places: Places, *, on: date) -> Line:
    said, random = child.said, invention.random
    village = _path(places, said["living_division"])
    line = {code: said.get(code, "") for _, _, code in FORM_COLUMNS} | dict(line_of(child))
    schooling = next(word for age, word in SCHOOLS if age_on(child.born, on) < age)
    line |= {
        "is_registered": "是",
        "registered_division": village,
        "living_address": village + said.get("living_address", ""),
        "health": "健康",
        "boarding": "是" if schooling == "初中" else "否",
        "schooling": schooling,
        "absence": "双方外出",
        "is_entrusted": "是",
        "carer_address": village,
        "guardianship_type": random.choice(("一般", "较好")),
        "income": random.choice(("务工", "务工、务农")),
        "aid": random.choice(("低保", "无", "低保、临时救助")),
        "filled_on": f"{on:%Y-%m-%d}",
    }
    for role, sex, age in (("father", Sex.MALE, 33), ("mother", Sex.FEMALE, 30)):
        line |= _parent(role, sex, child, invention, age=age)
    for role in ("paternal_grandfather", "paternal_grandmother"):
        born = date(child.born.year - 58, random.randint(1, 12), random.randint(1, 28))
        sex = Sex.MALE if role.endswith("father") else Sex.FEMALE
        line[f"{role}_name"] = invention.name(invention.surname(HAN), sex=sex, born=born, ethnic_group=HAN)
        line[f"{role}_birth_date"] = born.isoformat()
    return line


def _parent(role: str, sex: Sex, child: InventedChild, invention: Invention, *, age: int) -> Line:
    born = date(child.born.year - age, invention.random.randint(1, 12), invention.random.randint(1, 28))
    return {
        f"{role}_name": invention.name(invention.surname(HAN), sex=sex, born=born, ethnic_group=HAN),
        f"{role}_birth_date": f"{born.year}年{born.month}月{born.day}日",
        f"{role}_workplace": invention.random.choice(WORKPLACES),
        f"{role}_phone": invention.phone(),
        f"{role}_id_number": invention.id_number(region="640000", born=born, sex=sex),
    }


def _path(places: Places, code: str) -> str:
    """`永宁县李俊镇西邵村`."""
    above = (f"{code[:6]}000000", f"{code[:9]}000", code)
    return "".join(spoken(places.names[one]) for one in above)
