"""The columns of the registration form (登记表栏目) that the template has not: parents, and what the form asks.

Headers in two storeys are read as one, the group before the blank: 父亲 over 姓名 is 父亲姓名. Whoever is entrusted
with a child is who looks after it: those blanks are the template's columns of the guardian.
"""

from collections.abc import Iterable, Mapping

from hutong.kit.workbooks.columns import Column
from hutong.law.form_questions import GRANDPARENTS, PARENTS, QUESTIONS

IDS = ("身份证号码", "身份证号", "证件号码", "公民身份号码", "居民身份证号码", "身份证")
PHONES = ("联系电话", "电话", "联系方式", "手机号码", "手机号")
BIRTHS = ("出生日期", "出生年月日", "出生年月")
WORKPLACES = ("现务工地", "务工地址", "务工地点", "现务工地点", "现务工地址", "务工地", "打工地点", "务工所在地")
CARER = ("受委托人", "受委托监护人", "委托监护人", "被委托人", "受委托照护人", "被委托监护人")
"""What forms call whoever the parents entrusted with the child (受委托人)."""

SECTIONS = ("监护", "委托监护", "家庭监护")
"""Sections of the form over blanks that are about the child itself (表内分区), without 情况 or 信息."""


def under(groups: Iterable[str], blanks: Iterable[str]) -> tuple[str, ...]:
    """Headers of two storeys as one (组合表头)."""
    return tuple(f"{group}{blank}" for group in groups for blank in blanks)


def _parent(code: str, title: str) -> tuple[Column, ...]:
    said = title.removesuffix("亲")
    return (
        Column(f"{code}_name", f"{title}姓名", also=(title, f"{said}姓名"), in_template=False),
        Column(f"{code}_id_number", f"{title}身份证号码", also=under((title,), IDS[1:]), in_template=False),
        Column(f"{code}_phone", f"{title}联系电话", also=under((title,), PHONES[1:]), in_template=False),
    )


ALSO: Mapping[str, tuple[str, ...]] = {
    "is_registered": ("是否户口登记", "是否已登记户口", "户口登记情况"),
    "health": ("健康状况", "健康情况", "身体健康状况", "身体情况"),
    "disability_class": ("残疾类型", "残疾种类"),
    "disability_grade": ("残疾级别", "残疾程度"),
    "illness": ("患病类型", "病种", "患何种疾病", "疾病名称", "患病情况"),
    "boarding": ("是否在校寄宿", "是否寄宿生", "寄宿情况", "是否住校"),
    "schooling": ("就学状况", "就读情况", "在学情况", "入学情况"),
    "absence": ("外出情况", "父母外出务工情况", "父母外出类型"),
    "unable_parent": ("无监护能力方", "无监护能力的一方", "无监护能力人"),
    "is_entrusted": ("是否委托其他监护人", "是否有委托监护人", "是否委托监护人", "是否委托"),
    "carer_address": under(CARER, ("地址", "现居住地址", "家庭住址", "居住地址", "现住址", "联系地址")),
    "guardianship_type": ("监护人类型", "监护类别"),
    "guardianship": ("监护状况", "监护评估", "监护情况等级"),
    "income": ("家庭收入来源", "主要收入来源", "家庭主要收入来源", "经济来源"),
    "aid": ("享受救助情况", "救助情况", "受救助情况", "家庭受助情况"),
} | {
    f"{code}_birth_date": under((title,), BIRTHS[1:]) for code, (title, _) in (GRANDPARENTS | PARENTS).items()
} | {
    f"{code}_workplace": under((title,), WORKPLACES[1:]) for code, (title, _) in PARENTS.items()
} | {
    f"{code}_name": (title,) for code, (title, _) in GRANDPARENTS.items()
}  # fmt: skip

FORM = (
    *_parent("father", "父亲"),
    *_parent("mother", "母亲"),
    *(
        Column(code, question.zh, also=(*ALSO[code], *under(SECTIONS, (question.zh,))), in_template=False)
        for code, question in QUESTIONS.items()
    ),
    Column("filled_on", "填表日期", also=("填表时间", "登记日期", "采集日期", "摸底日期"), in_template=False),
)  # fmt: skip
