"""Questions of a registration form (登记表问题): what the form of left-behind children asks beyond who is who.

《农村留守儿童基本情况登记表》 has 43 blanks. Those on the child, the parents and whoever looks after the child have
columns of their own in the register; the others are asked here, with the answers the form offers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hutong.law.disability import CLASSES

LONGEST_ANSWER = 200
BETWEEN = "、"
_APART = re.compile(r"[、,，;；/\s]+")
_PUNCTUATION = re.compile(r"[、,，;；/。\s]+")

Answers = Mapping[str, tuple[str, str, tuple[str, ...]]]
"""Closed answers (可选答案) by code: the Chinese title, the English one, and what officers write instead."""

YES, NO = "yes", "no"


def _yes_or_no(yes: tuple[str, ...], no: tuple[str, ...]) -> Answers:
    return {YES: ("是", "Yes", yes), NO: ("否", "No", no)}


@dataclass(frozen=True, slots=True)
class Question:
    """Question (登记表问题): its titles, its closed answers where it has any, and whether the answer is sensitive."""

    zh: str
    en: str
    answers: Answers = field(default_factory=dict)
    takes_several: bool = False
    is_date: bool = False
    is_sensitive: bool = False


HEALTH: Answers = {
    "healthy": ("健康", "Healthy", ("良好", "健康或良好")),
    "fair": ("一般或较弱", "Fair or weak", ("一般", "较弱")),
    "ill": ("患病", "Ill", ("生病", "疾病", "有病")),
    "disabled": ("残疾", "Disabled", ("残障",)),
}
DISABILITY: Answers = {code: (zh, en, (digit, f"{zh}残疾", f"{zh}残")) for code, (digit, zh, en) in CLASSES.items()}
GRADES: Answers = {
    digit: (f"{word}级", f"Grade {digit}", (f"{digit}级", roman, f"{roman}级", word))
    for digit, word, roman in (("1", "一", "I"), ("2", "二", "II"), ("3", "三", "III"), ("4", "四", "IV"))
}
SCHOOLING: Answers = {
    "not_enrolled": ("未入园", "Not in kindergarten", ("未入幼儿园", "未上幼儿园")),
    "kindergarten": ("幼儿园", "Kindergarten", ("在园", "学前")),
    "primary": ("小学", "Primary school", ("小学在读",)),
    "junior": ("初中", "Junior secondary school", ("初中在读",)),
    "senior": ("高中", "Senior secondary school", ("普通高中", "高中在读")),
    "vocational": ("中职", "Vocational school", ("中专", "职高", "职业高中", "中等职业学校", "技校", "职业学校")),
    "dropped_out": ("辍学", "Dropped out of compulsory schooling", ("义务教育阶段辍学", "失学")),
    "not_in_school": ("未就学", "Not in school", ("未上学", "不在学", "未在学")),
}
ABSENCE: Answers = {
    "both_away": (
        "双方外出", "Both parents away",
        ("父母双方外出", "双方外出务工", "父母双方外出务工", "父母均外出", "父母都外出"),
    ),
    "one_away": (
        "一方外出另一方无监护能力", "One parent away, the other unable",
        ("一方外出务工另一方无监护能力", "父母一方外出另一方无监护能力", "父母一方外出务工另一方无监护能力"),
    ),
    "both_unable": ("双方均无监护能力", "Both parents unable", ("双方无监护能力", "父母双方均无监护能力")),
}  # fmt: skip
PARENT: Answers = {
    "father": ("父亲", "Father", ("父", "父亲无监护能力", "爸爸")),
    "mother": ("母亲", "Mother", ("母", "母亲无监护能力", "妈妈")),
}
GUARDIANSHIP_TYPE: Answers = {
    "nobody": ("无人监护", "Nobody looks after the child", ("没有人监护",)),
    "parent_unable": ("父母无监护能力", "The parent is unable", ("父母一方无监护能力", "父或母无监护能力")),
    "carer_insufficient": (
        "受委托人监护能力不足", "The entrusted carer is not able enough",
        ("受委托监护人监护能力不足", "委托监护人监护能力不足", "被委托人监护能力不足"),
    ),
    "fair": ("一般", "Fair", ("监护情况一般",)),
    "good": ("较好", "Good", ("好", "良好", "监护情况较好")),
}  # fmt: skip
GUARDIANSHIP: Answers = {
    "good": ("较好", "Good", ("好", "良好")),
    "fair": ("一般", "Fair", ()),
    "poor": ("较差", "Poor", ("差",)),
}
INCOME: Answers = {
    "wages": ("务工", "Wages", ("打工", "务工收入", "打工收入", "工资", "工资收入")),
    "farming": ("务农", "Farming", ("农业", "种植", "养殖", "务农收入", "种养殖")),
    "government": ("政府救助", "Government aid", ("政府补助", "政府补贴", "政府救济")),
    "relatives": ("亲友资助", "Relatives and friends", ("亲属资助", "亲友接济", "亲友帮助", "亲友救助")),
    "other": ("其他", "Other", ("其它",)),
}
AID: Answers = {
    "dibao": ("最低生活保障", "Subsistence allowance", ("低保", "农村低保", "城市低保", "享受低保")),
    "temporary": ("临时救助", "Temporary relief", ()),
    "medical": ("医疗救助", "Medical aid", ()),
    "housing": ("住房救助", "Housing aid", ("危房改造",)),
    "other": ("其他", "Other", ("其它", "其他救助")),
    "none": ("无", "None", ("没有", "未享受", "未受助")),
}

GRANDPARENTS = {
    "paternal_grandfather": ("祖父", "Paternal grandfather"),
    "paternal_grandmother": ("祖母", "Paternal grandmother"),
    "maternal_grandfather": ("外祖父", "Maternal grandfather"),
    "maternal_grandmother": ("外祖母", "Maternal grandmother"),
}
PARENTS = {"father": ("父亲", "Father"), "mother": ("母亲", "Mother")}


def _of_grandparents() -> dict[str, Question]:
    asked: dict[str, Question] = {}
    for code, (zh, en) in GRANDPARENTS.items():
        asked[f"{code}_name"] = Question(f"{zh}姓名", f"{en}: name")
        asked[f"{code}_birth_date"] = Question(f"{zh}出生日期", f"{en}: birth date", is_date=True)
    return asked


def _of_parents() -> dict[str, Question]:
    asked: dict[str, Question] = {}
    for code, (zh, en) in PARENTS.items():
        asked[f"{code}_birth_date"] = Question(f"{zh}出生日期", f"{en}: birth date", is_date=True)
        asked[f"{code}_workplace"] = Question(f"{zh}现务工地", f"{en}: place of work")
    return asked


QUESTIONS: dict[str, Question] = {
    "is_registered": Question(
        "是否登记户口",
        "Household registration made?",
        _yes_or_no(("已登记", "有", "已落户"), ("未登记", "无", "未落户")),
    ),
    "health": Question("身体状况", "Health", HEALTH, is_sensitive=True),
    "disability_class": Question("残疾类别", "Class of disability", DISABILITY, takes_several=True, is_sensitive=True),
    "disability_grade": Question("残疾等级", "Grade of disability", GRADES, is_sensitive=True),
    "illness": Question("患病病种", "Illness", is_sensitive=True),
    "boarding": Question("是否寄宿", "Boards at school?", _yes_or_no(("寄宿", "住校"), ("不寄宿", "走读", "不住校"))),
    "schooling": Question("就学情况", "Schooling", SCHOOLING),
    **_of_grandparents(),
    **_of_parents(),
    "absence": Question("父母外出情况", "Which parent is away", ABSENCE, is_sensitive=True),
    "unable_parent": Question("无监护能力一方", "Which parent is unable", PARENT, is_sensitive=True),
    "is_entrusted": Question(
        "是否委托监护", "Care entrusted to somebody?", _yes_or_no(("已委托", "有"), ("未委托", "无", "没有"))
    ),
    "carer_address": Question("受委托人住址", "Address of the entrusted carer", is_sensitive=True),
    "guardianship_type": Question("监护类型", "Type of guardianship", GUARDIANSHIP_TYPE, is_sensitive=True),
    "guardianship": Question("监护情况", "Guardianship rating", GUARDIANSHIP, is_sensitive=True),
    "income": Question("收入来源", "Source of income", INCOME, takes_several=True, is_sensitive=True),
    "aid": Question("受助情况", "Help received", AID, takes_several=True, is_sensitive=True),
}
"""The questions by code; the order is that of the form."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is kept (登记表答案): codes of closed answers, or the words as written where none fits."""

    kept: str
    is_known: bool


def read_answer(code: str, text: str) -> Answer:
    """Reads what an officer wrote; several answers stand apart, one answer may hold commas of its own."""
    question = QUESTIONS[code]
    text = text[:LONGEST_ANSWER]
    if not question.answers:
        return Answer(text, True)
    known = _READING[code]
    if whole := known.get(_PUNCTUATION.sub("", text)):
        return Answer(whole, True)
    parts = [known.get(part) for part in _APART.split(text) if part] if question.takes_several else []
    codes = [part for part in parts if part]
    if not codes or len(codes) < len(parts):
        return Answer(text, False)
    return Answer(BETWEEN.join(answer for answer in question.answers if answer in codes), True)


def answer_titles(code: str, kept: str) -> list[tuple[str, str]]:
    """What a kept answer says, in Chinese and in English; words as written are said as written."""
    answers = QUESTIONS[code].answers
    parts = kept.split(BETWEEN)
    if not all(part in answers for part in parts):
        return [(kept, kept)]
    return [answers[part][:2] for part in parts]


_READING = {
    code: {
        _PUNCTUATION.sub("", word): answer
        for answer, (zh, _, also) in question.answers.items()
        for word in (answer, zh, *also)
    }
    for code, question in QUESTIONS.items()
}
