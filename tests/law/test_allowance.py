"""Allowances by parameters: a province is a folder, and what other aid does is data."""

from datetime import date

import pytest

from hutong.law.allowance import due_for
from hutong.law.arrears import answer_months
from hutong.law.entitlement import entitlement_of
from hutong.law.facts import AidFact, ChildFacts, HoldingFact, StudyFact
from hutong.law.months import Month
from hutong.law.over_18 import proof_holds_until
from hutong.law.parameters import FOLDER, Parameters, shipped
from hutong.law.rules import Rules

MONTH = Month(2026, 3)


@pytest.fixture
def rules_of(tmp_path):
    """The rules of a province made here: what is given stands in a folder of its own."""

    def made(place: str = "99", **values: str) -> Rules:
        folder = tmp_path / place
        folder.mkdir(exist_ok=True)
        standards = {f"allowance_{one}": "100000" for one in ("institution", "scattered", "de_facto", "hiv")}
        written = [
            f"{code}: {{zh: 某某, en: Something, unit: {'fen' if value.isdigit() else 'code'}, values: "
            f"[{{from: 2020-01-01, value: {value}, citation: default}}]}}\n"
            for code, value in (standards | values).items()
        ]
        (folder / "all.yaml").write_text("".join(written), encoding="utf-8")
        return Rules(Parameters(FOLDER, tmp_path), place + "0000000000")

    return made


def child(*aid: AidFact, category: str = "de_facto", born: int = 2015, **facts) -> ChildFacts:
    holding = HoldingFact(category=category, from_month=Month(2026, 1))
    return ChildFacts(birth_date=date(born, 3, 7), holdings=(holding,), other_aid=aid, **facts)


def due(rules: Rules, *aid: AidFact, **facts):
    return due_for(entitlement_of(child(*aid, **facts), rules), MONTH)


def dibao(fen: int) -> AidFact:
    return AidFact(kind="dibao", fen_per_month=fen)


def test_a_province_is_a_folder(rules_of):
    assert due(rules_of()).amount_fen == 100_000
    assert due(Rules(shipped(), "640122000000")).amount_fen == 164_000


def test_a_county_in_a_folder_may_pay_more(rules_of, tmp_path):
    rules_of("640122", allowance_de_facto="170000")
    parameters = Parameters(FOLDER, tmp_path)

    assert due(Rules(parameters, "640122000000")).amount_fen == 170_000
    assert due(Rules(parameters, "640121000000")).amount_fen == 164_000


@pytest.mark.parametrize(
    ("effect", "aid", "amount", "is_open"),
    [
        ("TOP_UP", 30_000, 70_000, False),
        ("COEXIST", 30_000, 100_000, False),
        ("KEEP_HIGHER", 30_000, 100_000, False),
        ("KEEP_HIGHER", 100_000, 0, False),
        ("KEEP_HIGHER", 130_000, 0, False),
        ("EXCLUSIVE", 30_000, 0, True),
    ],
)
def test_what_other_aid_does_is_data(rules_of, effect, aid, amount, is_open):
    found = due(rules_of(overlap_dibao=effect), dibao(aid))

    assert (found.amount_fen, found.is_open) == (amount, is_open)
    assert sum(line.amount_fen for line in found.lines) == amount
    assert any(line.code == f"{effect.lower()}_dibao" for line in found.lines)


@pytest.mark.parametrize(
    ("effect", "aid", "said"),
    [
        ("KEEP_HIGHER", 30_000, "已享受最低生活保障每月300元，与本项就高：发放本项，原待遇应停"),
        ("KEEP_HIGHER", 100_000, "已享受最低生活保障每月1000元，与本项就高：保留原待遇"),
        ("EXCLUSIVE", 30_000, "最低生活保障与本项不得同时享受，须由工作人员处理后发放"),
    ],
)
def test_what_other_aid_does_is_said(rules_of, effect, aid, said):
    assert due(rules_of(overlap_dibao=effect), dibao(aid)).lines[-1].text == said


def test_a_place_without_a_standard_leaves_the_month_to_a_person():
    found = due(Rules(shipped(), "41"))
    assert (found.amount_fen, found.is_open) == (0, True)


def test_a_category_may_have_a_rule_of_its_own(rules_of):
    rules = rules_of(overlap_dibao_orphan_kin="COEXIST")

    assert due(rules, dibao(30_000), category="orphan_kin").amount_fen == 100_000
    assert due(rules, dibao(30_000)).amount_fen == 70_000


def test_who_goes_on_over_18_is_data(rules_of):
    studying = {"study": (StudyFact(level="master", is_full_time=False),), "born": 2008, "category": "orphan_kin"}
    month = Month(2026, 5)
    asked = entitlement_of(
        child(**studying), rules_of(over_18_levels_orphan_kin="[master]", over_18_full_time_only="0")
    )

    assert due_for(asked, month).amount_fen == 100_000
    assert due_for(entitlement_of(child(**studying), rules_of()), month).amount_fen == 0


def test_how_long_an_ending_is_paid_is_data(rules_of):
    dead = child(died_on=date(2026, 3, 2))

    assert due_for(entitlement_of(dead, rules_of(ending_death="0")), MONTH).amount_fen == 0
    assert due_for(entitlement_of(dead, rules_of(ending_death="1")), MONTH).amount_fen == 100_000


@pytest.mark.parametrize(("most", "amount"), [("0", 100_000), ("1", 200_000), ("12", 300_000)])
def test_how_far_back_is_paid_is_data(rules_of, most, amount):
    (answer,) = answer_months(entitlement_of(child(), rules_of(arrears_months=most)), [MONTH], paid={})

    assert answer.amount_fen == amount


def test_a_month_that_a_person_must_decide_is_told_once_and_proposes_nothing(rules_of):
    asked = entitlement_of(child(dibao(1)), rules_of(overlap_dibao="EXCLUSIVE"))
    first, second = answer_months(asked, [Month(2026, 2), MONTH], paid={Month(2026, 1): 100_000})

    assert [line.text[:8] for line in first.lines][1:] == ["2026-01："]
    assert (first.amount_fen, second.amount_fen, first.proposals, second.proposals) == (0, 0, (), ())
    assert len(second.lines) == 1


@pytest.mark.parametrize(
    ("proved", "until"),
    [
        (date(2025, 9, 1), date(2026, 8, 31)),
        (date(2026, 8, 31), date(2026, 8, 31)),
        (date(2026, 3, 1), date(2026, 8, 31)),
    ],
)
def test_a_proof_of_study_holds_to_the_end_of_the_school_year(proved, until):
    assert proof_holds_until(proved, Rules(shipped())) == until


def test_ours_and_recalled_values_are_provisional():
    to_confirm = {parameter.code for parameter, _ in shipped().to_confirm()}

    assert {"cut_off_day", "over_18_levels_de_facto", "overlap_dibao", "overlap_other", "ending_death"} <= to_confirm


def test_a_place_without_a_number_says_so(rules_of):
    with pytest.raises(LookupError, match="cut_off_day"):
        due(rules_of(cut_off_day="early"))
