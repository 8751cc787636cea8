"""What a decision says of an amount, word for word: families and auditors read these lines."""

import pytest

from hutong.law.allowance import per_person
from hutong.law.amount_cases import answer_cases
from hutong.law.cases import read_cases
from hutong.law.facts import AidFact
from hutong.law.parameters import shipped

CASE = """\
- name: one
  jurisdiction: "640122000000"
  months: [2025-12]
  child: {birth_date: 2015-03-07}
  holdings: [{category: de_facto, from_month: 2025-11}]
"""
STANDARD = "事实无人抚养儿童基本生活补贴标准每月1200元，自2024-07-01起执行"


def answers(text: str):
    return answer_cases(read_cases(text, name="cases.yaml"), shipped())


def texts(text: str) -> list[str]:
    return [line["text"] for line in answers(text)[-1]["lines"]]


@pytest.mark.parametrize(
    ("aid", "said"),
    [
        ("dibao, fen_per_month: 30000", "已享受最低生活保障每月300元，补差扣减300元"),
        (
            "dibao, household_fen_per_month: 90001, members: 3",
            "已享受最低生活保障全户每月900.01元，3人，人均300元，补差扣减300元",
        ),
        ("tekun, fen_per_month: 300000", "已享受特困人员供养每月3000元，补差扣减1200元"),
        ("disability_nursing, fen_per_month: 10000", "重度残疾人护理补贴不扣减"),
    ],
)
def test_other_aid(aid, said):
    assert texts(CASE + f"  other_aid: [{{kind: {aid}}}]\n") == [STANDARD, said]


@pytest.mark.parametrize(
    ("replaced", "by", "said"),
    [
        ('"640122000000"', '"00"', "国家层面在2025-12没有已知的事实无人抚养儿童基本生活补贴标准，须由工作人员处理"),
        ('"640122000000"', '"41"', "41在2025-12没有已知的事实无人抚养儿童基本生活补贴标准，须由工作人员处理"),
        ("2025-11}", "2026-11}", "自2026-11起发放"),
        ("2025-11}", "2025-01, until_month: 2025-02}", "认定保障至2025-02止"),
        ("03-07}", "03-07}\n  death: 2025-11-09", "2025-11-09死亡，自2025-12起停发"),
        ("03-07}", "03-07}\n  adoption: 2025-11-30", "2025-11-30被收养，自2025-12起停发"),
        (
            "03-07}",
            "03-07}\n  parents: [{role: father, circumstances: [{kind: imprisoned, until: 2025-11-30}]}]",
            "2025-11-30认定情形消失，自2025-12起停发",
        ),
        ("2015", "2005", "2023-03-07满18周岁，自2023-04起停发；未见可继续保障的就读情况"),
        ("de_facto", "left_behind", "所认定类别不发放基本生活费（补贴）"),
        (", from_month: 2025-11", "", "未见认定日期和起发月份，无法计算"),
    ],
)
def test_nothing_due(replaced, by, said):
    assert texts(CASE.replace(replaced, by)) == [said]


def test_of_several_that_ended_the_last_is_told_and_of_several_to_come_the_first():
    ended = (
        "{category: hiv, from_month: 2024-01, until_month: 2024-02}, "
        "{category: de_facto, from_month: 2025-01, until_month: 2025-03}"
    )
    coming = "{category: hiv, from_month: 2026-07}, {category: de_facto, from_month: 2026-05}"
    one = "{category: de_facto, from_month: 2025-11}"
    assert texts(CASE.replace(one, ended)) == ["认定保障至2025-03止"]
    assert texts(CASE.replace(one, coming)) == ["自2026-05起发放"]
    assert texts(CASE.replace(one, f"{ended}, {coming}")) == ["认定保障至2025-03止"]


def test_another_category_a_placement_and_study():
    again = CASE.replace("[{category", "[{category: hiv, from_month: 2025-01}, {category")
    assert texts(again)[1:] == ["同一月份只发一项，不再发放艾滋病病毒感染儿童基本生活费（自2025-01起认定）"]
    inside = CASE + "  placement: [{kind: institution}]\n"
    assert texts(inside) == [
        "孤儿基本生活费（机构集中养育）标准每月1600元，自2024-07-01起执行",
        "由机构临时监护照料，按机构标准发放",
    ]
    assert texts(inside.replace("de_facto", "orphan_kin"))[1:] == [
        "安置方式为机构，与所认定类别不符，标准仍按认定类别，请核查"
    ]
    studying = CASE.replace("2015", "2006") + "  study: [{level: senior_high}]\n"
    assert texts(studying)[1:] == ["已满18周岁，仍在普通高中就读，继续发放"]


def test_what_was_paid_and_what_is_left_of_earlier_months():
    paid = CASE + "  paid: {2025-11: 100000, 2025-12: 5000}\n"
    assert texts(paid)[1:] == ["2025-12已发50元", "补发2025-11：应发1200元，此前已发或已列1000元"]
    assert texts(paid.replace("[2025-12]", "[2025-12, 2025-12]"))[1:] == ["2025-12已发50元", "2025-12本次已列1150元"]


def test_a_month_overpaid_is_proposed_with_the_month_itself():
    (answer,) = answers(CASE + "  paid: {2025-12: 120001}\n")
    assert answer["proposals"] == [{"month": "2025-12", "amount_fen": 1}]
    assert [line["text"] for line in answer["lines"]][1] == "2025-12已发1200.01元"
    assert answer["lines"][1]["amount_fen"] == -120_000


@pytest.mark.parametrize(
    ("aid", "fen"),
    [
        (AidFact(kind="dibao"), 0),
        (AidFact(kind="dibao", household_fen_per_month=90_000), 90_000),
        (AidFact(kind="dibao", household_fen_per_month=100, members=3), 33),
        (AidFact(kind="dibao", fen_per_month=0, household_fen_per_month=100), 0),
    ],
)
def test_the_part_of_one_person_is_rounded_down(aid, fen):
    assert per_person(aid) == fen


def test_a_paid_category_without_a_beginning_is_told_beside_one_that_is_never_paid():
    text = CASE.replace("[{category", "[{category: left_behind}, {category").replace(", from_month: 2025-11", "")
    assert texts(text) == ["未见认定日期和起发月份，无法计算"]
