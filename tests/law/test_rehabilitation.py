"""The Tomorrow Plan: what is left after all reimbursements, up to the cap, and the service fee."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.parameters import shipped
from hutong.law.rehabilitation import REIMBURSED, Treatment, payable
from hutong.law.rules import Rules

RULES = Rules(shipped(), "640122000000")
TREATMENT = Treatment(
    child_class="in_difficulty",
    on=date(2025, 9, 1),
    total_fen=5_000_000,
    reimbursed=(("basic_insurance", 2_000_000), ("medical_assistance", 500_000)),
)


def sum_of(treatment: Treatment) -> int:
    return sum(line.amount_fen for line in payable(treatment, RULES))


@pytest.mark.parametrize(
    ("change", "fen"),
    [
        ({}, 2_500_000),
        ({"total_fen": 9_000_000}, 3_000_000),
        ({"paid_this_year_fen": 1_000_000}, 2_000_000),
        ({"paid_this_year_fen": 3_500_000}, 0),
        ({"total_fen": 2_000_000}, 0),
        ({"has_service_fee": True}, 2_700_000),
        ({"has_service_fee": True, "fees_this_year": 1}, 2_700_000),
        ({"has_service_fee": True, "fees_this_year": 2}, 2_500_000),
        ({"child_class": "orphan", "total_fen": 9_000_000}, 6_500_000),
    ],
)
def test_what_is_payable(change, fen):
    assert sum_of(replace(TREATMENT, **change)) == fen


def test_a_class_without_a_rule_is_refused():
    with pytest.raises(LookupError):
        payable(replace(TREATMENT, child_class="migrant"), RULES)


fen = st.integers(0, 10_000_000)


@given(fen, st.dictionaries(st.sampled_from(sorted(REIMBURSED)), fen), fen)
def test_the_formula(total, reimbursed, paid_before):
    treatment = replace(
        TREATMENT, total_fen=total, reimbursed=tuple(reimbursed.items()), paid_this_year_fen=paid_before
    )

    assert sum_of(treatment) == min(max(0, 3_000_000 - paid_before), max(0, total - sum(reimbursed.values())))


def test_what_is_not_said_is_nothing_paid_before():
    treatment = Treatment(child_class="in_difficulty", on=date(2025, 9, 1), total_fen=9_000_000, has_service_fee=True)
    _total, cap, fee = payable(treatment, RULES)
    assert cap.text == "年度上限30000元，本年尚余30000元"
    assert fee.text == "服务费2000元，本年第1次"
    assert payable(replace(treatment, fees_this_year=1), RULES)[-1].text == "服务费2000元，本年第2次"
