"""Rehabilitation (孤儿医疗康复明天计划): what is paid for a treatment after all other reimbursements."""

from dataclasses import dataclass
from datetime import date

from hutong.law.citation import Line
from hutong.law.money import yuan
from hutong.law.rules import Rules

REIMBURSED = {
    "basic_insurance": "基本医疗保险",
    "serious_illness": "大病保险",
    "medical_assistance": "医疗救助",
    "rehabilitation_assistance": "康复救助",
    "charity": "慈善帮扶",
    "other": "其他",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """Treatment (医疗康复费用), in fen; `paid_this_year` and `fees_this_year`: what the plan paid before in that year.

    `child_class` is `orphan` or `in_difficulty`; `reimbursed` is by the kinds of `REIMBURSED`.
    """

    child_class: str
    on: date
    total_fen: int
    reimbursed: tuple[tuple[str, int], ...] = ()
    has_service_fee: bool = False
    paid_this_year_fen: int = 0
    fees_this_year: int = 0


def payable(treatment: Treatment, rules: Rules) -> list[Line]:
    """The lines of what is paid for a treatment (资助金额); they sum to it. Raises LookupError for an unknown class."""
    cap = rules.value(f"rehabilitation_cap_{treatment.child_class}", treatment.on)
    lines = [Line("total", treatment.total_fen, f"医疗康复费用{yuan(treatment.total_fen)}", cap.citation)]
    left = treatment.total_fen
    for kind, fen in treatment.reimbursed:
        off = min(left, fen)
        left -= off
        lines.append(Line(f"reimbursed_{kind}", -off, f"{REIMBURSED[kind]}已报销{yuan(fen)}", cap.citation))
    if isinstance(cap.value, int):
        room = max(0, cap.value - treatment.paid_this_year_fen)
        over = max(0, left - room)
        text = f"年度上限{yuan(cap.value)}，本年尚余{yuan(room)}"
        lines.append(Line("cap", -over, text, cap.citation))
    return [*lines, *_service_fee(treatment, rules)]


def _service_fee(treatment: Treatment, rules: Rules) -> list[Line]:
    if not treatment.has_service_fee:
        return []
    fee = rules.value(f"rehabilitation_fee_fen_{treatment.child_class}", treatment.on)
    times = rules.number(f"rehabilitation_fee_times_{treatment.child_class}", treatment.on)
    if treatment.fees_this_year >= times:
        return [Line("service_fee", 0, f"本年服务费已发{treatment.fees_this_year}次，上限{times}次", fee.citation)]
    fen = rules.number(f"rehabilitation_fee_fen_{treatment.child_class}", treatment.on)
    return [Line("service_fee", fen, f"服务费{yuan(fen)}，本年第{treatment.fees_this_year + 1}次", fee.citation)]
